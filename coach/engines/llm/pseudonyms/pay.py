"""What somebody earns: amounts that stand with a word for pay. Budgets and prices stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

_S = r"[ \t\u00a0]"
_SIGN = (
    r"(?:(?:us|a|c|nz|s|hk)?\$|[£€¥₹₦]|(?:usd|eur|gbp|aud|cad|nzd|chf|inr|sgd|zar|sek|nok|dkk"
    r"|pln|rs\.?|rm|kr|ksh|ngn)(?![a-z]))"
)
_AFTER = (
    r"(?:usd|eur|gbp|aud|cad|nzd|chf|inr|sgd|zar|sek|nok|dkk|pln|pounds?|quid|euros?|dollars?"
    r"|bucks|francs?"
    r"|kr|rand|rupees|naira|zloty|[£€$])"
)
_NUMBER = r"\d{1,7}(?:[,. '’]\d{3}){0,3}(?:[.,]\d{1,2})?(?!\d)"
_SCALE = r"(?:k|m|grand|thousand|lakhs?|lpa|crores?)"
_AMOUNT = (
    rf"(?P<sign>{_SIGN}{_S}?)?(?P<number>{_NUMBER})(?:{_S}?(?P<scale>{_SCALE})\b)?"
    rf"(?:{_S}?(?P<after>{_AFTER})(?!\w)|{_S}?(?P<share>%|per{_S}?cent\b))?"
)
_WORD = (
    r"(?<![a-z])(?:salar(?:y|ies)|wages?|earn(?:s|ing|ings|ed)?|bonus(?:es)?|compensation"
    r"|remuneration|ote|stipend"
    r"|take-home|hourly|day rate|base pay|gross pay|net pay|pay(?: rise| raise| cut| grade| band"
    r"| packet| review"
    r"| bump| increase| ?check| ?cheque| ?slip| rate| is| was|:)"
    r"|(?:her|his|their|my|your) pay|paid (?:only |just |about )?(?=[£$€₹]?\d)"
    r"|(?:is|are|was|gets?|getting|being|'s|s) (?:only |under)?paid|a raise|raise (?:of|to)"
    r"|raised to|rise of"
    r"|pension|overtime rate|package of|gehalt|lohn|brutto|netto|salaire|sueldo|salario|stipendio"
    r"|comp(?: is| of|:)"
    r"|on (?=[£$€₹]\d{2,3}[,.]\d{3}\b|[£$€₹]?\d{2,3}k\b))"
)
_RATE = (
    rf"(?<![\w.,]){_SIGN}{_S}?{_NUMBER}(?:k\b)?{_S}?(?:/{_S}?(?:hr|h|hour)\b|(?:an?"
    rf"|per){_S}(?:hour|hr|annum)\b"
    rf"|p\.?a\.?\b|p/h\b|ph\b)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_BREAK = re.compile(r"[.!?;](?=[ \t]|$)|\n")
_REACH = 48
_INSIDE = frozenset("0123456789,.kK")


def amounts(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each amount that is somebody's pay."""
    word, amount, rate = _compiled()
    for match in rate.finditer(text):
        number = amount.match(text, match.start())
        if number is not None:
            yield number.span()
    done = 0
    for match in word.finditer(text):
        start, end = _clause(text, match.start(), match.end())
        # What was looked at for the word before need not be looked at again.
        for number in amount.finditer(text, max(start, done), end):
            if number["sign"] or number["after"] or number["scale"] or _bare(number):
                yield number.span()
        done = max(done, end)


def _bare(number: re.Match[str]) -> bool:
    """Whether a number without currency is large enough to be pay, and no year."""
    if number["share"]:
        return True
    digits = [c for c in number["number"] if c.isdigit()]
    return len(digits) >= 4 and not _YEAR.fullmatch(number["number"])


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """The part of the sentence around a word for pay that can be about it."""
    left = max(0, start - _REACH)
    right = min(len(text), end + _REACH)
    while right < min(len(text), end + 2 * _REACH) and text[right] in _INSIDE:
        right += 1
    breaks = [match.end() for match in _BREAK.finditer(text, left, start)]
    after = _BREAK.search(text, end, right)
    return (breaks[-1] if breaks else left), (after.start() if after else right)


@cache
def _compiled() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    return (
        re.compile(_WORD, re.IGNORECASE),
        re.compile(rf"(?<![\w.,]){_AMOUNT}", re.IGNORECASE),
        re.compile(_RATE, re.IGNORECASE),
    )
