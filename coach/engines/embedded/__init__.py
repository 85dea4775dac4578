"""The embedded engine: a small trained line model and drafting by rule. Opens no socket.

The same document gives the same answer every time. A guide the model was trained on (``isp``) is
mapped by the model; any other guide by the words of its own items and examples.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from coach.document import Document
from coach.engines.embedded.drafting import draft
from coach.engines.embedded.line_model import TRAINED_GUIDE, LineModel
from coach.engines.embedded.similarity import label_by_words
from coach.finding import Finding
from coach.guide import Guide
from coach.mapping import EngineInfo, LineLabel, StepMap, assemble, cut
from coach.plan import Plan
from coach.tone import finding_for


class EmbeddedEngine:
    """Labels lines with the bundled model, drafts by rule."""

    @cached_property
    def _model(self) -> LineModel:
        return LineModel.load()

    def label(self, document: Document, guide: Guide) -> StepMap:
        """The map of the document, with the findings that the model alone can see."""
        labels = self._labels(document, guide)
        name = self._model.name if guide.id == TRAINED_GUIDE else f"{self._model.name}+words"
        return assemble(
            document,
            guide,
            labels=labels,
            engine=EngineInfo(name="embedded", model=name),
            findings=self._findings(document, labels),
        )

    def draft(self, document: Document, guide: Guide, steps: StepMap) -> Plan:
        """The plan that the document holds, every entry with its evidence."""
        return draft(document, guide, steps, label=lambda cut: self._labels(cut, guide, quick=True))

    def _labels(
        self, document: Document, guide: Guide, *, quick: bool = False
    ) -> Sequence[LineLabel]:
        """One label for each non-blank line. Tone and ranges are the same in every guide."""
        seen = self._model.label(document, quick=quick)
        if guide.id == TRAINED_GUIDE:
            return seen
        return [
            label.model_copy(
                update={"tone": tone.tone, "category": tone.category, "severity": tone.severity}
            )
            for label, tone in zip(label_by_words(document, guide), seen, strict=True)
        ]

    def _findings(self, document: Document, labels: Sequence[LineLabel]) -> list[Finding]:
        found = []
        for label in labels:
            if label.tone == "punitive" and label.category and label.severity:
                line = document.line(label.line)
                whole = cut(line)
                start, end = self._model.punitive_span(whole.quote)
                span = (whole.start + start, whole.start + end)
                found.append(
                    finding_for(line, span, category=label.category, severity=label.severity)
                )
        return found
