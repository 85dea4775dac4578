"""What a manager's line does is told by its wording: the moves, and questions of either kind."""

from __future__ import annotations

import pytest

from coach.rehearsal import heard

LINES = {
    "asked_open": (
        "What gets in your way there?",
        "Tell me more.",
        "Walk me through it.",
        "So what would you need?",
        "And when that happened, how did it look to you?",
        "I'd like to hear how that looked to you.",
        "Thanks. What makes it feel risky?",
        "What do you need from me?",
        "I see. Why is that?",
        "If you could change one thing, what would it be?",
        "Could you tell me more about that?",
        "Which decisions would you like to take yourself?",
        "How could we make the handover easier?",
        "What, or who, is in your way that I could help to move?",
    ),
    "asked_closed": (
        "Did you tell them?",
        "Is it the budget?",
        "When did you hear about it?",
        "Do you want to stay in this team?",
        "Are you happy with that?",
        "How many were there?",
    ),
    "asked_feedback": (
        "What should I do differently?",
        "Which habit of mine gets in your way?",
        "How am I doing as your manager?",
        "What could I explain better?",
    ),
    "reflected": (
        "So it felt turned round over your head.",
        "It sounds like the waiting costs you half a day.",
        "So you'd rather hear it from me first?",
        "I'm sorry to hear that.",
        "So I change the plan too late in the day.",
    ),
    "thanked": (
        "You handled the audit really well.",
        "Thank you for saying that.",
        "Great job on the Hartwell claim.",
    ),
    "apologised": (
        "I should have told you first.",
        "Sorry about that.",
        "I changed that without asking you. I'm sorry, that was mine.",
    ),
    "offered_range": (
        "From now on that one is yours, just tell me afterwards.",
        "You decide, and tell me after.",
        "Would you like to decide that yourself?",
        "You can order up to 500 without asking me.",
    ),
    "offered_help": (
        "I'll talk to purchasing.",
        "What if I took the Monday report off you?",
        "Shall I talk to Finance?",
    ),
    "proposed": (
        "How about we try it for a month?",
        "Shall we say by the 12th?",
        "Let's look at it again in May.",
        "Does Friday work?",
        "Can we put down the 3rd for that?",
    ),
    "told": (
        "I'd like the report by Friday.",
        "You should talk to him.",
        "The mission this year is staying open five days.",
        "I need you to tell me early when a date slips.",
        "I think the deadline is realistic.",
        "So I think you should ring them.",
    ),
    "threatened": (
        "If this happens again HR takes over.",
        "One more late cash-up and HR takes it from here.",
    ),
    "belittled": ("Even the intern spotted it.", "You never listen.", "You're too soft for this."),
    "silent": ("...", "ok", "mm", "", "I see."),
    "wrapped_up": ("Let's stop here, thanks.", "Same time next week."),
}


@pytest.mark.parametrize(
    ("move", "line"), [(move, line) for move, lines in LINES.items() for line in lines]
)
def test_a_line_is_taken_as_the_move_it_makes(move: str, line: str) -> None:
    assert heard(line).answered == move


def test_small_talk_is_a_greeting_at_the_start_and_a_question_later() -> None:
    line = "Hi, good to see you. How was the weekend?"
    assert heard(line, first=True).answered == "greeted"
    assert heard("How was the weekend?").answered == "asked_open"


def test_a_line_that_does_two_things_keeps_both_and_its_question_is_answered() -> None:
    found = heard("So it was changed over your head. What would have helped?")
    assert found.moves == ("reflected", "asked_open")
    assert found.answered == "asked_open"


def test_harsh_words_are_answered_before_any_question() -> None:
    assert heard("Even the intern spotted it. What went wrong?").answered == "belittled"


def test_questions_are_counted_by_kind() -> None:
    found = heard("What do you think? Is it the time? Did you ask? How would you do it?")
    assert (found.open_questions, found.closed_questions) == (2, 2)


@pytest.mark.parametrize("apostrophe", ["'", "’"])
def test_the_kind_of_apostrophe_changes_nothing(apostrophe: str) -> None:
    assert heard(f"I{apostrophe}ll talk to purchasing.").answered == "offered_help"


@pytest.mark.parametrize("line", ["?" * 5000, "what " * 20000, "so " * 20000 + "?", "a" * 100_000])
@pytest.mark.timeout(20)
def test_no_line_takes_long(line: str) -> None:
    assert heard(line).moves
