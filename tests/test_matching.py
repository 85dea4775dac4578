"""Matching: many stretches at once give what each gives by itself, however they are mixed."""

from __future__ import annotations

import gc
from itertools import permutations

import pytest

from coach.tone import as_notes, load_rules, scan
from coach.tone.matching import Stretch, Wording, matcher
from coach.tone.scan import _latest

RULES = load_rules()
EXAMPLES = [text for rule in RULES for text in (*rule.flags, *rule.passes)]
ODD = [
    "",
    "'",
    "\n",
    "`one more slip",
    "` and you're out",
    "don't you're dogs' 'one more slip'",
    "İstanbul, one more slip and you’re out",
    "ΟΔΟΣ you never listen",
    "one more",
    "slip and you are out",
]


@pytest.mark.parametrize("names", [[], ["Dana"]])
def test_many_stretches_at_once_give_what_each_gives_by_itself(names: list[str]) -> None:
    texts = [text for pair in zip(EXAMPLES, ODD * len(EXAMPLES), strict=False) for text in pair]
    stretches = [Stretch(text, 0, len(text)) for text in texts]
    stretches += [Stretch(text, len(text) // 3, len(text), "quoted") for text in texts]
    known = matcher(RULES)
    together = known.hits_in(Wording(stretches, names))
    alone = [
        known.hits(text, (start, end), names=names, voice=voice)
        for text, start, end, voice in stretches
    ]
    assert together == alone
    assert sum(map(bool, together)) > len(RULES)


def test_parts_of_a_whole_are_looked_for_where_the_others_may_be_near() -> None:
    (formal,) = (rule for rule in RULES if rule.id == "tone.formal")
    parts = ["You have missed three deadlines.", "By 1 June,", "or your contract will be ended."]
    known = matcher((formal,))

    def groups(texts: list[str]) -> list[int]:
        wording = Wording([Stretch(text, 0, len(text)) for text in texts])
        met = known.hits_in(wording, meeting=True)
        return sorted({hit.group for hits in met for hit in hits})

    within = formal.within or 0
    beside = ["We spoke about the rota."] * within
    assert groups(parts) == groups([parts[0], parts[1], "", parts[2]]) == [0, 1, 2]
    assert groups(parts[:2]) == groups(parts[2:]) == []
    assert groups([*parts[:2], *beside, *beside, *beside, parts[2]]) == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("far", [0, 2])
def test_a_whole_is_found_in_whatever_order_its_parts_stand(order: list[int], far: int) -> None:
    parts = ["You have missed three deadlines.", "By 1 June,", "or your contract will be ended."]
    lines = [line for at in order for line in (parts[at], *["We spoke about the rota."] * far)]
    last = lines.index(parts[2])
    near = all(abs(lines.index(part) - last) <= 3 for part in parts)
    found = {finding.rule for finding in scan(as_notes("\n".join(lines)), RULES)}
    assert ("tone.formal" in found) is near


def test_a_text_that_was_scanned_is_not_taken_for_another_and_is_forgotten_when_it_is_gone() -> (
    None
):
    harsh, mild = as_notes("You never listen."), as_notes("Thanks for the list.")
    for _ in range(2):
        assert [len(scan(one, RULES)) for one in (harsh, mild, harsh)] == [1, 0, 1]
    assert _latest(harsh) is _latest(harsh)
    del harsh, mild
    gc.collect()
    assert vars(_latest)["_kept"] is None
