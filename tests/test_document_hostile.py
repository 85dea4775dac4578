"""Hostile text: twice as much of it may take about twice as long, no more."""

from __future__ import annotations

import time

import pytest

from coach.document import read_bytes
from coach.errors import InputError

CUE = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n"
HOSTILE = [
    ("a.a.a.", "", "n.txt"),
    ("AAAA", "", "n.txt"),
    (": : :", "", "n.txt"),
    ("[[[[", "", "n.txt"),
    ("<v <v ", "", "n.txt"),
    (" ", "", "n.txt"),
    ("- ", "", "n.txt"),
    ("** ", "", "n.txt"),
    (" #", "# x", "n.txt"),
    ("( ", "", "n.txt"),
    ("Aa Bb ", "", "n.txt"),
    ("1:1 ", "", "n.txt"),
    ("A. ", "1:1 with ", "n.txt"),
    ("0:00 ", "", "n.txt"),
    ("<v <v ", CUE, "t.vtt"),
    ("<v a>", CUE, "t.vtt"),
    ("<c <c.", CUE, "t.vtt"),
    ("&#99999", CUE, "t.vtt"),
    ("{\\a", CUE, "t.vtt"),
    ("0:0 --> ", CUE, "t.vtt"),
    ("[[", "", "t.json"),
    ("a.a: \n", "", "n.txt"),
    ("Aa: a.a.a.\n", "", "n.txt"),
    ("[0:00] \n", "", "n.txt"),
    ("\n", "", "n.txt"),
]


def seconds(unit: str, head: str, name: str, size: int) -> float:
    data = (head + unit * (size // len(unit)) + "x").encode()
    begin = time.process_time()
    try:
        document = read_bytes(data, name)
    except InputError:
        pass
    else:
        assert document.lines
    return time.process_time() - begin


@pytest.mark.parametrize(("unit", "head", "name"), HOSTILE)
def test_time_grows_with_size_only(unit: str, head: str, name: str) -> None:
    size = 60_000 if unit.endswith("\n") else 500_000
    once = min(seconds(unit, head, name, size) for _ in range(2))
    twice = min(seconds(unit, head, name, 2 * size) for _ in range(2))
    assert twice < 1
    assert twice < 3 * once + 0.05
