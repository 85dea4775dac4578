"""Support: numbers and names of an entry must stand in its lines, its words mostly."""

from __future__ import annotations

import pytest

from coach.engines.llm.support import provenance_of, unsupported

LINE = "said she can close anything under 2k herself, up to 9 days, see Marek after half term"


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Closing anything under 2k", ()),
        ("Closing anything under 2,000", ()),
        ("Closing anything under 3k", ("3k",)),
        ("Boris closes anything under 2k", ("Boris",)),
        ("Under 2k. Maria signs", ("Maria",)),
        ("up to twelve days", ("twelve",)),
        ("up to 9k", ("9k",)),
        ("up to 9%", ("9%",)),
        ("see https://x.example/y", ("https://x.example/y",)),
        ("Turnaround of nine days", ()),
        ("Turnaround of 8 days", ("8",)),
        ("Breaking in Marek after half term", ()),
        ("Breaking in Marek with Tomasz", ("Tomasz",)),
        ("Marek's start", ()),
        ("Closing, by 14 March 2026", ("14", "2026", "March")),
        ("Ask [PERSON_1] first", ("[PERSON_1]",)),
    ],
)
def test_numbers_names_and_placeholders_must_stand_in_the_lines(
    text: str, missing: tuple[str, ...]
) -> None:
    assert set(unsupported(text, [LINE])) == set(missing)


def test_a_placeholder_with_another_form_of_the_name_is_the_same_person() -> None:
    assert unsupported("[EMPLOYEE] rings [PERSON_2]", ["[EMPLOYEE_B] rings [PERSON_2_C]"]) == ()


def test_a_sum_in_thousands_may_be_written_out() -> None:
    assert unsupported("Orders up to 2,500", ["orders up to 2.5k are hers"]) == ()


@pytest.mark.parametrize(
    ("text", "provenance"),
    [
        ("Close anything under 2k", "stated"),
        ("Close claims without further approval steps herself", "inferred"),
        ("Marek's induction, after half term", "stated"),
        ("Nurture a culture of operational excellence", None),
    ],
)
def test_the_words_of_an_entry_are_mostly_those_of_its_lines(
    text: str, provenance: str | None
) -> None:
    assert provenance_of(text, [LINE]) == provenance
