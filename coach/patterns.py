"""pattern: a regular expression that is compiled when it is first asked something.

Compiling those of coach takes longer than reading a short text with the few of them that it needs.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, cast

TWINS = ("ı", "ſ", "\u0307")
"""What a pattern takes for an "i" or an "s", case not counting, and a text in lower case holds."""


class _Pattern:
    """Every method and attribute of the compiled pattern, each looked up there but once."""

    def __init__(self, text: str, flags: int) -> None:
        self._given = text, flags

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(*self._given)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._compiled, name)
        setattr(self, name, found)
        return found


def pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """As ``re.compile``, to be asked by its own methods; its errors come with the first use.

    The functions of ``re`` do not take it: ``pattern(text).sub(...)``, not ``re.sub(pattern...)``.
    """
    return cast(re.Pattern[str], _Pattern(text, flags))
