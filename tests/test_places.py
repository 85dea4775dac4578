"""Every flagged place of a line is told, and no words twice."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from coach import tone, workflow
from coach.checks.house import House
from coach.checks.places import every_place, told_once
from coach.document import read_bytes
from coach.finding import Finding, Severity
from coach.tone import as_notes

TWO = "One more slip and you are out. Get the rota right, otherwise I can't protect you."


def checked(text: str, name: str = "a.md") -> list[tuple[str, str]]:
    document = read_bytes(text.encode(), name)
    return [(one.category, one.quote) for one in workflow.check(document, None)]


def finding(
    text: str,
    words: str,
    category: str = "threat",
    *,
    severity: Severity = "medium",
    model: bool = False,
) -> Finding:
    start = text.index(words)
    return Finding(
        rule=f"tone.{category}",
        category=category,
        severity=severity,
        line=1,
        column=start + 1,
        start=start,
        end=start + len(words),
        quote=words,
        message="why",
        found_by="model" if model else "rule",
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (TWO, ["you are out", "I can't protect you"]),
        ("You're a hothead, it's just how you're made.", ["hothead", "how you're made"]),
        ("That's an excuse. Really, that's an excuse.", ["That's an excuse", "that's an excuse"]),
        ("That's an excuse.", ["That's an excuse"]),
        ('Dana: You told me "that\'s an excuse" and "I can\'t protect you".', None),
    ],
)
def test_each_phrase_of_a_line_is_a_finding_of_its_own(text: str, found: list[str] | None) -> None:
    told = [quote for _, quote in checked(text)]
    if found is None:
        assert len(told) == len(set(told))
    else:
        assert len(told) == len(found)
        assert all(words in quote for words, quote in zip(found, told, strict=True))


def test_an_ignore_of_one_phrase_leaves_the_other_flagged() -> None:
    for words, left in (("you are out", "protect you"), ("protect you", "you are out")):
        document = read_bytes(f'{TWO} <!-- coach: ignore "{words}": a play -->'.encode(), "a.md")
        file = House().judge("a.md", document, check=lambda text: workflow.check(text, None))
        (kept,) = file.findings
        (aside,) = file.suppressed
        assert left in kept.quote
        assert words in aside.finding.quote


def test_a_letter_of_formal_discipline_is_named_once_on_its_line() -> None:
    text = (
        "Your accuracy is below the required standard. You have thirty days to improve. "
        "Failure to improve may result in disciplinary action. This is a formal warning."
    )
    rules = [one.rule for one in workflow.check(read_bytes(text.encode(), "a.md"), None)]
    assert rules == ["tone.formal"]


def test_a_scan_as_for_a_map_names_the_worst_of_a_category_on_a_line() -> None:
    assert [one.category for one in tone.scan(as_notes(TWO), tone.load_rules())] == ["threat"]


@pytest.mark.parametrize(
    ("model", "category", "severity", "told"),
    [
        ("you are out", "blame", "medium", [("threat", "medium")]),
        ("you are out", "blame", "high", [("threat", "high")]),
        ("slip and you are", "threat", "low", [("threat", "medium")]),
        ("One more", "threat", "low", [("threat", "medium")]),
        ("One more", "blame", "low", [("blame", "low"), ("threat", "medium")]),
        ("Get the rota", "threat", "high", [("threat", "high")]),
        ("Get the rota", "blame", "low", [("threat", "medium"), ("blame", "low")]),
    ],
)
def test_what_the_model_hears_in_the_words_of_a_rule_is_told_once(
    model: str, category: str, severity: Severity, told: Sequence[tuple[str, str]]
) -> None:
    both = (
        finding(TWO, model, category, severity=severity, model=True),
        finding(TWO, "you are out"),
    )
    found = told_once(both)
    assert [(one.category, one.severity) for one in found] == told
    assert all(one.found_by == "rule" for one in found if one.quote == "you are out")


def test_the_severity_that_the_model_hears_goes_to_the_words_it_points_at() -> None:
    heard = finding(TWO, "rota right, otherwise I", severity="high", model=True)
    found = told_once((heard, finding(TWO, "you are out"), finding(TWO, "otherwise")))
    assert [one.severity for one in found] == ["medium", "high"]


def test_two_rules_of_different_categories_may_speak_of_the_same_words() -> None:
    both = (finding(TWO, "you are out"), finding(TWO, "you are out", "pip"))
    assert len(told_once(both)) == 2


@pytest.mark.parametrize("size", [2_000, 20_000])
def test_one_line_of_many_threats_is_read_in_linear_time(size: int) -> None:
    text = "One more slip and you are out. " * size
    document = as_notes(text)
    rules = tone.load_rules()
    findings = tone.scan(document, rules)
    began = time.process_time()
    found = every_place(document, findings, rules)
    told_once(found)
    assert len(found) == len(findings) + 50
    assert time.process_time() - began < 5
