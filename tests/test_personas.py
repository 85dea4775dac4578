"""The personas and scenes that come with coach, and those of a user's own."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Template
from typing import get_args

import pytest

from coach import tone
from coach.errors import DataFileError
from coach.guide import load_guide
from coach.rehearsal import (
    BANDS,
    Band,
    Block,
    Heard,
    Move,
    Persona,
    Reply,
    Session,
    Setting,
    load_persona,
    load_scenes,
    personas,
    written_reply,
)
from coach.rehearsal.replies import Wanted

ISP = load_guide("isp")
ANY = "any"
PERSONAS = ("open", "guarded", "overloaded", "ambitious", "hurt", "sceptical", "new")
STEPS = ("purpose", "tasks", "success", "autonomy", "development", "support")
MOVES: tuple[Move, ...] = get_args(Move)
ABOUT_WORK: tuple[Move, ...] = (
    "asked_closed",
    "asked_feedback",
    "reflected",
    "offered_range",
    "offered_help",
    "proposed",
    "told",
)
"""Moves that a step's scenes answer in the matter; ``asked_open`` most of all."""
LONGEST = 240
_ASSISTANT = re.compile(
    r"\b(?:as an ai|language model|how (?:can|may) i (?:help|assist)|great question"
    r"|i understand your concern|i'd be happy to|i am happy to help|feel free to|let me know if you"
    r"|absolutely!|certainly!|in summary)\b",
    re.IGNORECASE,
)
_RUDE = re.compile(r"\b(?:damn|hell|shit\w*|fuck\w*|idiot\w*|stupid|crap|bloody)\b", re.IGNORECASE)
SAYS = {
    "greeted": "Hello, good to see you.",
    "asked_open": "What gets in your way?",
    "asked_closed": "Did you ask?",
    "asked_feedback": "What should I do differently?",
    "reflected": "So it has been hard.",
    "thanked": "You handled that really well.",
    "apologised": "I should have told you first.",
    "offered_range": "That one is yours, tell me afterwards.",
    "offered_help": "I'll talk to them.",
    "proposed": "Let's try it for a month.",
    "told": "The deadline is the tenth.",
    "threatened": "If this happens again HR takes over.",
    "belittled": "Even the intern spotted it.",
    "silent": "...",
    "wrapped_up": "Same time next week.",
}


@pytest.mark.parametrize("name", PERSONAS)
def test_every_persona_has_a_reply_in_character_to_every_move(name: str) -> None:
    assert list(persona_gaps(name)) == []


@pytest.mark.parametrize("step", (*STEPS, ANY))
def test_every_step_has_replies_for_every_persona_and_none_sounds_punitive(step: str) -> None:
    assert list(step_gaps(step)) == []


def test_no_line_stands_in_two_files() -> None:
    assert list(gaps_between_files()) == []


def test_the_personas_are_those_that_are_promised() -> None:
    assert {known.name for known in personas()} == set(PERSONAS)
    assert not [known.fault for known in personas() if known.fault]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("name", PERSONAS)
def test_a_talk_of_twenty_lines_never_repeats_itself(name: str, step: str) -> None:
    moves = [move for move in MOVES if move not in {"threatened", "belittled", "wrapped_up"}]
    for seed in range(3):
        dice = random.Random(seed)  # noqa: S311 - a draw, no secret
        asked = dice.choices(moves, [4 if move == "asked_open" else 1 for move in moves], k=20)
        session = begun(name, step, seed=seed)
        for move in asked:
            session = session.say(SAYS[move])
            session = session.hear(written_reply(session))
        said = [turn.text for turn in session.turns if turn.played]
        assert len(said) == len(set(said)) == 21


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("name", PERSONAS)
def test_ten_times_the_same_move_never_gets_the_same_answer(name: str, move: str) -> None:
    session = begun(name, "autonomy")
    for _ in range(10):
        session = session.say(SAYS[move])
        session = session.hear(written_reply(session))
        if session.state.ended:
            break
    said = [turn.text for turn in session.turns if turn.played]
    assert len(said) == len(set(said))


@pytest.mark.parametrize("name", PERSONAS)
def test_each_persona_opens_up_to_listening_and_closes_to_threats(name: str) -> None:
    start = begun(name, "autonomy")
    kind, harsh = start, start
    for move in ("asked_open", "reflected", "asked_open", "apologised", "reflected"):
        kind = kind.say(SAYS[move])
    for move in ("threatened", "belittled"):
        harsh = harsh.say(SAYS[move])
    assert kind.state.openness > start.state.openness + 0.1
    assert harsh.state.openness < max(0.05, start.state.openness - 0.2)


def test_the_lines_of_a_step_are_reached_in_every_band() -> None:
    scenes, _ = load_scenes("autonomy")
    assert {band for block in scenes.replies for band in block.when} == set(BANDS)


