"""Labels for guides the line model was not trained on, by the guide's own words and meaning."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.document import Document, Line
from coach.engines.embedded.encoder import load_encoder
from coach.engines.embedded.features import seen_lines
from coach.engines.embedded.guide_meaning import GuideMeaning, Nearness, meaning_of
from coach.engines.embedded.line_model import LineModel
from coach.engines.embedded.similarity import label_by_guide
from coach.engines.embedded.stems import is_informative, stems
from coach.guide import Guide, load_guide
from coach.mapping import LineLabel

GUIDES = Path(__file__).parent / "fixtures" / "guides"


def guide(name: str) -> Guide:
    return load_guide(name if name == "isp" else str(GUIDES / f"{name}.yaml"))


@cache
def meaning(name: str) -> GuideMeaning:
    return meaning_of(guide(name), load_encoder())


def labelled(source: Document, name: str) -> tuple[LineLabel, ...]:
    lines = seen_lines(source)
    if not lines:
        return ()
    heard = load_encoder().hear(lines)
    near = Nearness(heard.meanings, meaning(name), LineModel.load().matching)
    return label_by_guide(lines, guide(name), near)


def document(text: str, *, speech: bool = False) -> Document:
    lines = []
    start = 0
    for number, row in enumerate(text.split("\n"), 1):
        speaker, colon, _ = row.partition(": ")
        said = speech and bool(colon)
        lines.append(
            Line(
                number=number,
                start=start,
                text=row,
                kind="blank"
                if not row.strip()
                else "heading"
                if row.startswith("#")
                else "speech"
                if said
                else "note",
                speaker=speaker if said else None,
                prefix=len(speaker) + 2 if said else 0,
            )
        )
        start += len(row) + 1
    return Document(
        name="n",
        kind="transcript" if speech else "notes",
        format="text",
        encoding=None,
        sha256="0",
        text=text,
        lines=tuple(lines),
    )


def mapped(name: str, rows: list[tuple[str, str]], *, speech: bool = False) -> list[str]:
    """What each row was labelled: step, ``step?`` where only likely, ``~step`` where planned."""
    labels = labelled(document("\n".join(row for row, _ in rows), speech=speech), name)
    return [
        " ".join(
            [f"{step}{'?' if step in label.likely else ''}" for step in label.steps]
            + [f"~{step}" for step in label.planned]
        )
        for label in labels
    ]


FEEDBACK = [
    ("talk w/ Jonah, Thursday 4pm, staff room", ""),
    ("On Monday in the handover, about ten past seven", "situation"),
    ("he interrupted him three times and then left the room", "behaviour"),
    ("I saw Leila shrug and put her pen away", "behaviour"),
    ("as a result bed four was not on the list, and the scan was delayed by two hours", "impact"),
    ("Jonah says he was late for theatre, had not slept", ""),
    ("weather awful, parking full again", ""),
]
UNDER_HEADINGS = [
    ("# Feedback for Mirela", ""),
    ("## Situation", ""),
    ("stocktake, first Sunday of the month", "situation"),
    ("## Behaviour", ""),
    ("counted the top shelf by heart", "behaviour"),
    ("...", ""),
    ("## Impact", ""),
    ("forty pairs short on Tuesday", "impact"),
    ("TODO, ask the others", "~impact"),
    ("## Other", ""),
    ("holiday from the 3rd", ""),
    ("Impact: the till was closed for an hour", "impact"),
]
COACHING = [
    ("Ana: So what do you want to get out of the next few months?", "goal"),
    ("Rui: I'd like to run the evening class without my stomach turning.", "goal"),
    ("Ana: Where are you with it right now?", "reality"),
    ("Rui: At the moment I read everything off the sheet and nobody asks.", "reality"),
    ("Ana: Did you see the match?", ""),
    ("Rui: Don't start.", ""),
    ("Ana: What could you do? Just throw things out.", "options"),
    ("Ana: What if you let them start with a question?", "options"),
    ("Rui: That's another idea, yes.", "options"),
    ("Ana: What will you do first, and when?", "will"),
    ("Rui: Drop the slides on the 12th, see how it goes.", "will?"),
]
FIRST_WEEKS = [
    ("# Week one, Tomasz", ""),
    ("He will meet the two drivers and have lunch with Carla from the shop", "people"),
    ("buddy is Ewa", "people"),
    ("learn the mixer first, then the oven licence in March", "skills"),
    ("can order flour on his own up to 200, tells me after", "decisions"),
    ("bigger orders: asks me first", "decisions"),
    ("locker key still missing", ""),
    ("TODO who decides on rye, next time", "~decisions"),
    ("bus was late", ""),
]
STAND_UP = """# Standup
db2 restarted twice overnight, pager fired
rollback of the payments service, root cause unknown
Ken takes the cert renewal
blocked on the vendor for the switch"""
RECIPE = """Pancakes
200 g flour, two eggs, a pinch of salt
whisk until smooth, let it rest
fry in butter over medium heat"""


@pytest.mark.parametrize(
    ("name", "rows", "speech"),
    [
        ("sbi", FEEDBACK, False),
        ("sbi", UNDER_HEADINGS, False),
        ("grow", COACHING, True),
        ("onboarding", FIRST_WEEKS, False),
    ],
)
def test_lines_of_a_users_guide_are_found(
    name: str, rows: list[tuple[str, str]], speech: bool
) -> None:
    assert mapped(name, rows, speech=speech) == [wanted for _, wanted in rows]


@pytest.mark.parametrize("name", ["sbi", "grow", "onboarding"])
@pytest.mark.parametrize("text", [STAND_UP, RECIPE])
def test_notes_of_something_else_match_nothing(name: str, text: str) -> None:
    labels = labelled(document(text), name)
    assert [label for label in labels if label.steps or label.planned] == []


def test_a_line_names_the_items_it_matched() -> None:
    labels = labelled(document("first goal is the forklift certificate"), "isp")
    assert labels[0].items == ("development.goals",)


def test_the_only_item_of_a_step_is_named_with_it() -> None:
    (_, label) = labelled(document("## Impact\nforty pairs short"), "sbi")
    assert label.items == ("impact.effect",)


def test_a_settled_range_is_named_where_the_guide_has_a_step_for_it() -> None:
    text = "small orders: place it, text me after"
    (label,) = labelled(document(text), "onboarding")
    assert (label.steps, label.range) == (("decisions",), "do_then_tell")
    (label,) = labelled(document(text), "grow")
    assert label.range is None


def test_a_short_answer_to_no_question_gets_nothing() -> None:
    rows = [("Ana: Nice weather.", ""), ("Rui: The slides go on the 12th then.", "")]
    assert mapped("grow", rows, speech=True) == ["", ""]


def test_every_line_that_is_not_blank_has_one_label_in_order() -> None:
    text = "# Goal\n\n  \nI want to swim\nnothing\n"
    assert [label.line for label in labelled(document(text), "grow")] == [1, 4, 5]


def test_headings_frame_and_summaries_carry_nothing() -> None:
    plain = document("I want to swim, I'd like to, by the end of May")
    for kind in ("heading", "frame", "summary"):
        (line,) = plain.lines
        other = plain.model_copy(update={"lines": (line.model_copy(update={"kind": kind}),)})
        assert labelled(other, "grow") == (LineLabel(line=1),)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_gets_labels_of_the_guide_alone_and_the_same_each_time(text: str) -> None:
    framework = guide("sbi")
    source = document(text)
    labels = labelled(source, "sbi")
    assert labels == labelled(source, "sbi")
    for label in labels:
        assert {*label.steps, *label.planned} <= set(framework.step_ids)
        assert set(label.likely) <= set(label.steps)
        assert all(item.partition(".")[0] in label.steps for item in label.items)


@pytest.mark.parametrize(
    "forms",
    [
        ["decide", "decides", "decided", "deciding"],
        ["plan", "plans", "planned", "planning"],
        ["try", "tries", "tried"],
        ["class", "classes"],
        ["Ewa", "Ewa's", "EWA’S"],
    ],
)
def test_the_forms_of_a_word_meet(forms: list[str]) -> None:
    assert len({stem for form in forms for stem in stems(form)}) == 1


def test_short_forms_are_read_in_full() -> None:
    assert stems("I'd go") == stems("I would go")
    assert stems("she’ll") == stems("she will")


def test_stop_words_and_numbers_say_nothing() -> None:
    assert [
        stem for stem in stems("We were going to do the 12 things") if is_informative(stem)
    ] == []
