"""Hearing: what a chat completion says, and the JSON object in it, without trusting either."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Literal

from coach.engines.llm.question import Usage

Verdict = Literal["validate", "refusal", "content_filter", "truncated", "whitespace_loop", "empty"]

_BLANKS_OF_A_LOOP = 200
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


class NotJsonError(ValueError):
    """An answer that is not one JSON object; the message says why, without its text."""

    def __init__(self, reason: str, *, prose: bool = False) -> None:
        super().__init__(reason)
        self.prose = prose
        """Whether it does not even look like JSON."""


@dataclass(frozen=True)
class Heard:
    """The one choice of a completion."""

    text: str
    finish: str | None
    """Some local servers leave it out of a good reply."""
    refused: bool
    usage: Usage

    @property
    def verdict(self) -> Verdict:
        """Whether the text is worth reading, and if not, why."""
        # Length comes first: thinking can use up the whole room and leave no text at all.
        if self.finish == "length":
            blanks = len(self.text) - len(self.text.rstrip())
            return "whitespace_loop" if blanks > _BLANKS_OF_A_LOOP else "truncated"
        if self.finish == "content_filter":
            return "content_filter"
        if self.refused:
            return "refusal"
        return "validate" if self.text.strip() else "empty"


def heard(completion: object) -> Heard | None:
    """What came back; None where it is not a chat completion."""
    choices = getattr(completion, "choices", None)
    if not isinstance(choices, list) or not choices:
        return None
    message = getattr(choices[0], "message", None)
    content = getattr(message, "content", None)
    if message is None or not isinstance(content, str | None):
        return None
    finish = getattr(choices[0], "finish_reason", None)
    text = content or ""
    if not text.strip():
        text = _thought(message) or text
    return Heard(
        text=text,
        finish=finish if isinstance(finish, str) else None,
        refused=bool(getattr(message, "refusal", None)),
        usage=_usage(getattr(completion, "usage", None)),
    )


def _thought(message: object) -> str | None:
    """An answer that a server filed under the model's thinking."""
    for name in ("reasoning_content", "reasoning"):
        said = getattr(message, name, None)
        if isinstance(said, str) and _object_in(said) is not None:
            return said
    return None


def _usage(told: object) -> Usage:
    return Usage(
        prompt=_count(told, "prompt_tokens"),
        completion=_count(told, "completion_tokens"),
        cached=_count(getattr(told, "prompt_tokens_details", None), "cached_tokens"),
        reasoning=_count(getattr(told, "completion_tokens_details", None), "reasoning_tokens"),
    )


def _count(told: object, name: str) -> int:
    value = getattr(told, name, None)
    return value if type(value) is int and 0 <= value < 1_000_000_000 else 0


# -- the object ------------------------------------------------------------------------------------


def object_of(text: str) -> tuple[str, dict[str, Any]]:
    """The JSON object in an answer, as text and as data, out of fences, thinking and chatter.

    Raises:
        NotJsonError: there is none, or it is not sound: a key twice, NaN, too deep, a number of
            thousands of digits.
    """
    found = _object_in(text)
    if found is None:
        raise NotJsonError("is not a JSON object", prose=True)
    try:
        data = json.loads(found, object_pairs_hook=_once, parse_constant=_refuse)
    except RecursionError:
        raise NotJsonError("is nested too deeply") from None
    except NotJsonError:
        raise
    except json.JSONDecodeError as error:
        prose = not text.lstrip().startswith(("{", "[", "`", "<"))
        reason = f"is not valid JSON: {error.msg} at character {error.pos}"
        raise NotJsonError(reason, prose=prose) from None
    except ValueError:
        raise NotJsonError("holds a number with too many digits") from None
    if _HALF.search(found) and not _encodable(data):
        raise NotJsonError("holds half a character")
    return found, data


def _object_in(text: str) -> str | None:
    """From the first brace to the last, after any thinking."""
    if not text.lstrip().startswith("{"):
        text = text.rpartition("</think>")[2]
    first, last = text.find("{"), text.rfind("}")
    return text[first : last + 1] if 0 <= first < last else None


def _encodable(data: object) -> bool:
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise NotJsonError("has a key twice in one object")
    return found


def _refuse(name: str) -> None:
    raise NotJsonError(f"holds {name}, which is not JSON")
