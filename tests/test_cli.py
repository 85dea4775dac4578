"""The commands as a person meets them: output, errors, exit codes, files."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

RunCoach = Callable[..., "subprocess.CompletedProcess[str]"]

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = Path(__file__).parent / "golden"
EXAMPLES = sorted(file.name for file in (ROOT / "examples").iterdir() if file.suffix != ".py")
SOURCES = [ROOT / "examples" / name for name in EXAMPLES]


def schema(coach: RunCoach, name: str) -> Any:
    return json.loads(coach("schema", name).stdout)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_draft_of_each_example_is_what_it_was(coach: RunCoach, name: str) -> None:
    """Run with UPDATE_GOLDEN=1 to take a wanted change over, then read the diff."""
    done = coach("draft", f"examples/{name}")
    assert done.returncode == 0, done.stderr
    told = f"{done.stdout}\n=== review ===\n{done.stderr}"
    golden = GOLDEN / f"draft-{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(told, encoding="utf-8")
    assert told == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("source", SOURCES, ids=EXAMPLES)
@pytest.mark.parametrize("command", ["map", "draft", "inspect"])
def test_every_json_is_valid_under_its_schema(coach: RunCoach, command: str, source: Path) -> None:
    done = coach(command, source, "--json")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    jsonschema.validate(data, schema(coach, command))
    assert data["schema"] == f"coach.{command}/1"


@pytest.mark.parametrize("source", SOURCES, ids=EXAMPLES)
def test_every_quote_equals_its_slice_of_the_text_inspect_prints(
    coach: RunCoach, source: Path
) -> None:
    text = "\n".join(json.loads(coach("inspect", source, "--text", "--json").stdout)["text"])
    data = json.loads(coach("draft", source, "--json").stdout)
    pieces = [piece for step in data["steps"] for piece in step["evidence"]]
    for section in data["plan"]["sections"]:
        pieces += [piece for entry in section["entries"] for piece in entry["evidence"]]
    pieces += data["findings"]
    for piece in pieces:
        assert text[piece["start"] : piece["end"]] == piece["quote"]
        assert text.count("\n", 0, piece["start"]) + 1 == piece["line"]
    for finding in data["findings"]:
        line_start = text.rfind("\n", 0, finding["start"]) + 1
        assert finding["column"] == finding["start"] - line_start + 1


def test_nothing_of_the_review_is_in_the_plan(coach: RunCoach) -> None:
    for source in SOURCES:
        data = json.loads(coach("draft", source, "--json").stdout)
        plan = coach("draft", source).stdout
        for finding in data["findings"]:
            assert finding["quote"] not in plan
            assert finding["message"] not in plan
            assert finding["rule"] not in plan


def test_a_standup_gives_no_invented_plan(coach: RunCoach) -> None:
    done = coach("draft", "examples/standup.txt")
    assert "found nothing for" in done.stderr
    assert "(L" not in done.stdout


def test_the_same_source_gives_the_same_bytes(coach: RunCoach) -> None:
    runs = [
        coach(
            "draft", "examples/tense-transcript.vtt", "--json", env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]


def test_standard_input_reads_as_the_file_does(coach: RunCoach) -> None:
    text = (ROOT / "examples/bullet-notes.md").read_bytes()
    piped = json.loads(coach("map", "-", "--json", stdin=text).stdout)
    filed = json.loads(coach("map", "examples/bullet-notes.md", "--json").stdout)
    assert piped["source"]["name"] == "-"
    assert piped["steps"] == filed["steps"]
    assert piped["source"]["sha256"] == filed["source"]["sha256"]


def test_files_are_written_for_the_owner_only_and_never_over_edits(
    coach: RunCoach, tmp_path: Path
) -> None:
    plan, review = tmp_path / "plan.md", tmp_path / "review.json"
    first = coach("draft", "examples/bullet-notes.md", "-o", plan, "--review", review)
    assert (first.returncode, first.stdout) == (0, "")
    assert stat.S_IMODE(plan.stat().st_mode) == 0o600
    assert stat.S_IMODE(review.stat().st_mode) == 0o600
    assert json.loads(review.read_text())["schema"] == "coach.map/1"
    assert "plan" not in json.loads(review.read_text())
    shared = tmp_path / "shared.JSON"
    assert coach("draft", "examples/bullet-notes.md", "-o", shared).returncode == 0
    alone = json.loads(shared.read_text())
    jsonschema.validate(alone, schema(coach, "plan"))
    assert not {"findings", "steps", "lines"} & set(alone)
    shared.unlink()
    plan.write_text("edited")
    again = coach("draft", "examples/bullet-notes.md", "-o", plan)
    assert again.returncode == 2
    assert plan.read_text() == "edited"
    assert "--force" in again.stderr
    forced = coach("draft", "examples/bullet-notes.md", "-o", plan, "--force")
    assert forced.returncode == 0
    assert plan.read_text().startswith("---\ncoach: 1\n")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["plan.md", "review.json"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["draft", "examples/bullet-notes.md", "-o", "plan.docx"], "ending is not one of"),
        (["draft", "examples/bullet-notes.md", "-o", "nowhere/plan.md"], "no folder"),
        (["draft", "examples/bullet-notes.md", "--guide", "nosuch"], "nosuch"),
        (["draft", "missing.md"], "missing.md"),
        (["draft", "examples"], "folder"),
        (["draft", "-"], "empty"),
        (["draft", "examples/vague-chat.txt", "--manager", "Zed"], "Zed"),
        (["guide", "isp", "--step", "nosuch"], "nosuch"),
        (["guide", "check"], "no file"),
        (["schema", "nosuch"], "nosuch"),
        (["demo", "nosuch"], "nosuch"),
        (["draft"], "SOURCE"),
        (["draft", "examples/bullet-notes.md", "--nosuch"], "--nosuch"),
    ],
)
def test_what_cannot_be_done_is_one_clear_message_with_exit_code_2(
    coach: RunCoach, arguments: list[str], words: str
) -> None:
    done = coach(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    machine = coach(*arguments, "--json") if arguments[0] not in {"schema", "demo"} else None
    if machine:
        assert machine.returncode == 2
        error = json.loads(machine.stdout)["error"]
        assert set(error) == {"code", "message", "hint"}
        assert words in error["message"]


def test_no_result_is_written_over_the_source_or_over_another(
    coach: RunCoach, tmp_path: Path
) -> None:
    notes = tmp_path / "notes.md"
    notes.write_text("refunds under 50 are hers, no need to ask me\n")
    over_source = coach("draft", notes, "-o", notes, "--force")
    plan = tmp_path / "plan.md"
    over_plan = coach("draft", notes, "-o", plan, "--review", plan, "--force")
    assert (over_source.returncode, over_plan.returncode) == (2, 2)
    assert notes.read_text().startswith("refunds under 50")
    assert not plan.exists()


def test_a_locale_without_the_letters_of_a_name_is_no_failure(
    coach: RunCoach, tmp_path: Path
) -> None:
    notes = tmp_path / "notes.md"
    notes.write_text("1:1 Łukasz\n- refunds under 50 are his, no need to ask me\n")
    for command in (["draft"], ["map"], ["inspect"], ["map", "--json"]):
        done = coach(*command, notes, env={"PYTHONIOENCODING": "cp1252"})
        assert done.returncode == 0, done.stderr


def test_flagged_words_do_not_come_back_as_a_question(coach: RunCoach, tmp_path: Path) -> None:
    notes = tmp_path / "notes.md"
    notes.write_text(
        "1:1 Ana\n- TODO next time: who signs off, one more slip and you are out of a job\n"
        "- refunds under 50 are hers, no need to ask me\n"
    )
    assert coach("map", notes, "--json").stdout.count('"tone.threat"') == 1
    assert "out of a job" not in coach("draft", notes).stdout


@pytest.mark.parametrize("unit", ["ok, ", "!", " ", "a.a.a.", "- ", "and ", "? ", "one: "])
def test_time_grows_no_faster_than_the_text(coach: RunCoach, tmp_path: Path, unit: str) -> None:
    """100 kB on one line; a pattern that looks back over it again and again would take minutes."""
    notes = tmp_path / "notes.md"
    notes.write_text(f"1:1 Ana\nrefunds {unit * (100_000 // len(unit))} and wait for my yes\n")
    done = coach("draft", notes)
    assert done.returncode == 0, done.stderr


def test_the_version_and_the_help_are_there(coach: RunCoach) -> None:
    assert coach("--version").stdout.startswith("coach ")
    shown = coach("--help").stdout
    for command in ("draft", "map", "inspect", "guide", "demo", "schema"):
        assert command in shown
    assert "Exit codes" in shown


def test_the_demo_runs_every_example_or_the_one_that_is_named(coach: RunCoach) -> None:
    names = coach("demo", "--list").stdout.split()
    assert len(names) >= 4
    whole = coach("demo").stdout
    assert all(f"{name}: the draft plan" in whole for name in names)
    one = coach("demo", "vague-chat.txt").stdout
    assert "vague-chat.txt: the review" in one
    assert "bullet-notes.md" not in one


def test_hostile_text_cannot_reach_the_terminal(coach: RunCoach, tmp_path: Path) -> None:
    notes = tmp_path / "notes.md"
    notes.write_text(
        "- refunds up to 50: she just does them \x1b[2J\x1b]0;owned\x07, no need to ask me\n"
        "- one more slip \u202eand she is out\n"
        "- great = [bold]nobody waits[/bold] over 10 min by Friday <script>alert(1)</script>\n"
    )
    for command in (["draft", notes], ["map", notes], ["inspect", notes, "--text"]):
        done = coach(*command)
        for stream in (done.stdout, done.stderr):
            assert not any(char in stream for char in "\x1b\x07\u202e")
    assert "<script" not in coach("draft", notes).stdout.replace("\\<script", "")


def test_a_guide_of_the_users_own_works_in_every_command(coach: RunCoach) -> None:
    guide = "tests/fixtures/guides/onboarding.yaml"
    steps = json.loads(coach("guide", guide, "--json").stdout)["steps"]
    for command in ("map", "draft"):
        data = json.loads(
            coach(command, "examples/prose-notes.txt", "--guide", guide, "--json").stdout
        )
        assert [step["id"] for step in data["steps"]] == [step["id"] for step in steps]
        jsonschema.validate(data, schema(coach, command))
    assert coach("draft", "examples/bullet-notes.md", "-g", guide).returncode == 0
    assert "valid guide" in coach("guide", "check", guide).stdout


@pytest.mark.parametrize("reader", ["head -1", "(read line)", "true"])
def test_a_closed_pipe_is_no_failure(reader: str) -> None:
    command = f"python -m coach demo | {reader}"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command.replace("python", sys.executable)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
