"""Statistics of small suites: intervals that know about cases, and paired differences. Pure.

Lines of one document are alike, so a suite of 60 documents knows less than its 2,500 lines
suggest. Every interval here is clustered by case: the number of lines is cut down by the *design
effect*, how much more the cases differ among themselves than lines drawn by chance would (Kish
1965; for intervals of shares Korn and Graubard 1998, in Wilson's form Dean and Pagano 2015). F1 is
a rising function of a share, F1 = 2J / (1 + J), with J the part that is right of all lines said or
wanted, so it has the interval of J. Differences are paired, with one right and one wrong unit added
to each side (Bonett and Price 2012): few cases never make an interval of width zero.
``benchmarks/evaluation.py --intervals`` prints how often they hold what they should.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple

_LEVEL = 0.975
_POWER = 0.8
_Z = NormalDist().inv_cdf(_LEVEL)


class Part(NamedTuple):
    """Right ones of all, in one case."""

    right: float
    of: float


class Interval(NamedTuple):
    """The 95 % interval of a figure."""

    low: float
    high: float


class Gap(NamedTuple):
    """A paired difference with its 95 % interval, and the smallest one that would show."""

    difference: float
    low: float
    high: float
    detectable: float


def share(parts: Sequence[Part]) -> float | None:
    """The share over all cases; None where nothing was there."""
    of = sum(part.of for part in parts)
    return sum(part.right for part in parts) / of if of else None


def share_interval(parts: Sequence[Part]) -> Interval | None:
    """Wilson's interval of the share, for as many units as the cases are worth."""
    parts = [part for part in parts if part.of]
    value = share(parts)
    if value is None:
        return None
    return _wilson(value, _worth(parts, value))


def f1_of(jaccard: float) -> float:
    """F1 from the share of right ones among all that are said or wanted."""
    return 2 * jaccard / (1 + jaccard)


def student(degrees: int, level: float = _LEVEL) -> float:
    """The quantile of Student's t (Cornish and Fisher's series, exact to a percent from 3 on)."""
    if degrees <= 2:
        exact = {1: math.tan(math.pi * (level - 0.5)), 2: _student_two(level)}
        return exact[max(1, degrees)]
    z, n = NormalDist().inv_cdf(level), degrees
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / n + second / n**2 + third / n**3


def gap(before: Sequence[Part], after: Sequence[Part]) -> Gap | None:
    """The difference of two ratios over the same cases, in the same order.

    A ratio is the sum of ``right`` over the sum of ``of``: a share, or F1 with ``right`` twice the
    hits and ``of`` all that was said and all that was wanted. None where one has nothing to count.
    """
    pairs = [(a, b) for a, b in zip(before, after, strict=True) if a.of or b.of]
    first, last = share(before), share(after)
    if first is None or last is None:
        return None
    if first == last and all(a.right * b.of == b.right * a.of for a, b in pairs):
        return Gap(0.0, 0.0, 0.0, 0.0)
    units = [*pairs, (Part(1, 1), Part(0, 1)), (Part(0, 1), Part(1, 1))]
    error = _error_of_difference(units)
    degrees = max(1, len(pairs) - 1)
    reach = student(degrees) * error
    seen = (student(degrees) + student(degrees, _POWER)) * error
    low, high = max(-1.0, last - first - reach), min(1.0, last - first + reach)
    return Gap(last - first, low, high, min(1.0, seen))


def kappa(pairs: Sequence[tuple[bool, bool]]) -> tuple[float, Interval] | None:
    """How far two verdicts agree beyond chance, with its 95 % interval (Cohen 1960).

    The error is that of Fleiss, Cohen and Everitt (1969), with half a pair added to each of the
    four combinations: a few pairs that all agree are not certain. None where one of the two always
    says the same.
    """
    cells = [[0.0, 0.0], [0.0, 0.0]]
    for one, two in pairs:
        cells[one][two] += 1
    value = _kappa(cells)
    if value is None:
        return None
    cells = [[count + 0.5 for count in row] for row in cells]
    total = sum(map(sum, cells))
    p = [[count / total for count in row] for row in cells]
    rows, columns = [sum(row) for row in p], [p[0][at] + p[1][at] for at in (0, 1)]
    middle = _kappa(cells) or 0.0
    chance = sum(a * b for a, b in zip(rows, columns, strict=True))
    same = sum(p[i][i] * (1 - (rows[i] + columns[i]) * (1 - middle)) ** 2 for i in (0, 1))
    other = sum(p[i][1 - i] * (columns[i] + rows[1 - i]) ** 2 for i in (0, 1))
    spread = same + (1 - middle) ** 2 * other - (middle - chance * (1 - middle)) ** 2
    reach = _Z * math.sqrt(max(spread, 0.0) / total) / (1 - chance)
    low, high = min(value, middle - reach), max(value, middle + reach)
    return value, Interval(max(-1.0, low), min(1.0, high))


def _kappa(cells: Sequence[Sequence[float]]) -> float | None:
    total = sum(map(sum, cells))
    rows, columns = [sum(row) for row in cells], [cells[0][at] + cells[1][at] for at in (0, 1)]
    if not total or 0 in rows or 0 in columns:
        return None
    agreed = (cells[0][0] + cells[1][1]) / total
    chance = sum(a * b for a, b in zip(rows, columns, strict=True)) / total**2
    return (agreed - chance) / (1 - chance)


def quantile(values: Sequence[float], level: float) -> float:
    """The value below which this part of them lies, between neighbours by their distance."""
    ordered = sorted(values)
    at = level * (len(ordered) - 1)
    low = math.floor(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def _student_two(level: float) -> float:
    away = 2 * level - 1
    return away * math.sqrt(2 / (1 - away**2))


def _worth(parts: Sequence[Part], value: float) -> float:
    """How many units drawn by chance these cases are worth."""
    units, cases = sum(part.of for part in parts), len(parts)
    if units == cases:
        return units  # one unit a case: nothing is clustered
    if cases < 2:
        return 1.0
    scale = (_Z / student(cases - 1)) ** 2
    by_chance = value * (1 - value) / units
    if not by_chance:
        return units * scale
    spread = sum((part.right - value * part.of) ** 2 for part in parts) / units**2
    effect = max(1.0, spread * cases / (cases - 1) / by_chance)
    return units / effect * scale


def _wilson(value: float, units: float) -> Interval:
    square = _Z**2 / units
    middle = (value + square / 2) / (1 + square)
    reach = _Z / (1 + square) * math.sqrt(value * (1 - value) / units + square / units / 4)
    return Interval(max(0.0, middle - reach), min(1.0, middle + reach))


def _error_of_difference(units: Sequence[tuple[Part, Part]]) -> float:
    """Standard error of the difference of two ratios, each case one draw (Taylor series)."""
    sides = []
    for side in zip(*units, strict=True):
        of = sum(part.of for part in side)
        ratio = sum(part.right for part in side) / of
        sides.append([(part.right - ratio * part.of) / of for part in side])
    moves = [after - before for before, after in zip(*sides, strict=True)]
    count = len(moves)
    return math.sqrt(sum(move**2 for move in moves) * count / (count - 1))
