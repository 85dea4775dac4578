"""Orders: lines that speak to a machine, or that only a machine reads. No notes of a talk.

Phrases stop no determined attacker, so nothing rests on finding all of them: entries still need
evidence, and findings stay. What is found carries nothing, and is told by number.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

from coach.patterns import TWINS, pattern

if TYPE_CHECKING:
    from coach.document.model import Document, Line

_LOOKED_AT = 400
"""Characters of a line in which an order is looked for."""
_MOST_DATA = 100
"""Lines of a piece of data at most."""


_LONGEST_DATA = 20_000
"""... and characters of one of them."""
_MOST_TOLD = 20


def _any(*alternatives: str) -> re.Pattern[str]:
    return pattern("|".join(alternatives), re.IGNORECASE)


_MACHINE = (
    r"(?:ai|a\.i\.|llm|(?:large )?language model|chat ?bot|chat ?gpt|ai (?:model|assistant|tool|"
    r"reader|agent)|(?:ai )?(?:summari[sz]er|transcriber))"
)
_RECORDER = (
    r"(?:ai|bot|note ?-?taker(?: bot)?|note ?-?taking (?:bot|app|tool)|recorder|transcription|"
    r"transcriber|summari[sz]er|chat ?bot|computer|machine|co-?pilot)"
)
_SOFTWARE = (
    r"(?:transcription|recording|meeting|note-?taking|summary) (?:tool|software|app|service|bot|"
    r"engine|assistant|ai)"
)
_MODE = r"(?:developer|admin|administrator|god|root|unrestricted) mode"
_WRITE = (
    r"(?:write|put|note|record|mark|add|say|state|list|set|change|show|log|enter|include|ignore|"
    r"delete|leave|make|report)"
)
_RESULT = r"(?:covered|neutral|supportive|not skipped)"
_OF_A_RECORD = (
    r"(?:steps?|sections?|notes?|summary|transcript|plan|record|findings?|tone|everything|covered|"
    r"instructions?|minutes|that)"
)


class _Order(NamedTuple):
    """A way to speak to a machine."""

    signs: tuple[str, ...]
    """Letters in lower case of which a line that speaks so holds some."""
    wording: re.Pattern[str]


_TO_A_MACHINE = (
    _Order(  # what was told it before is to count no more
        ("ignore", "disregard", "forget", "override", "bypass"),
        _any(
            r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,30}\b(?:previous|prior|earlier|"
            r"preceding|above|former|system|your|all|any|other)\b.{0,20}\b(?:instructions?|prompts?|"
            r"directives)\b",
            r"\b(?:ignore|disregard|forget)\b.{0,30}\b(?:previous|prior|earlier|preceding|your|"
            r"system)\b.{0,12}\b(?:rules|guidelines|commands|constraints)\b",
            r"\b(?:ignore|disregard|forget) (?:everything|all(?: of)?(?: that| this)?|the (?:text|"
            r"notes|lines)|anything|whatever)(?: \w+){0,4} above\b"
            r"(?! (?:you|me|us|him|her|them|your|the|it)\b)",
        ),
    ),
    _Order(
        ("ignor", "olvid", "verg", "missacht", "oubli", "esque", "dimentica", "negeer"),
        _any(
            r"\b(?:ignorier\w{1,3}|ignora[dn]?|ignorez|ignore (?:les|as|todas|toutes)|olvid\w{1,4}|"
            r"vergiss|vergesst|missacht\w{1,4}|oubli\w{1,4}|esque[cç]\w{1,4}|dimentica\w{0,3}|"
            r"negeer|vergeet)\b.{0,50}\b(?:instru[ckç]\w+|anweisung\w*|vorgaben|consignes|istruzioni|"
            r"[oó]rdenes|indicaciones)\b",
        ),
    ),
    _Order(  # it is spoken to, or told what it is
        (
            *("ai", "a.i.", "llm", "language model", "bot", "gpt", "summari", "transcri"),
            *("taker", "taking", "recorder", "computer", "machine", "pilot"),
        ),
        _any(
            rf"\b(?:to|for|hey|dear|attention|attn|okay|ok) (?:the |any |our )?{_MACHINE}\b\s*"
            r"(?:[:,–—-]|reading\b|who\b|that\b|doing\b|$)",
            rf"\bas (?:an?|the) {_MACHINE}\b"
            r"(?! (?:team|lead|owner|pilot|officer|manager|project|group))",
            rf"\b(?:hey|ok|okay|dear|hello|to the|for the),? {_RECORDER}\b[,:]?\s+(?:please )?"
            rf"{_WRITE}\b",
            rf"^\W*{_RECORDER}\b[,:]\s*(?:please )?{_WRITE}\b.{{0,40}}\b{_OF_A_RECORD}\b",
            rf"\byou(?: are|'re)(?: now)? (?:an?|the|no longer an?) {_MACHINE}\b",
        ),
    ),
    _Order(
        (" mode",),
        _any(
            rf"^\W*(?:enter|activate|enable|switch (?:in)?to) {_MODE}\b"
            rf"|\byou\b.{{0,20}}\bin {_MODE}\b",
            rf"^\W*{_MODE}(?:\s*[:,.–—-]|(?: is)?(?: now)? (?:on|enabled|activated|engaged)\b)",
        ),
    ),
    _Order(
        ("transcription ", "recording ", "meeting ", "taking ", "summary "),
        _any(
            rf"\b(?:hey|dear|attention|(?:note|word|message) to),? (?:the |our |any |this )?"
            rf"{_SOFTWARE}\b",
            rf"^\W*(?:(?:to|for) (?:the |our |any |this )?)?{_SOFTWARE}\s*[:,]\s*(?:please )?"
            rf"{_WRITE}\b",
        ),
    ),
    _Order(
        ("system", "<|", "inst]", "<<", "instruction", "prompt>", "assistant>", "user>", "##"),
        _any(
            r"\bsystem (?:prompt|override|instructions?)\b",
            r"^\W*system (?:message|note|notice|command)\s*[:>–—-]",
            r"<\|\w{2,20}\|>|\[/?inst\]|<</?sys>>|</?(?:system|instructions?|prompt|assistant|user)>",
            r"^\W*#{2,6}\s*(?:instructions?|system|response)\s*:",
        ),
    ),
    _Order(  # it is told what its result should be
        (" this ", " these "),
        _any(
            r"\b(?:when|while|if|before) (?:you (?:are )?|the (?:ai|model|tool) )(?:summari[sz]|"
            r"transcrib|process|analy[sz]|draft|map|pars|read)\w* (?:this|these) (?:notes?|"
            r"transcript|text|lines?|conversation|recording)\b",
        ),
    ),
    _Order(
        ("covered", "neutral", "supportive", "not skipped"),
        _any(
            rf"(?<!\bi )(?<!\bwe )\b(?:mark|label|set|report|count|rate|score|treat|list|show)\b"
            rf".{{0,40}}\b(?:steps?|lines?|"
            rf"status(?:es)?|sections?|everything)\b.{{0,30}}\b(?:as|to|=)\b.{{0,12}}\b{_RESULT}\b",
            r"\b(?:all|every|each)(?: \w+)? steps?(?: (?:is|are|was|were))?(?: \w+)? covered\b"
            r"(?! (?:by|in|with|at|through|under|on|for)\b)",
        ),
    ),
    _Order(
        ("tone", "punitive", "finding", "flags"),
        _any(
            r"\b(?:do not|don't|never|stop)\b.{0,20}\b(?:flag|report|mention|list|show|rais)\w*\b"
            r".{0,40}\b(?:the tone|for tone|tone (?:findings?|check|warnings?|flags?)|punitive|"
            r"(?:any|these|no) findings?)\b",
            r"\b(?:leave out|drop|remove|suppress|hide|clear|delete) "
            r"(?:(?:all|any|every|your|these) )?(?:of )?(?:the |your )?"
            r"(?:findings|flags|tone (?:check|warnings?))\b(?! (?:that|which|from)\b)",
        ),
    ),
    _Order(  # it looks like what one would answer
        ("coach.", '"'),
        _any(
            r"\bcoach\.(?:map|draft|plan|tone)/\d",
            r"^\s*[\[{]\s*\"[\w.$ -]{1,40}\"\s*:|^\s*\"[\w.$-]{1,40}\"\s*:\s*[\"\[{]",
        ),
    ),
)
"""A line is held against the few whose letters it has: most lines have none."""
_GOES_ON = _any(
    r"^\W*(?:(?:instead|now|then|and|also|please|just|only|next|finally)\W+){0,3}(?:write|say|"
    r"state|put|add|record|enter|note|report|output|print|respond|reply|answer|return|generate|"
    r"conclude|pretend|assume|mark|set|treat|include|leave out|do not|don't|make sure)\b",
    r"\b(?:mark|set|count) (?:all|every|each)\b.{0,20}\b(?:steps?|lines?|items?)\b.{0,20}\b"
    r"(?:done|complete|completed|finished)\b",
)
"""An order that one line after such a line belongs to; by itself it is the manager's own note."""

