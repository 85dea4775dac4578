"""Stand-ins: the same few names in place of the people's own, so that no name changes a label.

The model reads letters and word pieces, so it would take "Oluwaseyi" for something else than "Jo".
It sees the text with names exchanged, as a server sees it with placeholders; quotes are cut from
the document as it is. Which names stand in was chosen on dev, where they cost nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from coach.document import Document
from coach.engines.llm.pseudonyms import Pseudonyms

_NAMES = {"EMPLOYEE": "Robin", "MANAGER": "Jo", "PERSON": "Lee"}
_PLACEHOLDER = re.compile(rf"\[({'|'.join(_NAMES)})(?:_[A-Z0-9]+){{0,2}}\]")

_LETTERS = re.compile(r"[^\W\d_]{2}")


def stand_ins(document: Document) -> Callable[[str], str]:
    """What exchanges the names in a line of this document; all else stays as it is."""
    table = Pseudonyms.of(document)

    @cache
    def exchanged(text: str) -> str:
        if _LETTERS.search(text) is None:
            return text
        return table.show(_PLACEHOLDER.sub(lambda name: _NAMES[name[1]], table.hide(text)))

    return exchanged
