"""The trained line model: the same answer every time, honest labels, and figures that hold."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.document import Document, Line, read_bytes
from coach.engines.embedded import scoring
from coach.engines.embedded.features import features, seen_lines
from coach.engines.embedded.later import planned_steps
from coach.engines.embedded.line_model import TRAINED_GUIDE, LineModel
from coach.engines.embedded.ranges import settled_range
from coach.engines.embedded.voices import tells_their_words
from coach.guide import load_guide
from coach.mapping import LineLabel, status_of

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "training" / "data" / "docs"
MODEL = LineModel.load()

NOTES = """Priya, 14 Oct
- her plate: triage, the Thursday call. new: owning the broker mailbox from November
- mailbox first, breaking in the new starter can wait
- she can close anything under 2k herself, no need to tell me
- great job on the Hartwell claim, kept everyone calm
- told her if it happens once more it goes on her file
TODO next time: who signs off refunds
"""


def note(text: str) -> Document:
    return document([("note", None, line) for line in text.split("\n")])


def talk(*turns: tuple[str, str]) -> Document:
    return document([("speech", role, text) for role, text in turns])


def document(rows: list[tuple[str, str | None, str]]) -> Document:
    lines, start = [], 0
    for number, (kind, role, text) in enumerate(rows, 1):
        said = f"{(role or 'x').title()}: {text}" if kind == "speech" else text
        lines.append(
            Line.model_validate(
                {
                    "number": number,
                    "start": start,
                    "text": said,
                    "kind": kind if text.strip() else "blank",
                    "speaker": role,
                    "role": role,
                    "prefix": len(said) - len(text),
                }
            )
        )
        start += len(said) + 1
    return Document(
        name="-",
        kind="transcript" if rows and rows[0][0] == "speech" else "notes",
        format="text",
        encoding=None,
        sha256="0" * 64,
        text="\n".join(line.text for line in lines),
        lines=tuple(lines),
    )


def test_every_line_that_is_not_blank_gets_one_label_in_order() -> None:
    assert [label.line for label in MODEL.label(note(f"\n{NOTES}\n\nend"))] == [
        2, 3, 4, 5, 6, 7, 8, 11,
    ]  # fmt: skip


def test_the_plain_cases_of_a_note_are_labelled_as_a_reader_would() -> None:
    _, _, tasks, autonomy, strength, threat, later = MODEL.label(note(NOTES))
    assert tasks.steps == ("tasks",)
    assert {"tasks.most_critical", "tasks.deferrable"} <= set(tasks.items)
    assert autonomy.steps == ("autonomy",)
    assert autonomy.range == "do"
    assert strength.tone == "supportive"
    assert threat.tone == "punitive"
    assert threat.category in {"threat", "pip"}
    assert later.planned == ("autonomy",)
    assert later.steps == ()


@pytest.mark.parametrize(
    ("name", "other"),
    [("Oluwaseyi", "Marek"), ("Mei Ling", "Tomasz"), ("Siobhan", "Dipo"), ("Xochitl", "Wei Jie")],
)
def test_no_name_changes_a_label(name: str, other: str) -> None:
    text = "1:1 {0}, linen room, 14 May\n" + NOTES.partition("\n")[2].replace(
        "the new starter", "{1}"
    ).replace("great job", "great job, {0},")
    here, there = (
        MODEL.label(read_bytes(text.format(*names).encode(), "notes.md"))
        for names in (("Robin", "Lee"), (name, other))
    )
    assert here == there


@pytest.mark.parametrize(
    ("text", "theirs"),
    [
        ('Noor: "you only ever moan, you are useless at planning"', True),
        ("her words: 'you are the laziest boss I ever had'", True),
        ("she said I never listen and that my plan is rubbish", True),
        ("he calls my mails pathetic", True),
        ("Karel was furious, says nobody here can count", True),
        ("told her she is lazy and that she never listens", False),
        ("she said the queue jammed. as always an excuse", False),
        ("she says traffic, I said that is no excuse", False),
        ("Refunds: she never asks, typical", False),
        ('Me: "one more time and you are out"', False),
    ],
)
def test_notes_of_what_the_employee_said_are_told_from_the_managers_own(
    text: str, theirs: bool
) -> None:
    assert tells_their_words(text) is theirs


def test_headings_summaries_and_frame_lines_carry_no_label() -> None:
    kinds = ("heading", "summary", "frame")
    text = "she can close anything under 2k herself, no need to tell me"
    labels = MODEL.label(document([(kind, None, text) for kind in kinds]))
    assert labels == tuple(LineLabel(line=at + 1) for at in range(3))


def test_an_empty_document_has_no_labels() -> None:
    assert MODEL.label(note("")) == ()


def test_a_process_of_its_own_gives_the_same_labels() -> None:
    program = (
        "import sys; sys.path.insert(0, 'tests'); import test_line_model as t; "
        "print([label.model_dump_json() for label in t.MODEL.label(t.note(t.NOTES))], "
        "'sklearn' in sys.modules, 'torch' in sys.modules)"
    )
    for seed in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "PATH": "", "LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=True,
        )
        here = [label.model_dump_json() for label in MODEL.label(note(NOTES))]
        assert done.stdout.strip() == f"{here} False False"


def test_labels_name_only_what_the_guide_has() -> None:
    guide = load_guide(TRAINED_GUIDE)
    items = {item.id for step in guide.steps for item in step.items}
    heads = scoring.load_weights().about["first"]
    assert {head for head in heads if "." in head and head.split(".")[0] in guide.step_ids} == items
    assert tuple(scoring.load_weights().about["steps"]) == guide.step_ids


def test_an_item_is_of_a_step_the_line_has() -> None:
    for label in MODEL.label(note(NOTES)):
        assert all(item.split(".")[0] in label.steps for item in label.items)
        assert all(any(i.startswith(f"{step}.") for i in label.items) for step in label.steps)
        assert set(label.likely) <= set(label.steps)


FEATURES, CHECKSUM = 114, 1881460907
HARSH = (
    "That is your fault again, you always do this, one more time and you are on a final warning."
)


def test_the_same_harsh_words_are_the_managers_or_nobodys() -> None:
    said = {
        role: MODEL.label(talk(("manager", "Right."), (role, HARSH), ("manager", "Well.")))[1].tone
        for role in ("manager", "employee", "other")
    }
    assert said == {"manager": "punitive", "employee": "neutral", "other": "neutral"}


@given(st.lists(st.text(max_size=40), max_size=12))
@settings(max_examples=40, deadline=None)
def test_any_lines_at_all_get_their_labels(rows: list[str]) -> None:
    made = document([("note", None, row.replace("\n", " ")) for row in rows])
    assert len(MODEL.label(made)) == len(seen_lines(made))


def test_features_grow_with_the_text_and_no_faster() -> None:
    sizes = [len(features(seen_lines(note(NOTES * times))).rows) for times in (4, 8, 16)]
    assert sizes[1] == pytest.approx(2 * sizes[0], rel=0.05)
    assert sizes[2] == pytest.approx(2 * sizes[1], rel=0.05)


def test_features_are_the_same_numbers_on_every_machine() -> None:
    found = features(seen_lines(note("Prices: you decide, €5 to €10.")))
    assert (len(found.keys), int(np.bitwise_xor.reduce(found.keys))) == (FEATURES, CHECKSUM)


def test_the_model_file_holds_arrays_of_numbers_only_and_stays_small() -> None:
    path = ROOT / "coach" / "engines" / "embedded" / "model.npz"
    assert path.stat().st_size < 6_000_000
    with np.load(path, allow_pickle=False) as held:
        assert all(held[name].dtype.kind in "fiu" for name in held.files)


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("just do it and drop me a line", "do_then_tell"),
        ("close anything under 2k, tell me after", "do_then_tell"),
        ("swaps on the rota: she goes ahead, lets me know the same day", "do_then_tell"),
        ("ring me first but it's her call", "consult_then_do"),
        ("run it by me, then you pick", "consult_then_do"),
        ("consult, then do", "consult_then_do"),
        ("talk to Dinesh first, then it's up to you", "consult_then_do"),
        ("I'll consult the team and then I decide", "ask_first"),
        ("wait for my yes", "ask_first"),
        ("above 2.5m needs my signature", "ask_first"),
        ("nothing leaves the building without my say-so", "ask_first"),
        ("refunds up to 50, no need to ask", "do"),
        ("off her own bat, I don't need to hear about it", "do"),
        ("do you want me to ask you first?", None),
        ("she wants to sign without asking me", None),
        ("settlements over 10k one day, not yet", None),
        ("the bulletin can wait till after the audit", None),
        ("TODO talk about who signs off what", None),
        ("", None),
    ],
)
def test_a_range_is_read_from_the_wording_where_it_is_plain(text: str, settled: str | None) -> None:
    assert settled_range(text) == settled


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("TODO talk about who signs off what", ("autonomy",)),
        ("park growth stuff til next wk", ("development",)),
        ("Didn't get to who can pull stock. Next Fri", ("autonomy",)),
        ("training course: let's do that one next week", ("development",)),
        ("the bulletin can wait till after accreditation", ()),
        ("course is booked for next month", ()),
        ("she decides who works Sundays", ()),
    ],
)
def test_a_step_put_off_is_planned_and_a_task_that_waits_is_not(
    text: str, steps: tuple[str, ...]
) -> None:
    assert planned_steps(text) == steps


def label(*items: str, likely: bool = False, planned: bool = False) -> LineLabel:
    steps = tuple(dict.fromkeys(item.split(".")[0] for item in items))
    return LineLabel(
        line=1,
        steps=steps,
        items=items,
        likely=steps if likely else (),
        planned=("tasks",) if planned else (),
    )


@pytest.mark.parametrize(
    ("labels", "status"),
    [
        ([], "skipped"),
        ([label(planned=True)], "planned"),
        ([label("tasks.most_critical")], "partial"),
        ([label("tasks.most_critical"), label("tasks.most_critical")], "partial"),
        ([label("tasks.most_critical"), label("tasks.deferrable")], "covered"),
        ([label("tasks.most_critical", likely=True), label("tasks.deferrable")], "covered"),
        (
            [
                label("tasks.most_critical", likely=True),
                label("tasks.deferrable", likely=True),
                label("tasks.core_responsibilities", likely=True),
            ],
            "partial",
        ),
        ([label("success.quality"), label("success.timeline")], "skipped"),
    ],
)
def test_the_status_of_a_step_follows_from_its_lines(labels: list[LineLabel], status: str) -> None:
    assert status_of(labels, "tasks") == status


def test_figures_on_documents_kept_apart_do_not_fall() -> None:
    names = json.loads((DOCS.parent / "split.json").read_text("utf-8"))["test"]
    right = said = wanted = 0
    for name in names[::4]:
        records = map(json.loads, (DOCS / f"{name}.jsonl").read_text("utf-8").splitlines())
        gold = {record["line"]: set(record["steps"]) for record in records}
        for found in MODEL.label(read_bytes((DOCS / f"{name}.txt").read_bytes(), f"{name}.txt")):
            right += len(gold[found.line] & set(found.steps))
            said += len(found.steps)
            wanted += len(gold[found.line])
    assert 2 * right / (said + wanted) > 0.65
