"""Long lines: a dictated paragraph is labelled by what its sentences do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.document import Line
from coach.engines.embedded.clauses import short_clauses
from coach.engines.embedded.long_lines import LONG, cut_long, united
from coach.mapping import LineLabel

PARAGRAPH = (
    "Sat with Noor after close. She keeps the Tuesday order and takes the new fridge checks as "
    "well. Anything under eighty she just buys, above that she rings me first. By March no "
    "returns from the school run. She would like the pastry course in spring and I said I would "
    "ask about the fee."
)


def line(text: str, **given: object) -> Line:
    return Line.model_validate({"number": 3, "start": 10, "text": text, "kind": "note", **given})


def test_a_short_line_stays_whole() -> None:
    short = line("Anything under eighty she just buys.")
    assert cut_long([short]) == ((short,),)


def test_a_paragraph_is_cut_at_its_sentences_and_each_knows_its_place() -> None:
    spoken = line(f"Ana: {PARAGRAPH}", kind="speech", speaker="Ana", prefix=5)
    (pieces,) = cut_long([spoken])
    assert len(pieces) == 5
    for piece in pieces:
        assert piece.content == spoken.text[piece.start - 10 : piece.start - 10 + len(piece.text)]
        assert (piece.number, piece.speaker) == (3, "Ana")


@pytest.mark.parametrize("unit", ["? ", "ok. "])
def test_a_line_of_nothing_but_stops_stays_whole(unit: str) -> None:
    noise = line(unit * 1000)
    assert cut_long([noise]) == ((noise,),)


def test_speech_without_a_full_stop_is_cut_where_thoughts_join() -> None:
    told = " ".join(["so she said the till is fine and then we went over the fridge"] * 8)
    spans = short_clauses(told, LONG)
    assert all(len(told[start:end].split()) <= LONG for start, end in spans)


@given(st.text(max_size=600), st.integers(2, 60))
def test_short_clauses_are_slices_in_order_that_lose_only_blanks_and_joints(
    text: str, most: int
) -> None:
    spans = short_clauses(text, most)
    kept = [at for start, end in spans for at in range(start, end)]
    assert kept == sorted(set(kept))
    assert all(c.isspace() or c == "," for at, c in enumerate(text) if at not in kept)


@pytest.mark.parametrize(
    ("labels", "wanted"),
    [
        (
            [
                {"steps": ("tasks",), "likely": ("tasks",), "items": ("tasks.deferrable",)},
                {"steps": ("tasks", "autonomy"), "range": "do", "items": ("tasks.deferrable",)},
            ],
            {
                "steps": ("tasks", "autonomy"),
                "items": ("tasks.deferrable",),
                "range": "do",
            },
        ),
        (
            [
                {"tone": "supportive"},
                {"tone": "punitive", "category": "threat", "severity": "high"},
            ],
            {"tone": "punitive", "category": "threat", "severity": "high"},
        ),
        (
            [{"planned": ("development", "success")}, {"steps": ("success",)}],
            {"steps": ("success",), "planned": ("development",)},
        ),
    ],
)
def test_a_line_does_what_any_of_its_pieces_does(
    labels: list[dict[str, object]], wanted: dict[str, object]
) -> None:
    pieces = tuple(line(str(at)) for at in range(len(labels)))
    said = [LineLabel.model_validate({"line": 3, **label}) for label in labels]
    assert united((pieces,), said) == (LineLabel.model_validate({"line": 3, **wanted}),)
