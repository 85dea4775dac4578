"""``coach tone`` as a person and a build server meet it."""

from __future__ import annotations

import json
import os
import pty
import re
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import jsonschema
import pytest

from coach.checks.rulebook import explain
from coach.render.rule_view import rule_view

RunCoach = Callable[..., "subprocess.CompletedProcess[str]"]

CLEAN = "Thanks for the list. What would help you with the rest?\n"
MEDIUM = "That's an excuse.\n"
HIGH = "If that happens again you're out.\n"
LOW = "Noted. Next point.\n"
FORMAL = (
    "Your accuracy is below the required standard. You have thirty days, until 14 June.\n"
    "Failure to improve may result in disciplinary action.\n"
)
LETTER = (
    "Dear Kofi,\n\nOutcome of the disciplinary hearing on 9 October.\n\n"
    "My decision is to issue a first written warning. It will stay on your file for six months.\n\n"
    "A further breach may lead to another hearing.\n\n"
    "You may appeal against this decision within five working days.\n"
)


@pytest.fixture
def lint(coach: RunCoach, tmp_path: Path) -> RunCoach:
    """Run ``coach tone --rules-only`` in a folder of its own."""

    def run(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
        return coach("tone", "--rules-only", *arguments, cwd=tmp_path, **options)

    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def make(name: str, text: str | bytes = MEDIUM) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return make


Write = Callable[..., Path]


def rules(done: subprocess.CompletedProcess[str]) -> list[tuple[str, str, int]]:
    report = json.loads(done.stdout)
    return [(f["name"], one["rule"], one["line"]) for f in report["files"] for one in f["findings"]]


# -- what it exits with ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        (CLEAN, [], 0),
        (MEDIUM, [], 1),
        (HIGH, [], 1),
        (MEDIUM, ["--fail-on", "high"], 0),
        (HIGH, ["--fail-on", "high"], 1),
        (HIGH, ["--fail-on", "never"], 0),
        (MEDIUM, ["--fail-on", "low"], 1),
        ("", [], 0),
        (" \n\n", [], 0),
        ("---\ntitle: x\n---\n", [], 0),
    ],
)
def test_it_exits_with_1_where_something_is_as_bad_as_asked_for(
    lint: RunCoach, write: Write, text: str, options: list[str], code: int
) -> None:
    write("a.md", text)
    done = lint("a.md", *options)
    assert done.returncode == code, done.stderr


def test_an_empty_file_is_said_to_hold_nothing(lint: RunCoach, write: Write) -> None:
    write("a.md", "")
    done = lint("a.md")
    assert "note: a.md: it is empty" in done.stderr
    assert "nothing flagged in 1 file" in done.stdout


def test_one_file_that_cannot_be_read_does_not_stop_the_others(
    lint: RunCoach, write: Write
) -> None:
    write("a.md")
    write("b.txt", b"\x7fELF\x02\x01")
    done = lint("gone/c.md", "a.md", "b.txt", "--json")
    assert done.returncode == 3
    assert rules(done) == [("a.md", "tone.dismissal", 1)]
    unread = json.loads(done.stdout)["unread"]
    assert [one["name"] for one in unread] == ["gone/c.md", "b.txt"]
    assert "error: gone/c.md: there is no such file" in done.stderr
    assert "error: b.txt: it is a program" in done.stderr


@pytest.mark.parametrize("argument", ["gone.md", "*.md", ".", "b.txt"])
def test_the_only_one_that_cannot_be_read_is_an_error(
    lint: RunCoach, write: Write, argument: str
) -> None:
    if argument == "b.txt":
        write("b.txt", b"\x7fELF\x02\x01")
    done = lint(argument)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("coach: error: ")
    assert "hint: " in done.stderr
    for machine in (lint(argument, "--json"), lint(argument, "--format", "json")):
        assert set(json.loads(machine.stdout)["error"]) == {"code", "message", "hint"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "no file was named"),
        (["a.md", "--json", "--format", "sarif"], "--json"),
        (["a.md", "--fix"], "no terminal"),
        (["-", "--fix", "--yes"], "standard input"),
        (["a.md", "--fix", "--diff"], "--fix and --diff"),
        (["a.md", "-o", "report.json"], "ending"),
        (["a.md", "-f", "json", "-o", "gone/report.json"], "no folder"),
        (["a.md", "--baseline", "gone.json"], "gone.json"),
        (["a.md", "--fail-on", "bad"], "bad"),
        (["--explain", "qwertz"], "qwertz"),
        (["--explain", "tone.thret"], "did you mean 'tone.threat'?"),
        (["--explain", " "], "--explain names no rule"),
        (["a.md", ""], "an empty name"),
        (["a.md", "--yes"], "--yes answers what --fix asks"),
    ],
)
def test_what_cannot_be_done_is_one_clear_message(
    lint: RunCoach, write: Write, arguments: list[str], words: str
) -> None:
    write("a.md")
    done = lint(*arguments)
    assert done.returncode == 2
    assert words in (done.stdout or done.stderr)
    assert "Traceback" not in done.stderr