def test_a_topic_stands_for_an_item_of_its_step_and_every_item_has_one() -> None:
    for step in STEPS:
        scenes, _ = load_scenes(step)
        items = {item.id for item in ISP.step(step).items}
        named = {topic.item for topic in scenes.topics if topic.item}
        assert named == items


@pytest.mark.parametrize("wanted", get_args(Wanted))
def test_a_question_that_wants_one_thing_has_answers_in_every_band(wanted: str) -> None:
    anywhere = load_scenes(ANY)[0]
    for band in BANDS:
        told = [b for b in anywhere.replies if b.wanted == wanted and band in b.when and not b.hurt]
        assert sum(len(block.say) for block in told) >= 3, (wanted, band)


def test_a_guide_without_scenes_of_its_own_can_be_rehearsed(root: Path) -> None:
    guide = load_guide(str(root / "tests" / "fixtures" / "guides" / "sbi.yaml"))
    setting = Setting(persona=load_persona("open"), guide=guide, steps=guide.step_ids[:1])
    session = Session.start(setting)
    session = session.hear(written_reply(session)).say("What happened on Thursday?")
    assert isinstance(session.heard("What happened?"), Heard)
    assert written_reply(session)


# -- a user's own ----------------------------------------------------------------------------------

OWN = """
id: {id}
name: Otto
{like}
about: Otto keeps the keys of the yard and few words.
role: yard keeper
wants: [quiet]
fears: [noise]
opens: [time]
closes: [hurry]
voice: A word at a time.
knows: {{work: the yard, decision: the gate, colleague: Vera}}
starts: 0.3
"""


def write_own(home: Path, *, like: str = "", name: str = "otto") -> None:
    folder = home / "guides" / "personas"
    folder.mkdir(parents=True, exist_ok=True)
    text = OWN.format(like=like, id=name)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_a_persona_of_the_users_own_is_listed_and_talks_like_another_one(home: Path) -> None:
    write_own(home, like="like: guarded")
    assert {"otto", "guarded"} <= {known.name for known in personas()}
    otto = load_persona("otto")
    assert otto.replies == load_persona("guarded").replies
    assert otto.distress and otto.needs
    session = begun("otto", "autonomy")
    guarded = {
        turn.text for seed in range(5) for turn in begun("guarded", "autonomy", seed=seed).turns
    }
    assert session.turns[0].text in guarded


def test_a_persona_that_is_like_nobody_still_has_answers(home: Path) -> None:
    write_own(home)
    session = begun("otto", "autonomy")
    for line in ("What gets in your way?", "If this happens again HR takes over.") * 3:
        session = session.say(line)
        session = session.hear(written_reply(session))
    said = [turn.text for turn in session.turns if turn.played]
    assert len(said) == len(set(said)) == 7


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("starts: 0.3", "starts: 3", "starts"),
        ("voice:", "vioce:", "did you mean 'voice'"),
        ("id: otto", "id: Otto The Great", "lower-case"),
        ("starts: 0.3", "starts: 0.3\nreplies: [{on: [shouted], say: [Oh]}]", "replies"),
        ("starts: 0.3", "starts: 0.3\nreplies: [{on: [told], say: ['$$salary $pay']}]", "a $ may"),
    ],
)
def test_a_fault_in_a_persona_is_told_at_its_place(
    home: Path, old: str, new: str, told: str
) -> None:
    write_own(home)
    path = home / "guides" / "personas" / "otto.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(DataFileError) as error:
        load_persona("otto")
    assert "otto.yaml:" in error.value.message
    assert told in error.value.message
    assert next(known.fault for known in personas() if known.name == "otto")


