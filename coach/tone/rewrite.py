"""reword: a flagged line said otherwise, by a frame, where nothing but the sting is lost. Pure.

A frame is certain of what it does or does nothing: whatever of the flagged sentence is not the
sting stands in the wording, every other sentence of the line stays as it is, and no number, name
or date goes missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from coach.document import Line
from coach.mapping import cut
from coach.patterns import pattern
from coach.tone.context import mask
from coach.tone.frame import SLOTS, ReadFrame
from coach.tone.keys import EMPLOYEE, text_words
from coach.tone.phrase import PEER


class _Sentence(NamedTuple):
    """The flagged sentence of a line, cut at its sting; all of it as it stands."""

    lead: str
    """What of the line's content stands before the sentence."""
    before: str
    sting: str
    after: str
    rest: str
    """What follows it."""


def reword(line: Line, span: tuple[int, int], frames: Sequence[ReadFrame]) -> Iterator[str]:
    """The wordings of the line's content, without marker and speaker, that frames are sure of.

    ``span`` counts from the line's start.
    """
    text = line.text
    masked, named = mask(text)
    whole = cut(line)
    begin, original = whole.start - line.start, whole.quote
    if len(original) > _LONGEST or not begin <= span[0] < span[1]:
        return
    start, end = _sentence(text, begin, span)
    if _MARKUP.search(text, start, end) or text.count('"', begin, start) % 2:
        return
    if line.kind == "note" and _OTHERS.search(masked) and not _YOU.search(masked):
        return
    words = text_words(masked[start:end])
    for frame in frames:
        if frame.when and frame.when.is_out_of(words):
            continue
        sting = _sting(frame, masked, (start, end), span)
        if sting is None or _is_told(masked, (start, end), sting):
            continue
        if frame.when is None and PEER in named[sting[0] : sting[1]]:
            continue
        if _MEASURED.search(named[start : sting[0]]) or _MEASURED.search(named[sting[1] : end]):
            continue
        wording = _fill(frame, _parted(text, begin, (start, end), sting))
        if wording and wording != original and not lost(original, wording):
            yield _like(original, wording)


_LONGEST = 2000
"""Characters of a line; longer ones are no text that anybody pastes back."""
_MARKUP = pattern(r"[\"“”‘`\[\]|<>*_{}]|(?<!\w)'")
"""Quotes, code, links, tables, emphasis: what stands in them is not ours to move."""
_END = pattern(r"[.!?…]+[)]*(?=\s|$)")
_TOLD = pattern(
    r"\b(?:told|said|says|asked|asks|answered|wrote|writes|mentioned|replied|reckons|claims|thinks"
    r"|he|she|him|her|his|hers|he's|she's|himself|herself)\b"
)
"""Notes of what was said are a record, and somebody who is not spoken to is not asked."""
_OTHERS = pattern(r"\b(?:he|she|him|her|his|hers|told|said(?! so\b))\b")
_YOU = pattern(r"\b(?:you|your|you're|you'll|u)\b")
_MEASURED = pattern(rf"\b(?:than|like|as) {PEER}+(?: (?:do|does|did|can|could))?(?!\s*\w)")
"""Somebody held up as the measure; no wording keeps that."""
_JOIN = r"(?:and|but|so|or|because)"
_BOUNDARY = pattern(rf"(?:\s*[,;–—]\s*(?:{_JOIN}\s+)?|\s+-\s+(?:{_JOIN}\s+)?|\s+{_JOIN}\s+)$")
_OPENING = pattern(rf"^\s*(?:[,;:–—]|-\s)\s*(?:{_JOIN}\s+)?")
_ALL = pattern(r"[\s,]*(?:\band)?\s+(?:all|just|only|simply|purely)\s*$")
"""What leads up to "because"."""
_ADVERBS = pattern(
    r"[\s,]*\b(?:frankly|honestly|really|clearly|obviously|to be honest"
    r"|as (?:ever|usual|always))\s*$"
)
_LIGHT = pattern(
    r"\b(?:and|but|so|or|because|this|that|it|it's|is|ok|okay|well|yeah|yes|no|now|then|please"
    r"|honestly|frankly|really|again|just|look|listen|anyway|right|either|at all|oh|sorry|here"
    r"|mate|pal|love|buddy|you know|as ever|as usual|as always|isn't it"
    r"|isn't there|is there|do you|don't you|haven't you|won't you|aren't you|are you"
    r"|to be honest)\b"
)
_JOINED = pattern(rf"{_JOIN}\b", re.IGNORECASE)
_EMPTY = pattern(r"\s*$")
_MARKS = pattern(r"[.!?…)]*$")
_HANGING = pattern(r"^(?:if|when|unless|because|since|until|while|although|as)\b(?![^,]*,)")
_BLUNT = pattern(
    r"\b(?:never|always|nobody|no one|anyone|people|problem|guess|ashamed|shame"
    r"|fault|excuses?|lazy|embarrass\w*|swanned|treat|owner|boss|kids|wrong with|special|useless"
    r"|hopeless|careless|sloppy|stupid|as if|handbooks?|lucky|seriously|enough|whatever|chance"
    r"|cousin|my way|hothead|too soft|come on|goodbye|stubborn|backbone|types|for once|spare"
    r"|question|that's why|every time|less \w+ing|do not speak|don't speak|you'll do it"
    r"|(?:everyone|everybody) (?:else|knows|says|is|thinks|hates)|shut|zip"
    r"|(?:un)?till? i say|i follow you|watch(?:ing)? you"
    r"|or (?:its|it's|hand|find|start|you|i|we|else))\b"
)
_BLOW = pattern(
    r"(?:(?:it's|it is)(?! (?:in|on|at|due|by|from)\b)|i'm|i am"
    r"|(?:you're|you are)(?! (?:taking|covering|working|moving|doing|starting|going|presenting"
    r"|leading|joining|running|opening|closing|staying)\b)"
    r"|you(?!'ll| will| can| may|'re| are)|your|don't|do not|not|no|never|then|but|if|when"
    r"|just|why|so|should\S*|could\S*|because|here we|and)\b"
)
_FEWEST = 3
_CLAUSE = 16
"""Words that a clause may have that is taken over into another sentence."""


