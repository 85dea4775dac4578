"""Passages: the clauses of the lines that carry something, each with what it does.

A line may do two things ("anything under 2k herself. 2k to 10k she rings me first"), and a plan
entry wants the clause, not the paragraph. So the lines are cut into clauses and labelled again in
place; a clause serves a step only if its line does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from coach.document import Document, Line, Role, speaks_to_a_machine, without_comments
from coach.engines.embedded.clauses import clauses
from coach.engines.embedded.drafting.formal import formal_lines
from coach.engines.embedded.drafting.wording import cleaned
from coach.engines.embedded.ranges import settled_range
from coach.finding import Finding
from coach.guide import SettledRange
from coach.mapping import Evidence, LineLabel, cut

_REACH = 400
"""Characters around a turn of phrase that can settle a range."""
_LONGEST = 2_000
"""Characters of a clause that are worded; a longer one is no sentence."""

Labeller = Callable[[Document], Sequence[LineLabel]]

_TURN = re.compile(
    r"(?<=[,;])\s+(?:but\s+)?|(?<!\s)\s+(?=but\s)|(?<!\s)\s+(?=(?:above|over|beyond|anything\s+over)\b)"
)
_ASKS = re.compile(
    r"(?:what(?:'s|\s+(?!i|we|you|he|she|they)\w+)|how\s+(?:do|does|did|would|will|can|should|about|many|"
    r"much|are|is)|who(?:'s|\s+is|\s+do|\s+should)|why\s+(?:do|is|not)|(?:can|could|may|shall|should|do|am)\s+i|"
    r"what\s+(?:you|else)\s+(?:want|need)|(?:say|suppose|imagine)\s+(?:it'?s|we'?re|you)|"
    r"do\s+you|are\s+you|would\s+you|could\s+you|anything\s+(?:else\s+)?(?:you|from))\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\s*(?:i\s+)?(?:ask|asked)\b(?!.*(?:\bsaid\b|\bsays\b|->|→|:)).*\b(?:what|how|if|whether|why|who)\b",
    re.IGNORECASE,
)
_REACTION = re.compile(
    r"(?:(?:oh|and|so|that'?s|it'?s|is|i'?d|i'?ll|we'?ll|you'?re|a|the|very|all|really|just|totally|"
    r"exactly|right|fair|fine|fine\s+by\s+me|perfect|lovely|great|good|grand|brilliant|deal|agreed|done|"
    r"love|like|take|that|it|this|one|plenty|enough|yes|yeah|ok|okay|sure|no|problem|thanks?|thank\s+you|"
    r"cool|nice|true|what\s+i\s+was\s+thinking|understood|clear|ha|haha|wow|works\s+for\s+me|sounds|"
    r"makes\s+sense|i\s+know|i\s+see|got\s+it|of\s+course|promise|too|then|now|to\s+know|will|can|do|"
    r"enough)\b[\s,.!…-]*)+$|(?:sorry|thanks|thank\s+you|cheers|ta|morning|hi|hello|bye)\s+\w+[.!]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A clause of a line and what it does. ``text`` equals ``document.text[start:start+len]``."""

    line: int
    turn: int
    """The line's place among the lines that were said or written, from 0."""
    start: int
    text: str
    speaker: str | None
    role: Role | None
    steps: tuple[str, ...]
    items: tuple[str, ...]
    range: SettledRange | None
    spoken: bool
    clean: str
    """Its words without bullets, fillers and lead-ins."""
    flagged: bool = False
    """Whether words in it were flagged; then it serves no step and names nothing."""

    @property
    def asks(self) -> bool:
        """Whether it is a question put to somebody; recognisers often lose the mark."""
        if self.text.rstrip(" \"')").endswith("?"):
            return True
        return bool(_ASKS.match(self.clean) if self.spoken else _ASKED.match(self.text))

    @property
    def says_something(self) -> bool:
        """Whether it could stand in a plan: no question, no mere "love that" or "fine by me"."""
        return not self.asks and self.words > 1 and not _REACTION.match(self.clean)

    @property
    def words(self) -> int:
        """How many words it has, cleaned."""
        return len(self.clean.split())

    def has(self, *items: str) -> bool:
        """Whether it serves one of these items."""
        return any(item in self.items for item in items)

    def evidence(self) -> Evidence:
        """It, as a quote with its place."""
        return Evidence(
            quote=self.text,
            line=self.line,
            start=self.start,
            end=self.start + len(self.text),
            speaker=self.speaker,
            items=self.items,
        )


