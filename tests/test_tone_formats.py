"""Formats of a tone report, each held to what really reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import jsonschema
import pytest
from junitparser import Error, Failure, JUnitXml, Skipped

from coach import workflow
from coach.checks.house import House
from coach.checks.report import CheckedFile, ToneReport, Unread
from coach.checks.rulebook import rulebook
from coach.checks.vocabulary import Vocabulary
from coach.cli.output import console
from coach.document import Document, read_bytes
from coach.finding import Finding
from coach.render.tone_lines import tone_github, tone_lines
from coach.render.tone_sarif import tone_sarif
from coach.render.tone_text import print_tone
from coach.render.tone_xml import tone_checkstyle, tone_junit

FIXTURES = Path(__file__).parent / "fixtures"
HOSTILE = "a <b>&\"'%\r\n::error::x,y:z \x1b[2J\x00\ufffe\u202e %41.md"

PLAN = """\
# Plan
Thanks for the list.
😀 ünï You always leave the hard ones for me, and if it happens again you're out.
You never read the brief. <!-- coach: ignore blame: a line from the play -->
You always do this, and you never listen.
That's an excuse.
That's an excuse.
"""


class Checked(NamedTuple):
    report: ToneReport
    documents: dict[str, Document]


def checked(texts: dict[str, str], unread: Sequence[Unread] = ()) -> Checked:
    documents = {name: read_bytes(text.encode(), "plan.md") for name, text in texts.items()}
    files = [
        House().judge(name, document, check=lambda text: workflow.check(text, None))
        for name, document in documents.items()
    ]
    return Checked(ToneReport.of(files, unread), documents)


@pytest.fixture(scope="module")
def plan() -> Checked:
    gone = Unread(name="gone.md", message="gone.md: there is no such file", hint="check the path")
    found = checked({"docs/plan.md": PLAN, "clean.md": "Thanks for the list.\n"}, [gone])
    assert len(found.report.files[0].findings) >= 5
    assert len(found.report.files[0].suppressed) == 1
    return found


@pytest.fixture(scope="module")
def hostile() -> Checked:
    """A file name, words, message and reason that try to break out of every format."""
    document = read_bytes(f"one {HOSTILE[:30]} two\nthree\n".encode(errors="replace"), "-")
    line = document.line(1)
    finding = Finding(
        rule="tone.threat", category="threat", severity="high", line=1, column=1, start=0,
        end=len(line.text), quote=line.text, message=HOSTILE, suggestion=HOSTILE, advice=HOSTILE,
    )  # fmt: skip
    file = CheckedFile(name=HOSTILE, findings=(finding,))
    unread = Unread(name=HOSTILE, message=HOSTILE, hint=HOSTILE)
    return Checked(ToneReport.of([file], [unread]), {HOSTILE: document})


# -- SARIF ----------------------------------------------------------------------------------------


def sarif(found: Checked) -> Any:
    return json.loads(tone_sarif(found.report, found.documents, rulebook()))


def run_of(found: Checked) -> Any:
    [run] = sarif(found)["runs"]
    return run


@pytest.mark.parametrize("which", ["plan", "hostile"])
def test_sarif_is_valid_under_the_official_schema(
    which: str, request: pytest.FixtureRequest
) -> None:
    schema = json.loads((FIXTURES / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())
    assert not list(validator.iter_errors(sarif(request.getfixturevalue(which))))


def test_sarif_columns_count_utf16_units_from_one(plan: Checked) -> None:
    run = run_of(plan)
    assert run["columnKind"] == "utf16CodeUnits"
    lines = PLAN.split("\n")
    for result, finding in zip(run["results"], _by_place(plan), strict=True):
        region = result["locations"][0]["physicalLocation"]["region"]
        units = lines[region["startLine"] - 1].encode("utf-16-le")
        cut = units[2 * (region["startColumn"] - 1) : 2 * (region["endColumn"] - 1)]
        assert cut.decode("utf-16-le") == finding.quote


def _by_place(found: Checked) -> list[Finding]:
    file = found.report.files[0]
    both = [*file.findings, *(one.finding for one in file.suppressed)]
    return sorted(both, key=lambda finding: (finding.start, finding.rule))


def test_sarif_tells_what_was_set_aside_and_why(plan: Checked) -> None:
    results = run_of(plan)["results"]
    aside = [result["suppressions"] for result in results if result["suppressions"]]
    assert aside == [
        [{"kind": "inSource", "status": "accepted", "justification": "a line from the play"}]
    ]
    assert all("suppressions" in result for result in results)


def test_sarif_tells_what_the_settings_silence_as_set_aside_from_outside() -> None:
    document = read_bytes(b"You're simply not a detail person.\n\nThat's an excuse.\n", "a.md")
    house = House(off=("label",), vocabulary=Vocabulary(fine=("an excuse",)))
    file = house.judge("a.md", document, check=lambda text: workflow.check(text, None))
    results = run_of(Checked(ToneReport.of([file]), {"a.md": document}))["results"]
    assert [result["suppressions"] for result in results] == [
        [{"kind": "external", "status": "accepted", "justification": why}]
        for why in ("the rule is off in the settings", "its words are fine by the settings")
    ]


def test_sarif_notes_a_text_in_another_language_and_is_still_valid() -> None:
    text = "Hoy hablé con Marta: está contenta con el equipo pero le preocupa la guardia. "
    document = read_bytes((text * 2).encode(), "a.md")
    file = House().judge("a.md", document, check=lambda text: workflow.check(text, None))
    found = Checked(ToneReport.of([file]), {"a.md": document})
    schema = json.loads((FIXTURES / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    jsonschema.Draft4Validator(schema).validate(sarif(found))
    [invocation] = run_of(found)["invocations"]
    [told] = invocation["toolExecutionNotifications"]
    assert (invocation["executionSuccessful"], told["level"]) == (True, "note")
    assert "does not read like English" in told["message"]["text"]


def test_sarif_describes_each_rule_that_it_names(plan: Checked) -> None:
    run = run_of(plan)
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        rule = rules[result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["shortDescription"]["text"] and rule["fullDescription"]["text"]
        assert rule["help"]["text"]


def test_sarif_says_which_file_was_not_checked(plan: Checked) -> None:
    [invocation] = run_of(plan)["invocations"]
    assert invocation["executionSuccessful"] is False
    [told] = invocation["toolExecutionNotifications"]
    assert "no such file" in told["message"]["text"]


def test_sarif_holds_no_word_of_the_text(plan: Checked) -> None:
    told = tone_sarif(plan.report, plan.documents, ())
    assert not any(finding.quote in told for finding in plan.report.files[0].findings)


def fingerprints(text: str) -> list[str]:
    run = run_of(checked({"a.md": text}))
    marks = [result["partialFingerprints"]["coachWords/v1"] for result in run["results"]]
    assert len(set(marks)) == len(marks)
    return marks


def test_fingerprints_outlast_moves_and_spacing_and_are_never_shared() -> None:
    moved = PLAN.replace("# Plan\n", "# Plan\n\nA new line.\n\n").replace("never", "NEVER")
    assert fingerprints(moved) == fingerprints(PLAN)
    other = PLAN.replace("That's an excuse.\nThat's an excuse.\n", "That's an excuse.\n")
    assert set(fingerprints(other)) < set(fingerprints(PLAN))


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("a b/ü%41.md", "a%20b/%C3%BC%2541.md"),
        ("<stdin>", "stdin"),
        ("/etc/a b.md", "file:///etc/a%20b.md"),
        ("a:b.md", "a%3Ab.md"),
    ],
)
def test_sarif_names_files_by_uri(name: str, uri: str) -> None:
    [result] = run_of(checked({name: "That's an excuse.\n"}))["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": uri}


# -- JUnit and Checkstyle -------------------------------------------------------------------------


def junit(found: Checked, *failing: str) -> Any:
    told = tone_junit(found.report, failing=frozenset(failing))  # type: ignore[arg-type]
    return JUnitXml.fromstring(told.encode())


def test_junit_counts_what_a_reader_of_it_counts(plan: Checked) -> None:
    xml = junit(plan, "high", "medium")
    kinds = [type(result) for suite in xml for case in suite for result in case.result]
    failing = [f for f in plan.report.files[0].findings if f.severity != "low"]
    assert kinds.count(Failure) == xml.failures == len(failing)
    assert kinds.count(Skipped) == xml.skipped == 1
    assert kinds.count(Error) == xml.errors == 1
    assert xml.tests == sum(len(list(suite)) for suite in xml)


def test_junit_fails_only_what_fails_the_run(plan: Checked) -> None:
    assert junit(plan).failures == 0
    high = [f for f in plan.report.files[0].findings if f.severity == "high"]
    assert junit(plan, "high").failures == len(high) > 0


def test_a_clean_file_is_one_case_that_passes(plan: Checked) -> None:
    [suite] = [suite for suite in junit(plan) if suite.name == "clean.md"]
    [case] = suite
    assert case.is_passed


def test_checkstyle_lists_each_finding(plan: Checked) -> None:
    from xml.etree import ElementTree

    top = ElementTree.fromstring(tone_checkstyle(plan.report))  # noqa: S314  our own
    rows = [(e.get("line"), e.get("column"), e.get("source")) for e in top[0]]
    assert rows == [
        (str(f.line), str(f.column), f"coach.{f.rule}") for f in plan.report.files[0].findings
    ]
    assert {e.get("severity") for e in top.iter("error")} <= {"error", "warning", "info"}
    assert [file.get("name") for file in top] == ["docs/plan.md", "clean.md", "gone.md"]


def test_no_name_or_word_breaks_the_xml(hostile: Checked) -> None:
    from xml.etree import ElementTree

    for told in (
        tone_checkstyle(hostile.report),
        tone_junit(hostile.report, failing=frozenset({"high"})),
    ):
        top = ElementTree.fromstring(told)  # noqa: S314  our own
        [first] = {one.get("name") for one in top}
        assert first is not None
        assert first.startswith("a <b>&\"'%")


# -- one line a finding ----------------------------------------------------------------------------


def test_editors_get_path_line_column_severity_rule_message(plan: Checked) -> None:
    first, *_ = tone_lines(plan.report).splitlines()
    finding = plan.report.files[0].findings[0]
    assert first == f"docs/plan.md:3:7: {finding.severity}: {finding.rule}: {finding.message}"


def test_a_finding_is_one_line_whatever_is_in_it(hostile: Checked) -> None:
    assert len(tone_lines(hostile.report).splitlines()) == 1
    assert len(tone_github(hostile.report).splitlines()) == 2


COMMAND = re.compile(
    r"::(?P<level>error|warning|notice) "
    r"(?P<places>[^:,=]+=[^:,]*(?:,[^:,=]+=[^:,]*)*)::(?P<said>.*)"
)


def read_command(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as the runner takes it apart."""
    match = COMMAND.fullmatch(line)
    assert match, line
    places = dict(part.split("=", 1) for part in match["places"].split(","))
    return match["level"], {key: unquote(value) for key, value in places.items()}, match["said"]