def _sentence(text: str, begin: int, span: tuple[int, int]) -> tuple[int, int]:
    """From where to where the sentence goes that holds the span, its end marks included."""
    start, end = begin, len(text.rstrip())
    for match in _END.finditer(text, begin):
        if match.end() <= span[0]:
            start = match.end()
        elif match.end() >= span[1]:
            end = match.end()
            break
    return start + len(text[start:]) - len(text[start:].lstrip()), end


def _is_told(masked: str, sentence: tuple[int, int], sting: tuple[int, int]) -> bool:
    (start, end), (first, last) = sentence, sting
    told = _TOLD.search(masked, start, first) or _TOLD.search(masked, last, end)
    return bool(told or EMPLOYEE in masked[first:last])


def _sting(
    frame: ReadFrame, masked: str, sentence: tuple[int, int], span: tuple[int, int]
) -> tuple[int, int] | None:
    """Where the sting of the frame stands in the sentence, at the flagged words."""
    places = [span]
    if frame.when:
        places = [match.span() for match in frame.when.regex.finditer(masked, *sentence)]
    for start, end in places:
        words = masked[start:end].rstrip(_AROUND)
        last = start + len(words)
        first = last - len(words.lstrip(_AROUND))
        if frame.then and not frame.then.regex.match(masked, end, sentence[1]):
            continue
        around = masked[sentence[0] : first], masked[last : sentence[1]]
        if frame.unless and any(frame.unless.regex.search(part) for part in around):
            continue
        if first < span[1] and span[0] < last:
            return first, last
    return None


_AROUND = " ,;:–—-'\""
_CALLED = pattern(r"\s*,\s*([^\W\d_a-zß-öø-ÿ][^\W\d_]{1,20})\s*$")
_CALLING = pattern(r"\s*([^\W\d_a-zß-öø-ÿ][^\W\d_]{1,20}),\s*$")
"""Whom a sentence speaks to, at its end and at its start."""
_FULL_STOP = pattern(r"[.?!]?$")


def _parted(text: str, begin: int, sentence: tuple[int, int], sting: tuple[int, int]) -> _Sentence:
    start, end = sentence
    return _Sentence(
        lead=text[begin:start],
        before=text[start : sting[0]],
        sting=text[sting[0] : sting[1]],
        after=_MARKS.sub("", text[sting[1] : end]),
        rest=text[end:].rstrip(),
    )


