"""Patterns: compiled when they are first asked something, and the same from then on."""

from __future__ import annotations

import re

import pytest

from coach.patterns import pattern


def test_it_answers_as_the_compiled_one_does() -> None:
    lazy, eager = pattern(r"(?P<word>[a-z]+)!", re.I), re.compile(r"(?P<word>[a-z]+)!", re.I)
    text = "Oh! no! "
    assert [one.span() for one in lazy.finditer(text)] == [m.span() for m in eager.finditer(text)]
    assert lazy.sub("-", text) == eager.sub("-", text)
    assert lazy.match("No!")["word"] == "No"  # type: ignore[index]
    assert (lazy.pattern, lazy.flags) == (eager.pattern, eager.flags)


def test_a_fault_in_it_comes_with_the_first_use() -> None:
    broken = pattern("(")
    with pytest.raises(re.error):
        broken.search("text")
