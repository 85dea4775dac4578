"""The notes' own words, cleaned and never changed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.engines.embedded.clauses import clauses
from coach.engines.embedded.drafting.wording import cleaned, lowered, raised


@pytest.mark.parametrize(
    ("noted", "clean"),
    [
        ("- [ ] read access to the CRM", "Read access to the CRM"),
        ("* **mailbox** first.", "Mailbox first"),
        ("9:15 every cancel gets a call", "Every cancel gets a call"),
        ("3) she said she can close small ones", "She can close small ones"),
        ("told her the audit comes first", "The audit comes first"),
        ("P: wants the exam unit", "Wants the exam unit"),
        ("said so", "Said so"),
        ("12 crates a day, none late", "12 crates a day, none late"),
        ("iPads for the team", "iPads for the team"),
    ],
)
def test_a_written_line_loses_its_marks_and_lead_in_only(noted: str, clean: str) -> None:
    assert cleaned(noted) == clean


@pytest.mark.parametrize(
    ("said", "clean"),
    [
        ("Um, so okay, you sign the small ones", "You sign the small ones"),
        ("I mean, yeah, refunds are yours.", "Refunds are yours"),
        ("No.", "No"),
        ("Well done on the count", "Well done on the count"),
    ],
)
def test_a_spoken_line_loses_its_fillers(said: str, clean: str) -> None:
    assert cleaned(said, spoken=True) == clean


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("he rings me first. it's her call", ["he rings me first.", "it's her call"]),
        ("done by 9 a.m. on Fri. no later", ["done by 9 a.m. on Fri. no later"]),
        ("under 2.5 per cent; then weekly", ["under 2.5 per cent;", "then weekly"]),
        ("", []),
    ],
)
def test_clauses_follow_sentences_and_leave_abbreviations_whole(
    line: str, parts: list[str]
) -> None:
    assert [line[start:end] for start, end in clauses(line)] == parts


@given(st.text())
def test_clauses_are_slices_in_order_that_lose_only_blanks(text: str) -> None:
    spans = clauses(text)
    assert all(start < end for start, end in spans)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())


@given(st.text())
def test_cleaning_any_text_keeps_to_its_letters(text: str) -> None:
    for spoken in (True, False):
        kept = "".join(cleaned(text, spoken=spoken).lower().split())
        assert set(kept) <= set(text.lower()) | set(text.upper().lower())


def test_a_first_letter_is_raised_but_names_keep_their_case() -> None:
    assert raised("the queue") == "The queue"
    assert raised("eBay orders") == "eBay orders"
    assert lowered("The queue") == "the queue"
    assert lowered("Priya signs") == "Priya signs"
