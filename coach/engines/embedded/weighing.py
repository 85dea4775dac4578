"""weigh: how grave what the rules found is, once the words around it were heard.

A rule sees words alone: "here we go again with the boiler" brushes nobody aside. So what could be
read as harsh, but surely is not meant so, is told at low severity. It is never left out, and what a
rule calls high is obeyed whatever it sounds like.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from coach.document import Document, Line, without_comments
from coach.engines.embedded.by_itself import by_itself
from coach.engines.embedded.clauses import clauses, fragments
from coach.engines.embedded.long_lines import cut_long
from coach.engines.embedded.stand_ins import stand_ins
from coach.finding import Finding
from coach.patterns import pattern
from coach.tone import as_notes, unchanged_rules

_OBEYED = frozenset({"tone.threat", "tone.pip"})
"""Rules that are obeyed: threats and the language of discipline cost most where one is missed."""
_BESIDE = 3
"""Words that stand beside those of the finding in its sentence, at the least."""
_EDGE = pattern(r"[,:;()\[\]–—.!?…]+\s*|\s-+\s")
_HARMLESS = -3.0
"""Log-odds below which a text sounds harmless; chosen on lines kept for tuning."""


def weighed(document: Document, findings: Sequence[Finding]) -> list[Finding]:
    """The findings in order, those of medium severity whose words surely mean no harm as low.

    Sure it is where the line, the sentence and ever smaller parts of it all sound harmless, with a
    full stop and without, and where something stands beside the words that can make them so: what
    says nothing else stays as it is. So does what rules of the user's own find, and whatever stands
    in a line that speaks to a machine.
    """
    ours = unchanged_rules() - _OBEYED
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
    harmless = {
        one
        for one, around in texts.items()
        if around and max(odds[text] for text in around) < _HARMLESS
    }
    return [
        one.model_copy(update={"severity": "low"}) if one in harmless else one for one in findings
    ]


def _around(finding: Finding, pieces: Sequence[Line]) -> tuple[str, ...]:
    """The line, of a long one the piece, and its parts that hold the words, each with two ends.

    Nothing where the words stand for themselves.
    """
    piece = [one for one in pieces if one.content_start <= finding.start][-1]
    text = piece.content
    start, end = finding.start - piece.content_start, finding.end - piece.content_start
    spans = [_covering(cut(text), start, end) for cut in (clauses, fragments, _parts)]
    least = len(text[start:end].split()) + _BESIDE
    parts = [text, *(text[slice(*span)] for span in spans)]
    if len(without_comments(parts[1]).split()) < least:
        return ()
    return tuple(each for part in parts for each in (f"{part.rstrip(' .')}.", part.rstrip(" .")))


def _parts(text: str) -> list[tuple[int, int]]:
    """Start and end of what stands between commas, colons, brackets and dashes."""
    edges = [0, *(match.end() for match in _EDGE.finditer(text)), len(text)]
    return list(pairwise(edges))


def _covering(spans: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """The spans from the one that holds the start to the one that holds the end, as one."""
    begin = [span[0] for span in spans if span[0] <= start][-1]
    return begin, min((span[1] for span in spans if span[1] >= end), default=spans[-1][1])
