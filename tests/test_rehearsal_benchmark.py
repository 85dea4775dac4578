"""The benchmark of rehearsals tells a model's own words from the lines that it was shown."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from coach.guide import load_guide
from coach.rehearsal import Session, Setting, load_persona, written_reply

sys.path.append(str(Path(__file__).resolve().parents[1] / "benchmarks"))

from rehearsal import kind_of, written_sentences


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("own words", "It depends on who is in that week."),
        ("written", "I check first. It's easier that way."),
        ("in part", "I rang them twice. It's easier that way."),
        ("in part", "With the choice of supplier I'd know what to do. Then I wait."),
    ],
)
def test_an_answer_is_told_by_whose_words_it_is_in(kind: str, text: str) -> None:
    setting = Setting(persona=load_persona("guarded"), guide=load_guide("isp"), steps=("autonomy",))
    session = Session.start(setting)
    session = session.hear(written_reply(session)).say("How does it look from your side?")
    assert kind_of(text, session, written_sentences(session)) == kind
