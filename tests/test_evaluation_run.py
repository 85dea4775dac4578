"""Running suites: what is counted, what is kept, and that nothing is left out in silence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from coach.document import Document
from coach.engines.llm.endpoint import Endpoint
from coach.engines.llm.failures import EndpointError
from coach.errors import DataFileError, UsageError
from coach.evaluation import (
    EmbeddedAnswers,
    Report,
    Run,
    SuiteFolder,
    compare,
    load_suite,
    read_run,
    report_of,
    run_suite,
)
from coach.evaluation.baseline import Baseline
from coach.evaluation.case import Label
from coach.evaluation.record import Line, Spent
from coach.evaluation.suite import Gate
from coach.finding import Finding
from coach.guide import Guide
from coach.mapping import EngineInfo, LineLabel, StepMap, assemble
from coach.plan import Plan, Section
from coach.render.evaluation_junit import report_junit

SUITE = """
title: Small
task: map
parts: [good, bad]
gates:
  - {score: steps.f1, tag: good, at_least: 0.9}
  - {score: checks, tag: bad, at_least: 1}
cases:
  - {id: rota, input: rota.md, labels: rota.jsonl, tags: [good]}
  - {id: hall, input: hall.md, labels: hall.jsonl, tags: [good]}
  - id: nothing
    text: The kettle is broken.
    tags: [bad]
    expect: {skipped: [tasks], punitive: none}
  - {id: twin, text: The kettle is mended., tags: [bad], expect: {same_as: nothing}}
"""
FILES = {
    "rota.md": "- she owns the rota\n- small talk\n- tell me after\n",
    "rota.jsonl": '{"line": 1, "steps": ["tasks"], "items": ["tasks.core_responsibilities"]}\n'
    '{"line": 3, "steps": ["autonomy"], "range": "do_then_tell"}\n'
    '{"coverage": {"tasks": "partial", "autonomy": "partial", "purpose": "skipped"}}\n',
    "hall.md": "- the hall is hers\n",
    "hall.jsonl": '{"line": 1, "steps": ["tasks"]}\n{"coverage": {"tasks": "partial"}}\n',
}


class Keywords:
    """Calls a line the step's whose word stands in it."""

    def __init__(self, **words: str) -> None:
        self.words = words or {"rota": "tasks", "hall": "tasks", "tell": "autonomy"}

    def label(self, document: Document, guide: Guide) -> StepMap:
        labels = [
            LineLabel(
                line=line.number,
                steps=tuple(step for word, step in self.words.items() if word in line.text),
                range="do_then_tell" if "tell" in line.text else None,
            )
            for line in document.lines
        ]
        info = EngineInfo(name="embedded", model="keywords")
        return assemble(document, guide, labels=labels, engine=info)

    def draft(self, document: Document, guide: Guide, steps: StepMap) -> Plan:
        return Plan(
            guide=guide.id, sections=tuple(Section(step=s.id, title="") for s in steps.steps)
        )

    def weigh(self, document: Document, findings: Sequence[Finding]) -> Sequence[Finding]:
        return findings

    def reword(self, document: Document, findings: Sequence[Finding]) -> list[str | None]:
        raise AssertionError("no figure judges wordings, so none is asked for")


class Refusing(Keywords):
    """Refuses one document."""

    def label(self, document: Document, guide: Guide) -> StepMap:
        if "hall" in document.text:
            raise EndpointError("refusal", Endpoint(base_url="http://127.0.0.1:9/v1", model="m"))
        return super().label(document, guide)


@pytest.fixture
def found(tmp_path: Path) -> SuiteFolder:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "suite.yaml").write_text(SUITE, encoding="utf-8")
    return load_suite(str(tmp_path))


def ran(found: SuiteFolder, engine: Keywords | None = None, *, repeats: int = 1) -> Run:
    answers = EmbeddedAnswers(engine or Keywords())  # type: ignore[arg-type]
    return run_suite(found, found.suite.cases, answers, repeats=repeats)


def value(report: Report, score: str, tag: str) -> float | None:
    (one,) = [one for one in report.scores if (one.id, one.tag) == (score, tag)]
    return one.value


def test_a_right_engine_scores_one_and_keeps_the_gates(found: SuiteFolder) -> None:
    report = report_of(ran(found), found)
    assert value(report, "steps.f1", "good") == 1.0
    assert value(report, "ranges", "good") == 1.0
    assert value(report, "status", "good") == 1.0
    assert value(report, "quotes", "good") == 1.0
    assert value(report, "checks", "bad") == 1.0
    assert report.passed
    assert report.complete
    assert report.failures == {}


def test_a_failed_case_counts_as_missed_and_is_told_by_its_cause(found: SuiteFolder) -> None:
    report = report_of(ran(found, Refusing()), found)
    assert report.failures == {"refusal": 1}
    assert value(report, "answered", "good") == 0.5
    assert value(report, "steps.recall", "good") == pytest.approx(2 / 3)
    assert value(report, "steps.precision", "good") == 1.0
    assert value(report, "status", "good") == pytest.approx(3 / 4)
    assert not report.passed