# -- what it reads ---------------------------------------------------------------------------------


def test_files_folders_patterns_and_standard_input_in_one_run(lint: RunCoach, write: Write) -> None:
    for name in ("a.md", "sub/b.txt", "sub/deep/c.markdown", "old/d.md", "sub/e.py"):
        write(name)
    write(".coachignore", "old/\n")
    done = lint("sub", "*.md", "-", "old/d.md", "--json", stdin=MEDIUM)
    names = [name for name, _, _ in rules(done)]
    assert names == ["sub/b.txt", "sub/deep/c.markdown", "a.md", "<stdin>"]
    assert "old/d.md is left out, as " in done.stderr


def test_a_run_with_nothing_left_to_check_passes(lint: RunCoach, write: Write) -> None:
    write("a.md")
    write(".coachignore", "*.md\n")
    done = lint("a.md")
    assert done.returncode == 0
    assert "nothing flagged in 0 files" in done.stdout


def test_positions_of_a_word_file_are_its_paragraphs(lint: RunCoach, tmp_path: Path) -> None:
    document = docx.Document()
    for text in ("Plan", "Thanks for the list.", "That's an excuse."):
        document.add_paragraph(text)
    document.save(str(tmp_path / "plan.docx"))
    assert lint("plan.docx", "-f", "line").stdout.startswith("plan.docx:3:1: medium: ")
    shown = lint("plan.docx", "--diff", "--fail-on", "never")
    assert "plan.docx: only text and Markdown are changed" in shown.stderr


def test_markup_is_not_judged_and_what_stands_beside_it_is(lint: RunCoach, write: Write) -> None:
    write(
        "a.md",
        "---\ntitle: that's an excuse\n---\n# That's an excuse\n\n> That's an excuse.\n\n"
        "```\nThat's an excuse.\n```\n\nSee `that's an excuse`. <!-- That's an excuse. -->\n\n"
        "**That's** an *excuse*.\n",
    )
    done = lint("a.md", "--json")
    assert rules(done) == [("a.md", "tone.dismissal", 14)]
    [finding] = json.loads(done.stdout)["files"][0]["findings"]
    assert finding["quote"].startswith("That's** an *excuse")


def test_a_pasted_mail_is_judged_by_its_words(lint: RunCoach) -> None:
    mail = "<div>Hi Kim,</div><p>that&#39;s an&nbsp;excuse.</p><blockquote>That's an excuse."
    done = lint("-", "-f", "line", stdin=mail + "</blockquote>")
    assert [line.rpartition(": tone")[0] for line in done.stdout.splitlines()] == [
        "<stdin>:2:1: medium"
    ]


def test_only_the_managers_turns_of_a_talk_are_judged(lint: RunCoach, write: Write) -> None:
    write("talk.txt", "Kim: That's an excuse.\nDana: That's an excuse.\n" * 3)
    found = rules(lint("talk.txt", "--manager", "Kim", "--json"))
    assert [line for _, _, line in found] == [1, 3, 5]


# -- what it writes --------------------------------------------------------------------------------


