"""A session goes line by line, its state is held in code, and the debrief counts what was done."""

from __future__ import annotations

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


def test_no_single_line_wins_anybody_over() -> None:
    line = (
        "I'm sorry. What would help? So you felt left out. You decide that from now on. Thank you."
    )
    before = begun()
    after = before.say(line)
    assert 0 < after.state.openness - before.state.openness < 0.25


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


def test_a_topic_that_the_manager_names_is_taken_up() -> None:
    session = played(begun(), ["What happens when you have to wait for a signature?"])
    assert session.state.raised[-1] == "waiting"


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