def test_github_reads_the_place_and_the_words(plan: Checked) -> None:
    lines = tone_github(plan.report).splitlines()
    read = [read_command(line) for line in lines]
    for (level, place, said), finding in zip(read, plan.report.files[0].findings, strict=False):
        assert level == {"high": "error", "medium": "warning", "low": "notice"}[finding.severity]
        assert place["file"] == "docs/plan.md"
        assert (place["line"], place["col"]) == (str(finding.line), str(finding.column))
        assert int(place["endColumn"]) == finding.column + len(finding.quote)
        assert said.startswith(finding.message)
    assert read[-1][1]["title"] == "not checked"


def test_no_word_becomes_a_command_of_its_own(hostile: Checked) -> None:
    for line in tone_github(hostile.report).splitlines():
        level, place, _ = read_command(line)
        assert level == "error"
        assert place["file"].startswith("a <b>&\"'%")


# -- a terminal ------------------------------------------------------------------------------------


def shown(
    found: Checked, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, wide: int
) -> list[str]:
    monkeypatch.setenv("COLUMNS", str(wide))
    print_tone(found.report, found.documents, console(stderr=False))
    return capsys.readouterr().out.splitlines()


Shown = Callable[[Checked, int], list[str]]


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shown:
    return lambda found, wide: shown(found, capsys, monkeypatch, wide)


