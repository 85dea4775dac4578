"""The seam: whatever answers the questions about a document stands behind ``Engine``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from coach.document import Document
from coach.finding import Finding
from coach.guide import Guide
from coach.mapping import StepMap
from coach.plan import Plan


class Engine(Protocol):
    """A few typed verbs; any object with these methods will do."""

    def label(self, document: Document, guide: Guide) -> StepMap:
        """Steps, items, ranges and tone of each line, and what follows for the steps."""
        ...

    def draft(self, document: Document, guide: Guide, steps: StepMap) -> Plan:
        """A plan out of the document, every entry with its evidence."""
        ...

    def reword(self, document: Document, findings: Sequence[Finding]) -> Sequence[str | None]:
        """For each finding a wording that keeps the facts, or None where it has none."""
        ...


def open_engine() -> Engine:
    """The engine that needs no setting: the embedded one, which opens no socket."""
    from coach.engines.embedded import EmbeddedEngine

    return EmbeddedEngine()
