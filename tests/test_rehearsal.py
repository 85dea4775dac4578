"""A session goes line by line, its state is held in code, and the debrief counts what was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from coach import workflow
from coach.document import read_bytes
from coach.engines import open_engine
from coach.guide import load_guide
from coach.plan import PlanFile
from coach.rehearsal import (
    Debrief,
    Difficulty,
    History,
    Kept,
    Session,
    Setting,
    heard,
    hints,
    load_persona,
    seed_of,
    written_reply,
)

ISP = load_guide("isp")
SCRIPTS = Path(__file__).parent / "fixtures" / "rehearsals"


def lines_of(name: str) -> list[str]:
    return (SCRIPTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def begun(
    persona: str = "guarded", step: str = "autonomy", *, difficulty: Difficulty = 2, seed: int = 0
) -> Session:
    setting = Setting(
        persona=load_persona(persona), guide=ISP, steps=(step,), difficulty=difficulty, seed=seed
    )
    session = Session.start(setting)
    return session.hear(written_reply(session))


def played(session: Session, lines: Sequence[str]) -> Session:
    for line in lines:
        session = session.say(line)
        session = session.hear(written_reply(session))
        if session.state.ended:
            break
    return session


# -- the state -------------------------------------------------------------------------------------


def test_a_manager_who_asks_and_listens_is_met_with_more() -> None:
    session = played(begun(), lines_of("listening"))
    assert session.state.band == "open"
    assert session.state.distress == 0
    assert set(session.state.met) == {"heard", "safe"}
    said = [len(turn.text.split()) for turn in session.turns if turn.role == "employee"]
    assert sum(said[-5:]) > sum(said[1:6])


SCRIPTED = sorted(path.stem for path in SCRIPTS.glob("*-*.txt"))
"""Talks of a step with a persona, as a manager led them."""


def test_every_step_is_rehearsed_with_three_people() -> None:
    assert Counter(talk.partition("-")[0] for talk in SCRIPTED) == dict.fromkeys(ISP.step_ids, 3)


@pytest.mark.parametrize("talk", SCRIPTED)
def test_a_talk_of_any_step_holds_out_without_a_line_twice(talk: str) -> None:
    step, _, persona = talk.partition("-")
    session = played(begun(persona, step), lines_of(talk))
    said = [turn.text for turn in session.turns if turn.role == "employee"]
    assert len(set(said)) == len(said) == len(lines_of(talk)) + 1


def test_a_punitive_manager_is_met_with_withdrawal_and_then_with_an_end() -> None:
    session = played(begun(), lines_of("punitive"))
    assert session.state.openness == 0
    assert session.state.ended
    distress = load_persona("guarded").distress
    assert distress is not None
    said = [turn.text for turn in session.turns if turn.role == "employee"]
    assert said[-1] in {reply.text for reply in distress.stops}
    assert sum(text in {reply.text for reply in distress.names} for text in said) == 1


def test_it_takes_more_to_open_somebody_up_the_higher_the_difficulty() -> None:
    easy, middle, hard = (
        played(begun(difficulty=difficulty), lines_of("listening")[:5]).state.openness
        for difficulty in (1, 2, 3)
    )
    assert easy > middle > hard


def test_an_apology_gives_back_part_of_what_a_harsh_line_took() -> None:
    before = begun("overloaded", "tasks").say("Hi Kofi.")
    harsh = before.say("Even the intern spotted it.").say("If this happens again HR takes over.")
    sorry = harsh.say("I'm sorry. I should not have said that, it was wrong.")
    fresh = before.say("I'm sorry. I should not have said that, it was wrong.")
    gained = sorry.state.openness - harsh.state.openness
    assert gained > fresh.state.openness - before.state.openness
    assert sorry.state.openness < before.state.openness
    heard_out = sorry.say("So I made it worse, and you carried it alone.").say("What would help?")
    assert sorry.state.band == heard_out.state.band == "closed"
    assert heard_out.say("So it is more than one person can do.").state.band == "wary"


def test_each_apology_gives_back_less_than_the_one_before() -> None:
    session, gains = begun("overloaded", "tasks").say("Hi Kofi."), []
    for _ in range(2):
        session = session.say("Even the intern spotted it.")
        sorry = session.say("I'm sorry. I should not have said that, it was wrong.")
        gains.append(sorry.state.openness - session.state.openness)
        session = sorry
    assert gains[0] > gains[1] > 0


def test_an_apology_is_answered_as_one_while_it_still_hurts() -> None:
    for name in ("overloaded", "guarded", "sceptical"):
        session = played(begun(name), ["If this happens again HR takes over."])
        session = played(session, ["I'm sorry. That was wrong, I should not have said it."])
        written = (*session.setting.persona.replies, *session.scenes[-1].replies)
        meant = {reply.text for block in written if block.hurt for reply in block.say}
        assert session.turns[-1].text in meant
    calm = played(begun("overloaded"), ["I'm sorry. That was wrong, I should not have said it."])
    assert calm.turns[-1].text not in meant


def test_no_need_is_met_while_something_hurts_badly() -> None:
    session = begun().say("If this happens again HR takes over.")
    sorry = session.say("I'm sorry. I should have asked you before I said that.")
    assert not sorry.state.met
    assert begun().say("I'm sorry. I should have asked you before I said that.").state.met
    assert sorry.say("What should I do differently, so that you can be frank?").state.met


def test_no_single_line_wins_anybody_over() -> None:
    line = (
        "I'm sorry. What would help? So you felt left out. You decide that from now on. Thank you."
    )
    before = begun()
    after = before.say(line)
    assert 0 < after.state.openness - before.state.openness < 0.25


@pytest.mark.parametrize(
    ("persona", "passing", "meant"),
    [
        ("hurt", "Sorry, that came out wrong.", "I should have told you before the others heard."),
        ("open", "Does Friday work? Deal?", "How about we write down one of these by Friday?"),
        (
            "overloaded",
            "Would you draft the list of decisions by Friday?",
            "Let's settle what comes first and what waits.",
        ),
        ("sceptical", "I'll do that.", "I'll ask them on Monday and ring you the same day."),
    ],
)
def test_no_need_is_met_in_passing(persona: str, passing: str, meant: str) -> None:
    session = begun(persona)
    assert not session.say(passing).say(passing).state.met
    assert session.say(meant).say(meant).state.met


def test_questions_without_listening_open_less_and_less() -> None:
    asked = played(begun(), ["What else?", "How so?", "Why is that?", "What then?"])
    mixed = played(begun(), ["What else?", "So it was hard.", "Why is that?", "So you waited."])
    assert mixed.state.openness > asked.state.openness + 0.1


# -- the session -----------------------------------------------------------------------------------


def test_the_same_lines_give_the_same_session_and_another_seed_another_one() -> None:
    lines = lines_of("mixed")
    assert played(begun(), lines).turns == played(begun(), lines).turns
    assert played(begun(), lines).turns != played(begun(seed=5), lines).turns


def test_a_line_that_is_taken_back_leaves_no_trace_but_its_answer_is_not_said_again() -> None:
    before = played(begun(), ["What gets in your way?"])
    after = played(before, ["You never listen."]).undo()
    assert (after.turns, after.state) == (before.turns, before.state)
    assert len(after.passed) == 1
    assert after.undo().undo().turns == begun().turns


def test_another_answer_can_be_heard_to_the_same_line() -> None:
    first = played(begun(), ["What gets in your way?"])
    second = first.again()
    second = second.hear(written_reply(second))
    assert second.turns[-2] == first.turns[-2]
    assert second.turns[-1].text != first.turns[-1].text


def test_nothing_can_be_taken_back_before_the_first_line() -> None:
    session = begun()
    assert session.undo() is session
    assert session.again() is session


def test_with_swapped_roles_coach_asks_as_a_manager_and_nothing_of_it_is_judged() -> None:
    session = begun().swap()
    session = session.hear(written_reply(session))
    for line in ("I would like more room.", "Up to three hundred, say."):
        session = session.say(line)
        session = session.hear(written_reply(session))
    asked = [turn.text for turn in session.turns if turn.role == "manager"]
    assert len(set(asked)) == 3
    assert any(text.endswith("?") for text in asked)
    assert session.state == begun().state
    assert [turn.role for turn in session.counted] == ["employee"]


def test_with_swapped_roles_the_manager_takes_up_what_is_said_and_gives_back_nothing_else() -> None:
    session = begun().swap()
    session = session.hear(written_reply(session))
    waits = session.say("I wait three days for every signature.")
    assert "waiting" in session.scenes[0].topics_in(written_reply(waits))
    for line in ("I like it here.", "Fine.", "Nothing else.", "No.", "Yes."):
        session = session.say(line)
        session = session.hear(written_reply(session))
        assert heard(session.turns[-1].text).answered not in {"reflected", "apologised"}


@pytest.mark.parametrize(
    ("line", "wish"),
    [
        ("I would like to decide on overtime myself.", "decide on overtime yourself"),
        ("I'd really like to learn my way round the budget.", "learn your way round the budget"),
        ("I want more room, because I wait a lot.", "like more room"),
    ],
)
def test_a_wish_is_taken_up_as_it_was_told(line: str, wish: str) -> None:
    session = begun("ambitious").swap()
    session = session.hear(written_reply(session)).say(line)
    answer = written_reply(session)
    assert wish in answer
    assert answer.endswith("?")
    again = session.hear(answer).say(line)
    assert written_reply(again) != answer


@pytest.mark.parametrize(
    "line", ["I want to know what you decide.", "I'd like that a lot.", "I like it.", "Yes."]
)
def test_what_is_no_plain_wish_is_not_turned_round(line: str) -> None:
    session = begun("ambitious").swap()
    session = session.hear(written_reply(session)).say(line)
    asked = {*session.scenes[0].manager, *session.scenes[-1].manager}
    questions = {item.question for item in session.guide_step.items}
    assert written_reply(session) in {*map(session.setting.filled, asked), *questions}


@pytest.mark.parametrize("persona", ["ambitious", "guarded", "open", "new", "overloaded"])
@pytest.mark.parametrize(
    ("wanted", "line"),
    [
        ("leave", "I want to talk about which decisions are yours. Is now a good time?"),
        ("deed", "Would you draft the list of decisions by Friday?"),
        ("why", "Why did you not tell me earlier?"),
    ],
)
def test_leave_a_deed_and_a_reason_are_answered_as_such(
    persona: str, wanted: str, line: str
) -> None:
    for seed in range(4):
        session = played(begun(persona, seed=seed), [line])
        blocks = (*session.setting.persona.replies, *session.scenes[-1].replies)
        fit = [r for block in blocks if block.wanted == wanted for r in block.say]
        fit += session.scenes[0].lines if wanted == "why" else ()
        met = [r for need in session.setting.persona.needs for r in need.say]
        assert session.turns[-1].text in {session.setting.filled(r.text) for r in (*fit, *met)}


def test_who_struck_keys_is_asked_what_was_meant() -> None:
    for seed in range(4):
        session = played(begun("ambitious", seed=seed), ["asdf qwer"])
        told = {r.text for b in session.scenes[-1].replies if b.unclear for r in b.say}
        assert session.turns[-1].text in told


def test_nobody_asks_until_when_after_a_date_was_told() -> None:
    for seed in range(40):
        for persona in ("ambitious", "guarded", "open"):
            session = played(
                begun(persona, seed=seed), ["Hello.", "That stays as it is until March."]
            )
            assert "hen does that hold" not in session.turns[-1].text
            assert "ntil when" not in session.turns[-1].text
            assert "hold for good" not in session.turns[-1].text


@pytest.mark.parametrize(
    "line",
    [
        "Perhaps next time you could read the brief before starting.",
        "I'd hate for this to come up at bonus time.",
    ],
)
def test_what_is_harsh_in_kind_words_is_felt_and_told_in_the_debrief(line: str) -> None:
    session = played(begun(), [line])
    assert session.state.openness < begun().state.openness - 0.1
    assert session.state.distress > 0
    told = workflow.debrief(session, open_engine())
    assert [remark.line for remark in told.otherwise] == [2]
    assert told.work_on[0].startswith("one line could land as punitive")


def test_what_a_kept_line_did_is_not_asked_for_again() -> None:
    lines = [
        "I am not ready to hand over hiring yet. Let's look at it again on 1 March.",
        "What would you need from me to be ready for hiring?",
    ]
    told = workflow.debrief(played(begun("ambitious", seed=2), lines), open_engine())
    assert [remark.quote for remark in told.keep] == lines
    assert not [one for one in told.work_on if "proposing a date" in one]
    silent = workflow.debrief(
        played(begun("ambitious", seed=2), ["So it drags on."]), open_engine()
    )
    assert [one for one in silent.work_on if "proposing a date" in one]


@pytest.mark.parametrize(
    "line",
    [
        "Hi Lena. I want to talk about which decisions are yours. Is now a good time?",
        "You want to decide overtime yourself. Have I understood that?",
        "Would you draft three results by Friday?",
    ],
)
def test_courtesy_checks_and_agreements_are_not_told_off_as_closed(line: str) -> None:
    assert not workflow.debrief(played(begun(), [line]), open_engine()).otherwise


def test_a_question_for_a_defence_is_not_kept() -> None:
    told = workflow.debrief(played(begun(), ["Why did you not tell me earlier?"]), open_engine())
    assert not told.keep
    assert [one.why for one in told.otherwise] == ["it asks for a defence, not for what happened"]


def test_a_topic_that_the_manager_names_is_taken_up() -> None:
    session = played(begun(), ["What happens when you have to wait for a signature?"])
    assert session.state.raised[-1] == "waiting"


def test_only_what_a_model_says_is_searched_for_topics() -> None:
    session = begun()
    said = {reply.text for reply in session.setting.persona.lines}
    anywhere = {reply.text for reply in session.scenes[-1].lines}
    about_waiting = "I wait for an approval most weeks."
    assert session.scenes[0].topics_in(about_waiting) == ("waiting",)
    assert session.hear(about_waiting).state.raised == ("waiting",)
    by_accident = [text for text in said | anywhere if session.scenes[0].topics_in(text)]
    assert by_accident
    filled = map(session.setting.filled, by_accident)
    assert not [text for text in filled if session.hear(text).state.raised]


def test_after_a_need_is_met_the_talk_does_not_go_back_to_an_older_topic() -> None:
    session = played(begun(), ["What happens when you have to wait for a signature?"])
    assert session.state.thread == "waiting"
    met = played(session, ["I should have told you before I changed it. I'm sorry."])
    assert met.state.beat == "need"
    assert met.state.thread is None
    waiting = {reply.text for reply in met.scenes[0].lines if reply.after == "waiting"}
    assert played(met, ["Tell me more."]).turns[-1].text not in waiting
    named = played(session, ["I'm sorry. I should have told you why you had to wait so long."])
    assert named.state.thread == "waiting"


@pytest.mark.parametrize(
    ("persona", "step"),
    [("guarded", "autonomy"), ("overloaded", "tasks"), ("sceptical", "purpose")],
)
def test_a_manager_who_asks_for_particulars_opens_somebody_up(persona: str, step: str) -> None:
    before = begun(persona, step, seed=1)
    session = played(before, lines_of(persona))
    said = [turn.text for turn in session.turns if turn.played]
    assert len(said) == len(set(said)) == 11
    assert session.state.openness > before.state.openness + 0.2


def test_a_topic_that_the_manager_leaves_is_left() -> None:
    session = played(begun(), ["What happens when you have to wait for a signature?"])
    assert played(session, ["Where shall we keep the list?"]).state.thread != "waiting"
    assert session.at_step("tasks").state.thread is None


def test_what_was_given_back_is_agreed_with_or_corrected_first() -> None:
    asked = {
        r.text for s in begun().scenes for b in s.replies if "asked_open" in b.on for r in b.say
    }
    for seed in range(10):
        session = played(begun(seed=seed), ["How do you see it?", "So it has been hard for you."])
        assert session.turns[-1].text not in asked


@pytest.mark.parametrize(
    ("wanted", "line"),
    [
        ("who", "Whose signature is that?"),
        ("when", "Since when is it like that?"),
        ("how_many", "How often is that?"),
    ],
)
def test_a_question_for_a_name_a_time_or_a_number_gets_no_yes(wanted: str, line: str) -> None:
    for persona in ("guarded", "open", "sceptical"):
        session = played(begun(persona), [line])
        anywhere = session.scenes[-1]
        told = {r.text for b in anywhere.replies if b.wanted == wanted for r in b.say}
        assert session.turns[-1].text in told


@pytest.mark.parametrize(
    ("wanted", "line"),
    [
        ("why", "Why?"),
        ("help", "What would help?"),
        ("by_when", "When could you start?"),
        ("how_far", "How much would you want to decide alone?"),
        ("view", "How is that for you?"),
        ("worry", "What worries you?"),
        ("what_if", "What if it doesn't work?"),
        ("feeling", "How did that feel?"),
        ("mood", "How are you?"),
        ("example", "Can you give me an example?"),
    ],
)
def test_a_question_that_wants_one_thing_is_told_that(wanted: str, line: str) -> None:
    for persona in ("guarded", "overloaded", "hurt", "new"):
        session = played(begun(persona, "support"), ["Hello.", line])
        blocks = (*session.setting.persona.replies, *session.scenes[-1].replies)
        told = {r.text for block in blocks if block.wanted == wanted for r in block.say}
        named = {r.text for r in session.scenes[0].lines if r.topic in session.mentioned}
        assert session.turns[-1].text in {session.setting.filled(one) for one in told | named}


def test_what_is_told_of_the_topic_comes_before_what_fits_any() -> None:
    session = played(begun("guarded"), ["What happens when you have to wait for a signature?"])
    session = played(session, ["How long do you wait for my answer?"])
    assert "week" in session.turns[-1].text
    assert session.state.raised[-1] == "waiting"


def test_what_else_brings_up_something_else() -> None:
    session = played(begun("ambitious", "support", seed=3), ["What gets in your way?"])
    before = session.state.raised
    after = played(session, ["What else is there?"])
    assert set(after.state.raised) - set(before)


def test_a_speech_is_answered_as_one() -> None:
    speech = "The numbers are down, and the board has asked all of us to be careful. " * 6
    for name in ("open", "guarded", "ambitious"):
        session = played(begun(name), ["Hello.", speech])
        written = (*session.setting.persona.replies, *session.scenes[-1].replies)
        told = {reply.text for block in written if block.speech for reply in block.say}
        assert session.turns[-1].text in told
    asked = played(begun(), ["Hello.", f"{speech} What would help?"])
    assert asked.turns[-1].text not in told


def test_of_what_could_be_said_the_line_that_takes_up_a_word_comes_first() -> None:
    session = played(begun("guarded", seed=20), ["What happened in spring?"])
    assert session.turns[-1].text == "There was one thing in spring. It doesn't matter now."


def test_a_slot_at_the_start_of_a_sentence_gets_a_capital() -> None:
    fill = begun("sceptical").setting.filled
    assert fill("One. $decision, for instance.") == "One. The opening hours, for instance."
    assert fill("$work? On $work I lose a day.") == (
        "The move of the stacks? On the move of the stacks I lose a day."
    )
    assert fill("It cost $$5.") == "It cost $5."


def test_the_transcript_is_a_document_whose_offsets_hold() -> None:
    document = played(begun(), lines_of("mixed")).document()
    for line in document.lines:
        assert document.text[line.start : line.end] == line.text
        assert line.content and line.role in {"manager", "employee"}


def test_hints_offer_what_was_not_said_yet() -> None:
    first = hints(begun())
    assert 1 <= len(first) <= 3
    said = first[-1].removeprefix("you could say: ")
    assert all(said not in hint for hint in hints(played(begun(), [said])))
    hurt = hints(played(begun(), ["You never listen."]))
    assert hurt[0].startswith("something hurt")


def test_a_hint_gives_back_only_what_was_said() -> None:
    given_back = "you could say: So the waiting costs you more than the decision itself."
    for session in (begun(), played(begun(), ["Which of them waits for a signature?"])):
        offered = [hint for at in range(12) for hint in hints(longer(session, at))]
        heard_of_it = "waiting" in session.state.raised
        assert any(hint.startswith(given_back) for hint in offered) == heard_of_it


def longer(session: Session, turns: int) -> Session:
    return session.model_copy(update={"turns": session.turns + session.turns[-1:] * turns})


# -- from a source ---------------------------------------------------------------------------------

NOTES = b"""1:1 Calum
rota swaps he decides alone
changing a supplier he talks to me first, then decides
night bake, four nights, that is his
TODO ask what I could do better
"""


def test_a_source_gives_name_work_open_steps_and_questions() -> None:
    draft = workflow.draft(read_bytes(NOTES, "notes.md"), ISP, open_engine())
    for source in (draft, draft.shared):
        found = seed_of(source)
        assert found.employee == "Calum"
        assert "success" in found.open_steps and "autonomy" not in found.open_steps[:1]
        assert found.slots["decision"] in {"rota swaps", "changing a supplier"}
        assert found.questions["success"]
    assert isinstance(draft.shared, PlanFile)


def test_a_rehearsal_from_a_source_leaves_the_personas_own_job_out() -> None:
    own = [line.text for scenes in begun("hurt").scenes for line in scenes.lines if line.own_job]
    assert own
    setting = begun("hurt").setting.model_copy(update={"seeded": True})
    for seed in range(5):
        session = Session.start(setting.model_copy(update={"seed": seed}))
        session = session.hear(written_reply(session))
        session = played(session, lines_of("listening") + lines_of("mixed"))
        said = {turn.text for turn in session.turns if turn.played}
        assert not said & {setting.filled(text) for text in own}


# -- the debrief -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def listening() -> Debrief:
    return workflow.debrief(played(begun(), lines_of("listening")), open_engine())


@pytest.fixture(scope="module")
def punitive() -> Debrief:
    return workflow.debrief(played(begun(), lines_of("punitive")), open_engine())


def test_a_good_talk_covers_its_step_and_keeps_its_best_lines(listening: Debrief) -> None:
    (step,) = listening.steps
    assert (step.id, step.status) == ("autonomy", "covered")
    assert not listening.findings
    assert listening.balance.open_questions == 6
    assert listening.balance.closed_questions == 0
    assert 1 <= len(listening.keep) <= 3
    lines = [turn.text for turn in listening.turns]
    assert all(lines[remark.line - 1] == remark.quote for remark in listening.keep)
    assert listening.opened.end > listening.opened.start


def test_a_line_that_is_flagged_twice_is_remarked_on_once() -> None:
    line = "You never listen, and even the intern got it."
    session = played(begun(), [line])
    told = workflow.debrief(session, open_engine())
    assert len(told.findings) > 1
    assert len(told.otherwise) == 1
    assert told.work_on[0].startswith("one line could land as punitive")


def test_what_was_said_in_passing_is_not_worth_keeping() -> None:
    lines = ["Sorry, that came out wrong.", "I should have told you before the others. I'm sorry."]
    told = workflow.debrief(played(begun("hurt"), lines), open_engine())
    assert [remark.quote for remark in told.keep] == lines[1:]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Whose signature is it?", "a name is answer enough"),
        ("Since when?", "a date is answer enough"),
        ("How many are there?", "a number is answer enough"),
        ("When could you start?", "a date is answer enough"),
        ("Did you ask?", "yes or no is answer enough"),
    ],
)
def test_a_closed_question_is_told_what_is_answer_enough(line: str, why: str) -> None:
    (remark,) = workflow.debrief(played(begun(), [line]), open_engine()).otherwise
    assert (remark.quote, remark.why) == (line, why)


def test_the_debrief_says_what_was_spoken_of() -> None:
    from coach.render.rehearsal_view import debrief_text

    session = played(begun(), ["What happens when you have to wait for a signature?"])
    told = workflow.debrief(session, open_engine())
    assert told.spoken_of == ("waiting",)
    assert "Priya spoke of: waiting" in debrief_text(told)


def test_what_a_line_is_known_to_be_about_needs_no_guess() -> None:
    lines = [
        "Good morning Ruth",
        "What do you think our team is here for?",
        "So what became of it?",
    ]
    lines += ["How do you see your part in that?", "Thank you for telling me."]
    session = played(begun("sceptical", "purpose"), lines)
    (step,) = workflow.debrief(session, open_engine()).steps
    found = {item for piece in step.evidence for item in piece.items}
    assert {"purpose.mission", "purpose.role_connection"} <= found
    assert step.status == "covered"
    alone = played(begun("sceptical", "purpose"), ["Good morning.", "...", "Thanks for coming."])
    (step,) = workflow.debrief(alone, open_engine()).steps
    assert step.status != "covered"


def test_a_personas_line_counts_for_what_it_is_about_and_for_nothing_else() -> None:
    session = played(begun(), lines_of("mixed"))
    (step,) = workflow.debrief(session, open_engine()).steps
    for piece in step.evidence:
        turn = session.turns[piece.line - 1]
        if turn.role == "employee":
            topics = session.written_about(turn.text, turn.step)
            assert topics and session.items_of(topics, turn.step) == piece.items


def test_a_punitive_talk_covers_nothing_and_says_what_to_try_otherwise(punitive: Debrief) -> None:
    assert punitive.ended_by == "employee"
    assert punitive.steps[0].status != "covered"
    flagged = {finding.line for finding in punitive.findings}
    assert not flagged & {piece.line for piece in punitive.steps[0].evidence}
    assert punitive.otherwise and len(punitive.otherwise) <= 4
    assert len(punitive.work_on) == 3
    assert "punitive" in punitive.work_on[0]


def test_two_rehearsals_of_one_scene_are_compared(listening: Debrief, punitive: Debrief) -> None:
    told = listening.since(punitive).compared
    assert any(line.startswith("open questions: 0, now 6") for line in told)
    assert not listening.since(listening).compared


def test_only_the_persona_is_ever_measured_and_never_shown_as_a_figure(listening: Debrief) -> None:
    from coach.render.rehearsal_view import debrief_text

    assert str(listening.opened.end) not in debrief_text(listening)


def test_only_open_questions_are_offered_in_the_place_of_closed_ones() -> None:
    lines = ["Did you ask?", "Is it the budget?", "Was that you?", "Can you?", "Did they?"]
    told = workflow.debrief(played(begun("sceptical", "support"), lines), open_engine())
    offered = [remark.instead for remark in told.otherwise if remark.instead]
    assert offered
    assert all(heard(line).open_questions for line in offered)


# -- what is kept ----------------------------------------------------------------------------------


def test_what_is_kept_comes_back_as_it_was(tmp_path: Path, listening: Debrief) -> None:
    from datetime import UTC, datetime

    history = History(tmp_path / "kept")
    session = played(begun(), lines_of("mixed")[:4])
    when = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    paused = Kept(when=when, persona="guarded", steps=("autonomy",), session=session)
    path = history.keep(paused)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    back = history.paused()
    assert back is not None and back.session is not None
    assert back.session.turns == session.turns
    more = ["What would you do?"]
    assert played(back.session, more).turns == played(session, more).turns
    ended = paused.model_copy(
        update={"when": when.replace(hour=10), "session": None, "debrief": listening}
    )
    history.keep(ended, instead_of=paused.name)
    assert history.names() == (ended.name,)
    assert history.last_of(listening) == listening
    assert history.forget("all") == 1
    assert history.names() == ()


def test_a_broken_file_hides_no_other(tmp_path: Path) -> None:
    history = History(tmp_path)
    (tmp_path / "2026-01-01-090000-guarded-autonomy.json").write_text("{", encoding="utf-8")
    assert list(history.all()) == []
    assert history.forget("2026-01-01-090000-guarded-autonomy") == 1
