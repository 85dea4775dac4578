"""weigh: how grave what the rules found is, once the words around it were heard.

A rule sees words alone: "ask Catriona if you need the key" is no comparison. So what could be read
as harsh, but surely is not meant so, is told at low severity. It is never left out, and what a rule
calls high is obeyed whatever it sounds like.
"""

from __future__ import annotations

from collections.abc import Sequence

from coach.document import Document, Line
from coach.engines.embedded.by_itself import by_itself
from coach.engines.embedded.clauses import clauses, fragments
from coach.engines.embedded.long_lines import cut_long
from coach.engines.embedded.stand_ins import stand_ins
from coach.finding import Finding
from coach.tone import as_notes, unchanged_rules

_HARMLESS = -3.0
"""Log-odds below which a text means no harm for certain; chosen on lines kept for tuning."""


def weighed(document: Document, findings: Sequence[Finding]) -> list[Finding]:
    """The findings in order, those of medium severity whose words surely mean no harm as low.

    Sure it is where the line, the sentence and the clause all sound harmless: none of them can be
    made kind by what is added to the others. Rules of the user's own are obeyed, too, and a line
    that speaks to a machine has no say in what is told of it.
    """
    ours = unchanged_rules()
    open_ = [
        one
        for one in findings
        if one.rule in ours and one.severity == "medium" and one.line not in document.set_aside
    ]
    if not open_:
        return list(findings)
    lines = [document.line(number) for number in sorted({one.line for one in open_})]
    pieces = dict(zip([line.number for line in lines], cut_long(lines), strict=True))
    texts = {one: _around(one, pieces[one.line]) for one in open_}
    # names are looked for in the lines that are weighed alone: in a whole book it takes too long
    shown = stand_ins(as_notes("\n".join(line.content for line in lines)))
    asked = list(dict.fromkeys(text for around in texts.values() for text in around))
    odds = dict(zip(asked, by_itself(list(map(shown, asked))).odds.tolist(), strict=True))
    harmless = {one for one in open_ if max(odds[text] for text in texts[one]) < _HARMLESS}
    return [
        one.model_copy(update={"severity": "low"}) if one in harmless else one for one in findings
    ]


def _around(finding: Finding, pieces: Sequence[Line]) -> tuple[str, ...]:
    """The line, of a long one the piece, the sentence and the clause in which the words stand."""
    piece = [one for one in pieces if one.content_start <= finding.start][-1]
    start, end = finding.start - piece.content_start, finding.end - piece.content_start
    spans = [_covering(cut(piece.content), start, end) for cut in (clauses, fragments)]
    return piece.content, *(piece.content[slice(*span)] for span in spans)


def _covering(spans: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """The spans from the one that holds the start to the one that holds the end, as one."""
    begin = [span[0] for span in spans if span[0] <= start][-1]
    return begin, min((span[1] for span in spans if span[1] >= end), default=spans[-1][1])