def test_scenes_that_name_an_unknown_topic_are_refused(home: Path) -> None:
    folder = home / "guides" / "scenes"
    folder.mkdir(parents=True)
    text = (
        "step: autonomy\nmanager: [Well?]\nreplies:\n- on: [told]\n  say: [{text: A, topic: b}]\n"
    )
    (folder / "autonomy.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError, match="none of the topics"):
        load_scenes("autonomy")


def begun(name: str, step: str, *, seed: int = 0) -> Session:
    setting = Setting(persona=load_persona(name), guide=ISP, steps=(step,), seed=seed)
    session = Session.start(setting)
    return session.hear(written_reply(session))


# -- what is wanting in the files, a sentence each -------------------------------------------------


def persona_gaps(name: str) -> Iterator[str]:
    """What a persona's file still needs."""
    persona = load_persona(name)
    for move in MOVES:
        for band in BANDS:
            told = len(list(fitting(persona.replies, move, band, name)))
            wanted = 5 if move in {"threatened", "belittled"} else 3
            if told < wanted:
                yield f"{name}: {told} of {wanted} replies on {move} when {band}"
    if len(persona.needs) < 2:
        yield f"{name}: {len(persona.needs)} of 2 needs"
    for need in persona.needs:
        if len(need.say) < 2:
            yield f"{name}: need {need.id} has {len(need.say)} of 2 lines for when it is met"
    if persona.distress is None:
        yield f"{name}: no distress"
    elif len(persona.distress.names) < 3 or len(persona.distress.stops) < 2:
        yield f"{name}: distress needs 3 lines that name it and 2 that stop"
    yield from line_gaps(name, [reply.text for reply in persona.lines], persona)


def step_gaps(step: str, whose: Iterable[str] = PERSONAS) -> Iterator[str]:
    """What a step's scenes still need, for each of these personas."""
    scenes = next((one for one in load_scenes(step) if one.step == step), None)
    if scenes is None:
        yield f"{step}: there is no file"
        return
    any_step = step == ANY
    for name in whose:
        for move in MOVES:
            for band in BANDS:
                wanted = (
                    (5 if move in ("asked_open", *ABOUT_WORK) else 7)
                    if any_step
                    else {"asked_open": 5}.get(move, 2 if move in ABOUT_WORK else 0)
                )
                told = len(list(fitting(scenes.replies, move, band, name)))
                if told < wanted:
                    yield f"{step}: {told} of {wanted} replies on {move} when {band} for {name}"
        own = {reply.text for block in scenes.replies if name in block.whose for reply in block.say}
        if not any_step and len(own) < 12:
            yield f"{step}: {len(own)} of 12 replies that are {name}'s own"
        if not any_step and not any(name in one.whose or not one.whose for one in scenes.opening):
            yield f"{step}: no opening for {name}"
    if len(scenes.manager) < 8:
        yield f"{step}: {len(scenes.manager)} of 8 lines of a good manager"
    if not any_step and not (4 <= len(scenes.topics) <= 9):
        yield f"{step}: {len(scenes.topics)} topics; 4 to 9 make a conversation"
    raised = {reply.topic for reply in scenes.lines if not reply.after and not reply.own_job}
    for topic in scenes.topics:
        if topic.id not in raised:
            yield f"{step}: nobody brings up the topic {topic.id}"
    yield from line_gaps(step, [reply.text for reply in scenes.lines])
    yield from line_gaps(f"{step} manager", scenes.manager)


def line_gaps(where: str, lines: Iterable[str], persona: Persona | None = None) -> Iterator[str]:
    """Lines that nobody would say, or that sound punitive, or that stand twice."""
    told = [filled(line, persona) for line in lines]
    for text, times in Counter(text.casefold() for text in told).items():
        if times > 1:
            yield f"{where}: stands {times} times: {text}"
    for text in told:
        if len(text) > LONGEST:
            yield f"{where}: {len(text)} characters, {LONGEST} at most: {text}"
        if _ASSISTANT.search(text):
            yield f"{where}: sounds like an assistant: {text}"
        if '"' in text:
            yield f"{where}: a straight quote, where a small model ends its answer: {text}"
        if _RUDE.search(text):
            yield f"{where}: swears or insults: {text}"
    rules = tone.load_rules()
    for suspect in {found.line for found in tone.scan(tone.as_notes("\n".join(told)), rules)}:
        text = told[suspect - 1]  # alone, as it is said
        for finding in tone.scan(tone.as_notes(text), rules):
            yield f"{where}: {finding.rule} on “{finding.quote}”: {text}"


def filled(text: str, persona: Persona | None = None) -> str:
    """The line with its slots filled from this persona, or from nobody's work."""
    slots = (
        persona.knows.model_dump()
        if persona
        else dict.fromkeys(("work", "decision", "colleague"), "the new form")
    )
    return Template(text).substitute(slots)


def fitting(blocks: Iterable[Block], move: Move, band: Band, whose: str) -> Iterator[Reply]:
    """The replies for this moment, whatever the job."""
    for block in blocks:
        fits = (
            not (block.wanted or block.hurt or block.speech)
            and move in block.on
            and band in block.when
        )
        if fits and (not block.whose or whose in block.whose):
            yield from (reply for reply in block.say if not reply.own_job)


def gaps_between_files() -> Iterator[str]:
    """Lines that stand in more than one file."""
    where: dict[str, list[str]] = {}
    for name in PERSONAS:
        for reply in load_persona(name).lines:
            where.setdefault(reply.text.casefold(), []).append(name)
    for step in (*STEPS, ANY):
        for scenes in load_scenes(step):
            if scenes.step == step:
                for reply in scenes.lines:
                    where.setdefault(reply.text.casefold(), []).append(step)
    for text, files in where.items():
        if len(set(files)) > 1:
            yield f"{', '.join(dict.fromkeys(files))}: {text}"
