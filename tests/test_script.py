"""coach script: an agenda in the notes' own terms, in time, that coach's own tone check passes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest

from coach import tone, workflow
from coach.agenda import Agenda, agenda
from coach.document import read, read_bytes
from coach.engines import open_engine
from coach.guide import load_guide
from coach.plan import Draft
from coach.render.script_markdown import script_markdown

if TYPE_CHECKING:
    import subprocess

ROOT = Path(__file__).resolve().parents[1]
ISP = load_guide("isp")
EXAMPLES = sorted(path for path in (ROOT / "examples").iterdir() if path.stem != "README")
RunCoach = Callable[..., "subprocess.CompletedProcess[str]"]


def drafted(name: str) -> Draft:
    return workflow.draft(read(ROOT / "examples" / name), ISP, open_engine())


def lines_of(made: Agenda) -> list[str]:
    return [
        *made.beforehand,
        *(line for part in made.parts for line in (*part.points, *part.questions)),
    ]


@pytest.mark.parametrize("minutes", [10, 15, 20, 30, 45, 60, 240])
@pytest.mark.parametrize("steps", [(), ("autonomy",), ("support", "purpose")])
def test_the_time_boxes_fill_the_talk_and_none_is_too_short(
    minutes: int, steps: tuple[str, ...]
) -> None:
    made = agenda(ISP, steps=steps, minutes=minutes)
    assert sum(part.minutes for part in made.parts) == minutes
    assert (made.parts[0].step, made.parts[-1].step) == (None, None)
    middle = [part.step for part in made.parts[1:-1]]
    assert middle and middle == [step for step in ISP.step_ids if step in middle]
    assert all(part.minutes >= min(5, minutes - 5) for part in made.parts[1:-1])
    assert len(middle) + len(made.later) == (len(steps) or len(ISP.steps))


@pytest.mark.parametrize("source", EXAMPLES, ids=lambda path: path.name)
def test_no_line_of_an_agenda_is_flagged(source: Path) -> None:
    for given in (None, drafted(source.name), drafted(source.name).shared):
        text = script_markdown(agenda(ISP, given, minutes=60))
        assert not tone.scan(tone.as_notes(text), tone.load_rules())


def test_what_the_notes_left_open_comes_first_and_in_their_own_terms() -> None:
    made = agenda(ISP, drafted("tense-transcript.vtt"), minutes=30)
    assert [part.step for part in made.parts[1:-1]] == ["success", "development", "support"]
    told = "\n".join(lines_of(made))
    assert "supervisor" in told
    assert "scanner charger" in told
    assert made.employee == "Monique Ashby"


def test_what_was_promised_or_landed_badly_comes_before_anything_new() -> None:
    opening = agenda(ISP, drafted("tense-transcript.vtt"), minutes=30).parts[0]
    told = "\n".join(opening.points)
    assert "what became of: The second scanner charger" in told
    assert "your own part in how it was put last time (L15" in told
    assert "your own part" not in "\n".join(lines_of(agenda(ISP, drafted("vague-chat.txt"))))


def test_what_stands_is_recalled_where_its_step_is_not_on_the_agenda() -> None:
    draft = drafted("prose-notes.txt")
    told = agenda(ISP, draft, minutes=30).parts[0].points
    assert any(point.startswith("what stands since last time: The families") for point in told)
    all_steps = agenda(ISP, draft, steps=ISP.step_ids, minutes=240).parts[0].points
    assert not any(point.startswith("what stands") for point in all_steps)


def test_what_points_begin_with_is_said_once() -> None:
    text = script_markdown(agenda(ISP, drafted("bullet-notes.md"), minutes=30))
    assert "- so far:\n  - Rota swaps (do)\n" in text
    assert "Calum's need, no answer yet" in text
    assert "your need, no answer yet" in text


def test_a_sharp_line_of_the_notes_does_not_come_back() -> None:
    notes = b"1:1 Ana\nAna never reads the brief\nTODO tell Ana: one more slip and HR takes over\n"
    draft = workflow.draft(read_bytes(notes, "notes.md"), ISP, open_engine())
    told = "\n".join(lines_of(agenda(ISP, draft, minutes=60)))
    assert "HR" not in told
    assert "never reads" not in told


def test_every_step_has_something_to_ask_and_it_is_an_open_question() -> None:
    from coach.rehearsal import heard

    made = agenda(ISP, minutes=60)
    for part in made.parts:
        assert part.questions
        kinds = {heard(question).answered for question in part.questions[:1]}
        assert kinds <= {"asked_open", "asked_feedback", "proposed"}, part.questions


def test_the_command_prints_markdown_or_json_or_writes_a_file(
    coach: RunCoach, tmp_path: Path
) -> None:
    done = coach("script", "--step", "autonomy", "--minutes", "20")
    assert done.returncode == 0, done.stderr
    assert "## 0-2 min: Opening" in done.stdout
    told = json.loads(coach("script", ROOT / "examples" / "prose-notes.txt", "--json").stdout)
    jsonschema.validate(told, json.loads(coach("schema", "script").stdout))
    target = tmp_path / "next.md"
    assert coach("script", "-o", target).returncode == 0
    assert coach("script", "-o", target).returncode == 2
    assert "# Next conversation" in target.read_text(encoding="utf-8")
    assert coach("script", "--step", "lunch").returncode == 2
