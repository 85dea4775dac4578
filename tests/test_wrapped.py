"""Wrapped text: a sentence over two lines is heard as one, and notes stay as they were broken."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.engines.embedded import EmbeddedEngine
from coach.engines.embedded.wrapped import on_one_line, unwrapped
from coach.tone import as_notes

ENGINE = EmbeddedEngine()
MAIL = (
    "The list came in on Thursday and the figures for the second bay were not in it, so the truck"
    " had to wait an hour. There are plenty of people out of work this spring who would be glad of"
    " your job, so have a think about that. The next one is due on the 14th, and the customer has"
    " asked for a copy as well."
)


@pytest.mark.parametrize("width", [60, 66, 72, 78])
def test_a_sentence_is_heard_as_one_however_it_is_wrapped(width: int) -> None:
    (whole,) = ENGINE.listen(as_notes(MAIL))
    document = as_notes("\n".join(["Hi Ben,", "", *textwrap.wrap(MAIL, width), "", "Best, Jo"]))
    (found,) = ENGINE.listen(document)
    assert found.category == whole.category == "threat"
    assert "glad of your job" in document.text[found.start - 80 : found.end + 80].replace("\n", " ")
    assert document.text[found.start : found.end] == found.quote
    assert found.quote in document.line(found.line).text


def test_every_offset_stays() -> None:
    text = "\n".join(["Hi Ben,", "", *textwrap.wrap(MAIL, 70), "Best, Jo"])
    whole = unwrapped(as_notes(text))
    assert [line.text for line in whole.lines] == [
        "Hi Ben,",
        "",
        *(f"{sentence}." for sentence in MAIL.rstrip(".").split(". ")),
        "Best, Jo",
    ]
    for line in whole.lines:
        assert text[line.start : line.end].replace("\n", " ") == line.text


@pytest.mark.parametrize(
    "text",
    [
        "rota is late again\nsaid sorry, will do it\nBest, Jo",
        "she wants the forklift ticket and i said i would pay for it\nrota: fine as it is",
        f"{'a word ' * 30}\nand more of them",
        "- the list for the second bay, which was late for the third week\n- the truck",
        "Ends with a full stop, and so it is done, and nothing runs on here.\nthe next",
    ],
)
def test_what_is_not_wrapped_stays_as_it_is(text: str) -> None:
    document = as_notes(text)
    assert unwrapped(document) is document


@given(st.lists(st.text("ab .,\n", max_size=70), max_size=8))
def test_what_is_put_together_holds_every_letter_once(rows: list[str]) -> None:
    document = as_notes("\n".join(rows))
    whole = unwrapped(document)
    for line in whole.lines:
        assert document.text[line.start : line.end].replace("\n", " ") == line.text
    held = "".join(line.text for line in whole.lines).split()
    assert "".join(held) == "".join(document.text.split())


def test_each_sentence_of_a_wrapped_mail_is_heard_and_ignored_by_itself() -> None:
    text = (
        "Honestly I expected a grown man to be able to count to twelve without somebody holding"
        " his\nhand. Frankly everybody upstairs is wondering why we still bother to pay you at all."
        " Keep\nthis up and I promise you will not enjoy what your summer looks like."
    )
    found = ENGINE.listen(as_notes(text))
    assert {finding.line for finding in found} == {1, 2, 3}


def test_of_words_over_two_lines_the_longer_part_is_named() -> None:
    document = as_notes("you never\nlisten to anybody here")
    line, (start, end) = on_one_line(document, (0, len(document.text)))
    assert (line.number, document.text[start:end]) == (2, "listen to anybody here")
    line, (start, end) = on_one_line(document, (0, 12))
    assert (line.number, document.text[start:end]) == (1, "you never")
