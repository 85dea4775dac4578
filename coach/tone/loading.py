"""load_rules: the tone rules that come with coach, and the user's own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache, partial
from importlib.resources.abc import Traversable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from coach.document import Document, Line
from coach.resources import Fault, bundled, load_model, owned
from coach.tone.phrase import Lists, PhraseFault, read_phrase
from coach.tone.readings import recall
from coach.tone.rule import Rule
from coach.tone.scan import scan

FOLDER = "guides/tone"
_WORDS = "words"


class Words(BaseModel):
    """Lists of words that every rule can use."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: dict[str, str]


def load_rules() -> tuple[Rule, ...]:
    """Every rule: those that come with coach, and the user's own, which win by file name.

    The examples of bundled rules are checked by the tests; a user's own are checked here, at each
    load, as a rule that fails its own examples would be worse than none.

    Raises:
        DataFileError: a rule file is not valid, or one of its examples fails.
    """
    return _rules(bundled(FOLDER), owned(FOLDER))


@cache
def _rules(shipped: tuple[Traversable, ...], own: tuple[Traversable, ...]) -> tuple[Rule, ...]:
    replaced = {_stem(path) for path in own} - {_WORDS}
    kept = tuple(path for path in shipped if _stem(path) not in replaced)
    words = _shared(kept)
    rules = (*_load(kept, words), *load_rules_from(own, words=words))
    recall(rules)
    return rules


def load_rules_from(
    paths: Iterable[Traversable], *, words: dict[str, str] | None = None
) -> tuple[Rule, ...]:
    """The rules of these files, examples checked.

    ``words`` are lists to start from (those of coach, where nothing is given); a file called
    ``words.yaml`` among the paths adds to them.

    Raises:
        DataFileError: a file is not valid, or one of its examples fails.
    """
    files = tuple(paths)
    known = _shared(bundled(FOLDER)) if words is None else words
    return _load(files, known | _shared(files), check=True)


def faults_of(rule: Rule) -> tuple[Fault, ...]:
    """The rule's own examples that it fails: texts it must flag and does not, and the reverse."""
    missed = [
        Fault(("flags", number), "the rule does not flag this text, though it must")
        for number, text in enumerate(rule.flags)
        if not scan(as_notes(text), (rule,))
    ]
    wrong = [
        Fault(("passes", number), f"the rule flags {found[0].quote!r} here, though it must not")
        for number, text in enumerate(rule.passes)
        if (found := scan(as_notes(text), (rule,)))
    ]
    return (*missed, *wrong, *_wordings_amiss(rule))


def _wordings_amiss(rule: Rule) -> Iterator[Fault]:
    """The lines of its frames that become something else than they must."""
    for number, frame in enumerate(rule.rewrites):
        for text, wanted in frame.turns.items():
            found = [finding.suggestion for finding in scan(as_notes(text), (rule,))]
            if found != [wanted]:
                got = repr(found[0]) if found else "nothing, as the rule does not flag it"
                yield Fault(("rewrites", number, "turns", text), f"the line becomes {got}")


def rules_by_category() -> dict[str, Rule]:
    """The rule that words findings of each category: the user's own, else the one of coach."""
    known = (*_rules(bundled(FOLDER), ()), *load_rules())
    return {rule.category: rule for rule in known if rule.id == f"tone.{rule.category}"}


def unchanged_rules() -> frozenset[str]:
    """The ids of which all rules in force are as they came with coach, their words included."""
    shipped = _rules(bundled(FOLDER), ())
    changed = {rule.id for rule in load_rules() if rule not in shipped}
    return frozenset(rule.id for rule in shipped) - changed


def shared_words() -> dict[str, str]:
    """The lists of words that every rule can use, the user's own among them.

    Raises:
        DataFileError: a file of words is not valid.
    """
    return _shared((*bundled(FOLDER), *owned(FOLDER)))


def as_notes(text: str) -> Document:
    """Plain text as notes, every line somebody's: for checking wording that is no file."""
    lines = []
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        kind: Literal["note", "blank"] = "note" if line.strip() else "blank"
        lines.append(Line(number=number, start=start, text=line, kind=kind))
        start += len(line) + 1
    return Document(
        name="-",
        kind="notes",
        format="text",
        encoding=None,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        lines=tuple(lines),
    )


def _stem(path: Traversable) -> str:
    return path.name.rpartition(".")[0]


def _shared(paths: Iterable[Traversable]) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in paths:
        if _stem(path) == _WORDS:
            found |= load_model(path, Words).words
    return found


def _load(
    paths: Iterable[Traversable], words: dict[str, str], *, check: bool = False
) -> tuple[Rule, ...]:
    found = []
    for path in paths:
        if _stem(path) == _WORDS:
            continue
        rule = load_model(path, Rule, check=partial(_faults_in, words) if check else None)
        found.append(rule.model_copy(update={"words": words | rule.words}))
    return tuple(found)


def _faults_in(words: dict[str, str], value: Any) -> tuple[Fault, ...]:
    """What is wrong with a rule beyond its fields: unreadable phrases, failing examples."""
    try:
        rule = Rule.model_validate(value)
    except ValidationError:
        return ()
    known = words | rule.words
    rule = rule.model_copy(update={"words": known})
    lists = Lists(known)
    faults = tuple(
        Fault(("groups", number, part), f"{text!r} cannot be read: {why}")
        for number, group in enumerate(rule.groups)
        for part in ("phrases", "near", "unless")
        for text in getattr(group, part)
        if (why := _why_not(text, lists))
    )
    faults += tuple(
        Fault(("rewrites", number, part), f"{text!r} cannot be read: {why}")
        for number, frame in enumerate(rule.rewrites)
        for part in ("when", "then", "unless")
        if (text := getattr(frame, part)) and (why := _why_not(text, lists))
    )
    return faults or faults_of(rule)


def _why_not(phrase: str, lists: Lists) -> str | None:
    try:
        read_phrase(phrase, lists)
    except PhraseFault as fault:
        return str(fault)
    return None
