"""whole_checks: what only the whole document shows, such as an ask that stays vague. Pure.

Each ``Check`` is a file in guides/tone/whole: a tone rule, found by the same scan, that counts only
where nothing around its words makes up for them. Formal discipline is named here as well, where
its parts stand too far from each other for the rule that sees a few lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib.resources.abc import Traversable
from itertools import islice
from typing import Any

from pydantic import ValidationError

from coach.checks.acts import FOLDER, deeds_of
from coach.checks.check import Check, Whom
from coach.document import Document, Line
from coach.finding import Finding
from coach.patterns import pattern
from coach.resources import Fault, bundled, load_model, owned
from coach.tone import Rule, as_notes, load_rules, scan, shared_words
from coach.tone.context import is_for_all, plain
from coach.tone.phrase import PhraseFault
from coach.tone.readings import recall

_ACTS = "acts"
_LETTER = "formal_letter"
_NOT_LOADED = frozenset({_ACTS, _LETTER})
_FORMAL = "tone.formal"
_PAGE = 25
"""Lines within which the parts of formal discipline make one letter."""
_FEW = 12
"""Lines of a text so short that it is to somebody rather than about something."""
_GREETING = pattern(
    r"\W{0,6}(?:hi|hello|dear|hey|good (?:morning|afternoon)|morning)\s+(?!all\b|team\b|everyone\b"
    r"|everybody\b|folks\b|both\b|there\b|colleagues\b|sir\b|world\b)[^\W\d_]{2,20}\b",
    re.IGNORECASE,
)
_SALUTATION = pattern(
    r"\W{0,6}(?:dear\s+|(?:to|employee|name|staff member):\s+)"
    r"(?!all\b|team\b|everyone\b|everybody\b|colleagues?\b|customers?\b|members?\b|parents?\b"
    r"|residents?\b|readers?\b|sir\b|madam\b|friends?\b|applicants?\b)"
    r"[^\W\d_]{2,20}\b",
    re.IGNORECASE,
)
_HEAD = 12
"""Lines at the top in which a letter names whom it is to."""
_RULES = 3
"""Lines that tell a rule for everybody from which on a text is a handbook."""
_SOMEBODY = pattern(r"\b(?:i(?:'\w+)?|he|she|him|her|his|hers)\b", re.IGNORECASE)
"""Who is one person, and not whoever reads a handbook."""
_SENTENCE = pattern(r"[^.!?\n]+")


def whole_checks(document: Document, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """What the document as a whole lacks or hides, by place.

    ``findings`` are those of rules and model, line by line: a line that is flagged already is not
    flagged once more for less, and a threat may be the consequence of a formal letter.
    """
    lines = _Lines(document)
    flagged = {finding.line for finding in findings}
    for_such = (check for check in load_checks() if lines.speak_to(check.whom))
    # what is scanned for alone takes no words from others: the whole is read only if it is found
    checks = [check for check in for_such if check.least > 1 or lines.may_fire(check)]
    found = [
        finding
        for together in _apart(checks)
        for finding in lines.left(together, scan(document, together))
        if finding.line not in flagged
    ]
    found += _formal(document, findings, lines)
    return tuple(sorted(found, key=lambda one: (one.start, one.end, one.category)))


@cache
def _known(shipped: tuple[Traversable, ...], own: tuple[Traversable, ...]) -> tuple[Check, ...]:
    words = shared_words()
    replaced = {path.name for path in own}
    kept = [path for path in shipped if path.name not in replaced]
    found = (*_load(kept, words), *_load(own, words, tried=True))
    recall(found)
    return found


def load_checks() -> tuple[Check, ...]:
    """Every check of a whole document: those of coach, and the user's own, which win by file name.

    Raises:
        DataFileError: a file is not valid, or one of the user's fails its own examples.
    """
    return _known(bundled(FOLDER), owned(FOLDER))


def faults_of(check: Check) -> tuple[Fault, ...]:
    """The check's own examples that it fails."""
    missed = [
        Fault(("flags", number), "the check does not flag this text, though it must")
        for number, text in enumerate(check.flags)
        if not _alone(check, text)
    ]
    wrong = [
        Fault(("passes", number), f"the check flags {found[0].quote!r} here, though it must not")
        for number, text in enumerate(check.passes)
        if (found := _alone(check, text))
    ]
    return (*missed, *wrong)


