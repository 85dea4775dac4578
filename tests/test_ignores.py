"""Inline ignores: what they set aside, what they never do, and what is told about them."""

from __future__ import annotations

import time

import pytest

from coach import tone
from coach.checks.house import House
from coach.checks.ignores import IGNORE, inline, remark, without_ignores
from coach.checks.report import CheckedFile
from coach.document import Document, read_bytes
from coach.finding import Finding

THREAT = "If that happens again you're out."
LABEL = "You're simply not a detail person."
FORMAL = (
    "Your accuracy is below the required standard. You have thirty days, until 14 June. "
    "Failure to improve may result in disciplinary action."
)


def found(document: Document) -> tuple[Finding, ...]:
    return tone.scan(document, tone.load_rules())


def document(text: str, name: str = "notes.md") -> Document:
    return read_bytes(text.encode(), name)


def judged(text: str, name: str = "notes.md", *, complete: bool = True) -> CheckedFile:
    return House().judge(name, document(text, name), check=found, complete=complete)


def rules(file: CheckedFile) -> list[tuple[str, int]]:
    return [(finding.rule, finding.line) for finding in file.findings]


def aside(file: CheckedFile) -> list[tuple[str, int, str | None]]:
    return [(one.finding.rule, one.finding.line, one.reason) for one in file.suppressed]


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.md", f"{THREAT} <!-- coach: ignore tone.threat: quoted -->", 1),
        ("a.md", f"Notes.\n\n<!-- coach: ignore tone.threat: quoted -->\n{THREAT}", 4),
        ("a.md", f"Notes.\n\n<!-- coach: ignore tone.threat: quoted -->\n\n{THREAT}", 5),
        ("a.md", f"- one\n- {THREAT} <!-- coach: ignore threat: quoted -->", 2),
        ("a.md", f'{THREAT} <!-- coach: ignore "you’re out": quoted -->', 1),
        ("a.md", f"{THREAT} <!-- COACH:ignore  Tone.Threat , label : quoted-->", 1),
        ("a.txt", f"{THREAT} <!-- coach: ignore tone.threat: quoted -->", 1),
        ("a.txt", f"{THREAT} [coach: ignore tone.threat: quoted]", 1),
        ("a.txt", f"[coach: ignore tone.threat: quoted]\n{THREAT}", 2),
        ("a.txt", f"{THREAT} # coach: ignore threat: quoted", 1),
        ("a.txt", f"# coach: ignore threat: quoted\n{THREAT}", 2),
        (
            "a.txt",
            f"[coach: ignore “happens again”: quoted]\n[coach: ignore label: x]\n{THREAT}",
            3,
        ),
    ],
)
def test_an_ignore_sets_aside_what_it_names_and_the_reason_is_kept(
    name: str, text: str, line: int
) -> None:
    file = judged(text, name)
    assert aside(file) == [("tone.threat", line, "quoted")]
    assert [rule for rule, _ in rules(file) if rule != IGNORE] == []


@pytest.mark.parametrize(
    "text",
    [
        f"{THREAT} <!-- coach: ignore tone.label: quoted -->",
        f'{THREAT} <!-- coach: ignore "or else": quoted -->',
        f"{THREAT}\n<!-- coach: ignore tone.threat: quoted -->",
        f"<!-- coach: ignore tone.threat: quoted -->\nAll is well.\n{THREAT}",
        f"{THREAT} <!-- coach: ignore -->",
        f"{THREAT} <!-- coach: ignore everything here, please! -->",
        f"{THREAT} <!-- coach ignore tone.threat: quoted -->",
        f"{THREAT} `<!-- coach: ignore tone.threat: quoted -->`",
        f"```\n<!-- coach: ignore tone.threat: quoted -->\n```\n{THREAT}",
        f"> <!-- coach: ignore tone.threat: quoted -->\n{THREAT}",
    ],
)
def test_an_ignore_speaks_only_of_its_line_and_only_of_what_it_names(text: str) -> None:
    file = judged(text)
    assert file.suppressed == ()
    assert "tone.threat" in [rule for rule, _ in rules(file)]