def test_a_worse_engine_breaks_the_gate_and_the_comparison_names_the_line(
    found: SuiteFolder,
) -> None:
    good, bad = ran(found), ran(found, Keywords(rota="support"))
    (broken,) = [one for one in report_of(bad, found).gates if not one.passed]
    assert broken.gate.score == "steps.f1"
    assert "is below 0.9" in broken.why
    told = compare(good, bad)
    assert {one.case for one in told.changed} == {"rota", "hall"}
    assert "line 1: steps wrong now" in told.changed[0].notes
    back = compare(bad, good).changed[0]
    assert (back.broken, back.repaired > 0) == (0, True)


def test_the_same_run_differs_from_itself_in_nothing(found: SuiteFolder) -> None:
    told = compare(ran(found), ran(found))
    assert {one.verdict for one in told.differences} == {"same"}
    assert told.changed == ()


def test_two_cases_are_too_few_to_tell(found: SuiteFolder) -> None:
    told = compare(ran(found), ran(found, Keywords(rota="tasks", hall="tasks")))
    (steps,) = [one for one in told.differences if (one.id, one.tag) == ("steps.f1", "good")]
    assert steps.verdict == "cannot tell"
    assert steps.detectable > abs(steps.difference)


def test_a_twin_that_comes_out_otherwise_is_a_finding(found: SuiteFolder) -> None:
    report = report_of(ran(found, Keywords(mended="support")), found)
    (check,) = next(one for one in report.outcomes if one.case == "twin").checks
    assert not check.passed
    assert check.found.startswith("line 1: steps support, there none")


def test_lines_are_counted_that_come_out_as_the_twins(found: SuiteFolder) -> None:
    same = report_of(ran(found, Keywords(kettle="tasks")), found)
    other = report_of(ran(found, Keywords(kettle="tasks", mended="support")), found)
    assert value(same, "twins", "bad") == 1.0
    assert value(other, "twins", "bad") == 0.0


def test_a_twin_with_another_number_of_lines_is_told_as_such(found: SuiteFolder) -> None:
    suite = SUITE.replace("text: The kettle is mended.", 'text: "The kettle\\nis mended."')
    (found.folder / "suite.yaml").write_text(suite, encoding="utf-8")
    longer = load_suite(str(found.folder))
    report = report_of(ran(longer), longer)
    (check,) = next(one for one in report.outcomes if one.case == "twin").checks
    assert not check.passed
    assert check.found == "2 lines, there 1"


def test_of_labels_of_tone_alone_nothing_but_tone_can_differ() -> None:
    said = LineLabel(line=1, steps=("tasks",))
    line = Line(line=1, text="she owns the rota", wanted=Label(line=1), said=said)
    assert line.differs("lines")
    assert not line.differs("tone")
    sharp = line.model_copy(update={"wanted": Label(line=1, tone="punitive")})
    assert sharp.differs("tone")


def test_junit_tells_the_time_that_the_run_recorded_and_no_other(found: SuiteFolder) -> None:
    report = report_of(ran(found), found)
    assert " time=" not in report_junit(report)
    spent = [one.model_copy(update={"spent": Spent(seconds=1.25)}) for one in report.outcomes]
    timed = report_junit(report.model_copy(update={"outcomes": tuple(spent)}))
    assert timed.count(' time="1.250"') == len(spent)
    assert f' time="{1.25 * len(spent):.3f}"' in timed


def test_a_case_brings_its_twin_along(found: SuiteFolder) -> None:
    answers = EmbeddedAnswers(Keywords())  # type: ignore[arg-type]
    run = run_suite(found, found.selected((), ("twin",)), answers)
    assert [one.case for one in run.outcomes] == ["nothing", "twin"]


def test_gates_are_judged_on_all_of_their_cases_or_not_at_all(found: SuiteFolder) -> None:
    answers = EmbeddedAnswers(Keywords())  # type: ignore[arg-type]
    run = run_suite(found, found.selected((), ("rota",)), answers)
    assert report_of(run, found).gates == ()
    run = run_suite(found, found.selected(("good",)), answers)
    assert [one.gate.score for one in report_of(run, found).gates] == ["steps.f1"]


def test_a_gate_that_counts_its_cases_misses_a_recording_that_vanished(found: SuiteFolder) -> None:
    found.cassettes.mkdir()
    for case in ("rota", "hall"):
        (found.cassettes / f"{case}.yaml").touch()
    gate = Gate(score="answered", tag="good", engine="llm", at_least=1, cases=2)
    strict = found._replace(suite=found.suite.model_copy(update={"gates": (gate,)}))
    whole = ran(strict)
    header = whole.header.model_copy(update={"engine": "llm", "mode": "replay"})
    fewer = Run(header, tuple(one for one in whole.outcomes if one.case != "rota"))
    assert report_of(fewer, strict).gates == ()
    assert report_of(fewer, strict).unjudged == 1
    (found.cassettes / "rota.yaml").unlink()
    (result,) = report_of(fewer, strict).gates
    assert result.why == "cases behind it: 1, not 2"