def test_the_json_is_valid_under_its_schema_and_every_quote_is_its_slice(
    lint: RunCoach, coach: RunCoach, write: Write
) -> None:
    text = f"{CLEAN}ü 😀 {MEDIUM}{HIGH}"
    write("a.md", text)
    done = lint("a.md", "gone.md", "--json", "--balance")
    report = json.loads(done.stdout)
    jsonschema.validate(report, json.loads(coach("schema", "tone").stdout))
    assert report["schema"] == "coach.tone/1"
    assert report["summary"]["findings"] == {"high": 1, "medium": 1, "low": 0}
    assert report["files"][0]["balance"]["open_questions"] == [1]
    for finding in report["files"][0]["findings"]:
        assert text[finding["start"] : finding["end"]] == finding["quote"]
        assert text.split("\n")[finding["line"] - 1][finding["column"] - 1 :].startswith(
            finding["quote"]
        )


@pytest.mark.parametrize(
    ("format_", "ending"),
    [
        ("text", "txt"), ("line", "txt"), ("json", "json"), ("sarif", "sarif"),
        ("github", "txt"), ("junit", "xml"), ("checkstyle", "xml"),
    ],
)  # fmt: skip
def test_every_format_goes_to_a_file_as_to_the_screen(
    lint: RunCoach, write: Write, tmp_path: Path, format_: str, ending: str
) -> None:
    write("a.md")
    target = tmp_path / f"report.{ending}"
    to_file = lint("a.md", "-f", format_, "-o", target)
    to_screen = lint("a.md", "-f", format_, env={"COLUMNS": "100"})
    assert (to_file.returncode, to_file.stdout) == (1, "")
    assert target.read_text(encoding="utf-8") == to_screen.stdout
    assert lint("a.md", "-f", format_, "-o", target).returncode == 2
    assert lint("a.md", "-f", format_, "-o", target, "--force").returncode == 1


def test_no_report_is_written_over_what_is_checked(lint: RunCoach, write: Write) -> None:
    path = write("a.txt")
    done = lint("a.txt", "-o", "a.txt", "--force")
    assert done.returncode == 2
    assert path.read_text() == MEDIUM


def test_balance_counts_with_lines_and_gives_no_grade(lint: RunCoach, write: Write) -> None:
    write("a.md", "What would help you?\nSend it today.\nThanks, we did well.\n")
    told = lint("a.md", "--balance").stdout
    assert "1 open question (L1); 0 closed questions; 1 order (L2)" in told
    assert "balance" not in lint("a.md").stdout


def test_the_same_files_give_the_same_bytes(lint: RunCoach, write: Write) -> None:
    write("a.md", CLEAN + HIGH + MEDIUM)
    runs = {lint("a.md", "-f", "sarif", env={"PYTHONHASHSEED": seed}).stdout for seed in ("1", "2")}
    assert len(runs) == 1


# -- who finds it ----------------------------------------------------------------------------------


def test_the_model_is_asked_unless_only_rules_are_wanted(coach: RunCoach) -> None:
    example = "examples/tense-transcript.vtt"

    def finders(*options: str) -> set[str]:
        report = json.loads(coach("tone", example, "--json", *options).stdout)
        return {finding["found_by"] for finding in report["files"][0]["findings"]}

    assert finders() == {"rule", "model"}
    assert finders("--rules-only") == {"rule"}


