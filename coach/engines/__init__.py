"""The seam: whatever answers the questions about a document stands behind ``Engine``."""

from __future__ import annotations

from typing import Protocol

from coach.document import Document
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


def open_engine() -> Engine:
    """The engine to work with: today always the embedded one, which opens no socket."""
    from coach.engines.embedded import EmbeddedEngine

    return EmbeddedEngine()
