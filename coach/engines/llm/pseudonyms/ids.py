"""Structured ids in a text: mail, phone, account and card numbers, pay, dates of birth, addresses.

Each pattern has bounded quantifiers and cannot start in the middle of its own run, so that time
grows with the length of the text and no faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

from coach.patterns import pattern

Kind = Literal[
    "EMAIL",
    "HANDLE",
    "LINK",
    "IBAN",
    "CARD",
    "PHONE",
    "ID",
    "PAY",
    "BIRTHDATE",
    "POSTCODE",
    "ADDRESS",
]


class Id(NamedTuple):
    """An id in a text."""

    start: int
    end: int
    kind: Kind


_S = r"[ \t\u00a0]"
_MONTH = (
    r"(?:jan|feb|mar|apr|ma[iy]|jun|jul|aug|sep|oct|o[kt]|nov|de[cz]|janv|f[ée]v|avr|juin|juil"
    r"|ao[ûu]t|ene|abr"
    r"|ago|gen|mag|giu|lug|set|ott|dic)[a-zé]{0,6}\.?"
)
_DATE = (
    rf"(?:\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}|\d{{1,2}}(?:st|nd|rd|th|\.)?{_S}(?:of{_S})?{_MONTH}"
    rf"(?:,?{_S}\d{{2,4}})?|{_MONTH}{_S}\d{{1,2}}(?:st|nd|rd|th)?(?:,?{_S}\d{{4}})?|(?:19|20)\d\d)"
)
_CODE = r"[A-Z0-9-]{0,14}\d[A-Z0-9-]{0,14}"
_NO = (
    rf"(?:{_S}?[-.]?{_S}?(?:numbers?|num|no|nr|id|code|ref|card|#)){{0,2}}\.?"
    rf"{_S}?(?:is{_S}|was{_S})?[:#=]?{_S}?"
)
_STREET = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Ct|Crescent|Cres|Way|Place|Pl"
    r"|Boulevard|Blvd|Terrace|Gardens|Grove|Square|Parade|Row|Walk|Mews|Highway|Hwy|Quay)\b\.?"
)

# A group named ``value`` is what is hidden; else the whole match.
_PATTERNS: tuple[tuple[Kind, str], ...] = (
    ("EMAIL", r"(?<![\w.%+-])[\w.%+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"),
    (
        "EMAIL",
        rf"(?<![\w.%+-])[\w.%+-]{{1,64}}{_S}?[(\[]at[)\]]{_S}?[\w-]{{1,63}}"
        rf"(?:(?:{_S}?[(\[]dot[)\]]{_S}?|\.)[\w-]{{1,20}}){{1,3}}",
    ),
    (
        "EMAIL",
        rf"(?<![\w.%+-])[\w.%+-]{{1,64}}{_S}at{_S}[\w-]{{1,63}}{_S}dot{_S}[a-z]{{2,10}}\b",
    ),
    (
        "LINK",
        r"(?<![\w.-])(?:https?://)?(?:[\w-]{1,40}\.){1,4}[a-z]{2,10}/(?:in|u|user|users|people"
        r"|profile"
        r"|~)/[\w.%~-]{1,80}",
    ),
    (
        "HANDLE",
        r"(?<![\w@.])@(?!(?:channel|here|everyone|all|team)\b)(?P<value>[^\W\d_][\w.-]{0,38}\w)",
    ),
    (
        "IBAN",
        r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[ \u00a0-]?[A-Z0-9]{4}){2,7}"
        r"(?:[ \u00a0-]?[A-Z0-9]{1,3})?(?![A-Z0-9])",
    ),
    (
        "CARD",
        r"(?<![\d.,-])(?:\d{4}(?:[ \u00a0-]\d{4}){3}(?:[ \u00a0-]\d{1,3})?"
        r"|\d{4}[ \u00a0-]\d{6}[ \u00a0-]\d{5}"
        r"|\d{13,19})(?!\d)",
    ),
    (
        "ID",
        rf"(?<![a-z])(?:employee|emp|staff|personnel|payroll|badge|worker|clock|hr|associate|login"
        rf"|member"
        rf"|contractor)(?:{_S}?[-.]?{_S}?(?:numbers?|num|no|nr|id|code|ref|card)\.?{_S}?(?:is{_S}"
        rf"|was{_S})?"
        rf"[:#=]?{_S}?|{_S}?[:#=]{_S}?#?)(?P<value>{_CODE})(?![\w%])",
    ),
    (
        "ID",
        rf"(?<![a-z])(?:employee|emp|badge|payroll|personnel"
        rf"|clock{_S}card){_S}(?P<value>[A-Z]{{0,3}}-?\d{{4,9}})"
        r"(?![\w%])",
    ),
    (
        "ID",
        rf"(?<![a-z])(?:ssn|social{_S}security|social{_S}insurance|national{_S}insurance|ni|nino"
        rf"|passport"
        rf"|tax{_S}id|tin|tfn|sin|bsn|pesel|dni|nie|nif|cpf|a?adhaar|aadhar|pan|nric|national{_S}id"
        rf"|id{_S}card|driving{_S}licen[cs]e|driver'?s{_S}licen[cs]e|visa|nhs|steuer-?id"
        rf"|personnummer|cpr"
        rf"|codice{_S}fiscale|insee|medicare|sort{_S}code|account|acct){_NO}"
        rf"(?P<value>(?=[A-Z0-9 .\-/]{{0,12}}\d)[A-Z0-9.\-/]{{0,14}}\d[A-Z0-9.\-/]{{0,14}}"
        rf"(?:{_S}(?:\d[\d.\-/]{{0,8}}[A-Z]?|[A-Z](?![a-z]))(?![\w])){{0,6}})(?<![.\-/])(?!\w)",
    ),
    ("ID", r"(?<!\w)(?-i:[A-Z]{2} \d{2} \d{2} \d{2} [A-D])(?!\w)"),
    ("ID", r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])"),
    ("ID", r"(?<!\w)(?-i:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D])(?!\w)"),
    ("ID", r"(?<!\w)[a-z]{2}\d{6}[a-d](?!\w)"),
    ("ID", r"(?<!\w)[a-z]{5}\d{4}[a-z](?!\w)"),
    ("ID", r"(?<!\w)[a-z]{6}\d{2}[a-z]\d{2}[a-z]\d{3}[a-z](?!\w)"),
    ("ID", r"(?<!\w)(?:\d{8}-?[a-z]|[xyz]-?\d{7}-?[a-z]|[stfg]\d{7}[a-z])(?!\w)"),
    ("ID", r"(?<![\w.-])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\w-])"),
    ("ID", r"(?<![\w-])(?:\d{6}|(?:19|20)\d{6})[-+]\d{4}(?![\w-])"),
    ("ID", r"(?<![\w-])\d{6}(?:-\d{7}|[-+a]\d{3}[0-9a-z])(?![\w-])"),
    ("ID", r"(?<![\w-])[12] ?\d{2} ?\d{2} ?\d{2} ?\d{3} ?\d{3} ?\d{2}(?![\w-])"),
    ("ID", r"(?<![\w-])[2-9]\d{3} \d{4} \d{4}(?![\w-])"),
    ("ID", r"(?<!\w)(?-i:EMP|EID|PERNR|STF|E|P)-?\d{4,9}(?!\w)"),
    (
        "PHONE",
        r"(?<![\w+])\+\d{1,3}[ .\u00a0\-/]?(?:\(0?\d{0,4}\)[ .\u00a0\-/]?)?"
        r"\d(?:[ .\u00a0\-/]?\d){5,13}(?!\d)",
    ),
    ("PHONE", r"(?<![\w(])\(0?\d{2,4}\)[ .-]?\d{2,4}(?:[ .-]\d{2,4}){0,3}(?!\d)"),
    ("PHONE", r"(?<![\w.-])(?:1[ .-])?\d{3}[-. ]\d{3}[-. ]\d{4}(?![\w-])"),
    ("PHONE", r"(?<![\w.-])0\d(?:[ .-]\d{2}){4}(?!\d)"),
    ("PHONE", r"(?<![\w.-])0\d{2,4}[ .\-/](?:\d{2,4}(?:[ .\-/]\d{2,4}){1,3}|\d{4,9})(?![\w-])"),
    ("PHONE", r"(?<![\w.,-])(?:00\d{9,13}|\d{10,11})(?!\d|[.,]\d|\w)"),
    (
        "PHONE",
        r"(?<![\w.,-])(?:[6-9]\d{4}[ -]\d{5}|\d{3}[ -]\d{3}[ -]\d{3}"
        r"|1[3-9]\d[ -]\d{4}[ -]\d{4})(?![\w-])",
    ),
    ("PHONE", r"(?<![\w.-])555-\d{4}(?![\w-])"),
    (
        "PHONE",
        rf"(?<![a-z])(?:tel|t[ée]l|phone|ph|mob|mobile|cell|whatsapp|fax|handy|m[óo]vil|landline"
        rf"|number)\b\.?"
        rf"{_S}?(?:no|nr|number|is|on)?\.?[:#]?{_S}?(?P<value>[+(]?\d[\d ().\-/]{{5,18}}\d)(?!\d)",
    ),
    ("PHONE", rf"(?<![a-z])(?:ext|extn|extension|durchwahl)\b\.?{_S}?(?P<value>\d{{3,6}})(?!\d)"),
    (
        "BIRTHDATE",
        rf"(?<![a-z])(?:d\.?o\.?b\.?|date{_S}of{_S}birth|birth{_S}?date|birthda(?:y|te)|born"
        rf"|geb(?:\.|oren)?"
        rf"|geburtsdatum|n[ée]e?|nacid[oa]|nat[oa]|bday)(?:{_S}?[:,=-])?{_S}?(?:(?:is|was|on|in"
        rf"|the|am|le|el|il)"
        rf"{_S}){{0,3}}(?P<value>{_DATE})(?!\w)",
    ),
    ("POSTCODE", r"(?<!\w)(?-i:[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})(?!\w)"),
    (
        "POSTCODE",
        r"(?<!\w)(?-i:[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][ -]?\d[ABCEGHJ-NPRSTV-Z]\d)(?!\w)",
    ),
    (
        "POSTCODE",
        r"(?<!\w)(?-i:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]"
        r"|O[HKR]|PA|RI|S[CD]"
        r"|T[NX]|UT|V[AT]|W[AIVY]),? (?P<value>\d{5}(?:-\d{4})?)(?![\w-])",
    ),
    ("POSTCODE", r"(?<![\w-])(?:\d{5}-\d{4}|D-\d{5})(?![\w-])"),
    (
        "POSTCODE",
        rf"(?<![a-z])(?:zip(?:{_S}?code)?|post{_S}?code|postal{_S}code|plz|pin{_S}code|eircode"
        rf"|cap)(?:{_S}is)?"
        rf"[:.#]?{_S}?(?P<value>(?=[a-z]{{0,3}}\d)[a-z0-9]{{2,5}}"
        rf"(?:[ -]?(?=[a-z]{{0,2}}\d)[a-z0-9]{{3,4}})?)(?!\w)",
    ),
    (
        "ADDRESS",
        rf"(?<![\w.,£$€])(?:(?:flat|apt|apartment|unit){_S}\w{{1,5}},?{_S})?\d{{1,5}}[a-z]?{_S}"
        rf"(?-i:(?:[A-Z][\w'’.-]{{1,20}}{_S}){{1,3}}{_STREET})",
    ),
    (
        "ADDRESS",
        r"(?<!\w)(?-i:[A-ZÄÖÜ])[a-zäöüß.-]{2,24}(?:straße|strasse|str\.|gasse|allee"
        r"|platz) \d{1,4}[a-z]?(?!\w)",
    ),
    (
        "ADDRESS",
        rf"(?<!\w)\d{{1,4}},?{_S}(?:bis,?{_S}|ter,?{_S})?(?:rue|avenue|boulevard|chemin|all[ée]e"
        rf"|impasse|quai)"
        rf"{_S}(?:(?:de|du|des|de la|la|le){_S}"
        rf"|[dl]['’])?(?-i:[A-ZÉÈÀ])[\w'’-]{{1,24}}(?:{_S}(?-i:[A-ZÉ])[\w'’-]{{1,24}})?",
    ),
)

_IBAN_LENGTHS = {
    **dict.fromkeys(("NO",), 15),
    **dict.fromkeys(("BE",), 16),
    **dict.fromkeys(("DK", "FI", "NL"), 18),
    **dict.fromkeys(("SI", "MK"), 19),
    **dict.fromkeys(("AT", "EE", "LT", "LU", "KZ", "BA"), 20),
    **dict.fromkeys(("CH", "HR", "LV", "LI"), 21),
    **dict.fromkeys(("DE", "GB", "IE", "BG", "RS", "ME", "GE", "BH"), 22),
    **dict.fromkeys(("AE", "IL"), 23),
    **dict.fromkeys(("CZ", "ES", "SE", "SK", "RO", "SA", "TN", "AD", "PK", "MD"), 24),
    **dict.fromkeys(("PT",), 25),
    **dict.fromkeys(("TR", "IS"), 26),
    **dict.fromkeys(("FR", "IT", "GR", "MC", "SM", "MR"), 27),
    **dict.fromkeys(("PL", "HU", "CY", "LB", "AL", "AZ"), 28),
    **dict.fromkeys(("UA", "BR"), 29),
    **dict.fromkeys(("JO", "KW", "QA"), 30),
    **dict.fromkeys(("MT", "MU"), 31),
}


def ids(text: str) -> Iterator[Id]:
    """The ids of a text, line by line in the order of the patterns; they may overlap."""
    start = 0
    for line in text.split("\n"):
        if _worth_a_look(line):
            yield from (
                found._replace(start=start + found.start, end=start + found.end)
                for found in _of_line(line)
            )
        start += len(line) + 1


def _of_line(line: str) -> Iterator[Id]:
    from coach.engines.llm.pseudonyms.pay import amounts

    for kind, wording in _compiled():
        for match in wording.finditer(line):
            start, end = match.span("value" if "value" in wording.groupindex else 0)
            if kind == "IBAN":
                end = start + _iban(match[0])
            if end > start and _plausible(kind, line[start:end]):
                yield Id(start, end, kind)
    for start, end in amounts(line):
        yield Id(start, end, "PAY")


def _worth_a_look(line: str) -> bool:
    """Whether it holds what one of the patterns needs: few lines do."""
    return "@" in line or any(map(str.isdigit, line)) or _WITHOUT_DIGIT.search(line) is not None


_WITHOUT_DIGIT = pattern(
    rf"[(\[]at[)\]]|{_S}dot{_S}|/(?:in|u|user|users|people|profile|~)/", re.IGNORECASE
)
"""What stands in a mail or a link that has neither a digit nor an @."""


@cache
def _compiled() -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(text, re.IGNORECASE)) for kind, text in _PATTERNS)


def _plausible(kind: Kind, value: str) -> bool:
    digits = [int(c) for c in value if c.isdecimal()]
    groups = re.findall(r"\d+", value)
    if kind in {"CARD", "ID"} and len(groups) > 1:
        return not all(len(group) == 4 and group[:2] in {"19", "20"} for group in groups)
    if kind == "PHONE" and re.fullmatch(
        r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}", value
    ):
        return False
    if kind == "PHONE" and value[0] == "0" and not value.startswith("00"):
        return len(digits) >= 9
    return kind != "ID" or len(digits) >= 3


def _iban(value: str) -> int:
    """How much of this is the account number: its country's length, else to its last digit."""
    places = [at for at, letter in enumerate(value) if letter.isalnum()]
    length = _IBAN_LENGTHS.get(value[:2].upper(), 0)
    if length and len(places) >= length:
        end = places[length - 1] + 1
    else:
        end = max((at + 1 for at in places if value[at].isdecimal()), default=0)
    return end if sum(map(str.isdecimal, value[:end])) >= 10 else 0
