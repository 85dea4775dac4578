"""What a manager's line does is told by its wording: the moves, and questions of either kind."""

from __future__ import annotations

import pytest

from coach.rehearsal import heard
from coach.rehearsal.moves import is_unclear, wanted

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
        "Who could you learn that from?",
        "Whom do you picture?",
        "With whom would you like to start?",
        "Who comes to mind?",
        "Could I ask how that came about?",
        "Could you say a bit more?",
        "I'd really like to hear it.",
        "I'd like to know what you decide there today.",
        "And?",
        "Please do.",
        "I want to understand how it is for you.",
        "I'd like to talk about who decides what.",
        "Marek, I'd like to talk about your future here.",
        "And the worst?",
        "Is there anything you'd want to learn this year?",
        "Give me a number.",
        "Why",
        "Whom do we do this for?",
        "¿Qué te ayudaría?",
        "Was brauchst du dafür?",
        "Let me ask differently: how would you tell that it went well?",
        "Let me put it another way: what would you miss?",
        "And when Birgit is away?",
        "Name one task where you'd stop and ask.",
    ),
    "asked_closed": (
        "Did you tell them?",
        "Is it the budget?",
        "When did you hear about it?",
        "Do you want to stay in this team?",
        "Are you happy with that?",
        "How many were there?",
        "Who told you?",
        "Whose signature is it?",
        "Whom did you ask?",
        "Could you imagine leading it by May?",
        "Will you stay until summer?",
    ),
    "asked_feedback": (
        "What should I do differently?",
        "Which habit of mine gets in your way?",
        "How am I doing as your manager?",
        "What could I explain better?",
        "What did I do that made it worse?",
        "I'd like to know how I can support you better.",
        "I need some feedback from you.",
    ),
    "reflected": (
        "So it felt turned round over your head.",
        "It sounds like the waiting costs you half a day.",
        "So you'd rather hear it from me first?",
        "I'm sorry to hear that.",
        "So I change the plan too late in the day.",
        "You heard it from somebody else, not from me.",
        "It seems as if that was settled without you.",
        "That makes sense.",
        "You look tired.",
        "You don't look convinced.",
        "You sound like you've heard that one before.",
        "I know the decision was hard for you.",
        "I know you wanted the lead job.",
        "You want to decide overtime yourself. Have I understood that?",
        "So the waiting costs you most. Did I get that right?",
    ),
    "thanked": (
        "You handled the audit really well.",
        "Thank you for saying that.",
        "Great job on the Hartwell claim.",
        "Fair point.",
        "That's helpful.",
    ),
    "apologised": (
        "I should have told you first.",
        "Sorry about that.",
        "I changed that without asking you. I'm sorry, that was mine.",
        "Sorry, that came out wrong.",
        "Sorry.",
        "Oh, sorry, I interrupted you.",
        "I put that badly.",
        "Nobody told you. That was wrong, and it was me.",
        "Lo siento, fue culpa mía.",
    ),
    "offered_range": (
        "From now on that one is yours, just tell me afterwards.",
        "You decide, and tell me after.",
        "Would you like to decide that yourself?",
        "You can order up to 500 without asking me.",
        "Up to 50 euros, don't ask me.",
        "I want you to decide the small things.",
    ),
    "offered_help": (
        "I'll talk to purchasing.",
        "What if I took the Monday report off you?",
        "Shall I talk to Finance?",
        "I'll try that.",
        "I could be easier to reach in the mornings.",
        "Let me ask Finance about it.",
    ),
    "proposed": (
        "How about we try it for a month?",
        "Shall we say by the 12th?",
        "Let's look at it again in May.",
        "Does Friday work?",
        "Can we put down the 3rd for that?",
        "Let's try it for a month. What do you think?",
        "How does that sound?",
        "Would you draft three results by Friday?",
        "Could you send me the list?",
        "I am not ready to hand it over. We look at it again on 1 March.",
        "I can promise that we look at these three signs together on the 1st of April.",
        "Thank you for telling me. Let's talk again on Tuesday.",
        "Let's write down two goals. Agreed?",
    ),
    "told": (
        "I'd like the report by Friday.",
        "You should talk to him.",
        "The mission this year is staying open five days.",
        "I need you to tell me early when a date slips.",
        "I think the deadline is realistic.",
        "So I think you should ring them.",
        "We can't do everything at once.",
        "I'd like to hear about bad news early.",
        "I'll call you on Thursday.",
        "Maybe next time you could take it to the board yourself.",
        "It would be nice if we didn't have to meet so early.",
        "I'd hate for you to miss your bonus.",
    ),
    "threatened": (
        "If this happens again HR takes over.",
        "One more late cash-up and HR takes it from here.",
        "I'd hate for this to come up at bonus time.",
        "I wouldn't want this to end up on your record.",
    ),
    "belittled": (
        "Even the intern spotted it.",
        "You never listen.",
        "You're too soft for this.",
        "Perhaps next time you could read the brief before starting.",
        "It would be lovely if I didn't have to chase you for once.",
    ),
    "silent": ("...", "ok", "mm", "", "I see.", "Take your time.", "I'm listening."),
    "wrapped_up": ("Let's stop here, thanks.", "Same time next week.", "See you Friday"),
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


