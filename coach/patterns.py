"""pattern: a regular expression that is compiled when it is first asked something.

Compiling those of coach takes longer than reading a short text with the few of them that it needs.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _Pattern:
    """What each method of the compiled pattern is once it was asked for: that method itself."""

    def __init__(self, text: str, flags: int) -> None:
        self._given = text, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(*self._given), name)
        setattr(self, name, found)
        return found


def pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """As ``re.compile``, whose errors come with the first use."""
    return cast(re.Pattern[str], _Pattern(text, flags))