def test_an_ignore_of_one_rule_leaves_another_on_the_same_line() -> None:
    file = judged(f"{THREAT} {LABEL} <!-- coach: ignore tone.label: agreed -->")
    assert [rule for rule, _, _ in aside(file)] == ["tone.label"]
    assert rules(file) == [("tone.threat", 1)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{THREAT} <!-- coach: ignore tone.threat -->", "gives no reason"),
        (f"{THREAT} <!-- coach: ignore tone.threat: -->", "gives no reason"),
        ("All is well. <!-- coach: ignore tone.threat: quoted -->", "sets nothing aside"),
        ("All is well.\n<!-- coach: ignore tone.threat: quoted -->", "sets nothing aside"),
        ("All is well. <!-- coach: ignore: quoted -->", "does not say what it is about"),
        ('All is well. <!-- coach: ignore "": quoted -->', "does not say what it is about"),
        ("All is well. [coach: ignore tone.threat - quoted]", "a colon is missing before"),
        (
            f"{THREAT} <!-- coach: ignore blame because it is quoted -->",
            "missing before the reason",
        ),
        (f"{THREAT} <!-- coach: ignore tone.thraet: quoted -->", "did you mean 'tone.threat'?"),
        (f"{THREAT} <!-- coach: ignore thraet, threat: quoted -->", "did you mean 'threat'?"),
        (f"{THREAT} <!-- coach: ignore qwertz: quoted -->", "--explain all lists"),
        (f"{THREAT} <!-- coach: ignore threat:\nquoted -->", "does not end on its line"),
    ],
)
def test_an_ignore_without_use_or_reason_is_told_as_a_low_finding(text: str, message: str) -> None:
    (fault,) = [finding for finding in judged(text).findings if finding.rule == IGNORE]
    assert message in fault.message
    assert (fault.severity, fault.category) == ("low", "ignore")
    assert "coach: ignore" in fault.quote
    assert document(text).text[fault.start : fault.end] == fault.quote


@pytest.mark.parametrize(
    ("remark", "message"),
    [
        ("<!-- coach ignore tone.threat: quoted -->", "a colon is missing after 'coach'"),
        ("[coach ignore tone.threat: quoted]", "a colon is missing after 'coach'"),
        ("<!-- coach-ignore tone.threat -->", "a colon is missing after 'coach'"),
        ("<!-- coach: disable tone.threat: quoted -->", "'disable' is not known, only 'ignore' is"),
        ("[coach: suppress tone.threat]", "'suppress' is not known, only 'ignore' is"),
        ("# coach: noqa", "'noqa' is not known, only 'ignore' is"),
    ],
)
def test_what_was_meant_as_an_ignore_is_told_with_what_is_missing(
    remark: str, message: str
) -> None:
    file = judged(f"{THREAT} {remark}", "a.txt")
    assert rules(file) == [("tone.threat", 1), (IGNORE, 1)]
    assert message in file.findings[1].message
    assert file.findings[1].quote == remark


@pytest.mark.parametrize(
    "text",
    ["# Coach ignore list", "[coach ignored the question]", "# coach disable the alarm",
     "Notes. <!-- Coach: Maria -->", "The coach: ignore him."],
)  # fmt: skip
def test_ordinary_words_about_a_coach_are_no_ignore(text: str) -> None:
    assert judged(text).findings == ()


def test_an_ignore_without_a_reason_works_all_the_same() -> None:
    assert aside(judged(f"{THREAT} <!-- coach: ignore tone.threat -->")) == [
        ("tone.threat", 1, None)
    ]


