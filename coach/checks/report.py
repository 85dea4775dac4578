"""ToneReport: what a check of some files found, and what was set aside and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from coach.checks.balance import Balance
from coach.finding import SEVERITIES, Finding, Severity

FORMAL = "tone.formal"
"""The rule that names formal discipline: never set aside, never reworded."""
STDIN = "<stdin>"
FOREIGN = (
    "it does not read like English, the only language that is checked: most of what is there will "
    "be missed"
)
"""What is told of a text in another language."""


def names_of(rule: str, category: str) -> frozenset[str]:
    """What a rule may be called: ``tone.vague_ask``, its category, ``vague_ask``."""
    return frozenset({rule, category, rule.rpartition(".")[2]})


class _Result(BaseModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)


class Suppressed(_Result):
    """A finding that does not count, and who said so."""

    finding: Finding
    by: Literal["inline", "baseline", "off", "fine"]
    """A remark in the text, the baseline, or ``off`` and ``fine`` of the settings."""
    reason: str | None = None


class CheckedFile(_Result):
    """One file: what counts, by place, and what was set aside."""

    name: str
    """As the user named it; ``<stdin>`` for standard input."""
    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...] = ()
    formal: bool = False
    """Whether it reads like formal discipline."""
    foreign: bool = False
    """Whether it reads like another language than English, in which little can be found."""
    balance: Balance | None = None
    """What the wording does, counted: questions, orders, support; never a grade."""


class Unread(_Result):
    """A file that was not checked."""

    name: str
    message: str
    hint: str | None = None


class Counts(_Result):
    """Findings by severity."""

    high: int = 0
    medium: int = 0
    low: int = 0

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Counts:
        """How many there are of each severity."""
        found = [finding.severity for finding in findings]
        return cls(**{severity: found.count(severity) for severity in SEVERITIES})

    @property
    def total(self) -> int:
        """Of any severity."""
        return self.high + self.medium + self.low


class Summary(_Result):
    """The whole run in numbers."""

    files: int
    """Checked; those that could not be read are not among them."""
    findings: Counts
    suppressed: int


class ToneReport(_Result):
    """What ``coach tone`` found in some files."""

    schema_: Literal["coach.tone/1"] = Field(default="coach.tone/1", alias="schema")
    files: tuple[CheckedFile, ...]
    unread: tuple[Unread, ...] = ()
    summary: Summary

    @classmethod
    def of(cls, files: Sequence[CheckedFile], unread: Sequence[Unread] = ()) -> ToneReport:
        """The report on these files, in the order in which they were named."""
        summary = Summary(
            files=len(files),
            findings=Counts.of(finding for file in files for finding in file.findings),
            suppressed=sum(len(file.suppressed) for file in files),
        )
        return cls(files=tuple(files), unread=tuple(unread), summary=summary)

    def reaches(self, severity: Severity | Literal["never"]) -> bool:
        """Whether something that counts is as bad as this, or worse."""
        if severity == "never":
            return False
        barred = SEVERITIES[SEVERITIES.index(severity) :]
        return any(finding.severity in barred for file in self.files for finding in file.findings)
