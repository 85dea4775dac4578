"""Rulebook: every rule that a finding can name, explained: why, what instead, examples."""

from __future__ import annotations

import difflib
import re
from functools import lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from coach.checks.check import Check
from coach.checks.ignores import HOW, IGNORE
from coach.checks.report import names_of
from coach.checks.vocabulary import HOUSE
from coach.checks.whole import load_checks
from coach.errors import UsageError
from coach.finding import SEVERITIES, Severity
from coach.patterns import pattern
from coach.tone import Rule, as_notes, load_rules, scan

_WORD = pattern(r"[^\W_]+")
_LEAD = 4
"""Letters that two forms of a word share, at the least."""


class Entry(BaseModel):
    """One rule, for people."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)

    id: str
    category: str
    severities: tuple[Severity, ...]
    """What its findings can be, the worst first."""
    about: str
    message: str
    """Why it lands badly."""
    advice: str
    advice_when_high: str | None = None
    source: str
    flags: tuple[str, ...] = ()
    """Texts that it flags."""
    passes: tuple[str, ...] = ()
    """Texts that it leaves alone."""

    @property
    def names(self) -> frozenset[str]:
        """What it may be called."""
        return names_of(self.id, self.category)


class Explanation(BaseModel):
    """What ``coach tone --explain`` tells."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)

    schema_: Literal["coach.rules/1"] = Field(default="coach.rules/1", alias="schema")
    rules: tuple[Entry, ...]


_OWN = (
    Entry(
        id=HOUSE,
        category="house",
        severities=("medium",),
        about="words that your own settings say to avoid",
        message="Your own settings say to avoid these words, each for a reason.",
        advice="Say it as the reason asks, or take the words out of the table tone.avoid.",
        source="The table [tone.avoid] of your settings file.",
    ),
    Entry(
        id=IGNORE,
        category="ignore",
        severities=("low",),
        about="ignores that set nothing aside, or do not say why",
        message="An ignore without a reason, or of no use, hides what nobody has judged.",
        advice=HOW,
        source="What users of other linters ask for: an ignore with a reason.",
    ),
)


def rulebook() -> tuple[Entry, ...]:
    """Every rule, the user's own among them.

    Raises:
        DataFileError: a rule file of the user's is not valid.
    """
    return _book(load_rules(), load_checks())


@lru_cache(maxsize=2)
def _book(rules: tuple[Rule, ...], checks: tuple[Check, ...]) -> tuple[Entry, ...]:
    return (*map(_entry, (*rules, *checks)), *_OWN)


def doubt(name: str) -> str | None:
    """Why this is no name of a rule or category, to be put behind it; None where it is one."""
    book = rulebook()
    if any(name in entry.names for entry in book):
        return None
    near = _nearest(name, book)
    meant = f"did you mean {near!r}?" if near else "coach tone --explain all lists them."
    return f"is no rule and no category; {meant}"


def explain(name: str) -> Explanation:
    """The rules of this id or category, else those that speak of these words; ``all`` for all.

    Raises:
        UsageError: no rule does.
    """
    book = rulebook()
    wanted = " ".join(name.split()).casefold()
    if not re.search(r"\w", wanted):
        raise UsageError(
            "--explain names no rule",
            hint="name a rule, a category or a word; --explain all lists the rules",
        )
    names = {wanted, wanted.removesuffix("s")}
    found = [entry for entry in book if wanted == "all" or names & entry.names]
    found = found or _speaking_of(wanted, book) or _akin_to(wanted, book)
    if not found:
        near = _nearest(wanted, book)
        meant = f"did you mean {near!r}? " if near else ""
        raise UsageError(
            f"no rule is called {name!r}, and none speaks of it",
            hint=f"{meant}the rules are {', '.join(entry.id for entry in book)}",
        )
    return Explanation(rules=tuple(found))


def _nearest(name: str, book: tuple[Entry, ...]) -> str | None:
    """The name that is most like this one, as long: with ``tone.`` or without."""
    lead = "tone." if name.startswith("tone.") else ""
    known = sorted({entry.id.removeprefix("tone.") for entry in book})
    near = difflib.get_close_matches(name.removeprefix("tone."), known, n=1)
    return f"{lead}{near[0]}" if near else None


def _speaking_of(words: str, book: tuple[Entry, ...]) -> list[Entry]:
    """The rules that flag these words as they stand, else those that hold them."""
    rules = {rule.id: rule for rule in (*load_rules(), *load_checks())}
    flagging = {finding.rule for finding in scan(as_notes(words), tuple(rules.values()))}
    word = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE)
    flagging = flagging or {
        rule.id for rule in rules.values() if any(word.search(text) for text in _phrases(rule))
    }
    return [entry for entry in book if entry.id in flagging]


def _akin_to(words: str, book: tuple[Entry, ...]) -> list[Entry]:
    """The rules whose name or summary has these words in another form, as "sarcastic"."""
    wanted = _WORD.findall(words)

    def stands_in(text: str) -> bool:
        there = _WORD.findall(text.casefold())
        runs = (there[at : at + len(wanted)] for at in range(len(there) - len(wanted) + 1))
        return any(all(map(_akin, wanted, run)) for run in runs)

    return [entry for entry in book if stands_in(f"{entry.id.removeprefix('tone.')} {entry.about}")]


def _akin(one: str, other: str) -> bool:
    """Whether two words differ in their endings only."""
    lead = max(_LEAD, min(len(one), len(other)) - 1)
    return one == other or one[:lead] == other[:lead]


def _phrases(rule: Rule) -> tuple[str, ...]:
    return (rule.about, *(text for group in rule.groups for text in group.phrases), *rule.flags)


def _entry(rule: Rule) -> Entry:
    severities = {group.severity for group in rule.groups}
    return Entry(
        id=rule.id,
        category=rule.category,
        severities=tuple(sorted(severities, key=SEVERITIES.index, reverse=True)),
        about=rule.about or rule.message,
        message=rule.message,
        advice=rule.advice,
        advice_when_high=rule.advice_when_high,
        source=rule.source,
        flags=rule.flags,
        passes=rule.passes,
    )
