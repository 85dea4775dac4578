"""Wishes: what somebody says that they would like, turned round for whoever hears it. Pure."""

from __future__ import annotations

import re

_MOST_WORDS = 14
_WISH = re.compile(
    r"\bi(?:'d| would)? (?:(?:really|also|just|still|rather) )*(?:like|love|want|wish|prefer)"
    r"(?: to be able)? (?P<what>(?:to|more|less|an?|the|some|my)\b[^.?!;:,]*)",
    re.IGNORECASE,
)
_ENDS = re.compile(r"\s+(?:because|since|so that|but|and i|if)\b.*", re.IGNORECASE)
_TURNED = {
    "i": "you",
    "i'm": "you're",
    "me": "you",
    "my": "your",
    "mine": "yours",
    "myself": "yourself",
    "your": "my",
    "yours": "mine",
    "am": "are",
}
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def wish_in(line: str) -> str | None:
    """What this line wishes for, as it goes on from "you'd like"; None where it wishes nothing.

    A wish about the other, "to know what you decide", is not turned round: that takes grammar.
    """
    found = _WISH.search(line.replace("\u2019", "'"))
    what = _ENDS.sub("", found["what"]).strip() if found else ""
    words = [word.lower() for word in _WORD.findall(what)]
    if not 2 <= len(words) <= _MOST_WORDS or "you" in words:
        return None
    return _WORD.sub(lambda word: _TURNED.get(word[0].lower(), word[0]), what)
