"""Suggestions: a frame takes the sting out of a line and loses nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.document import Document
from coach.errors import DataFileError
from coach.tone import as_notes, load_rules, load_rules_from, scan
from coach.tone.rewrite import lost

RULES = load_rules()
FRAMES = [(rule, frame) for rule in RULES for frame in rule.rewrites]
TURNS = [
    (text, instead)
    for _, frame in FRAMES
    for text, instead in frame.turns.items()
    if instead is not None
]


def suggestions(text: str) -> list[str | None]:
    return [finding.suggestion for finding in scan(as_notes(text), RULES)]


@pytest.mark.parametrize(("text", "instead"), TURNS)
def test_a_wording_passes_every_rule_and_keeps_every_fact(text: str, instead: str) -> None:
    assert scan(as_notes(instead.replace("?", ".")), RULES) == ()
    assert lost(text, instead) == frozenset()


def test_every_frame_has_a_line_that_it_mends() -> None:
    idle = [frame.say for _, frame in FRAMES if not any(frame.turns.values())]
    assert idle == []


def test_threats_discipline_and_watching_get_no_frame() -> None:
    framed = {rule.category for rule, _ in FRAMES}
    assert framed.isdisjoint({"threat", "pip", "surveillance"})


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        (
            "- The Leeds account comes first, end of story.",
            "The Leeds account comes first. How does that sit with you?",
        ),
        (
            "the leeds account comes first, end of story",
            "the leeds account comes first. How does that sit with you?",
        ),
        (
            "The count was off by 40 boxes. That's just an excuse.",
            "The count was off by 40 boxes. Tell me more about what got in the way.",
        ),
        (
            "How often do I have to remind you to lock the cage by 18:00 on Friday?",
            "Please lock the cage by 18:00 on Friday. What gets in the way?",
        ),
        ("You're overthinking it, Dana.", "What about it worries you most, Dana?"),
        ("Dana, you're overthinking it.", "Dana, what about it worries you most?"),
        ("Frankly, you're overthinking it.", "What about it worries you most?"),
        (
            "Nobody cares what you think about the logo, Dana.",
            "Tell me what you think about the logo, Dana.",
        ),
        (
            "It's in the file. We're not debating it.",
            "It's in the file. How does that sit with you?",
        ),
    ],
)
def test_what_is_not_the_sting_stays_as_it_was(text: str, instead: str) -> None:
    assert suggestions(text) == [instead]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("told her that's just an excuse", "a record of what was said"),
        ("He may respond in writing, but I'm not going to be debating it.", "not spoken to"),
        ('I said "the Leeds account comes first, end of story".', "quoted"),
        ("The [Leeds account](x.md) comes first, end of story.", "markup"),
        ("It's just how we do it. I'm not gonna debate that one.", "no fact and no request"),
        ("You figured. You always do this when you get bored, people say.", "a second blow"),
        ("You people are all the same. That's just an excuse!", "a blow that no rule sees"),
        ("That's final.", "nothing else on the line"),
        ("You never told me about the 40 boxes.", "not certain how it goes on"),
        ("Hit forty by noon or hand in your headset, simple as.", "an ultimatum beside it"),
        ("Come on Dana, you know better.", "nothing but a push"),
        ("Why can't you just finish things like Sam?", "the comparison would stay"),
        ("How hard is it to lock the cage like Sam does?", "the comparison would stay"),
        ("You never reply faster than Sam.", "the comparison would stay"),
        ("Ana handles twice your tables and never complains.", "the comparison is all it says"),
    ],
)
def test_nothing_is_suggested_where_it_is_not_certain(text: str, why: str) -> None:
    found = suggestions(text)
    assert found, why
    assert found == [None] * len(found)


def test_a_comparison_weighs_more_than_the_question_it_is_put_in() -> None:
    (finding,) = scan(as_notes("Why can't you just finish things like Sam?"), RULES)
    assert finding.category == "comparison"


def test_the_employees_name_is_never_taken_for_you() -> None:
    notes = as_notes("Dana never checks the float before closing.")
    document: Document = notes.model_copy(update={"employee": "Dana"})
    (finding,) = scan(document, RULES)
    assert finding.suggestion is None


@pytest.mark.parametrize(
    ("before", "after", "missing"),
    [
        ("40 boxes by Friday for Ana", "some boxes", {"40", "friday", "ana"}),
        ("Send it to Ana by noon", "Send it by noon", {"ana"}),
        ("It was Tom's third miss", "It was Tom's miss", {"third"}),
        ("Twice in May, at 10:30, 5%", "twice in may at 10:30 and 5%", set()),
        ("I think I'd wait", "wait", set()),
        ("On the 3rd by 5pm in Q3", "by 5pm in q3 on the 3rd", set()),
        ("On the 3rd by 5pm in Q3", "on the 4th by 5 in Q3", {"3rd", "5pm"}),
    ],
)
def test_numbers_dates_and_names_are_facts(before: str, after: str, missing: set[str]) -> None:
    assert lost(before, after) == missing


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "The count was off by 40 boxes.",
                "Ana needs the list by Friday.",
                "The Leeds account comes first, end of story.",
                "You always leave the hard patients for the next shift.",
                "That's just an excuse.",
                "You weren't listening.",
                "Spare me the story about the trains.",
                "“Spare me.”",
                "😀",
            ]
        ),
        min_size=1,
        max_size=5,
    )
)
def test_a_suggestion_is_clean_whatever_stands_around(sentences: list[str]) -> None:
    text = " ".join(sentences)
    for wording in filter(None, suggestions(text)):
        assert scan(as_notes(wording.replace("?", ".")), RULES) == ()
        assert lost(text, wording) == frozenset()


RULE = """\
id: tone.mine
category: mine
message: It is a word that this house does not use.
advice: Say what happened.
source: our own
groups:
  - severity: medium
    phrases: get lost
flags: [Get lost.]
passes: [We lost the way.]
rewrites:
  - say: Let us talk later.
    when: {when}
    alone: true
    turns:
      Get lost.: {instead}
"""


def test_a_frame_of_the_users_own_must_do_what_it_says(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(RULE.format(when="get lost", instead="Let us talk later."), "utf-8")
    (rule,) = load_rules_from([path])
    assert scan(as_notes("Get lost."), (rule,))[0].suggestion == "Let us talk later."
    path.write_text(RULE.format(when="get lost", instead="Bye."), "utf-8")
    with pytest.raises(DataFileError, match=r"rewrites\.0\.turns.*becomes 'Let us talk later.'"):
        load_rules_from([path])
    path.write_text(RULE.format(when="(get", instead="Bye."), "utf-8")
    with pytest.raises(DataFileError, match="cannot be read"):
        load_rules_from([path])
