"""Suites as files: what is read, and how every fault is told at its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coach.errors import CoachError, DataFileError, UsageError
from coach.evaluation import check_suite, load_suite, suites
from coach.evaluation.case import Case, Label, Labels
from coach.evaluation.labels import labels_text, read_labels

HEAD = "title: Small\ntask: map\n"
CASE = "  - {id: one, text: We agreed on the rota., expect: {punitive: none}}\n"


def suite(folder: Path, text: str, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "suite.yaml").write_text(text, encoding="utf-8")
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder / "suite.yaml"


def test_a_suite_is_found_by_name_by_folder_and_by_file(tmp_path: Path, home: Path) -> None:
    (home / "evals").mkdir()
    own = suite(home / "evals" / "mine", HEAD + "cases:\n" + CASE)
    assert suites()["mine"] == own
    assert (
        load_suite("mine").suite == load_suite(str(own.parent)).suite == load_suite(str(own)).suite
    )
    assert "core" in suites()


def test_an_unknown_suite_is_told_with_what_was_meant() -> None:
    with pytest.raises(UsageError) as told:
        load_suite("cora")
    assert "did you mean 'core'" in str(told.value.hint)


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("cases:\n" + CASE, "1:1", "title: is missing"),
        (HEAD + "case:\n" + CASE, "3:1", "did you mean 'cases'"),
        (HEAD + "cases:\n" + CASE + CASE, "5:10", "'one' is used above already"),
        (HEAD + "cases:\n  - {id: One Two, text: x, expect: {punitive: none}}\n", "4:10", "match"),
        (HEAD + "cases:\n  - {id: one, text: x}\n", "4:5", "nothing is expected of it"),
        (HEAD + "cases:\n  - {id: one, expect: {punitive: none}}\n", "4:5", "give either input"),
        (HEAD + "cases:\n  - {id: one, input: gone.md}\n", "4:22", "there is no file 'gone.md'"),
        (HEAD + "cases:\n  - {id: one, input: ../x.md}\n", "4:22", "not inside the suite"),
        (
            HEAD + "cases:\n  - {id: a, text: x, expect: {coverd: [tasks]}}\n",
            "4:31", "did you mean 'covered'",
        ),
        (
            HEAD + "cases:\n  - {id: a, text: x, expect: {covered: [task]}}\n",
            "4:41", "'task' is no step of the guide",
        ),
        (
            HEAD + "cases:\n  - {id: a, text: x, expect: {not_punitive: [7]}}\n",
            "4:45", "there is no line 7: the source has 1",
        ),
        (
            HEAD + "cases:\n  - {id: a, text: x, expect: {same_as: b}}\n",
            "4:40", "there is no other case 'b'",
        ),
        (
            HEAD + "gates:\n  - {score: checks, tag: gone, at_least: 1}\ncases:\n" + CASE,
            "4:26", "no case has the tag 'gone'",
        ),
        (
            HEAD + "cases:\n  - {id: a, text: '', expect: {skipped: [tasks]}}\n",
            "4:19", "cannot be read",
        ),
        (
            HEAD + "cases:\n  - {id: a, text: x, expect: {entries: {task: 1}}}\n",
            "4:47", "'task' is no step of the guide",
        ),
        (
            HEAD + "cases:\n  - {id: a, text: x, expect: {skipped: [tasks], covered: [tasks]}}\n",
            "4:41", "'tasks' is expected to be covered as well",
        ),
        (
            HEAD + "cases:\n  - {id: a, text: x, expect: {finds: [over_soft]}}\n",
            "4:39", "no kind of finding (known: blame",
        ),
        (
            HEAD + "cases:\n  - {id: a, task: tone, text: x, expect: {skipped: [tasks]}}\n",
            "4:52", "'skipped' needs them: take map",
        ),
        (
            HEAD + "cases:\n  - {id: a, task: map, text: x, expect: {plan_holds: [x]}}\n",
            "4:19", "no plan is made with task 'map'",
        ),
        (
            HEAD + "cases:\n" + CASE + "  - {id: one, text: x, expect: {coverd: [tasks]}}\n",
            "5:10", "'one' is used above already",
        ),
        (
            HEAD + "gates:\n  - {score: chekcs, at_least: 1}\ncases:\n" + CASE,
            "4:13", "did you mean 'checks'",
        ),
        (
            HEAD + "gates:\n  - {score: steps.tasks.f1, tag: gone}\ncases:\n" + CASE,
            "4:5", "give it a bound",
        ),
    ],
)  # fmt: skip
def test_every_fault_is_told_at_its_line_and_column(
    tmp_path: Path, text: str, place: str, what: str
) -> None:
    path = suite(tmp_path, text)
    with pytest.raises(DataFileError) as told:
        check_suite(str(path))
    assert any(
        line.startswith(f"{path}:{place}: ") and what in line
        for line in told.value.message.splitlines()
    ), told.value.message


@pytest.mark.parametrize(
    ("row", "column", "what"),
    [
        ('{"line": 1, "steps": ["task"]}', 13, "'task' is not among the steps"),
        ('{"line": 9, "steps": ["tasks"]}', 2, "there is no line 9"),
        ('{"line": 1, "step": ["tasks"]}', 13, "unknown key"),
        ('{"line": 1, "tone": "harsh"}', 13, "tone: input should be"),
        ('{"line": 1, "tone": "punitive", "quote": "gone"}', 33, "do not stand in line 1"),
        ('{"line": 1 "steps": []}', 12, "no JSON record"),
        ('{"coverage": {"tasks": "done"}}', 2, "coverage"),
        ('{"coverage": {"task": "covered"}}', 15, "'task' is not among the steps"),
    ],
)
def test_a_fault_in_labels_is_told_in_the_file_of_labels(
    tmp_path: Path, row: str, column: int, what: str
) -> None:
    text = HEAD + "cases:\n  - {id: one, text: Rota first., labels: labels/one.jsonl}\n"
    path = suite(tmp_path, text, labels__one_dot_jsonl=f"\n{row}\n")
    with pytest.raises(DataFileError) as told:
        check_suite(str(path))
    expected = f"{path.parent / 'labels' / 'one.jsonl'}:2:{column}: "
    assert told.value.message.startswith(expected), told.value.message
    assert what in told.value.message


def test_what_lines_expect_is_looked_at_although_another_case_is_not_valid(tmp_path: Path) -> None:
    lines = "  - {id: two, text: x, expect: {not_punitive: [7]}}\n  - {id: three}\n"
    with pytest.raises(DataFileError) as told:
        check_suite(str(suite(tmp_path, HEAD + "cases:\n" + CASE + lines)))
    assert "there is no line 7" in told.value.message
    assert "give either input" in told.value.message


@pytest.mark.parametrize("punitive", ["no", "{1: nonsense}", "[one]"])
def test_what_is_punitive_has_three_forms_and_one_fault(tmp_path: Path, punitive: str) -> None:
    text = f"{HEAD}cases:\n  - {{id: a, text: x, expect: {{punitive: {punitive}}}}}\n"
    with pytest.raises(DataFileError) as told:
        check_suite(str(suite(tmp_path, text)))
    (fault,) = told.value.message.splitlines()
    assert "must be 'none', a list of lines" in fault


def test_a_folder_without_a_suite_is_told_as_such(tmp_path: Path) -> None:
    for path, told in ((tmp_path, "no suite.yaml in"), (tmp_path / "gone", "there is no '")):
        with pytest.raises(UsageError, match=told) as refused:
            load_suite(str(path))
        assert "holds a suite.yaml" in str(refused.value.hint)


def test_labels_are_written_as_short_as_they_are_read(tmp_path: Path) -> None:
    labels = Labels(
        lines=(Label(line=2, steps=("tasks",)), Label(line=5, tone="punitive", quote="so there")),
        coverage={"tasks": "partial"},
    )
    path = tmp_path / "one.jsonl"
    path.write_text(labels_text(labels), encoding="utf-8")
    assert read_labels(path) == labels
    assert '"range"' not in path.read_text(encoding="utf-8")


def test_selection_names_what_is_there_when_it_fails(tmp_path: Path) -> None:
    found = load_suite(str(suite(tmp_path, HEAD + "cases:\n" + CASE)))
    assert [case.id for case in found.selected()] == ["one"]
    for tags, ids in ((("gone",), ()), ((), ("two",))):
        with pytest.raises(UsageError):
            found.selected(tags, ids)


def test_the_digest_follows_the_cases_and_their_files_and_not_the_gates(tmp_path: Path) -> None:
    text = HEAD + "cases:\n  - {id: one, input: one.md, expect: {punitive: none}}\n"
    gate = "gates:\n  - {score: checks, at_least: 1}\n"
    digests = []
    for suite_text, source in (
        (text, "a\n"),
        (text.replace(HEAD, HEAD + gate), "a\n"),
        (text, "b\n"),
    ):
        path = suite(tmp_path, suite_text, one_dot_md=source)
        digests.append(load_suite(str(path)).sha256())
    assert digests[0] == digests[1] != digests[2]


def test_editors_get_the_schema_that_suites_are_read_by(root: Path) -> None:
    from coach.evaluation import Suite

    kept = json.loads((root / "evals" / "suite.schema.json").read_text("utf-8"))
    described = Suite.model_json_schema()
    assert kept == {"$schema": "https://json-schema.org/draft/2020-12/schema", **described}


def test_every_bundled_suite_is_without_fault() -> None:
    for name in suites():
        check_suite(name)


def test_an_expectation_that_needs_a_plan_gets_one() -> None:
    case = Case.model_validate({"id": "a", "text": "x", "expect": {"plan_lacks": ["x"]}})
    assert case.expect.needs_plan
    with pytest.raises(CoachError):
        load_suite("/nowhere/at/all")
