"""Pseudonyms: nothing on the roster leaves, everything comes back, and how much else is found."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.document import Document, read_bytes
from coach.engines.llm.pseudonyms import Person, Pseudonyms, UnknownPlaceholder, load_people
from coach.errors import EngineError

FIXTURES = Path(__file__).parent / "fixtures" / "pseudonyms"
PEOPLE = load_people(FIXTURES / "people.yaml")
FRAME = "# Notes\n\nwe talked.\n\n{}\nwe talked about the week.\n"
"""So that no sentence is taken for the title of its notes."""


class Marked(NamedTuple):
    """A sentence, and the spans in it that somebody marked by hand."""

    text: str
    spans: tuple[tuple[int, int], ...]


def marked(name: str) -> Iterator[Marked]:
    for line in (FIXTURES / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            parts = re.split(r"\{([^}]*)\}", line)
            ends = [sum(map(len, parts[: at + 1])) for at in range(len(parts))]
            spans = ((ends[at] - len(parts[at]), ends[at]) for at in range(1, len(parts), 2))
            yield Marked("".join(parts), tuple(spans))


def document(text: str) -> Document:
    return read_bytes(text.encode(), name="talk.md")


def missed(name: str, people: tuple[Person, ...] = ()) -> tuple[str, ...]:
    """The marked spans of which a letter or digit stays."""
    stays = []
    for text, spans in marked(name):
        names = Pseudonyms.of(document(FRAME.format(text)), people)
        hidden = {at for span in names.spans(text) for at in range(span.start, span.end)}
        for start, end in spans:
            if any(text[at].isalnum() and at not in hidden for at in range(start, end)):
                stays.append(text[start:end])
    return tuple(stays)


def recall(name: str) -> float:
    total = sum(len(line.spans) for line in marked(name))
    return 1 - len(missed(name)) / total


# -- how much is found ----------------------------------------------------------------------------


def test_every_name_on_the_roster_is_hidden_however_it_is_written() -> None:
    assert missed("roster.txt", PEOPLE) == ()


def test_in_notes_without_capitals_names_that_are_words_are_hidden_too() -> None:
    lines = list(marked("roster-lower.txt"))
    names = Pseudonyms.of(document("\n".join(line.text for line in lines) + "\n"), PEOPLE)
    for text, spans in lines:
        hidden = {(span.start, span.end) for span in names.spans(text)}
        assert set(spans) <= hidden, text


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("ids-choose.txt", 0.98),
        ("ids-test.txt", 0.98),
        ("strangers-choose.txt", 0.95),
        ("strangers-test.txt", 0.75),
    ],
)
def test_recall_is_what_the_privacy_page_says(name: str, least: float) -> None:
    assert len(list(marked(name))) >= 30
    assert recall(name) >= least


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Ask O'Brien for the list", "Ask [PERSON_1] for the list"),
        ("Sean O’Brien covers", "[PERSON_1] covers"),
        ("then N'Golo and D'Souza left", "then [PERSON_1] and [PERSON_2] left"),
        ("LIAM O'CONNOR was late", "[PERSON_1] was late"),
        ("RAJ OKAFOR runs it", "[PERSON_1] runs it"),
        ("so we asked RAJ", "so we asked [PERSON_1]"),
        ("five O'CLOCK, the KPI of the CRM", "five O'CLOCK, the KPI of the CRM"),
        ("DON'T say I'M late for L'Avion", "DON'T say I'M late for L'Avion"),
    ],
)
def test_names_with_an_apostrophe_and_names_in_capitals_are_names(text: str, hidden: str) -> None:
    assert Pseudonyms.of(document(FRAME.format(text))).hide(text) == hidden


@pytest.mark.parametrize(
    ("text", "left"),
    [("the SAM report", ("SAM",)), ("WILL, then L'Avion", ("WILL", "Avion")), ("the KPI", ())],
)
def test_a_name_in_capitals_or_behind_an_article_is_listed_where_it_stays(
    text: str, left: tuple[str, ...]
) -> None:
    names = Pseudonyms.of(document(FRAME.format(text)))
    assert (names.hide(text), names.left(text)) == (text, left)


def test_a_stranger_who_is_not_found_is_shown_as_left() -> None:
    for text, spans in marked("strangers-test.txt"):
        names = Pseudonyms.of(document(FRAME.format(text)))
        hidden, left = names.hide(text), names.left(text)
        for start, end in spans:
            name = text[start:end]
            if name[0].isupper() and name in hidden:
                assert set(left) & set(re.split(r"[\s'-]", name)), name


@pytest.mark.parametrize(
    "text",
    [
        "her page is linkedin.com/people/dana-miller",
        "https://example.com/users/dana",
        "see https://github.com/~/dana",
        "write to d.westgate [at] example [dot] com",
        "write to dana.miller(AT)example.com",
        "write to dana at example DOT com",
        "write to dana at example\u00a0dot\u00a0com",
    ],
)
def test_mails_and_links_without_a_digit_are_hidden_on_every_line(text: str) -> None:
    source = document(f"Met on 3 May.\n{text}\nshe wants the van\n")
    for hidden in (Pseudonyms.of(source).hide(source.text), Pseudonyms.of(source).hide(text)):
        assert re.search(r"\[(?:EMAIL|LINK)_1\]", hidden)
        assert "dana" not in hidden and "westgate" not in hidden


def test_harmless_sentences_stay_as_they_are() -> None:
    sentences = list(marked("harmless.txt"))
    assert len(sentences) >= 60
    changed = [
        text
        for text, _ in sentences
        if Pseudonyms.of(document(FRAME.format(text))).hide(text) != text
    ]
    assert changed == []


# -- what takes their place -----------------------------------------------------------------------

TALK = """Dana Whitlock: Morning. How is the rota?
Priya: Fine. Tomasz said he swaps with Wren, so Tomasz has Friday.
Dana Whitlock: Good. Priya, Tomasz's number is 07700 900123.
Priya: Thanks, Dana.
"""


def talk(**options: str) -> Document:
    return read_bytes(TALK.encode(), name="talk.txt", manager="Dana", employee="Priya", **options)


def test_the_two_who_talk_have_their_roles_and_others_are_numbered_as_they_appear() -> None:
    names = Pseudonyms.of(talk(), [Person(name="Wren Oduya"), Person(name="Tomasz Pell")])
    assert names.hide(TALK).splitlines() == [
        "[MANAGER]: Morning. How is the rota?",
        "[EMPLOYEE]: Fine. [PERSON_1] said he swaps with [PERSON_2], so [PERSON_1] has Friday.",
        "[MANAGER]: Good. [EMPLOYEE], [PERSON_1]'s number is [PHONE_1].",
        "[EMPLOYEE]: Thanks, [MANAGER_B].",
    ]
    assert names.seen == {
        "MANAGER": ("Dana Whitlock", "Dana"),
        "EMPLOYEE": ("Priya",),
        "PERSON": ("Tomasz", "Wren"),
        "PHONE": ("07700 900123",),
    }


def test_a_hidden_document_has_the_same_lines_and_comes_back_whole() -> None:
    source = talk()
    names = Pseudonyms.of(source)
    hidden = names.hidden(source)
    assert [line.number for line in hidden.lines] == [line.number for line in source.lines]
    assert [line.role for line in hidden.lines] == [line.role for line in source.lines]
    assert {line.speaker for line in hidden.lines} == {"[MANAGER]", "[EMPLOYEE]"}
    assert (hidden.manager, hidden.employee) == ("[MANAGER_B]", "[EMPLOYEE]")
    assert all(hidden.text[line.start : line.end] == line.text for line in hidden.lines)
    assert [names.show(line.content) for line in hidden.lines] == [
        line.content for line in source.lines
    ]
    assert names.show(hidden.text) == source.text


def test_a_document_that_was_looked_at_before_is_hidden_all_the_same() -> None:
    """What it worked out about itself holds its names, and must not come along."""
    talk = read_bytes(b"Dana: How was the rota?\nRaj: Fine, I asked Dana.\n", "talk.txt")
    assert talk.speakers and talk.content_lines and talk.words and talk.line_at(3)
    hidden = Pseudonyms.of(talk).hidden(talk)
    told = f"{hidden.speakers} {hidden.content_lines} {hidden.line_at(3)} {hidden!r}"
    assert "Dana" not in told and "Raj" not in told


def test_a_first_name_that_two_share_belongs_to_neither() -> None:
    people = [Person(name="Dana Whitlock"), Person(name="Dana Reyes")]
    names = Pseudonyms.of(document("# Notes\n\nDana Whitlock, Dana Reyes, Dana.\n"), people)
    assert names.hide("Dana Whitlock, Dana Reyes, Dana.") == "[PERSON_1], [PERSON_2], [PERSON_3]."


def test_a_first_name_that_two_share_means_the_one_who_talks() -> None:
    names = Pseudonyms.of(talk(), [Person(name="Dana Reyes")])
    assert names.hide("Dana and Dana Reyes") == "[MANAGER_B] and [PERSON_3]"


def test_names_of_later_texts_are_found_and_change_nothing_that_was_given_out() -> None:
    names = Pseudonyms.of(talk())
    before = names.hide(TALK)
    assert names.hide("Marek Kowalski said Dana Reyes left.").count("[PERSON_") == 2
    assert names.hide(TALK) == before


def test_dates_and_numbers_of_the_plan_stay_and_pay_does_not() -> None:
    text = "From 14 May, orders up to £400; her salary is £38,000. Review in 2 weeks, 14.00."
    names = Pseudonyms.of(document(FRAME.format(text)))
    assert names.hide(text) == text.replace("£38,000", "[PAY_1]")


@pytest.mark.parametrize(
    "forged",
    [
        "[PERSON_1]",
        "[EMPLOYEE]",
        "[MANAGER_B]",
        "[person 1]",
        "[ PERSON-7 ]",
        "[LITERAL_1]",
        "[PAY_]",
    ],
)
def test_text_that_looks_like_a_placeholder_can_forge_nobody(forged: str) -> None:
    text = f"{forged} wants [[PERSON_2]] as well"
    names = Pseudonyms.of(document(FRAME.format(text)), PEOPLE)
    hidden = names.hide(text)
    assert names.show(hidden) == text
    if forged != "[PAY_]":
        assert hidden == "[LITERAL_1] wants [[LITERAL_2]] as well"


@pytest.mark.parametrize(
    "answer", ["[PERSON_9] agrees", "ask [EMPLOYEE_C]", "[person_1]", "[NAME]"]
)
def test_a_placeholder_that_was_never_given_out_is_an_error(answer: str) -> None:
    names = Pseudonyms.of(talk())
    (placeholder,) = names.unknown(answer)
    with pytest.raises(UnknownPlaceholder, match="stands for nothing") as caught:
        names.show(answer)
    assert isinstance(caught.value, EngineError)
    assert caught.value.exit_code == 4
    assert caught.value.placeholder == placeholder
    assert names.unknown("[EMPLOYEE] and [MANAGER_B] [see above] [x]") == ()


def test_the_same_document_gives_the_same_placeholders_each_time() -> None:
    assert len({Pseudonyms.of(talk(), PEOPLE).hide(TALK) for _ in range(3)}) == 1


# -- exactness and time ---------------------------------------------------------------------------

_PIECES = st.sampled_from(
    [
        *"Dana|dana|DANA|Dana Whitlock-Reyes|O’Neil|王小明|Will|will|May".split("|"),
        *"May 3|Marek and|Mr X".split("|"),
        *"[PERSON_1]|[|]|PERSON|_1|[EMPLOYEE_B]|[[|]]|[LITERAL_1".split("|"),
        *"salary £4,000|a@b.cd|+44 20 7946".split("|"),
        *" |\n|\t|, |. |'s|-|: |\u00ad|\u200b|e\u0301|İ|ß|ﬁ|12".split("|"),
        *"0161 496 0345|said|From: |@".split("|"),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(_PIECES, st.text(max_size=4)), max_size=25).map("".join))
def test_what_is_hidden_comes_back_letter_by_letter(text: str) -> None:
    names = Pseudonyms.of(talk(), PEOPLE)
    hidden = names.hide(text)
    assert names.show(hidden) == text
    assert names.unknown(hidden) == ()


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["Whitlock", "Łukasz", "Featherwick", "王小明", "Wójcik"]),
    st.text(alphabet=" .,;:'’\"-()/\n!?*_>", max_size=6),
    st.text(alphabet=" .,;:'’\"-()/\n!?*_>", max_size=6),
)
def test_no_punctuation_around_it_saves_a_name(name: str, before: str, after: str) -> None:
    names = Pseudonyms.of(talk(), PEOPLE)
    assert name not in names.hide(f"so{before} {name}{after} then")


@pytest.mark.parametrize(
    "seed",
    [
        "a.",
        "A",
        "Dana, ",
        "a@",
        "12 ",
        "1-",
        "salary 1 ",
        "on 45k ",
        "[PERSON_",
        "Mr ",
        "DE89 ",
        "O'",
    ],
)
def test_time_grows_no_faster_than_the_text(seed: str) -> None:
    def seconds(size: int) -> float:
        names = Pseudonyms.of(talk(), PEOPLE)
        text = seed * (size // len(seed))
        gc.collect()
        start = time.process_time()
        names.hide(text)
        return time.process_time() - start

    seconds(1_000)
    small, large = (min(seconds(size) for _ in range(3)) for size in (20_000, 80_000))
    assert large < 4 * 3 * max(small, 0.03)
