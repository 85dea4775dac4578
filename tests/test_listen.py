"""Listening: what sounds punitive to the embedded model, and in what it agrees with the map."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.document import Document, read
from coach.engines.embedded import EmbeddedEngine
from coach.engines.embedded.encoder import Encoder, load_encoder
from coach.engines.embedded.listening import sting
from coach.engines.embedded.own_words import Scores, features, load_own_words
from coach.engines.embedded.voices import only_denies
from coach.guide import load_guide
from coach.tone import as_notes, heard

ROOT = Path(__file__).parents[1]
ENGINE = EmbeddedEngine()
SHARP = "One more mistake like this and you can pack your desk."
PLAIN = (
    "Thanks for the plan.",
    "The July batch went out on time.",
    "Ana takes the morning list.",
    "Let's look at the numbers on Friday.",
)


def talk(*said: tuple[str, str]) -> Document:
    notes = as_notes("\n".join(f"{name}: {text}" for name, text in said))
    roles = {"Ana": "manager", "Bo": "employee"}
    lines = tuple(
        line.model_copy(
            update={
                "kind": "speech",
                "speaker": name,
                "role": roles[name],
                "prefix": len(name) + 2,
            }
        )
        for line, (name, _) in zip(notes.lines, said, strict=True)
    )
    return notes.model_copy(update={"kind": "transcript", "lines": lines})


def assert_heard_nowhere(document: Document) -> None:
    assert ENGINE.listen(document) == []
    assert ENGINE.label(document, load_guide("isp")).findings == ()


def test_a_sharp_line_is_heard_among_plain_ones_and_said_to_come_from_the_model() -> None:
    document = as_notes("\n".join((*PLAIN[:2], SHARP, *PLAIN[2:])))
    (found,) = ENGINE.listen(document)
    assert found.line == 3
    assert found.found_by == "model"
    assert document.text[found.start : found.end] == found.quote
    assert found.quote in SHARP


@pytest.mark.parametrize(
    "path",
    ["examples/vague-chat.txt", "examples/standup.txt", "docs/architecture.md", "docs/models.md"],
)
def test_ordinary_texts_of_the_project_are_left_alone(path: str) -> None:
    assert ENGINE.listen(read(ROOT / path)) == []


ORDINARY = sorted((ROOT / "training" / "data" / "ordinary").glob("*-b.txt"))


@pytest.mark.parametrize("path", ORDINARY, ids=lambda path: path.stem)
def test_ordinary_text_hardly_ever_draws_a_finding_that_fails_a_run(path: Path) -> None:
    text = path.read_text("utf-8")
    found = ENGINE.listen(as_notes(text))
    assert sum(f.severity != "low" for f in found) <= max(1, 0.01 * len(text.splitlines()))


def test_an_employee_is_judged_only_where_the_manager_is_quoted() -> None:
    said = [(who, text) for who, text in zip("Ana Bo Ana Bo".split(), PLAIN, strict=True)]
    assert ENGINE.listen(talk(*said, ("Bo", SHARP))) == []
    assert [f.line for f in ENGINE.listen(talk(*said, ("Ana", SHARP)))] == [5]


@pytest.mark.parametrize("text", ["", "\n\n", "?", "# A heading\n", "> " + SHARP])
def test_what_holds_no_wording_of_the_manager_gives_nothing(text: str) -> None:
    assert ENGINE.listen(as_notes(text)) == []


@pytest.mark.parametrize(
    "said",
    [
        "I was just wondering, maybe, if at some point the newsletter could possibly be fresher.",
        "Try and manage everything, you know how it is this season.",
        "I just feel we can do more.",
    ],
)
def test_what_is_asked_of_nobody_is_flagged_neither_in_a_check_nor_in_a_map(said: str) -> None:
    assert_heard_nowhere(talk(("Ana", said), ("Bo", "Okay.")))


@pytest.mark.parametrize(
    "said",
    [
        "I would never say that you are lazy.",
        "Nobody thinks you are lazy.",
        "I don't think you are careless.",
        "I am not comparing you with Sam.",
    ],
)
def test_who_says_that_nothing_bad_is_thought_is_not_flagged(said: str) -> None:
    for document in (as_notes(said), talk(("Ana", said), ("Bo", "Okay."))):
        assert_heard_nowhere(document)


@pytest.mark.parametrize(
    "said",
    [
        "I don't think you are lazy, you just never bother.",
        "Nobody thinks you can do it.",
        "I don't think you are trying.",
        "I'm not blaming you, but who else was there?",
        "I would never say you are lazy; the whole team does.",
    ],
)
def test_a_denial_that_is_taken_back_is_none(said: str) -> None:
    assert not only_denies(said)


def test_a_map_and_a_check_name_the_same_category() -> None:
    document = talk(("Ana", SHARP), ("Bo", "Okay."))
    heard = [(one.line, one.category) for one in ENGINE.listen(document)]
    mapped = ENGINE.label(document, load_guide("isp")).findings
    assert heard == [(one.line, one.category) for one in mapped] != []


def test_the_same_text_gives_the_same_findings() -> None:
    document = read(ROOT / "examples" / "tense-transcript.vtt")
    assert ENGINE.listen(document) == ENGINE.listen(document)


@pytest.mark.parametrize("name", ["Mohammed", "Priya", "Emily", "Jamal", "Hans"])
@pytest.mark.parametrize(
    "said",
    [
        "{}, I'd hate for this to come up when contracts are renewed.",
        "The others seem to manage it, {}, and they have children as well.",
        "{}, could you send me the list by Friday? I need it for the audit.",
    ],
)
def test_no_name_changes_what_is_heard(name: str, said: str) -> None:
    def heard_of(who: str) -> list[tuple[str, str]]:
        return [(f.category, f.severity) for f in ENGINE.listen(as_notes(said.format(who)))]

    assert heard_of(name) == heard_of("Robin")


def test_in_a_long_file_a_sharp_line_is_heard_as_well() -> None:
    document = as_notes("\n".join((*PLAIN * 200, SHARP, *PLAIN * 200)))
    assert [finding.line for finding in ENGINE.listen(document)] == [801]


def test_in_a_long_line_the_sentence_is_named() -> None:
    text = " ".join((*PLAIN * 3, SHARP, *PLAIN * 3))
    (found,) = ENGINE.listen(as_notes(text))
    assert found.quote in SHARP


@given(st.lists(st.text(max_size=60), max_size=8))
@settings(max_examples=40, deadline=None)
def test_any_text_gives_findings_that_stand_in_it(rows: list[str]) -> None:
    document = as_notes("\n".join(row.replace("\n", " ") for row in rows))
    allowed = {line.number for line, *_ in heard(document)}
    for found in ENGINE.listen(document):
        assert document.text[found.start : found.end] == found.quote
        assert found.line in allowed


def test_the_sting_of_a_line_is_the_clause_that_carries_it() -> None:
    text = "The July batch had the wrong codes. Once more and it goes on your file. See you Monday."
    start, end = sting(text)
    assert text[start:end] == "Once more and it goes on your file"


@given(st.text(max_size=80))
@settings(max_examples=40, deadline=None)
def test_any_text_has_its_sting_inside_it(text: str) -> None:
    start, end = sting(text)
    assert 0 <= start <= end <= len(text)


# -- a line's own words ----------------------------------------------------------------------------


def test_own_words_tell_a_threat_from_a_recipe() -> None:
    threat, recipe = load_own_words().scores([SHARP, "Beat the eggs until they are pale."])
    assert threat > 0 > recipe


@given(st.lists(st.text(max_size=40), max_size=6))
@settings(max_examples=60, deadline=None)
def test_a_line_scores_the_same_in_any_company(texts: list[str]) -> None:
    together = load_own_words().scores(texts)
    alone = [load_own_words().scores([text])[0] for text in texts]
    assert np.allclose(together, alone)


def test_a_word_that_shares_its_number_with_the_end_of_a_line_is_a_word() -> None:
    word = "bargrwpa"
    assert zlib.crc32(word.encode()) == zlib.crc32(b"\n")
    rows, _ = features([f"one {word} two", "three"])
    assert np.bincount(rows).tolist() == [7, 3]


def test_words_and_pairs_of_a_line_are_features_and_edges_count() -> None:
    rows, keys = features(["one two", "", "two"])
    assert np.bincount(rows, minlength=3).tolist() == [5, 0, 3]
    assert len(set(keys.tolist())) == 6


def test_of_a_line_of_thousands_of_sentences_the_loudest_are_heard_and_one_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard_texts: list[str] = []
    alone = Encoder.alone

    def counting(self: Encoder, texts: Sequence[str]) -> Scores:
        heard_texts.extend(texts)
        return alone(self, texts)

    monkeypatch.setattr(Encoder, "alone", counting)
    dull = "You never have to look at the list of the night shift again. "
    document = as_notes(dull * 400 + SHARP + " " + dull * 400)
    (found,) = ENGINE.listen(document)
    assert found.quote in SHARP
    assert SHARP in heard_texts
    assert len(heard_texts) <= 100


def test_the_same_words_mean_the_same_however_often_they_are_said() -> None:
    encoder = load_encoder()
    together = encoder.meanings([SHARP, PLAIN[0], SHARP])
    assert (
        together == np.concatenate([encoder.meanings([text]) for text in (SHARP, PLAIN[0], SHARP)])
    ).all()


def test_a_line_by_itself_scores_the_same_bytes_in_any_company() -> None:
    texts = [SHARP, *PLAIN, "", SHARP]
    encoder = load_encoder()
    apart = np.concatenate([encoder.alone([text]) for text in texts])
    assert (encoder.alone(texts) == apart).all()
    assert encoder.alone([]).shape == (0, apart.shape[1])