@pytest.mark.parametrize(
    ("move", "line"),
    [
        ("greeted", "Hi Kofi. I know you're busy, so let's use the time well."),
        ("greeted", "Hi Priya. Thanks for your time."),
        ("apologised", "Hi. I'm sorry about last week."),
        ("asked_open", "Good morning. How do you see it?"),
    ],
)
def test_a_first_line_is_a_greeting_unless_it_does_more(move: str, line: str) -> None:
    assert heard(line, first=True).answered == move


def test_a_question_for_assent_is_open_and_what_it_is_about_is_answered() -> None:
    found = heard("From now on that one is yours. How does that sound?")
    assert (found.answered, found.open_questions) == ("offered_range", 1)
    assert heard("So you waited. What do you think about that?").answered == "asked_open"


def test_what_is_said_in_passing_is_told_from_what_is_meant() -> None:
    assert heard("Sorry, that came out wrong.").meant == ()
    assert heard("Does Friday work?").meant == ()
    assert heard("That was unfair. I'm sorry.").meant == ("apologised",)
    assert heard("I'm sorry. I should have told you before the others.").meant == ("apologised",)


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("who", "I see. Whose yes is it?"),
        ("when", "Since when?"),
        ("when", "When was that?"),
        ("what_if", "And when Birgit is away?"),
        ("feeling", "What was that like for you?"),
        ("how_many", "So it waits. How often does that happen?"),
        ("which", "Which exceptions do you mean?"),
        ("by_when", "When do you want to start?"),
        ("by_when", "What date shall we write down?"),
        ("how_far", "How much would you want to decide alone?"),
        ("how_many", "How much time would that free up?"),
        ("why", "Why?"),
        ("why", "What made it good?"),
        ("help", "What would help?"),
        ("help", "And what do you need from me?"),
        ("view", "How is that for you?"),
        ("view", "Are you ok with that?"),
        ("feeling", "How was that for you?"),
        ("worry", "What could go wrong?"),
        ("what_if", "What if it doesn't work?"),
        ("mood", "How are you?"),
        ("example", "Can you give me an example?"),
        ("else", "Anything else?"),
        ("leave", "Is now a good time?"),
        ("leave", "Would you mind if I took notes?"),
        ("deed", "Would you draft the list of decisions by Friday?"),
        (None, "What else would you change?"),
        (None, "How does it look from your side?"),
        (None, "Whom do we do this for?"),
        (None, "Is it the budget?"),
        (None, "Which decisions would you like to take yourself?"),
        (None, "Nothing is asked."),
    ],
)
def test_a_question_that_wants_one_thing_says_which(what: str | None, line: str) -> None:
    assert wanted(line) == what


def test_to_say_what_the_talk_is_about_is_no_question() -> None:
    found = heard("I'd like to talk about who decides what.")
    assert (found.answered, found.open_questions, found.meant) == ("asked_open", 0, ())
    found = heard("I'd like to talk about who decides what. How does it look from your side?")
    assert found.open_questions == 1


def test_a_line_that_does_two_things_keeps_both_and_its_question_is_answered() -> None:
    found = heard("So it was changed over your head. What would have helped?")
    assert found.moves == ("reflected", "asked_open")
    assert found.answered == "asked_open"


def test_harsh_words_are_answered_before_any_question() -> None:
    assert heard("Even the intern spotted it. What went wrong?").answered == "belittled"


def test_questions_are_counted_by_kind() -> None:
    found = heard("What do you think? Is it the time? Did you ask? How would you do it?")
    assert (found.open_questions, found.closed_questions) == (2, 2)


def test_courtesy_and_blame_are_questions_of_neither_kind() -> None:
    for line in ("Is now a good time?", "May I ask you something?", "Why did you not tell me?"):
        found = heard(line)
        assert (found.answered, found.open_questions, found.closed_questions) == (
            "asked_closed",
            0,
            0,
        )
    assert heard("Why didn't you like it?").open_questions == 1


@pytest.mark.parametrize(
    ("line", "unclear"),
    [
        ("asdf qwer", True),
        ("sdkfjhg", True),
        ("asdf, I meant to ask", False),
        ("PDF", False),
        ("Strengths?", False),
        ("Mhm.", False),
        ("", False),
    ],
)
def test_keys_that_were_struck_are_told_from_words(line: str, unclear: bool) -> None:
    assert is_unclear(line) is unclear


@pytest.mark.parametrize("apostrophe", ["'", "’"])
def test_the_kind_of_apostrophe_changes_nothing(apostrophe: str) -> None:
    assert heard(f"I{apostrophe}ll talk to purchasing.").answered == "offered_help"


@pytest.mark.parametrize(
    "line",
    [
        "?" * 5000,
        "what " * 20000,
        "so " * 20000 + "?",
        "a" * 100_000,
        "perhaps " * 12_000,
        "nice if " * 12_000,
    ],
)
@pytest.mark.timeout(20)
def test_no_line_takes_long(line: str) -> None:
    assert heard(line).moves
    assert not is_unclear(line)
