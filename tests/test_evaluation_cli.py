"""``coach eval`` as its users run it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from coach.evaluation import Report

RunCoach = Callable[..., "subprocess.CompletedProcess[str]"]

SUITE = """\
title: Ours
task: map
gates:
  - {score: checks, at_least: 0.9}
cases:
  - id: rota
    text: "- she owns the rota and the <stock> count, rota first"
    expect: {not_skipped: [tasks], punitive: none}
  - {id: threat, text: Do it or you are fired., task: tone, expect: {punitive: {1: threat}}}
  - {id: wrong, text: Thank you for the rota., task: tone, expect: {punitive: [1]}}
"""
FAILURE = """\
Dana Okafor and Priya, 14 March
- Dana: the pricing of the pilot is hers, she tells me afterwards
- TODO talk about growth with Dana, dana.okafor@depot.example
"""


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "suite.yaml").write_text(SUITE, encoding="utf-8")
    return folder


def test_a_failed_gate_is_told_and_exits_with_one(coach: RunCoach, ours: Path) -> None:
    done = coach("eval", ours)
    assert done.returncode == 1
    assert "gate checks at least 0.9: 0.833, FAILED: the value, 0.833, is below 0.9" in done.stdout
    assert "wrong: punitive: line 1, found not flagged" in done.stdout
    assert coach("eval", ours, "--no-gate").returncode == 0
    some = coach("eval", ours, "--case", "rota")
    assert some.returncode == 0
    assert "1 gate is not judged: not all of their cases were run" in some.stdout


def test_the_same_run_prints_the_same_bytes(coach: RunCoach, ours: Path) -> None:
    first, second = (coach("eval", "run", ours, "--json") for _ in range(2))
    assert first.stdout == second.stdout
    told = json.loads(first.stdout)
    assert told["schema"] == "coach.eval/1"
    assert told["failures"] == {}
    described = Report.model_json_schema(by_alias=True, mode="serialization")
    jsonschema.validate(told, described)


def test_saved_runs_have_the_same_bytes_too(coach: RunCoach, ours: Path, tmp_path: Path) -> None:
    saved = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    for path in saved:
        coach("eval", ours, "--save", path)
    assert saved[0].read_bytes() == saved[1].read_bytes()
    assert saved[0].stat().st_mode & 0o077 == 0


def test_junit_is_well_formed_and_counts_what_does_not_hold(coach: RunCoach, ours: Path) -> None:
    done = coach("eval", ours, "--format", "junit")
    root = ElementTree.fromstring(done.stdout)  # noqa: S314  our own output
    cases, gates = root.findall("testsuite")
    assert (cases.get("tests"), cases.get("failures"), cases.get("errors")) == ("3", "1", "0")
    assert (gates.get("tests"), gates.get("failures")) == ("1", "1")


def test_of_a_suite_in_parts_the_gated_figures_are_shown_and_all_on_demand(
    coach: RunCoach, ours: Path
) -> None:
    parts = SUITE.replace("task: map\n", "task: map\nparts: [calm, sharp]\n")
    parts = parts.replace("at_least: 0.9", "tag: calm, at_least: 0.9").replace(
        "- id: rota\n", "- id: rota\n    tags: [calm]\n"
    )
    tagged = parts.replace("{id: threat,", "{id: threat, tags: [sharp],")
    (ours / "suite.yaml").write_text(tagged, encoding="utf-8")
    short, whole = coach("eval", ours).stdout, coach("eval", ours, "--all").stdout
    assert "sharp" not in short
    assert "expectations that hold" in short
    assert "figures that no gate is about: --all" in short
    assert "1 of 1 gates kept" in short
    assert "cases answered" in whole
    assert " sharp\n" in whole
    assert "gate checks [calm] at least 0.9: 1.000, kept" in whole


def test_markdown_starts_with_the_verdict(coach: RunCoach, ours: Path, tmp_path: Path) -> None:
    target = tmp_path / "comment.md"
    coach("eval", ours, "--format", "markdown", "-o", target)
    text = target.read_text(encoding="utf-8")
    assert text.startswith("## ours: 1 of 1 gates failed\n")
    assert "- wrong: punitive: line 1, found not flagged" in text


def test_a_target_is_refused_before_the_run(coach: RunCoach, ours: Path, tmp_path: Path) -> None:
    saved = tmp_path / "run.jsonl"
    for options in (("--format", "junit", "-o", "x.txt"), ("-o", "x.md")):
        assert coach("eval", ours, "--save", saved, *options).returncode == 2
    assert not saved.exists()


def test_what_fails_in_every_repeat_is_told_once(coach: RunCoach, ours: Path) -> None:
    told = coach("eval", ours, "--repeat", "2").stdout
    assert told.count("wrong: punitive: line 1, found not flagged (2 of 2 times)") == 1


def test_a_report_says_why_no_gate_is_judged(coach: RunCoach, ours: Path, tmp_path: Path) -> None:
    saved, page = tmp_path / "run.jsonl", tmp_path / "page.html"
    coach("eval", ours, "--save", saved)
    assert "--suite" in coach("eval", "report", saved, "-o", page).stderr
    (ours / "suite.yaml").write_text(SUITE.replace("stock", "till"), encoding="utf-8")
    done = coach("eval", "report", saved, "--suite", ours, "-o", page, "--force")
    assert "no gate is judged: ours has other cases" in done.stderr


def test_two_saved_runs_are_compared(coach: RunCoach, ours: Path, tmp_path: Path) -> None:
    coach("eval", ours, "--save", tmp_path / "a.jsonl")
    mended = SUITE.replace("Thank you for the rota.", "You are lazy and useless.")
    (ours / "suite.yaml").write_text(mended, encoding="utf-8")
    coach("eval", ours, "--save", tmp_path / "b.jsonl")
    done = coach("eval", "compare", tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    assert done.returncode == 0
    assert "cannot tell" in done.stdout
    assert "wrong: 2 repaired, 0 broken" in done.stdout
    assert "after: ours: 3 cases, embedded" in done.stdout
    assert "the suite was changed in between" in done.stdout
    told = json.loads(
        coach("eval", "compare", *[tmp_path / f"{x}.jsonl" for x in "ab"], "--json").stdout
    )
    assert told["schema"] == "coach.eval.compare/1"


def test_a_failure_becomes_a_case_under_invented_names(
    coach: RunCoach, ours: Path, tmp_path: Path
) -> None:
    source = tmp_path / "Real Notes.md"
    source.write_text(FAILURE, encoding="utf-8")
    arguments = ("eval", "add", source, "--suite", ours, "--expect", "planned: [development]")
    shown = coach(*arguments, stdin="n\n")
    assert "nothing was written" in shown.stderr
    unasked = coach(*arguments, stdin="")
    assert unasked.returncode == 2
    assert "give --yes" in unasked.stderr
    assert (ours / "suite.yaml").read_text("utf-8") == SUITE
    for name in ("Dana", "Okafor", "Priya", "depot.example"):
        assert name not in shown.stdout
    done = coach(*arguments, "--expect", "punitive: none", "--tag", "ours", "--yes")
    assert done.returncode == 0, done.stderr
    kept = (ours / "inputs" / "real-notes.md").read_text("utf-8")
    assert "Dana" not in kept
    assert "the pricing of the pilot is hers" in kept
    assert coach("eval", ours, "--case", "real-notes").returncode == 0
    again = coach(*arguments, "--yes")
    assert again.returncode == 2
    assert "already" in again.stderr
    at_once = coach(*arguments[:5], "--expect", "covered: [support]", "--id", "b", "--yes", "--run")
    assert "b: covered: support, found" in at_once.stdout


def test_a_case_that_would_break_the_suite_is_not_written(
    coach: RunCoach, ours: Path, tmp_path: Path
) -> None:
    source = tmp_path / "notes.md"
    source.write_text(FAILURE, encoding="utf-8")
    done = coach("eval", "add", source, "--suite", ours, "--expect", "planned: [growth]", "--yes")
    assert done.returncode == 2
    assert "'growth' is no step of the guide" in done.stderr
    assert "nothing was written" in done.stderr
    assert (ours / "suite.yaml").read_text("utf-8") == SUITE
    assert not (ours / "inputs" / "notes.txt").exists()


def test_a_faulty_suite_is_told_at_its_place(coach: RunCoach, ours: Path) -> None:
    (ours / "suite.yaml").write_text(SUITE.replace("expect:", "expct:"), encoding="utf-8")
    done = coach("eval", "check", ours)
    assert done.returncode == 2
    assert "suite.yaml:8:5: cases.rota.expct: unknown key, did you mean 'expect'?" in done.stderr
    fine = coach("eval", "check")
    assert fine.returncode == 0
    assert fine.stdout.startswith("core: ")


def test_without_recordings_the_llm_engine_says_how_to_make_them(
    coach: RunCoach, ours: Path
) -> None:
    done = coach("eval", ours, "--engine", "llm")
    assert done.returncode == 2
    assert "no recorded answers" in done.stderr
    assert "--record new" in done.stderr


def test_a_stale_prompt_exits_with_four_and_its_name(
    coach: RunCoach, root: Path, home: Path
) -> None:
    (home / "prompts").mkdir()
    prompt = (root / "prompts" / "draft.md").read_text("utf-8")
    (home / "prompts" / "draft.md").write_text(f"{prompt}\nBe brief.\n", encoding="utf-8")
    done = coach("eval", "--engine", "llm", "--case", "t1008")
    assert done.returncode == 4
    assert "draft@" in done.stderr
    assert "--record all" in done.stderr


def test_what_would_be_sent_is_told_and_not_sent(coach: RunCoach, ours: Path) -> None:
    asked = ("--base-url", "https://llm.example.test/v1", "--model", "m", "--dry-run")
    done = coach("eval", ours, "--engine", "llm", "--record", "new", *asked)
    assert done.returncode == 0, done.stderr
    assert "to be sent: 3 to https://llm.example.test/v1, none sent" in done.stdout
    assert "price unknown" in done.stdout


def test_a_dry_run_of_the_embedded_engine_needs_no_server(coach: RunCoach, ours: Path) -> None:
    done = coach("eval", ours, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "to be sent: nothing" in done.stdout


def test_a_judge_that_nobody_recorded_says_how_to_record_it(coach: RunCoach, ours: Path) -> None:
    done = coach("eval", ours, "--judge")
    assert done.returncode == 2
    assert "--record new" in done.stderr


@pytest.mark.parametrize(
    "options", [("--record", "new", "--live"), ("--replay", "--live"), ("--record", "new")]
)
def test_options_that_exclude_each_other_are_refused(
    coach: RunCoach, ours: Path, options: tuple[str, ...]
) -> None:
    assert coach("eval", ours, *options).returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="signals as Unix has them")
def test_ctrl_c_keeps_what_is_done(tmp_path: Path, root: Path) -> None:
    saved = tmp_path / "run.jsonl"
    command = [sys.executable, "-m", "coach", "eval", "core", "--tag", "dev", "--save", str(saved)]
    with subprocess.Popen(
        command, cwd=root, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, env=os.environ
    ) as process:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            if saved.exists() and saved.read_bytes().count(b"\n") > 2:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"are kept in" in told
    assert saved.read_bytes().count(b"\n") > 2
