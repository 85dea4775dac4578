"""The bundled suite: where its cases come from, and that its gates catch what is made worse."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import httpx2
import pytest

from coach.cassette import CassetteMiss, read_exchanges
from coach.engines.embedded import line_model
from coach.engines.embedded.scoring import Weights, load_weights
from coach.evaluation import (
    Answers,
    EmbeddedAnswers,
    LlmAnswers,
    Report,
    SuiteFolder,
    load_suite,
    read_baseline,
    read_recorded,
    report_of,
    run_suite,
    running,
)
from coach.evaluation.labels import read_labels

SMALL = "recorded"
"""The tag of the cases that are run here: twelve documents with recorded answers."""


@pytest.fixture(scope="module")
def core() -> SuiteFolder:
    return load_suite("core")


def replaying(core: SuiteFolder) -> LlmAnswers:
    recorded = read_recorded(core.folder).chosen(None)
    return LlmAnswers(recorded.endpoint(), cassettes=core.cassettes)


def reported(core: SuiteFolder, answers: Answers) -> Report:
    run = run_suite(core, core.selected((SMALL,)), answers)
    return report_of(run, core, baseline=read_baseline(core.folder))


def broken(report: Report) -> set[str]:
    return {result.gate.score for result in report.gates if not result.passed}


# -- what it is made of ----------------------------------------------------------------------------


def test_its_documents_are_those_of_the_training_data(core: SuiteFolder, root: Path) -> None:
    data = root / "training" / "data"
    split = json.loads((data / "split.json").read_text("utf-8"))
    cases = {case.id: case for case in core.suite.cases if case.input}
    assert {*cases} == {*split["dev"], *split["test"]}
    for name, case in cases.items():
        assert {"dev", "test"} & {*case.tags} == {
            part for part in ("dev", "test") if name in split[part]
        }
        source = (data / "docs" / f"{name}.txt").read_bytes()
        assert (core.folder / str(case.input)).read_bytes() == source, name
        labels = read_labels(core.folder / str(case.labels))
        rows = (data / "docs" / f"{name}.jsonl").read_text("utf-8").splitlines()
        wanted = {row["line"]: row for row in map(json.loads, rows)}
        said = {label.line: label for label in labels.lines}
        for line, row in wanted.items():
            assert (said[line].steps if line in said else ()) == tuple(row["steps"]), (name, line)
        facts = json.loads((data / "docs" / f"{name}.json").read_text("utf-8"))
        assert labels.coverage == facts["coverage"]


def test_it_is_large_enough_to_tell_something_and_small_enough_to_ship(core: SuiteFolder) -> None:
    assert len(core.suite.cases) >= 120
    tone = [case for case in core.suite.cases if "tone" in case.tags]
    fair = [case for case in tone if case.expect.punitive == "none"]
    assert len(tone) >= 60
    assert 0.4 < len(fair) / len(tone) < 0.6
    size = sum(path.stat().st_size for path in core.folder.rglob("*") if path.is_file())
    assert size < 1_300_000


def test_every_recording_belongs_to_a_case_with_the_tag(core: SuiteFolder) -> None:
    tagged = {case.id for case in core.selected((SMALL,))}
    assert {path.stem for path in core.cassettes.glob("*.yaml")} == tagged


# -- what its gates catch --------------------------------------------------------------------------


def test_the_gates_hold_for_the_recorded_answers(core: SuiteFolder) -> None:
    report = reported(core, replaying(core))
    assert broken(report) == set()
    assert len(report.gates) >= 6


def test_a_long_replay_in_several_processes_gives_what_a_short_one_gives(
    core: SuiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_WORTH_PROCESSES", 60)
    cases = core.selected((SMALL,))
    once = report_of(run_suite(core, cases, replaying(core)), core)
    often = report_of(run_suite(core, cases, replaying(core), repeats=5), core)
    assert often.flips is not None
    assert often.flips.value == 0.0
    assert [one.value for one in often.scores] == [one.value for one in once.scores]
    assert len(often.outcomes) == 5 * len(once.outcomes)


def test_a_worsened_model_file_breaks_a_gate(
    core: SuiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert broken(reported(core, EmbeddedAnswers())) == set()
    monkeypatch.setattr(line_model, "load_weights", _with_noise)
    assert "steps.f1" in broken(reported(core, EmbeddedAnswers()))


def _with_noise() -> Weights:
    """The model as from a file in which the step thresholds are all a little too low."""
    held = load_weights()
    least = {name: value * 0.4 for name, value in held.about["least"].items()}
    return held._replace(about={**held.about, "least": least})


def test_a_worsened_guide_breaks_a_gate(core: SuiteFolder, root: Path, home: Path) -> None:
    guide = (root / "guides" / "isp.yaml").read_text("utf-8")
    (home / "guides").mkdir()
    cut = guide.replace("  - id: autonomy\n", "  - id: freedom\n")
    assert cut != guide
    (home / "guides" / "isp.yaml").write_text(cut, encoding="utf-8")
    assert "status" in broken(reported(core, EmbeddedAnswers()))


def test_a_changed_prompt_is_told_as_stale_and_never_passed(
    core: SuiteFolder, root: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_WORTH_PROCESSES", 60)
    _worsen_prompt(root, home)
    cases = core.selected((SMALL,))
    for repeats in (1, 5):  # by threads, and by processes
        with pytest.raises(CassetteMiss) as told:
            run_suite(core, cases, replaying(core), repeats=repeats)
        assert "label@" in told.value.message
        assert cases[0].id in told.value.message
        assert told.value.exit_code == 4
        assert "--record all" in str(told.value.hint)


def test_a_worsened_prompt_breaks_a_gate_once_it_is_recorded(
    core: SuiteFolder, root: Path, home: Path, tmp_path: Path
) -> None:
    _worsen_prompt(root, home)
    folder = Path(shutil.copytree(core.folder, tmp_path / "core"))
    own = load_suite(str(folder))
    server = httpx2.MockTransport(_Obedient(core))
    endpoint = read_recorded(own.folder).chosen(None).endpoint()
    answers = LlmAnswers(endpoint, cassettes=own.cassettes, record="all", transport=server)
    recorded = reported(own, answers)
    assert "steps.f1" in broken(recorded)
    replayed = reported(own, LlmAnswers(endpoint, cassettes=own.cassettes))
    assert broken(replayed) == broken(recorded)
    assert replayed.scores == recorded.scores


def _worsen_prompt(root: Path, home: Path) -> None:
    prompt = (root / "prompts" / "label.md").read_text("utf-8")
    (home / "prompts").mkdir()
    worse = prompt.replace("\n--- user ---", "\nLabel the first lines only.\n\n--- user ---")
    assert worse != prompt
    (home / "prompts" / "label.md").write_text(worse, encoding="utf-8")


class _Obedient:
    """A server with the recorded model, which does as the worse prompt says."""

    def __init__(self, core: SuiteFolder) -> None:
        self.known: dict[str, Any] = {}
        for path in core.cassettes.glob("*.yaml"):
            for exchange in read_exchanges(path):
                asked = json.loads(exchange.request.body or b"{}")
                self.known[_material(asked)] = exchange.reply

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        asked = json.loads(request.content)
        reply = self.known.get(_material(asked))
        if reply is None:
            return httpx2.Response(200, json=_said({"entries": []}))
        whole = reply()
        whole.read()
        told = whole.json()
        if "first lines only" in asked["messages"][0]["content"]:
            answer = json.loads(told["choices"][0]["message"]["content"])
            answer["does"] = answer["does"][: len(answer["does"]) // 3]
            told["choices"][0]["message"]["content"] = json.dumps(answer)
        return httpx2.Response(200, json=told)


def _material(asked: dict[str, Any]) -> str:
    return str(asked["messages"][-1]["content"])


def _said(answer: object) -> dict[str, Any]:
    message = {"role": "assistant", "content": json.dumps(answer)}
    return {
        "id": "x", "object": "chat.completion", "created": 0, "model": "claude",
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
    }  # fmt: skip
