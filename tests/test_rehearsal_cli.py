"""coach rehearse as a person uses it: from a file of lines, from a pipe, and in a terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from coach.cli.stage import Stage
from coach.engines import Aloud
from coach.guide import load_guide
from coach.rehearsal import Session, Setting, load_persona

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = ROOT / "tests" / "fixtures" / "rehearsals"
RunCoach = Callable[..., "subprocess.CompletedProcess[str]"]

SCENE = ("rehearse", "--step", "autonomy")


def test_a_scripted_rehearsal_gives_one_json_document_of_its_schema(coach: RunCoach) -> None:
    done = coach(*SCENE, "--script", SCRIPTS / "mixed.txt", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    schema = json.loads(coach("schema", "rehearsal").stdout)
    jsonschema.validate(told, schema)
    assert told["schema"] == "coach.rehearsal/1"
    assert [turn["role"] for turn in told["turns"][:3]] == ["employee", "manager", "employee"]
    assert len(told["work_on"]) <= 3


def test_lines_from_a_pipe_are_played_and_the_end_of_the_pipe_is_the_debrief(
    coach: RunCoach,
) -> None:
    done = coach(*SCENE, stdin="How do you see it?\n\nTell me more.\n")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Priya: ") >= 3
    assert "Debrief: Priya" in done.stdout
    assert "You are the manager." in done.stderr


def test_live_marks_the_words_and_says_no_more(coach: RunCoach) -> None:
    done = coach(*SCENE, "--live", stdin="You never listen.\nWhat would help?\n")
    marks = [line for line in done.stdout.splitlines() if line.startswith("  ~")]
    assert marks == ["  ~ blame: “You never listen”"]


def test_every_command_inside_works_and_an_unknown_one_is_told(
    coach: RunCoach, tmp_path: Path
) -> None:
    lines = (
        "/help|/hint|How do you see it?|/undo|What happened?|/again|/feedback|/step|/step tasks"
        "|/swap|I want more room.|/swap|/save talk.md|/save talk.md|/nothing|/stop|never read"
    )
    done = coach(*SCENE, stdin=lines.replace("|", "\n"), cwd=tmp_path, env=at_root())
    assert done.returncode == 0, done.stderr
    for told in (
        "/undo", "you could say:", "taken back", "open questions 1", "> autonomy", "Tasks:",
        "you are Priya now", "you are the manager again", "written to talk.md",
        "talk.md is there already", "there is no /nothing", "Debrief",
    ):  # fmt: skip
        assert told in done.stdout, told
    assert "never read" not in done.stdout
    assert "**Manager:** What happened?" in (tmp_path / "talk.md").read_text(encoding="utf-8")


def test_a_paused_rehearsal_goes_on_where_it_stood_and_is_kept_for_its_owner_alone(
    coach: RunCoach, home: Path
) -> None:
    coach(*SCENE, stdin="How do you see it?\n/pause\n")
    (kept,) = (home / "rehearsals").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "paused" in coach("rehearse", "--history").stdout
    done = coach("rehearse", "--resume", "--json", stdin="Tell me more.\n")
    assert [turn["text"] for turn in json.loads(done.stdout)["turns"] if turn["move"]] == [
        "How do you see it?",
        "Tell me more.",
    ]
    assert coach("rehearse", "--resume").returncode == 2
    told = json.loads(coach("rehearse", "--history", "--json").stdout)
    assert [one["debrief"]["persona"] for one in told["rehearsals"]] == ["guarded"]
    assert coach("rehearse", "--forget", "all").stdout == "deleted: 1\n"
    assert list((home / "rehearsals").iterdir()) == []


def test_a_second_rehearsal_is_compared_with_the_first(coach: RunCoach) -> None:
    coach(*SCENE, stdin="Did you ask?\n")
    done = coach(*SCENE, stdin="What happened?\n")
    assert "open questions: 0, now 1" in done.stdout


def test_nothing_is_kept_where_that_was_asked_for(coach: RunCoach, home: Path) -> None:
    coach(*SCENE, "--no-keep", stdin="What happened?\n")
    assert not (home / "rehearsals").exists()


def test_notes_choose_the_step_and_lend_their_names(coach: RunCoach, tmp_path: Path) -> None:
    done = coach(
        "rehearse", ROOT / "examples" / "tense-transcript.vtt", "--json", stdin="What went well?\n"
    )
    told = json.loads(done.stdout)
    assert told["name"] == "Monique Ashby"
    assert [step["id"] for step in told["steps"]] == ["development"]


def test_a_plan_that_coach_wrote_is_gone_on_with(coach: RunCoach, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    coach("draft", ROOT / "examples" / "tense-transcript.vtt", "-o", plan)
    done = coach("rehearse", plan, "--json", stdin="What went well?\n")
    assert json.loads(done.stdout)["name"] == "Monique Ashby"
    plan.write_text('{"schema": "coach.plan/1", "plan": 3}', encoding="utf-8")
    refused = coach("rehearse", plan, stdin="What went well?\n")
    assert refused.returncode == 2
    assert "coach.plan/1" in refused.stderr


def test_a_dry_run_shows_what_a_model_would_get_and_nothing_more(coach: RunCoach) -> None:
    done = coach(*SCENE, "--dry-run", "--json")
    assert done.returncode == 0, done.stderr
    (body,) = json.loads(done.stdout)["requests"]
    assert "You play one person in a rehearsal" in body["messages"][0]["content"]
    assert "nothing was sent" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--step", "lunch"), "has no step 'lunch'"),
        (("--persona", "nobody"), "there is no 'nobody'"),
        (("--difficulty", "4"), "--difficulty"),
        (("--script", "missing.txt"), "no such file"),
        (("--forget", "yesterday"), "no kept rehearsal"),
    ],
)
def test_what_cannot_be_is_refused(coach: RunCoach, arguments: tuple[str, ...], told: str) -> None:
    done = coach("rehearse", *arguments, stdin="Hello\n")
    assert done.returncode == 2
    assert told in done.stderr
    assert "You are the manager" not in done.stderr


def test_an_empty_rehearsal_ends_without_a_debrief(coach: RunCoach) -> None:
    done = coach(*SCENE, stdin="")
    assert done.returncode == 0
    assert "nothing was said" in done.stderr


def test_what_the_user_types_cannot_move_the_cursor(coach: RunCoach) -> None:
    done = coach(*SCENE, stdin="What \x1b[2Jhappened?\n")
    assert "\x1b" not in done.stdout + done.stderr


# -- in a terminal ---------------------------------------------------------------------------------


def at_root() -> dict[str, str]:
    return {"PYTHONPATH": os.pathsep.join((str(ROOT), os.environ["PYTHONPATH"]))}


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Start coach in a terminal of its own."""
    pexpect = pytest.importorskip("pexpect")
    opened = []

    def start(*arguments: str, **more: str) -> Any:
        env = {**os.environ, **at_root(), "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", **more}
        env.pop("COLUMNS", None)  # of whoever runs the tests; this terminal has its own
        child = pexpect.spawn(
            sys.executable,
            ["-m", "coach", *arguments],
            env=env,
            cwd=str(tmp_path),
            encoding="utf-8",
            timeout=40,
            dimensions=(40, 100),
        )
        opened.append(child)
        return child

    yield start
    for child in opened:
        child.close(force=True)