def test_the_rules_alone_start_without_model_terminal_or_network(root: Path, write: Write) -> None:
    write("a.md", CLEAN)
    probe = (
        "import sys; from coach.cli import main\n"
        "sys.argv = ['coach', 'tone', '--rules-only', '-f', 'line', sys.argv[1]]\n"
        "try: main()\n"
        "except SystemExit as ended: assert not ended.code\n"
        "slow = {'numpy', 'onnxruntime', 'openai', 'rich', 'docx', 'pypdf', 'tiktoken'}\n"
        "print(sorted(slow & {name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe, write("b.txt", CLEAN)],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "[]\n"


def test_settings_that_are_followed_are_told_first(lint: RunCoach, write: Write) -> None:
    settings = write("coach.toml", '[tone]\noff = ["dismissal"]\nignore = ["old/"]\n')
    write("a.md")
    write("old/b.md")
    done = lint(".")
    assert done.returncode == 0
    assert done.stderr.splitlines()[0] == f"coach: the table tone of {settings} is followed"
    assert "nothing flagged in 1 file" in done.stdout


def test_a_wrong_choice_is_told_without_the_words_of_a_library(
    lint: RunCoach, write: Write
) -> None:
    write("a.md")
    for option in ("--fail-on", "--format"):
        told = lint("a.md", option, "bogus").stderr
        assert f"Invalid value for '{option}'" in told
        assert "'bogus' is not one of " in told
        assert "Value error" not in told


@pytest.mark.parametrize("name", ["formal", "tone.formal"])
def test_formal_discipline_cannot_be_switched_off_and_that_is_told(
    lint: RunCoach, write: Write, name: str
) -> None:
    write("coach.toml", f'[tone]\noff = ["{name}"]\n')
    write("a.md", FORMAL)
    done = lint("a.md", "-f", "line")
    assert "formal discipline is always named, and cannot be switched off" in done.stderr
    assert "tone.formal" in done.stdout


def test_what_the_settings_silence_is_counted(lint: RunCoach, write: Write) -> None:
    write("coach.toml", '[tone]\noff = ["dismissal"]\nfine = ["you\'re out"]\n')
    write("a.md", MEDIUM + HIGH)
    done = lint("a.md")
    assert done.returncode == 0
    assert (
        "nothing flagged in 1 file; 2 set aside (1 as their rule is off, 1 as their words are fine"
        in " ".join(done.stdout.split())
    )
    report = json.loads(lint("a.md", "--json").stdout)
    assert [one["by"] for one in report["files"][0]["suppressed"]] == ["off", "fine"]


def test_a_text_in_another_language_is_told_once(lint: RunCoach, write: Write) -> None:
    write("a.md", CLEAN)
    write(
        "b.md",
        "Hoy hablé con Marta sobre el trimestre. Está contenta con el equipo pero le preocupa la "
        "guardia. Quedamos en que decide ella los turnos y me avisa.\n",
    )
    done = lint("a.md", "b.md", "--json")
    assert done.stderr.count("does not read like English") == 1
    assert "note: b.md: it does not read like English" in done.stderr
    assert [file["foreign"] for file in json.loads(done.stdout)["files"]] == [False, True]


def test_a_rule_that_is_off_and_does_not_exist_is_told(lint: RunCoach, write: Write) -> None:
    write("coach.toml", '[tone]\noff = ["tone.nosuch"]\n')
    write("a.md", CLEAN)
    assert "'tone.nosuch'" in lint("a.md").stderr


def test_a_baseline_accepts_what_is_there_and_not_what_comes(
    lint: RunCoach, write: Write, tmp_path: Path
) -> None:
    write("a.md", MEDIUM)
    assert lint("a.md", "--write-baseline", "known.json").returncode == 0
    assert "excuse" not in (tmp_path / "known.json").read_text()
    known = lint("a.md", "--baseline", "known.json")
    assert known.returncode == 0
    assert "1 set aside" in known.stdout
    write("a.md", CLEAN + MEDIUM + HIGH)
    assert rules(lint("a.md", "--baseline", "known.json", "--json")) == [("a.md", "tone.threat", 3)]


# -- rules explained -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "rule"),
    [("tone.threat", "tone.threat"), ("blame", "tone.blame"), ("Lazy", "tone.label"),
     ("that's an excuse", "tone.dismissal"), ("vague_ask", "tone.vague_ask"),
     ("tone.house", "tone.house")],
)  # fmt: skip
def test_a_rule_is_explained_by_id_category_or_word(
    lint: RunCoach, coach: RunCoach, name: str, rule: str
) -> None:
    told = lint("--explain", name).stdout
    assert told.startswith(f"{rule}: ")
    for part in ("why ", "instead ", "source "):
        assert f"\n{part}" in told
    explained = json.loads(lint("--explain", name, "--json").stdout)
    jsonschema.validate(explained, json.loads(coach("schema", "rules").stdout))
    assert [one["id"] for one in explained["rules"]] == [rule]


@pytest.mark.parametrize(
    ("word", "rules"),
    [("threats", ["threat"]), ("Comparisons", ["comparison"]), ("threatening", ["threat"]),
     ("sarcasm", ["dismissal"]), ("sarcastic", ["dismissal"]), ("contempt", ["dismissal"]),
     ("ultimatum", ["threat"]), ("vague", ["vague_ask"]), ("praise", ["praise_but"]),
     ("final warning", ["formal", "pip"]), ("final warnings", ["pip"])],
)  # fmt: skip
def test_a_word_finds_the_rules_that_speak_of_it_in_any_form(word: str, rules: list[str]) -> None:
    found = sorted(entry.id for entry in explain(word).rules)
    assert found == [f"tone.{rule}" for rule in rules]


