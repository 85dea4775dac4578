"""Readings: phrases kept from one run to the next give the same findings, and are never stale."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from coach.tone import Rule, as_notes, load_rules_from, scan
from coach.tone import rule as rule_module
from coach.tone.phrase import Phrase
from coach.tone.readings import recall

OWN = """\
id: tone.shouting
category: shouting
message: Capital letters read as a raised voice.
advice: Say it once, in plain letters.
source: House style.
words:
  soon: asap|at once
groups:
  - severity: medium
    near: (need|want)
    phrases: |
      {soon} (please)? $
flags:
  - I need this ASAP.
passes:
  - I need this by Friday, is that doable?
"""
NOTES = "I need this at once.\nI want it pronto, please.\n"

OwnRule = Callable[[str], Path]
RunCoach = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def own_rule(home: Path) -> OwnRule:
    """Writes the user's own rule; gives its path."""

    def write(text: str) -> Path:
        path = home / "guides" / "tone" / "shouting.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def kept(home: Path) -> Path:
    return home / "cache" / "tone-phrases.json"


def read_anew(path: Path) -> Rule:
    """The rule as a new run has it."""
    (rule,) = load_rules_from([path], words={})
    return rule


def phrases_of(rule: Rule) -> list[tuple[str, str, object]]:
    return [
        (phrase.text, phrase.pattern, phrase.needs)
        for group in rule.read_groups
        for phrase in group.phrases
    ]


def lines_flagged(rule: Rule) -> list[int]:
    return [finding.line for finding in scan(as_notes(NOTES), (rule,))]


def test_what_one_run_has_read_the_next_does_not_read_again(
    own_rule: OwnRule, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = own_rule(OWN)
    first, second, third = (read_anew(path) for _ in range(3))
    recall([first])
    read: list[str] = []

    def reading(text: str, lists: object) -> Phrase:
        read.append(text)
        raise AssertionError(text)

    monkeypatch.setattr(rule_module, "read_phrase", reading)
    recall([second])
    assert phrases_of(second) == phrases_of(first)
    assert read == []
    with pytest.raises(AssertionError):
        phrases_of(third)


def test_phrases_that_were_kept_find_what_phrases_just_read_find(own_rule: OwnRule) -> None:
    path = own_rule(OWN)
    for _ in range(2):
        rule = read_anew(path)
        recall([rule])
        assert lines_flagged(rule) == [1]


@pytest.mark.parametrize(
    ("old", "new", "flagged"),
    [
        ("{soon} (please)? $", "(pronto|asap) (please)? $", [2]),
        ("asap|at once", "asap|pronto", [2]),
        ("asap|at once", "asap|at once|pronto", [1, 2]),
        ("(need|want)", "need", [1]),
    ],
)
def test_an_edited_rule_is_used_at_once(
    own_rule: OwnRule, old: str, new: str, flagged: list[int]
) -> None:
    recall([read_anew(own_rule(OWN))])
    rule = read_anew(own_rule(OWN.replace(old, new)))
    recall([rule])
    assert lines_flagged(rule) == flagged


def test_a_rule_that_is_edited_between_two_runs_of_coach_is_used_at_once(
    own_rule: OwnRule, kept: Path, coach: RunCoach
) -> None:
    def run() -> str:
        return coach("tone", "-", "--rules-only", "--format", "line", stdin=NOTES).stdout

    own_rule(OWN)
    assert "<stdin>:1:" in run()
    assert kept.exists()
    own_rule(OWN.replace("{soon} (please)? $", "(pronto|asap) (please)? $"))
    told = run()
    assert "<stdin>:1:" not in told
    assert "<stdin>:2:" in told


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"asap", b"asop"),
        lambda data: b"0" * 64 + data[64:],
        lambda data: b"{}",
    ],
    ids=["empty", "cut", "changed", "another digest", "no digest"],
)
def test_what_is_no_longer_what_was_kept_is_not_used(
    own_rule: OwnRule, kept: Path, damage: Callable[[bytes], bytes]
) -> None:
    path = own_rule(OWN)
    recall([read_anew(path)])
    whole = kept.read_bytes()
    kept.write_bytes(damage(whole))
    rule = read_anew(path)
    recall([rule])
    assert lines_flagged(rule) == [1]
    assert kept.read_bytes() == whole


@pytest.mark.skipif(os.name == "nt", reason="no rights to go by")
def test_what_is_kept_is_the_users_alone_and_what_others_may_write_is_not_used(
    own_rule: OwnRule, kept: Path
) -> None:
    path = own_rule(OWN)
    recall([read_anew(path)])
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    kept.chmod(0o666)
    recall([read_anew(path)])
    assert kept.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in kept.parent.iterdir()] == [kept.name]


def test_where_nothing_can_be_kept_the_rules_work_all_the_same(
    own_rule: OwnRule, home: Path
) -> None:
    path = own_rule(OWN)
    (home / "cache").write_text("in the way", encoding="utf-8")
    rule = read_anew(path)
    recall([rule])
    assert lines_flagged(rule) == [1]


def test_rules_that_are_not_used_any_more_are_forgotten(own_rule: OwnRule, kept: Path) -> None:
    words = [f"word{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(120)]
    rules = [
        Rule.model_validate(
            dict(read_anew(own_rule(OWN)).model_dump(), words={"soon": f"asap|{word}"})
        )
        for word in words
    ]
    recall(rules[:60])
    recall(rules[60:])
    text = kept.read_text(encoding="utf-8")
    assert (words[0] in text, words[-1] in text) == (False, True)