def _alone(check: Check, text: str) -> list[Finding]:
    document = as_notes(text)
    return _Lines(document).left((check,), scan(document, (check,)))


def _load(
    paths: Iterable[Traversable], words: dict[str, str], *, tried: bool = False
) -> Iterator[Check]:
    for path in paths:
        if path.name.rpartition(".")[0] in _NOT_LOADED:
            continue
        check = load_model(path, Check, check=_tried(words) if tried else None)
        yield check.model_copy(update={"words": words | check.words})


def _tried(words: dict[str, str]) -> Callable[[Any], tuple[Fault, ...]]:
    """What is wrong with a check beyond its fields: unreadable phrases, failing examples."""

    def faults(value: Any) -> tuple[Fault, ...]:
        try:
            check = Check.model_validate(value)
        except ValidationError:
            return ()
        check = check.model_copy(update={"words": words | check.words})
        try:
            return faults_of(check)
        except PhraseFault as fault:
            return (Fault((), f"a phrase cannot be read: {fault}"),)

    return faults


def _apart(checks: Sequence[Check]) -> Iterator[tuple[Check, ...]]:
    """The checks as they can be scanned for at once: words count for one of them only.

    One that counts sentences needs them all.
    """
    yield tuple(check for check in checks if check.least == 1)
    yield from ((check,) for check in checks if check.least > 1)


class _Lines:
    """The lines of a document that somebody said or wrote, and what stands around each."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._lines = document.content_lines
        self._at = {line.number: number for number, line in enumerate(self._lines)}
        self._names = [document.employee] if document.employee else []

    def left(self, checks: Iterable[Check], findings: Sequence[Finding]) -> list[Finding]:
        """The findings that nothing around them excuses; only the first, where many are needed."""
        left = []
        for check in checks:
            own = [finding for finding in findings if finding.rule == check.id]
            if own and self.may_fire(check) and self._times(check, own) >= check.least:
                kept = [finding for finding in own if not self._is_excused(check, finding.line)]
                left += kept if check.least == 1 else kept[:1]
        return left

    def _masked(self, line: Line) -> str:
        return plain(line.text, self._names)

    def near(self, number: int, reach: int | None) -> Sequence[Line]:
        """The lines in reach of the one with this number, itself among them."""
        if reach is None:
            return self._lines
        at = self._at[number]
        return self._lines[max(0, at - reach) : at + reach + 1]

    def may_fire(self, check: Check) -> bool:
        """Whether it is for such a text, and nothing in the whole of it excuses its words."""
        whole = check.reach is None
        return self.speak_to(check.whom) and not (whole and self._is_excused(check, 1))

    def speak_to(self, whom: Whom) -> bool:
        """Whether they are a talk with a person, or a text to or about one."""
        greeted = any(_GREETING.match(line.content) for line in self._lines[:3])
        addressed = any(_SALUTATION.match(line.content) for line in self._lines[:_HEAD])
        named = bool(self._names or greeted or addressed)
        if whom == "named":
            return named and self._document.kind == "notes"
        talk = self._document.kind == "transcript"
        return whom == "anyone" or talk or named or len(self._lines) <= _FEW

    def are_rules(self) -> bool:
        """Whether they are rules for everybody, as in a handbook, and speak to nobody."""
        if self._document.kind != "notes" or self.speak_to("person"):
            return False
        rules = (line for line in self._lines if is_for_all(plain(line.text)))
        return len(list(islice(rules, _RULES))) == _RULES

    def _times(self, check: Check, findings: Sequence[Finding]) -> int:
        """In how many sentences the check's words stand."""
        phrases = [phrase for group in check.read_groups for phrase in group.phrases]
        if check.least == 1:
            return len(findings)
        return sum(
            any(phrase.regex.search(sentence) for phrase in phrases)
            for finding in findings
            for sentence in _SENTENCE.findall(self._masked(self._document.line(finding.line)))
        )

    def _is_excused(self, check: Check, number: int) -> bool:
        for line in self.near(number, check.reach):
            text = self._masked(line)
            if any(phrase.regex.search(text, line.prefix) for phrase in check.read_without):
                return True
            if check.silent:
                done = deeds_of(line, (line.prefix, len(line.text)), self._names)
                if any(deed.act in check.silent for deed in done):
                    return True
        return False