def say(child: Any, line: str, *, answer: str = "Priya: ") -> None:
    child.send(line + "\r")
    child.expect_exact(answer)
    child.expect_exact("you>")


@pytest.mark.parametrize("script", ["listening", "mixed"])
def test_a_whole_talk_in_a_terminal(terminal: Callable[..., Any], script: str) -> None:
    child = terminal(*SCENE, "--live")
    child.expect_exact("You are the manager.")
    child.expect_exact("you>")
    for line in (SCRIPTS / f"{script}.txt").read_text(encoding="utf-8").splitlines():
        say(child, line)
    child.send("/fe\t")
    child.expect_exact("/feedback")
    child.send("\r")
    child.expect_exact("share of the words")
    child.expect_exact("you>")
    child.send("/stop\r")
    child.expect_exact("Debrief: Priya")
    child.expect(child_end())
    child.close()
    assert child.exitstatus == 0


def test_the_employee_may_end_the_talk(terminal: Callable[..., Any]) -> None:
    child = terminal(*SCENE)
    child.expect_exact("you>")
    for line in (
        "If this happens again HR takes over.",
        "One more mistake and it goes on your file.",
    ):
        say(child, line)
    child.send("Even the intern spotted it.\r")
    child.expect_exact("Priya ended the talk.")
    child.expect(child_end())
    child.close()
    assert child.exitstatus == 0


def test_ctrl_c_keeps_what_was_said_and_ctrl_d_ends_the_talk(
    terminal: Callable[..., Any], coach: RunCoach
) -> None:
    child = terminal(*SCENE)
    child.expect_exact("you>")
    say(child, "What gets in your way?")
    child.sendcontrol("c")
    child.expect_exact("--resume goes on with it")
    child.expect(child_end())
    child.close()
    assert child.exitstatus == 130
    again = terminal("rehearse", "--resume")
    again.expect_exact("Manager: What gets in your way?")
    again.expect_exact("you>")
    again.sendcontrol("d")
    again.expect_exact("Debrief: Priya")
    again.expect(child_end())
    again.close()
    assert again.exitstatus == 0