def test_repeats_are_no_new_cases(found: SuiteFolder) -> None:
    once, thrice = report_of(ran(found), found), report_of(ran(found, repeats=3), found)
    assert thrice.flips is not None
    assert thrice.flips.value == 0.0
    for one, three in zip(once.scores, thrice.scores, strict=True):
        assert (one.cases, one.low, one.high) == (three.cases, three.low, three.high)
    assert value(once, "steps.f1", "good") == value(thrice, "steps.f1", "good")
    worse = Keywords(rota="support")
    told = compare(ran(found), ran(found, worse))
    assert compare(ran(found, repeats=3), ran(found, worse)).differences == told.differences


def test_a_run_broken_off_goes_on_where_it_was_and_ends_in_the_same_bytes(
    found: SuiteFolder, tmp_path: Path
) -> None:
    answers = EmbeddedAnswers(Keywords())  # type: ignore[arg-type]
    whole, torn = tmp_path / "whole.jsonl", tmp_path / "torn.jsonl"
    run_suite(found, found.suite.cases, answers, save=whole)
    rows = whole.read_bytes().splitlines(keepends=True)
    torn.write_bytes(b"".join(rows[:3]) + rows[3][:40])
    assert len(read_run(torn).outcomes) == 2
    asked: list[str] = []
    run_suite(
        found, found.suite.cases, answers, save=torn,
        progress=lambda fresh, _done, _total: asked.append(fresh[0].case),
    )  # fmt: skip
    assert sorted(asked) == ["nothing", "twin"]
    assert torn.read_bytes() == whole.read_bytes()


def test_what_is_done_is_kept_when_the_user_stops_it(found: SuiteFolder, tmp_path: Path) -> None:
    kept = tmp_path / "run.jsonl"

    def stop(_fresh: object, done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    answers = EmbeddedAnswers(Keywords())  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        run_suite(found, found.suite.cases, answers, save=kept, progress=stop)
    run = read_run(kept)
    assert len(run.outcomes) == 2
    assert not run.complete


def test_another_run_is_not_gone_on_with(found: SuiteFolder, tmp_path: Path) -> None:
    kept = tmp_path / "run.jsonl"
    answers = EmbeddedAnswers(Keywords())  # type: ignore[arg-type]
    run_suite(found, found.suite.cases, answers, save=kept)
    with pytest.raises(UsageError) as told:
        run_suite(found, found.suite.cases, answers, repeats=2, save=kept)
    assert "another number of repeats" in told.value.message


def test_a_guide_of_the_suites_own_that_was_changed_is_asked_anew(
    found: SuiteFolder, tmp_path: Path, root: Path
) -> None:
    own = tmp_path / "ours.yaml"
    own.write_bytes((root / "guides" / "isp.yaml").read_bytes())
    cases = found.suite.model_copy(update={"guide": own.name})
    answers = EmbeddedAnswers(Keywords())  # type: ignore[arg-type]
    kept = tmp_path / "run.jsonl"
    run_suite(found._replace(suite=cases), cases.cases, answers, save=kept)
    own.write_text(own.read_text("utf-8").replace("cues: [", "cues: [mentor, ", 1), "utf-8")
    with pytest.raises(UsageError, match="guides"):
        run_suite(found._replace(suite=cases), cases.cases, answers, save=kept)


def test_what_is_no_run_is_told_at_its_line(found: SuiteFolder, tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    answers = EmbeddedAnswers(Keywords())  # type: ignore[arg-type]
    run_suite(found, found.suite.cases, answers, save=path)
    rows = path.read_text("utf-8").splitlines(keepends=True)
    for text, line in (("{}\n", 1), ("".join([*rows[:3], "{}\n", *rows[3:]]), 4)):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(DataFileError) as told:
            read_run(path)
        assert told.value.message.startswith(f"{path}:{line}:1: ")


def test_a_run_is_scored_again_without_its_suite(found: SuiteFolder) -> None:
    alone = report_of(ran(found), None)
    assert alone.gates == ()
    assert value(alone, "steps.f1", "good") == 1.0


def test_a_run_worse_than_the_baseline_breaks_its_gate(found: SuiteFolder) -> None:
    gates = (found.suite.gates[0].model_copy(update={"at_least": None, "not_worse": 0.05}),)
    strict = found._replace(suite=found.suite.model_copy(update={"gates": gates}))
    good = ran(strict)
    (missing,) = report_of(good, strict).gates
    assert "no baseline" in missing.why
    kept = Baseline().with_run(good, strict.suite)
    assert Baseline.model_validate_json(kept.text()) == kept
    assert json.loads(kept.text())["engines"]["embedded"]["counts"]["steps.f1"]["hall"] == [1, 1, 1]
    assert report_of(good, strict, baseline=kept).passed
    worse = report_of(ran(strict, Keywords(rota="support")), strict, baseline=kept)
    assert "beside the baseline" in worse.gates[0].why