def passages(
    document: Document,
    labels: Sequence[LineLabel],
    *,
    label: Labeller,
    findings: Sequence[Finding] = (),
) -> tuple[Passage, ...]:
    """All clauses of the mappable lines, in order; clauses with flagged words serve no step."""
    pieces = [
        piece
        for line in document.lines
        if line.mappable and line.content.strip(" \t|:-") and line.number not in document.set_aside
        for piece in _pieces(line)
        if not speaks_to_a_machine(piece.text) and piece.text == without_comments(piece.text)
    ]
    if not pieces:
        return ()
    again = {
        piece.number: seen
        for piece, seen in zip(pieces, label(_cut_up(document, pieces)), strict=True)
    }
    whole = {known.line: known for known in labels}
    flagged: dict[int, list[tuple[int, int]]] = {}
    for finding in findings:
        flagged.setdefault(finding.line, []).append((finding.start, finding.end))
    for number in formal_lines(document, findings):
        flagged[number] = [(document.line(number).start, document.line(number).end)]
    by_line: dict[int, list[Line]] = {}
    for piece in pieces:
        by_line.setdefault(_home(document, piece), []).append(piece)
    found = []
    for turn, (number, parts) in enumerate(by_line.items()):
        line_label = whole.get(number) or LineLabel(line=number)
        for part, (steps, items, range_) in zip(
            parts, _share(line_label, parts, [again[part.number] for part in parts]), strict=True
        ):
            hits = flagged.get(number, ())
            hurt = any(part.start < end and start < part.end for start, end in hits)
            if range_ is None:  # what leads up to a blow is part of it
                hurt = bool(hits)
            found.append(
                Passage(
                    line=number,
                    turn=turn,
                    start=part.start,
                    text=part.text,
                    speaker=part.speaker,
                    role=part.role,
                    steps=() if hurt else steps,
                    items=() if hurt else items,
                    range=None if hurt else range_,
                    spoken=part.kind == "speech",
                    clean=cleaned(part.text[:_LONGEST], spoken=part.kind == "speech"),
                    flagged=hurt,
                )
            )
    return tuple(found)


def _home(document: Document, piece: Line) -> int:
    return document.line_at(piece.start).number


def _pieces(line: Line) -> list[Line]:
    """The clauses of one line as lines of their own; numbers are given later."""
    content = line.content
    skip = cut(line).start - line.content_start
    spans = [(skip + start, skip + end) for start, end in clauses(content[skip:])]
    spans = [part for span in spans for part in _by_range(content, span)]
    return [
        line.model_copy(
            update={"text": content[start:end], "start": line.content_start + start, "prefix": 0}
        )
        for start, end in spans
    ]


def _by_range(content: str, span: tuple[int, int]) -> list[tuple[int, int]]:
    """One clause, or two where its halves settle two ranges ("till 300 give, above call me")."""
    start, end = span
    for turn in _TURN.finditer(content, start, end):
        if not _LIMIT.match(content, turn.end()):
            continue
        before = settled_range(content[start : turn.start()][-_REACH:])
        after = settled_range(content[turn.end() : min(end, turn.end() + _REACH)])
        if before and after and before != after:
            return [(start, turn.start()), (turn.end(), end)]
    return [span]


_LIMIT = re.compile(
    r"(?:but\s+)?(?:above|over|beyond|past|more\s+than|anything|bigger|the\s+rest)\b", re.I
)


def _cut_up(document: Document, pieces: list[Line]) -> Document:
    """The document with clauses as its lines, so that they can be labelled in their context."""
    for number, piece in enumerate(pieces, 1):
        pieces[number - 1] = piece.model_copy(update={"number": number})
    fields = {name: getattr(document, name) for name in Document.model_fields}
    return Document.model_construct(**{**fields, "lines": tuple(pieces)})


_Share = tuple[tuple[str, ...], tuple[str, ...], SettledRange | None]


def _share(whole: LineLabel, parts: list[Line], seen: list[LineLabel]) -> list[_Share]:
    """What each clause of a line does: the line's labels, handed to the clauses that show them."""
    guessed = whole.range if len(whole.steps) == 1 else None  # of two steps one may be chance
    if len(parts) == 1:
        return [(whole.steps, whole.items, guessed or settled_range(parts[0].text))]
    shown = {name for label in seen for name in (*label.steps, *label.items)}
    shares: list[_Share] = []
    for part, label in zip(parts, seen, strict=True):
        steps = tuple(s for s in whole.steps if s in label.steps or s not in shown)
        items = tuple(
            item
            for item in dict.fromkeys((*label.items, *whole.items))
            if item.partition(".")[0] in steps and (item in label.items or item not in shown)
        )
        if not steps and shares and not label.planned:
            steps = shares[-1][0]  # a clause that shows nothing goes on with the one before
        seen_range = label.range if len(whole.steps) == 1 else None
        shares.append((steps, items, settled_range(part.text) or seen_range))
    if guessed and not any(range_ for _, _, range_ in shares):
        first = next((i for i, (steps, _, _) in enumerate(shares) if steps), 0)
        steps, items, _ = shares[first]
        shares[first] = (steps, items, guessed)
    return shares