THREE = ("I check first, mostly.", "It is easier than hearing of it.", "Since March I write it.")


@pytest.fixture
def talker() -> Iterator[dict[str, str]]:
    """The environment in which a model writes three sentences, each slower than one reads."""
    paths = [part for part in os.environ["PYTHONPATH"].split(os.pathsep) if "offline" not in part]
    online = {"PYTHONPATH": os.pathsep.join([str(ROOT), *paths])}
    program = [sys.executable, str(ROOT / "tests" / "fault_server.py"), "--latency", "2"]
    with subprocess.Popen(
        [*program, "--say", *THREE], env=os.environ | online, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        yield {**online, "OPENAI_BASE_URL": url, "OPENAI_MODEL": "stub"}
        server.kill()


def begun(terminal: Callable[..., Any], talker: dict[str, str]) -> Any:
    """A talk in which a model has said the first sentence of its line."""
    child = terminal(*SCENE, "--engine", "llm", **talker)
    child.expect_exact("you>")
    child.send("What gets in your way?\r")
    child.expect_exact("Priya: I check first, mostly.")
    return child


def test_a_models_line_is_shown_as_it_comes_and_kept_as_it_was_shown(
    terminal: Callable[..., Any], talker: dict[str, str], home: Path
) -> None:
    child = begun(terminal, talker)
    assert "It is easier" not in child.before + child.buffer
    child.expect_exact(" It is easier than hearing of it.")
    assert child.before == ""
    assert "Since March" not in child.buffer
    child.expect_exact(" Since March I write it.\r\n")
    child.expect_exact("you>")
    child.send("/pause\r")
    child.expect(child_end())
    (kept,) = (home / "rehearsals").iterdir()
    last = json.loads(kept.read_text(encoding="utf-8"))["session"]["turns"][-1]["text"]
    assert last == " ".join(THREE)


def test_ctrl_c_in_the_midst_of_a_models_line_takes_back_what_was_typed(
    terminal: Callable[..., Any], talker: dict[str, str], home: Path
) -> None:
    child = begun(terminal, talker)
    child.sendcontrol("c")
    child.expect_exact("your line is taken back")
    child.expect_exact("you>")
    child.send("/pause\r")
    child.expect(child_end())
    (kept,) = (home / "rehearsals").iterdir()
    assert len(json.loads(kept.read_text(encoding="utf-8"))["session"]["turns"]) == 1


class _Slow:
    """An engine whose answer never comes: the user stops it."""

    def reply(self, session: Session, aloud: Aloud | None = None) -> str:
        raise KeyboardInterrupt


def staged(*, typed: list[str], **options: Any) -> tuple[Stage, list[str]]:
    setting = Setting(persona=load_persona("guarded"), guide=load_guide("isp"), steps=("autonomy",))
    begun = Session.start(setting).hear("You wanted to see me.")
    shown: list[str] = []
    lines = iter(typed)
    read = lambda _: next(lines, None)  # noqa: E731
    return Stage(begun, _Slow(), read=read, show=shown.append, **options), shown  # type: ignore[arg-type]


def test_ctrl_c_stops_the_wait_for_an_answer_and_the_line_can_be_said_again() -> None:
    waited: list[str] = []

    @contextmanager
    def voice(name: str) -> Iterator[Aloud]:
        waited.append(name)
        yield shown.append

    shown: list[str] = []
    stage, shown = staged(typed=["What gets in your way?", "/swap", "/pause"], voice=voice)
    before = stage.session
    assert stage.play() == "paused"
    assert stage.session == before
    assert waited == ["Priya", "Manager"]
    assert sum("stopped waiting" in line for line in shown) == 2


def test_who_plays_the_employee_gets_no_hint_for_the_manager(coach: RunCoach) -> None:
    done = coach(*SCENE, stdin="What gets in your way?\n/hint\n/swap\n/hint\n/swap\n/stop\n")
    assert done.stdout.count("you could say:") > 0
    assert done.stdout.count("hints are for the manager") == 1


def test_in_a_script_ctrl_c_ends_the_whole() -> None:
    stage, _ = staged(typed=["What gets in your way?"])
    with pytest.raises(KeyboardInterrupt):
        stage.play()


def child_end() -> Any:
    import pexpect

    return pexpect.EOF