def _fill(frame: ReadFrame, parts: _Sentence) -> str | None:
    """The line's content with the frame in the sentence's place; None where it does not fit.

    Whoever is called by name in the sentence is called in the wording too.
    """
    called = None if frame.slots & {"after", "After"} else _called(_CALLED, parts.after)
    calling = None if "before" in frame.slots else _called(_CALLING, parts.before)
    if called:
        parts = parts._replace(after="")
    if calling:
        parts = parts._replace(before="")
    if "before" in frame.slots:
        own = re.search(r"\$before[.?,]", frame.say) is not None
        before = _own_clause(parts.before, parts.sting) if own else _words(parts.before)
    else:
        before = "" if _is_light(parts.before) else None
    if "After" in frame.slots:
        opening = _OPENING.match(parts.after)
        after = _full(parts.after[opening.end() :]) if opening else None
    elif "after" in frame.slots:
        after = _words(parts.after)
    else:
        after = "" if _is_light(parts.after) else None
    if before is None or after is None or not _is_plain(parts.lead, parts.rest):
        return None
    if not frame.slots:
        stands = len(parts.lead.split()) >= _FEWEST or (frame.alone and _is_light(parts.lead))
        if not stands or parts.rest.strip():
            return None
    values = {"before": before, "after": after, "After": after[:1].upper() + after[1:]}
    said = SLOTS.sub(lambda slot: values[slot[1]], frame.say)
    if called:
        said = _FULL_STOP.sub(lambda stop: f", {called}{stop[0]}", said, count=1)
    elif calling:
        said = f"{calling}, {said if said.startswith('I ') else said[:1].lower() + said[1:]}"
    return parts.lead + said + parts.rest


def _called(place: re.Pattern[str], text: str) -> str | None:
    """The name that somebody is called by here."""
    match = place.match(text)
    return match[1] if match and not _is_light(match[1]) else None


def _own_clause(text: str, sting: str) -> str | None:
    """The words as a sentence without its end, None where they are none."""
    text = _ADVERBS.sub(" ", text)
    boundary = _BOUNDARY.search(text) or (_JOINED.match(sting) and _EMPTY.search(text))
    return _full(_ALL.sub("", text[: boundary.start()])) if boundary else None


def _full(text: str) -> str | None:
    text = text.strip(" ,;:–—-")
    whole = len(text.split()) >= _FEWEST and not _HANGING.match(text.lower())
    return text if whole and _is_plain(text) else None


def _words(text: str) -> str | None:
    """The words as a piece of another sentence: some, and one clause only."""
    text = _ADVERBS.sub("", text).strip()
    said = text[: called.start()] if (called := _CALLED.search(text)) else text
    one = (
        said and not re.search(r"[;–—!?]|[,:.](?!\d)|\s-\s", said) and len(text.split()) <= _CLAUSE
    )
    return text if one and not _BLUNT.search(text.lower()) else None


def _is_plain(*texts: str) -> bool:
    """Whether each sentence says a fact or asks for something, with no blow of its own.

    Beside a blow stand others that no rule sees; a question added to them would mend nothing.
    """
    for text in texts:
        for sentence in _END.split(text.lower().replace("’", "'")):
            bare = sentence.strip()
            if _BLUNT.search(bare) or (_BLOW.match(bare) and not _FACT.search(bare)):
                return False
        if re.search(r"[!?]", text):
            return False
    return True


def _is_light(text: str) -> bool:
    """Whether nothing is said in these words."""
    return not re.search(r"\w", _LIGHT.sub("", text.lower().replace("’", "'")))


def _like(original: str, wording: str) -> str:
    """The wording, its first letter as the original's was."""
    capital = original[:1].isupper() or not original[:1].isalpha()
    return wording[:1].upper() + wording[1:] if capital else wording[:1].lower() + wording[1:]


# -- facts -----------------------------------------------------------------------------------------

_FACT = pattern(
    r"\b\w*\d\w*%?(?:[.,:/]\w+)*"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty"
    r"|fifty|sixty|ninety|twice|second|third|fourth|fifth|sixth|half|dozen)\b"
    r"|\b(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april"
    r"|june|july|august|september|october|november|december|today|tomorrow|tonight|yesterday)s?\b",
    re.IGNORECASE,
)
_NAME = pattern(r"(?<=[\w,;:’'%&/–—-] )(?!I\b|I['’])[^\W\d_a-zß-öø-ÿ][\w'’-]*")
"""A word with a capital inside a sentence."""


def lost(before: str, after: str) -> frozenset[str]:
    """The numbers, dates and names of one wording that another does not have."""
    kept = set(re.findall(r"[\w%]+(?:[.,:/]\w+)*", after.lower()))
    facts = {match.group().lower() for match in _FACT.finditer(before)}
    names = {re.sub(r"['’]s?$", "", match.group()).lower() for match in _NAME.finditer(before)}
    words = {re.sub(r"['’]s?$", "", word) for word in re.findall(r"[\w'’-]+", after.lower())}
    return frozenset((facts - kept) | (names - words))
