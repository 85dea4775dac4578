"""The embedded engine: a small trained line model and drafting by rule. Opens no socket.

The same document gives the same answer every time. A guide the model was trained on (``isp``) is
mapped by the model; any other guide by the words and the meaning of its own items and examples.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from coach.document import Document
from coach.engines import Aloud
from coach.engines.embedded.encoder import load_encoder
from coach.engines.embedded.guide_meaning import Nearness, meaning_of
from coach.engines.embedded.line_model import TRAINED_GUIDE, LineModel
from coach.engines.embedded.listening import listen, sting
from coach.engines.embedded.long_lines import one_each, told_lines, united
from coach.engines.embedded.similarity import label_by_guide
from coach.engines.embedded.weighing import weighed
from coach.finding import Finding
from coach.guide import Guide
from coach.mapping import EngineInfo, LineLabel, StepMap, assemble, cut
from coach.plan import Plan
from coach.tone import as_notes, finding_by, rules_by_category

if TYPE_CHECKING:
    from coach.rehearsal import Session

_CALL = re.compile(r"^[^:]{1,60}:\s+")
"""Whom a line calls on, before it says what it has to say."""


class EmbeddedEngine:
    """Labels lines with the bundled model, drafts by rule."""

    def __init__(self) -> None:
        load_encoder()  # it is soon asked for, and read meanwhile

    @cached_property
    def _model(self) -> LineModel:
        return LineModel.load()

    def label(self, document: Document, guide: Guide) -> StepMap:
        """The map of the document, with the findings that the model alone can see."""
        labels = self._labels(document, guide)
        name = self._model.name if guide.id == TRAINED_GUIDE else f"{self._model.name}+meaning"
        return assemble(
            document,
            guide,
            labels=labels,
            engine=EngineInfo(name="embedded", model=name),
            findings=[*self._findings(document, labels), *self._among_orders(document)],
        )

    def listen(self, document: Document) -> list[Finding]:
        """What sounds punitive to the model: its tone alone, and faster than ``label``."""
        known = rules_by_category()
        return [
            finding_by(
                document.line(said.line),
                said.span,
                rule=known[said.category],
                severity=said.severity,
                found_by="model",
            )
            for said in listen(document)
        ]

    def weigh(self, document: Document, findings: Sequence[Finding]) -> list[Finding]:
        """The rules' findings, one whose words surely mean no harm told as low."""
        return weighed(document, findings)

    def draft(self, document: Document, guide: Guide, steps: StepMap) -> Plan:
        """The plan that the document holds, every entry with its evidence."""
        from coach.engines.embedded.drafting import draft

        return draft(document, guide, steps, label=lambda cut: self._labels(cut, guide, quick=True))

    def reword(self, document: Document, findings: Sequence[Finding]) -> list[str | None]:
        """Nothing beyond what the rules suggest."""
        return [None] * len(findings)

    def reply(self, session: Session, aloud: Aloud | None = None) -> str:
        """One of the lines that are written for this moment."""
        from coach.rehearsal import written_reply

        return written_reply(session)

    def _labels(
        self, document: Document, guide: Guide, *, quick: bool = False
    ) -> Sequence[LineLabel]:
        """One label for each non-blank line. Tone and ranges are the same in every guide."""
        if guide.id == TRAINED_GUIDE:
            return self._model.label(document, quick=quick)
        cut = told_lines(document)
        pieces = tuple(chain.from_iterable(cut))
        if not pieces:
            return one_each(document, ())
        encoder = load_encoder()
        heard = encoder.hear(pieces)
        near = Nearness(heard.meanings, meaning_of(guide, encoder), self._model.matching)
        tones = self._model.decide(pieces, self._model.chances(pieces, heard))
        labels = [
            label.model_copy(
                update={"tone": tone.tone, "category": tone.category, "severity": tone.severity}
            )
            for label, tone in zip(label_by_guide(pieces, guide, near), tones, strict=True)
        ]
        return one_each(document, united(cut, labels))

    def _among_orders(self, document: Document) -> list[Finding]:
        """Findings on lines that are set aside, so that no order lifts one.

        Calling on a machine reads like an order to somebody: what follows has to sound bad, too.
        """
        aside = document.set_aside
        heard = self.listen(document) if aside else ()
        return [
            finding
            for finding in heard
            if finding.line in aside
            and self.listen(as_notes(_CALL.sub("", document.line(finding.line).content)))
        ]

    def _findings(self, document: Document, labels: Sequence[LineLabel]) -> list[Finding]:
        found = []
        known = rules_by_category()
        for label in labels:
            if label.tone == "punitive" and label.category and label.severity:
                line = document.line(label.line)
                whole = cut(line)
                start, end = sting(whole.quote)
                span = (whole.start + start, whole.start + end)
                rule = known[label.category]
                found.append(
                    finding_by(line, span, rule=rule, severity=label.severity, found_by="model")
                )
        return found