# -- formal discipline -----------------------------------------------------------------------------


def _formal(document: Document, findings: Sequence[Finding], lines: _Lines) -> Iterator[Finding]:
    """A shortfall, a deadline and a consequence on one page, in whatever order and words.

    The consequence may be a threat or the language of discipline that was found already. Or a
    letter to somebody speaks of hearing, warning, breach, file and appeal.
    """
    rule = next((rule for rule in load_rules() if rule.id == _FORMAL), None)
    if rule is None or any(finding.rule == _FORMAL for finding in findings):
        return
    check = formal_letter()
    letter = lines.left((check,), scan(document, (check,))) if lines.speak_to(check.whom) else ()
    if letter:
        yield letter[0].model_copy(update={"message": rule.message})
        return
    if not lines.speak_to("person"):
        return
    harsh = [f for f in findings if f.category in {"threat", "pip"} and f.severity != "low"]
    if not harsh:
        return
    stand = [
        {one.line for one in scan(document, (_part(rule, number),))}
        for number in range(len(rule.groups) - 1)
    ]
    for finding in harsh:
        near = {line.number for line in lines.near(finding.line, _PAGE)}
        if all(part & near for part in stand):
            yield finding.model_copy(
                update={
                    "rule": rule.id,
                    "category": rule.category,
                    "severity": "high",
                    "message": rule.message,
                    "advice": rule.advice_for("high"),
                    "suggestion": None,
                    "found_by": "rule",
                }
            )
            return


def but_facts(document: Document, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings without the terms of a formal step, where a text is named as one.

    What is said in them stands under what the whole was called; said once more line by line it
    would only hide the line that is nobody's business in such a letter. Rules for everybody have
    to name these terms as well; there they are left out where nobody is spoken of.
    """
    named = any(finding.rule == _FORMAL for finding in findings)
    if not named and not (findings and _Lines(document).are_rules()):
        return tuple(findings)
    rules = [formal_letter(), *(_part(rule, -1) for rule in load_rules() if rule.id == _FORMAL)]
    facts = {finding.line for rule in rules for finding in scan(document, (rule,))}

    def is_fact(finding: Finding) -> bool:
        if not named and _SOMEBODY.search(document.line(finding.line).text):
            return False
        heard, stated = finding.found_by == "model", finding.line in facts
        if finding.category == "pip":
            return named or heard or stated
        return stated and (heard or finding.category == "threat")

    return tuple(one for one in findings if one.rule == _FORMAL or not is_fact(one))


@cache
def formal_letter() -> Check:
    """What letters of formal discipline speak of."""
    (path,) = (one for one in bundled(FOLDER) if one.name.rpartition(".")[0] == _LETTER)
    check = load_model(path, Check)
    return check.model_copy(update={"words": shared_words() | check.words})


@cache
def _part(rule: Rule, number: int) -> Rule:
    """One part of the rule as a rule of its own."""
    values = rule.model_dump()
    return Rule.model_validate(values | {"within": None, "groups": [values["groups"][number]]})
