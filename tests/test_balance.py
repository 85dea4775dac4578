"""The balance of a text: questions, orders, support, views, we, voices, talk share."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.checks.balance import Balance, balance
from coach.document import read, read_bytes
from coach.tone import as_notes

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"

MAIL = """\
Hello Dana,
Send me the list by noon. What would you need for that?
You must log each call, and did you get the form?
She said the form is slow, so I'll ask for a shorter one.
Let's look at it together on Friday. Thank you for the extra shift.
The stock-room is closed."""


def test_every_sentence_is_counted_once_for_what_it_does_with_its_line() -> None:
    counted = balance(as_notes(MAIL))
    assert counted.open_questions == (2,)
    assert counted.closed_questions == (3,)
    assert counted.orders == (2,)
    assert counted.views == (4,)
    assert counted.support == (2, 4, 5)
    assert counted.we == (5,)
    assert counted.both_voices
    assert counted.talk == ()


def test_a_part_of_the_document_has_its_own_counts() -> None:
    part = balance(as_notes(MAIL)).among({2, 3})
    assert (part.open_questions, part.closed_questions, part.orders) == ((2,), (3,), (2,))
    assert part.support == (2,)
    assert part.we == part.views == ()


@pytest.mark.parametrize(
    ("sentence", "field"),
    [
        ("How do you see it", "open_questions"),
        ("Tell me how the round went.", "open_questions"),
        ("So what would great look like by March?", "open_questions"),
        ("Is that all right for you?", "closed_questions"),
        ("Could you send it?", "closed_questions"),
        ("What about Friday?", "closed_questions"),
        ("Check the log before you leave.", "orders"),
        ("I expect you to be there.", "orders"),
        ("Shall I sit in on the call?", "support"),
        ("I'll talk to the depot about it.", "support"),
        ("You said the printer is slow.", "views"),
        ("We agreed on two.", "we"),
    ],
)
def test_a_sentence_counts_for_what_it_does(sentence: str, field: str) -> None:
    assert getattr(balance(as_notes(sentence)), field) == (1,)


@pytest.mark.parametrize(
    "sentence",
    ["The belt runs.", "", "> Send me the list.", "```\nSend me the list.\n```", "`Send it` works"],
)
def test_what_does_none_of_these_counts_for_nothing(sentence: str) -> None:
    assert balance(as_notes(sentence)) == Balance()


def test_a_country_is_nobody() -> None:
    def we(text: str) -> tuple[int, ...]:
        return balance(as_notes(text)).we

    assert we("The pilot starts in the US in May.") == ()
    assert we("It helps us in the US.") == we("SEND IT TO US.") == (1,)


def test_in_a_transcript_the_managers_turns_are_counted_and_the_talk_is_shared_out() -> None:
    counted = balance(read(str(EXAMPLES / "tense-transcript.vtt")))
    shares = {voice.role: voice for voice in counted.talk}
    assert counted.both_voices
    assert sum(voice.share for voice in counted.talk) == pytest.approx(1, abs=0.01)
    assert shares["manager"].words > shares["employee"].words
    spoken = {line.number: line.role for line in read(str(EXAMPLES / "tense-transcript.vtt")).lines}
    places = (*counted.open_questions, *counted.orders, *counted.support, *counted.we)
    assert places
    assert {spoken[line] for line in places} == {"manager"}


def test_a_monologue_has_one_voice() -> None:
    talk = "Ana: Send it by noon please.\nBo: Ok.\nAna: And log each call now.\nBo: Ok.\n"
    counted = balance(read_bytes(talk.encode(), "t.txt", manager="Ana", employee="Bo"))
    assert not counted.both_voices
    assert [(voice.speaker, voice.words) for voice in counted.talk] == [("Ana", 10), ("Bo", 2)]


def test_nothing_in_it_is_a_grade() -> None:
    assert set(Balance.model_fields) == {
        "open_questions", "closed_questions", "orders", "support", "views", "we",
        "both_voices", "talk",
    }  # fmt: skip


def test_nothing_flagged_counts_as_support() -> None:
    document = as_notes("I'll find you a course.\nI'll find someone who cares.")
    assert balance(document).support == (1, 2)
    assert balance(document, flagged={2}).support == (1,)
