"""The seam: whatever answers the questions about a document stands behind ``Engine``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a setting may speak of an engine without all that one answers
    from coach.document import Document
    from coach.finding import Finding
    from coach.guide import Guide
    from coach.mapping import StepMap
    from coach.plan import Plan
    from coach.rehearsal import Session

Aloud = Callable[[str], None]
"""Told a line as far as it goes."""


class Engine(Protocol):
    """A few typed verbs; any object with these methods will do."""

    def label(self, document: Document, guide: Guide) -> StepMap:
        """Steps, items, ranges and tone of each line, and what follows for the steps."""
        ...

    def draft(self, document: Document, guide: Guide, steps: StepMap) -> Plan:
        """A plan out of the document, every entry with its evidence."""
        ...

    def listen(self, document: Document) -> Sequence[Finding]:
        """What in the manager's wording sounds punitive to it; the tone rules are not its part."""
        ...

    def weigh(self, document: Document, findings: Sequence[Finding]) -> Sequence[Finding]:
        """The rules' findings, one that surely means no harm where it stands told as low.

        It leaves none out, and leaves what is high as it is.
        """
        ...

    def reword(self, document: Document, findings: Sequence[Finding]) -> Sequence[str | None]:
        """For each finding a wording that keeps the facts, or None where it has none."""
        ...

    def reply(self, session: Session, aloud: Aloud | None = None) -> str:
        """What the one whom coach plays in a rehearsal says next.

        Where that takes its time, ``aloud`` may be told the line as far as it goes, again and
        again; what it was told, the line begins with.
        """
        ...


def open_engine() -> Engine:
    """The engine that needs no setting: the embedded one, which opens no socket."""
    from coach.engines.embedded import EmbeddedEngine

    return EmbeddedEngine()