def test_an_ignore_that_may_wait_for_the_model_is_not_called_useless() -> None:
    text = "All is well. <!-- coach: ignore tone.threat: only the model sees it -->"
    assert judged(text, complete=False).findings == ()
    text = "All is well. <!-- coach: ignore tone.threat -->"
    (fault,) = judged(text, complete=False).findings
    assert "gives no reason" in fault.message


def test_the_name_of_no_rule_is_told_even_where_the_model_was_not_asked() -> None:
    text = "All is well. <!-- coach: ignore tone.thraet: only the model sees it -->"
    (fault,) = judged(text, complete=False).findings
    assert "did you mean 'tone.threat'?" in fault.message


def test_the_words_of_discipline_by_themselves_can_be_set_aside() -> None:
    text = "This is your final written warning. <!-- coach: ignore pip: the title of a play -->"
    assert aside(judged(text)) == [("tone.pip", 1, "the title of a play")]


def test_formal_discipline_is_never_set_aside_and_that_is_told() -> None:
    for target in ("tone.formal", "pip", '"disciplinary action"'):
        file = judged(f"{FORMAL} <!-- coach: ignore {target}: our template -->")
        assert file.formal
        assert not any(one.finding.rule.startswith("tone.formal") for one in file.suppressed)
        told = [finding.message for finding in file.findings if finding.rule == IGNORE]
        assert told == [] or "always named" in told[0]
    text = f"{FORMAL} <!-- coach: ignore tone.formal: our template -->"
    (fault,) = [finding for finding in judged(text).findings if finding.rule == IGNORE]
    assert ".coachignore" in (fault.advice or "")


def test_the_remark_itself_is_not_judged_and_changes_nothing_around_it() -> None:
    text = f"All is well. [coach: ignore tone.threat: we wrote {THREAT}]"
    assert [rule for rule, _ in rules(judged(text, "a.txt"))] == [IGNORE]
    for line in (THREAT, "Get it done by Friday or else you go", LABEL):
        bare = document(line, "a.txt")
        marked = document(f"{line} [coach: ignore command: x]", "a.txt")
        assert found(without_ignores(marked)) == found(bare)


def test_a_text_without_ignores_is_checked_as_it_is() -> None:
    plain = document(THREAT)
    assert without_ignores(plain) is plain
    assert inline(plain, found(plain)) == (found(plain), (), ())


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_the_remark_that_is_offered_does_what_it_says(name: str) -> None:
    (finding,) = found(document(THREAT, name))
    offered = remark(finding, markdown=name == "a.md", reason="quoted")
    assert aside(judged(f"{THREAT} {offered}", name)) == [("tone.threat", 1, "quoted")]


@pytest.mark.parametrize(
    "piece",
    ["<!-- coach: ignore ", "[coach: ignore ", "# coach: ignore ", "coach: ", "`", "<!--", '"a, '],
)
def test_many_remarks_are_read_in_linear_time(piece: str) -> None:
    text = f"{piece * (1_000_000 // len(piece))} coach: {THREAT}\n" + "[coach: ignore x]\n" * 5_000
    began = time.perf_counter()
    inline(document(text, "a.txt"), ())
    assert time.perf_counter() - began < 20


def test_many_findings_with_an_ignore_each_are_judged_in_linear_time() -> None:
    text = f"{THREAT} [coach: ignore threat: x]\n" * 10_000
    marked = document(text, "a.txt")
    findings = found(without_ignores(marked))
    began = time.perf_counter()
    kept, suppressed, faults = inline(marked, findings)
    assert time.perf_counter() - began < 10
    assert (kept, len(suppressed), faults) == ((), 10_000, ())


def test_many_ignores_of_no_rule_are_judged_in_time() -> None:
    remarks = "".join(f"[coach: ignore x{'y' * (n % 50)}z: why]\n" for n in range(5_000))
    began = time.process_time()
    file = judged(remarks + THREAT, "a.txt")
    assert len(file.findings) == 5_001
    assert time.process_time() - began < 10