def test_the_explanation_of_a_rule_reads_no_file_and_says_so(lint: RunCoach, write: Write) -> None:
    write("a.md", HIGH)
    done = lint("--explain", "blame", "a.md")
    assert done.stdout.startswith("tone.blame: ")
    assert "--explain only explains: 'a.md' is not read" in done.stderr
    assert "not read" not in lint("--explain", "blame").stderr


def test_examples_that_fire_and_pass_are_shown(lint: RunCoach) -> None:
    told = lint("--explain", "tone.threat").stdout
    assert "flagged:\n  " in told
    assert "left alone:\n  " in told


@pytest.mark.parametrize("name", ["tone.threat", "all"])
def test_an_explanation_is_broken_between_words_to_fit_the_terminal(name: str) -> None:
    found = explain(name)
    rows = rule_view(found, width=60).splitlines()
    assert max(map(len, rows)) <= 60
    assert rule_view(found).split() == " ".join(rows).split()


def test_all_rules_are_listed(lint: RunCoach) -> None:
    told = lint("--explain", "all").stdout
    for (
        category
    ) in "threat blame command label comparison pip surveillance dismissal vague_ask".split():
        assert f"tone.{category} " in told or f"tone.{category}\n" in told


# -- suggestions -----------------------------------------------------------------------------------

WINDOWS = b"\xef\xbb\xbfHi Kim,\r\nThanks for the list.\r\nThat's an excuse.\r\nBye\r\n"


def test_a_patch_is_one_that_git_takes_letter_for_letter(
    coach: RunCoach, lint: RunCoach, write: Write, tmp_path: Path
) -> None:
    path = write("sub/a.txt", WINDOWS)
    done = lint("--diff", "sub")
    assert done.returncode == 1
    assert path.read_bytes() == WINDOWS
    subprocess.run(["git", "apply", "-"], input=done.stdout.encode(), cwd=tmp_path, check=True)
    assert path.read_bytes() != WINDOWS
    assert lint("sub").returncode == 0