_FENCE = re.compile(r"\s{0,3}(?P<mark>`{3,}|~{3,})\s*(?P<language>[\w+#.-]*)")
_WORDS = frozenset(("", "text", "txt", "plain", "plaintext", "md", "markdown", "notes", "note"))
"""What stands behind a fence that holds words rather than code."""
_OPENS, _CLOSES = "<!--", "-->"
_COMMENT = re.compile(r"<!--.{0,2000}?(?:-->|$)")


def orders_among(lines: Sequence[Line]) -> frozenset[int]:
    """Numbers of the lines to set aside: orders to a machine, comments, code and data."""
    asked = [line for line in lines if line.mappable]
    found = {asked[at].number for at in _to_a_machine([line.content for line in asked])}
    written = [line for line in lines if line.kind != "speech"]
    if written:
        found.update(_in_comments(written), _in_code(written), _in_data(written))
    for line, after in pairwise(lines):
        same_voice = line.speaker == after.speaker
        goes_on = line.number in found and same_voice and after.mappable
        if goes_on and _GOES_ON.search(after.content[:_LOOKED_AT]):
            found.add(after.number)
    return frozenset(found)


def told_of_orders(document: Document) -> str | None:
    """Which lines of the document were set aside, in words; None where none was."""
    numbers = [line.number for line in document.content_lines if line.number in document.set_aside]
    if not numbers:
        return None
    shown = ", ".join(f"L{number}" for number in numbers[:_MOST_TOLD])
    more = f" and {len(numbers) - _MOST_TOLD} more" if len(numbers) > _MOST_TOLD else ""
    return f"set aside as written for a machine, not notes of a talk: {shown}{more}"


