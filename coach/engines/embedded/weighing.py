"""weigh: which findings of the rules hold, once their line and their sentence were heard.

A rule sees words alone: "that's an order: go home, kiss the baby" means well. The text around the
sentence has no say, so that nothing that is added to a text makes a harsh sentence a kind one.
"""

from __future__ import annotations

from collections.abc import Sequence

from coach.document import Document, Line
from coach.engines.embedded.by_itself import by_itself
from coach.engines.embedded.clauses import clauses
from coach.engines.embedded.long_lines import cut_long
from coach.engines.embedded.stand_ins import stand_ins
from coach.finding import Finding
from coach.tone import rules_by_category, unchanged_rules

_HARMLESS = -4.0
"""Log-odds below which a line means no harm for certain; chosen on lines kept for tuning."""


def weighed(document: Document, findings: Sequence[Finding]) -> list[Finding | None]:
    """How each finding holds; None where its words surely mean no harm.

    One of high severity is never lost, but told as low. Rules of the user's own are obeyed, and a
    line that speaks to a machine has no say in what is told of it.
    """
    ours = unchanged_rules()
    open_ = [one for one in findings if one.rule in ours and one.line not in document.set_aside]
    pieces = {
        number: cut_long((document.line(number),))[0] for number in {one.line for one in open_}
    }
    texts = {one: _around(one, pieces[one.line]) for one in open_}
    shown = stand_ins(document) if texts else str
    asked = list(dict.fromkeys(text for around in texts.values() for text in around))
    odds = dict(zip(asked, by_itself(list(map(shown, asked))).odds.tolist(), strict=True))
    harmless = {one for one in open_ if max(odds[text] for text in texts[one]) < _HARMLESS}
    return [_less(one) if one in harmless else one for one in findings]


def _around(finding: Finding, pieces: Sequence[Line]) -> tuple[str, str]:
    """The line, of a long one the piece, and the sentence in which the words stand."""
    piece = [one for one in pieces if one.content_start <= finding.start][-1]
    at = finding.start - piece.content_start
    start, end = [span for span in clauses(piece.content) if span[0] <= at][-1]
    return piece.content, piece.content[start:end]


def _less(finding: Finding) -> Finding | None:
    if finding.severity != "high":
        return None
    rule = rules_by_category()[finding.category]
    return finding.model_copy(update={"severity": "low", "advice": rule.advice_for("low")})
