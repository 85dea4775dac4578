"""Readings: rules' phrases as they were read, kept from one run to the next.

Reading all phrases takes longer than checking a short text with them. What is kept goes by a
digest of what was read and of the code that read it: a changed rule has another digest, so nothing
kept is ever out of date. It holds phrases alone, never a word of a text that was checked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files

from coach.resources import keep_values, kept_values
from coach.tone.phrase import Phrase
from coach.tone.rule import Rule

_FILE = "tone-phrases.json"
_MOST = 32
"""Rules whose phrases are kept, or those just read if they are more; the oldest go first."""
_CODE = ("phrase.py", "keys.py")
"""What makes of a phrase what is kept."""

Reading = list[list[list[str]]]
"""Of each group of a rule, of each phrase: its pattern, and what a text with it holds."""


def recall(rules: Sequence[Rule]) -> None:
    """Give the rules their phrases as an earlier run has read them; read and keep the others."""
    known: dict[str, Reading] = kept_values(_FILE)
    new: dict[str, Reading] = {}
    for rule in rules:
        name = _digest(rule)
        if name in known:
            _give(rule, known[name])
        else:
            new[name] = _read(rule)
    if new:
        keep_values(_FILE, known | new, most=max(_MOST, len(new)))


def _read(rule: Rule) -> Reading:
    return [
        [[phrase.pattern, phrase.held] for phrase in group.phrases] for group in rule.read_groups
    ]


def _give(rule: Rule, reading: Reading) -> None:
    for group, read, phrases in zip(rule.groups, rule.read_groups, reading, strict=True):
        texts = zip(group.phrases, phrases, strict=True)
        read.phrases = tuple(Phrase(text, pattern, held) for text, (pattern, held) in texts)


def _digest(rule: Rule) -> str:
    what = [_reader(), rule.words, [group.phrases for group in rule.groups]]
    return sha256(json.dumps(what).encode()).hexdigest()


@cache
def _reader() -> str:
    """The digest of the code that reads."""
    home = files("coach.tone")
    return sha256(b"".join(home.joinpath(name).read_bytes() for name in _CODE)).hexdigest()