def speaks_to_a_machine(text: str) -> bool:
    """Whether the words are an order to whatever reads the notes, or look like its answer."""
    return bool(_to_a_machine([text]))


def _to_a_machine(texts: Sequence[str]) -> set[int]:
    """Which of these texts speak to a machine."""
    starts = [text[:_LOOKED_AT].replace("’", "'") for text in texts]
    low = [start.lower().replace("\n", " ") for start in starts]
    whole = "\n".join(low)
    ends = list(accumulate(len(text) + 1 for text in low))
    odd = set(_holding(TWINS, whole, ends))
    return {
        at
        for order in _TO_A_MACHINE
        for at in odd.union(_holding(order.signs, whole, ends))
        if order.wording.search(starts[at])
    }


def _holding(signs: Sequence[str], whole: str, ends: Sequence[int]) -> Iterator[int]:
    """Which lines of a text hold one of the signs; a line is over where its number in ``ends`` is.

    All signs are looked for in all of it at once: line by line it takes several times as long.
    """
    for sign in signs:
        place = whole.find(sign)
        while place >= 0:
            at = bisect_right(ends, place)
            yield at
            place = whole.find(sign, ends[at])


def without_comments(text: str) -> str:
    """The text with blanks in place of its comments."""
    if _OPENS not in text:
        return text
    return _COMMENT.sub(lambda comment: " " * len(comment.group()), text)


def _in_comments(lines: Sequence[Line]) -> Iterator[int]:
    """Lines that hold nothing but a comment, or a part of one; words beside one keep their line."""
    inside = False
    last = max((line.number for line in lines if _CLOSES in line.text), default=0)
    for line in lines:
        begins = line.text.rfind(_OPENS)
        if inside or (begins >= 0 and not without_comments(line.text).strip()):
            yield line.number
        ends = line.text.rfind(_CLOSES)
        # one that is never closed is a slip in a line of words, but hides the rest on its own line
        opens = begins > ends and (line.number < last or line.text.lstrip().startswith(_OPENS))
        inside = opens or (inside and ends < 0)


def _in_code(lines: Sequence[Line]) -> Iterator[int]:
    """Lines between fences that name a language; a bare fence may hold notes."""
    mark = ""
    for line in lines:
        fence = _FENCE.match(line.text)
        if mark:
            yield line.number
            if fence and fence["mark"].startswith(mark) and not fence["language"]:
                mark = ""
        elif fence and fence["language"].lower() not in _WORDS:
            mark = fence["mark"]
            yield line.number


def _in_data(lines: Sequence[Line]) -> Iterator[int]:
    """Lines that are JSON together."""
    after = 0
    for at, line in enumerate(lines):
        if at >= after and line.text.lstrip()[:1] in {"{", "["}:
            end = _end_of_data(lines, at)
            yield from (inner.number for inner in lines[at:end])
            after = end


def _end_of_data(lines: Sequence[Line], at: int) -> int:
    """Where the data that begins here ends; here, where it is none."""
    depth = 0
    for end in range(at, min(at + _MOST_DATA, len(lines))):
        if len(lines[end].text) > _LONGEST_DATA:
            break
        bare = _STRING.sub("", lines[end].text)
        depth += sum(map(bare.count, "{[")) - sum(map(bare.count, "}]"))
        if depth <= 0:
            text = "\n".join(line.text for line in lines[at : end + 1])
            return end + 1 if _is_data(text) else at
    return at


_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def _is_data(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False