def test_fixes_keep_everything_else_of_the_file(lint: RunCoach, write: Write) -> None:
    path = write("a.txt", WINDOWS)
    path.chmod(0o640)
    done = lint("--fix", "--yes", "a.txt")
    assert done.returncode == 0, done.stderr
    assert "1 of 1 flagged changed" in done.stderr
    before, after = WINDOWS.split(b"\r\n"), path.read_bytes().split(b"\r\n")
    assert [one for one, other in zip(before, after, strict=True) if one != other] == [
        b"That's an excuse."
    ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [one.name for one in path.parent.iterdir()] == ["a.txt"]


def test_what_is_left_to_the_person_is_told_and_nothing_where_there_is_nothing(
    lint: RunCoach, write: Write
) -> None:
    for text, told in (
        (CLEAN, "nothing flagged to change"),
        (MEDIUM, "1 of 1 flagged can be changed safely\n"),
        (HIGH, "0 of 1 flagged can be changed safely; the rest needs your own words"),
    ):
        write("a.txt", text)
        assert told in lint("--diff", "a.txt").stderr


def test_what_no_suggestion_is_sure_for_stays_flagged(lint: RunCoach, write: Write) -> None:
    path = write("a.txt", HIGH)
    done = lint("--fix", "--yes", "a.txt", "-f", "line")
    assert done.returncode == 1
    assert path.read_text() == HIGH
    assert done.stdout.startswith("a.txt:1:9: high: tone.threat: ")


def test_formal_discipline_is_named_and_never_reworded(lint: RunCoach, write: Write) -> None:
    path = write("a.txt", FORMAL + MEDIUM)
    report = json.loads(lint("--fix", "--yes", "a.txt", "--json").stdout)
    assert path.read_text() == FORMAL + MEDIUM
    assert report["files"][0]["formal"] is True
    [formal] = [one for one in report["files"][0]["findings"] if one["rule"] == "tone.formal"]
    assert formal["suggestion"] is None
    assert "HR" in formal["advice"]
    assert "ignore  A whole file can be left out" in lint("a.txt").stdout


def test_a_letter_of_discipline_is_not_spoken_to_as_a_plan_and_is_told_the_way_out(
    lint: RunCoach, write: Write
) -> None:
    write("letter.txt", LETTER)
    told = " ".join(lint("letter.txt").stdout.split())
    assert "tone.formal" in told
    assert "this plan" not in told
    assert "HR" in told
    assert "name it in a .coachignore, or under tone.ignore" in told
    write(".coachignore", "letter.txt\n")
    assert "letter.txt is left out" in lint("letter.txt").stderr


@pytest.mark.parametrize(
    ("answers", "changed"),
    [
        ("y\n", 1), ("n\n", 0), ("what?\ny\n", 1), ("q\n", 0), ("a\n", 2), ("n\ny\n", 1),
        ("\x04\n", 0), ("y\n\x04\n", 1),
    ],
)  # fmt: skip
def test_in_a_terminal_each_change_is_asked_for(
    root: Path, write: Write, answers: str, changed: int
) -> None:
    path = write("a.txt", f"{MEDIUM}Thanks for the list.\n{MEDIUM}")
    told, code = _at_a_terminal(root, ["--fix", str(path)], answers + "q\n")
    assert path.read_text().count("excuse") == 2 - changed
    assert "+ " in told
    assert code == (0 if changed == 2 else 1)


@pytest.mark.parametrize(
    ("typed", "changed", "code"),
    [("y\n\x03", [], 130), ("\x03", [], 130), ("y\nq\n", ["a.txt"], 1), ("n\ny\n", ["b.txt"], 1)],
)
def test_to_stop_while_asked_leaves_the_files_and_to_quit_keeps_what_was_said(
    root: Path, write: Write, typed: str, changed: list[str], code: int
) -> None:
    paths = [write("a.txt"), write("b.txt"), write("c.txt")]
    _, ended = _at_a_terminal(root, ["--fix", *map(str, paths)], typed + "q\n")
    assert [path.name for path in paths if path.read_text() != MEDIUM] == changed
    assert ended == code


def test_a_key_that_is_no_answer_is_told_what_each_of_them_does(root: Path, write: Write) -> None:
    path = write("a.txt", MEDIUM)
    told, _ = _at_a_terminal(root, ["--fix", str(path)], "?\nn\n")
    assert "a changes this and the rest of the file" in told
    assert told.count("q(uit)") == 2
    assert path.read_text() == MEDIUM


def _at_a_terminal(root: Path, arguments: list[str], typed: str) -> tuple[str, int]:
    """What ``coach tone --rules-only`` says and exits with, where a person types."""
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(root)
        command = [sys.executable, "-m", "coach", "tone", "--rules-only", *arguments]
        os.execv(sys.executable, command)  # noqa: S606
    said = b""
    waiting = re.findall(r"[\x03\x04]|[^\n]*\n", typed)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            chunk = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            break
        if not chunk:
            break
        said += chunk
        if waiting and said.rstrip().endswith(b"q(uit):"):
            os.write(terminal, waiting.pop(0).encode())
            said += b"\n"
    _, status = os.waitpid(process, 0)
    os.close(terminal)
    return said.decode(), os.waitstatus_to_exitcode(status)


def test_a_patch_takes_no_output_file(coach: RunCoach, tmp_path: Path) -> None:
    (tmp_path / "mail.md").write_text("One more slip and you are out.\n")
    done = coach("tone", "mail.md", "--diff", "--output", "changes.txt", cwd=tmp_path)
    assert done.returncode == 2
    assert "--diff prints a patch and takes no --output" in done.stderr
    assert not (tmp_path / "changes.txt").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_is_told_as_such(coach: RunCoach, tmp_path: Path) -> None:
    (tmp_path / "mail.md").write_text("One more slip and you are out.\n")
    command = [sys.executable, "-m", "coach", "tone", "mail.md", "--rules-only"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=tmp_path
        )
    assert done.returncode == 2
    assert "no space is left" in done.stderr
