"""A judge of drafted entries: asked, recorded, measured by people's labels, and never a gate."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx2
import pytest

from coach.cassette import CassetteMiss
from coach.engines.llm.endpoint import Endpoint
from coach.engines.llm.schema import portable
from coach.errors import DataFileError
from coach.evaluation import (
    EmbeddedAnswers,
    Run,
    SuiteFolder,
    load_suite,
    report_of,
    run_suite,
)
from coach.evaluation.opinion import Judge, JudgeAnswer, opinion_of, read_examples
from coach.render.evaluation_junit import report_junit
from coach.render.evaluation_markdown import report_markdown

ENDPOINT = Endpoint(base_url="http://127.0.0.1:9/v1", model="strict", rung="json_schema")
SUITE = """
title: Judged
gates:
  - {score: answered, at_least: 1}
cases:
  - id: rota
    text: |
      Talk with Priya Natarajan, 14 March
      - Priya owns the rota and the stock count, rota first
      - she decides about swaps, and tells me afterwards
    expect: {not_skipped: [tasks]}
"""
EXAMPLES = [
    {"lines": ["- she owns the rota"], "entry": "Owns the rota.", "says_more": False},
    {"lines": ["- she owns the rota"], "entry": "Owns rota and stock.", "says_more": True},
    {"lines": ["reports on Fridays"], "entry": "Reports on Fridays.", "says_more": False},
    {"lines": ["reports on Fridays"], "entry": "Reports and stock.", "says_more": True},
]


class Server:
    """Calls every entry unsupported that speaks of stock; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        text = str(json.loads(request.content)["messages"][-1]["content"])
        self.asked.append(text)
        entries = re.findall(r"^E(\d+): (.*)$", text, flags=re.MULTILINE)
        verdicts = [{"entry": int(at), "says_more": "stock" in said} for at, said in entries]
        message = {"role": "assistant", "content": json.dumps({"verdicts": verdicts})}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        body = {"id": "x", "object": "chat.completion", "created": 0, "model": "strict"}
        return httpx2.Response(200, json={**body, "choices": [choice]})


@pytest.fixture
def found(tmp_path: Path) -> SuiteFolder:
    (tmp_path / "suite.yaml").write_text(SUITE, encoding="utf-8")
    (tmp_path / "judge").mkdir()
    rows = "".join(f"{json.dumps(row)}\n" for row in EXAMPLES)
    (tmp_path / "judge" / "examples.jsonl").write_text(rows, encoding="utf-8")
    return load_suite(str(tmp_path))


@pytest.fixture
def run(found: SuiteFolder) -> Run:
    return run_suite(found, found.suite.cases, EmbeddedAnswers())


def test_its_answer_is_of_a_form_that_every_server_takes() -> None:
    assert portable(JudgeAnswer)["required"] == ["verdicts"]


def test_what_it_says_stands_beside_its_agreement_and_breaks_no_gate(
    found: SuiteFolder, run: Run, tmp_path: Path
) -> None:
    server, tape = Server(), tmp_path / "judge" / "answers.yaml"
    entries = run.outcomes[0].entries
    assert any("stock" in entry.text for entry in entries)
    recording = Judge(ENDPOINT, cassette=tape, record="new", transport=httpx2.MockTransport(server))
    opinion = opinion_of(run, found, recording)
    assert opinion.entries == len(entries)
    assert opinion.more == sum("stock" in entry.text for entry in entries)
    assert (opinion.kappa, opinion.examples) == (1.0, 4)
    assert opinion.kappa_low is not None
    assert opinion.kappa_low < 0.6
    assert opinion_of(run, found, Judge(ENDPOINT, cassette=tape)) == opinion
    report = report_of(run, found).model_copy(update={"opinion": opinion})
    assert report.passed
    told = report_markdown(report)
    assert f"{opinion.more} of {opinion.entries} entries say more than their lines" in told
    assert "kappa 1.00 (" in told
    assert "judge" not in report_junit(report)


def test_names_leave_as_placeholders_and_come_back_as_names(found: SuiteFolder, run: Run) -> None:
    server = Server()
    opinion_of(run, found, Judge(ENDPOINT, cassette=None, transport=httpx2.MockTransport(server)))
    assert len(server.asked) == 2  # the examples, and the entries
    assert not any("Priya" in asked or "Natarajan" in asked for asked in server.asked)
    assert any("[EMPLOYEE" in asked or "[PERSON" in asked for asked in server.asked)


def test_entries_that_were_never_recorded_have_no_verdict(
    found: SuiteFolder, run: Run, tmp_path: Path
) -> None:
    tape, server = tmp_path / "judge" / "answers.yaml", httpx2.MockTransport(Server())
    nothing = Run(run.header, ())
    opinion_of(nothing, found, Judge(ENDPOINT, cassette=tape, record="new", transport=server))
    opinion = opinion_of(run, found, Judge(ENDPOINT, cassette=tape))
    assert (opinion.entries, opinion.unanswered) == (0, len(run.outcomes[0].entries))
    assert opinion.kappa == 1.0
    with pytest.raises(CassetteMiss, match="judge@"):
        opinion_of(run, found, Judge(ENDPOINT, cassette=tmp_path / "none.yaml"))


def test_a_faulty_example_is_told_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "examples.jsonl"
    path.write_text(f'{json.dumps(EXAMPLES[0])}\n{{"entry": "x"}}\n', encoding="utf-8")
    with pytest.raises(DataFileError, match=r"examples\.jsonl:2:1"):
        read_examples(path)
    assert read_examples(tmp_path / "none.jsonl") == ()


def test_the_bundled_examples_are_half_of_each_kind() -> None:
    examples = read_examples(load_suite("core").folder / "judge" / "examples.jsonl")
    assert sum(one.says_more for one in examples) * 2 == len(examples) == 40