def test_the_exact_words_are_underlined(terminal: Shown) -> None:
    found = checked({"a.md": "Hi Kim.\nFine, but that's an excuse, you know.\n"})
    rows = terminal(found, 80)
    at = next(number for number, row in enumerate(rows) if row.startswith("  2 | "))
    finding = found.report.files[0].findings[0]
    marks = [number for number, char in enumerate(rows[at + 1]) if char == "^"]
    assert rows[at][marks[0] : marks[-1] + 1] == finding.quote


def test_the_mark_stands_under_its_words_beside_wide_characters(terminal: Shown) -> None:
    from rich.cells import cell_len

    found = checked({"a.md": "日本 😀 that's an excuse, you know.\n"})
    rows = terminal(found, 80)
    before, under = rows[1].partition("that")[0], rows[2].partition("^")[0]
    assert cell_len(before) == len(under)


@pytest.mark.parametrize("wide", [40, 80, 200])
def test_a_line_of_any_length_fits_the_terminal(terminal: Shown, wide: int) -> None:
    words = "and so on and on " * 400
    found = checked({"a.md": f"{words}, that's an excuse, {words}\n"})
    rows = terminal(found, wide)
    under = "".join(row.strip(" |") for row in rows if "^" in row)
    assert under == "^" * len(under) and len(under) >= len("that's an excuse") - 2
    excerpt = [row for row in rows if re.match(r" +1? +\| ", row)]
    assert excerpt and all(len(row) <= wide for row in excerpt)


def test_each_finding_says_why_what_instead_and_how_to_ignore_it(terminal: Shown) -> None:
    text = "\n".join(terminal(checked({"a.md": "You always do this.\n"}), 200))
    [finding] = checked({"a.md": "You always do this.\n"}).report.files[0].findings
    assert f"a.md:1:1: {finding.severity} {finding.rule}" in text
    assert f"why     {finding.message}" in text
    assert f"instead {finding.advice}" in text or "instead “" in text
    assert f"<!-- coach: ignore {finding.rule}: " in text


def test_the_line_to_paste_sets_the_finding_aside() -> None:
    text = "You always do this."
    pasted = f"{text} <!-- coach: ignore tone.blame: why it is fine here -->\n"
    assert checked({"a.md": text}).report.summary.findings.total == 1
    assert checked({"a.md": pasted}).report.summary.findings.total == 0


def test_nothing_of_a_hostile_text_reaches_the_terminal(terminal: Shown, hostile: Checked) -> None:
    text = "\n".join(terminal(hostile, 80))
    assert not any(char in text for char in "\x1b\x00\u202e\r")
