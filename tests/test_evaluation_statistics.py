"""Intervals and paired differences: known values, and that they hold what they should."""

from __future__ import annotations

import random

import pytest

from coach.evaluation.statistics import (
    Part,
    f1_of,
    gap,
    kappa,
    quantile,
    share,
    share_interval,
    student,
)


def single(right: int, of: int) -> list[Part]:
    return [Part(1, 1)] * right + [Part(0, 1)] * (of - right)


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    # the last is the example of Newcombe (1998)
    [
        (5, 10, 0.2366, 0.7634),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),
    ],
)  # fmt: skip
def test_a_share_of_independent_cases_has_wilsons_interval(
    right: int, of: int, low: float, high: float
) -> None:
    found = share_interval(single(right, of))
    assert found is not None
    assert found == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("degrees", "value"),
    [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (9, 2.262), (30, 2.042), (200, 1.972)],
)
def test_students_quantile_is_exact_enough(degrees: int, value: float) -> None:
    assert student(degrees) == pytest.approx(value, rel=0.012)


def test_lines_of_one_document_do_not_count_as_so_many_cases() -> None:
    alike = [Part(10, 10)] * 5 + [Part(0, 10)] * 5
    mixed = [Part(5, 10)] * 10
    assert share(alike) == share(mixed) == 0.5
    wide, narrow = share_interval(alike), share_interval(mixed)
    assert wide is not None
    assert narrow is not None
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


def test_a_perfect_score_on_few_cases_is_not_certain() -> None:
    found = share_interval(single(24, 24))
    assert found is not None
    assert found.high == 1.0
    assert 0.8 < found.low < 0.95
    assert f1_of(found.low) < 1.0


def test_nothing_to_count_has_no_interval() -> None:
    assert share([]) is None
    assert share_interval([Part(0, 0)]) is None
    assert gap([Part(0, 0)], [Part(0, 0)]) is None


def test_two_equal_runs_differ_by_nothing_for_certain() -> None:
    parts = [Part(3, 4), Part(2, 5)]
    assert gap(parts, parts) == (0.0, 0.0, 0.0, 0.0)


def test_one_case_more_of_thirty_tells_nothing() -> None:
    found = gap(single(25, 30), single(26, 30))
    assert found is not None
    assert found.low < 0 < found.high
    assert found.detectable > 1 / 30


def test_every_case_better_is_a_sure_difference() -> None:
    found = gap([Part(5, 10)] * 20, [Part(8, 10)] * 20)
    assert found is not None
    assert found.low > 0
    assert found.difference == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("cells", "value"), [((20, 5, 10, 15), 0.4), ((12, 0, 0, 12), 1.0), ((0, 6, 6, 0), -1.0)]
)
def test_agreement_beyond_chance_is_cohens_and_never_certain(
    cells: tuple[int, int, int, int], value: float
) -> None:
    kinds = [(True, True), (True, False), (False, True), (False, False)]
    found = kappa([kind for kind, count in zip(kinds, cells, strict=True) for _ in range(count)])
    assert found is not None
    assert found[0] == pytest.approx(value)
    assert -1 <= found[1].low <= value <= found[1].high <= 1
    assert found[1].high - found[1].low > 0.1


def test_who_always_says_the_same_agrees_with_nobody() -> None:
    assert kappa([]) is None
    assert kappa([(True, True)] * 9) is None


def test_the_middle_value_lies_in_the_middle() -> None:
    assert quantile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.5
    assert quantile([1.0], 0.95) == 1.0


def test_intervals_of_clustered_shares_hold_the_truth_about_as_often_as_they_say() -> None:
    """Cases with a rate of their own, of 5 to 40 lines; the exact figures print in benchmarks."""
    draw, held, suites = random.Random(7), 0, 400  # noqa: S311
    for _ in range(suites):
        parts = []
        for _ in range(30):
            rate, size = draw.betavariate(8, 2), draw.randint(5, 40)
            parts.append(Part(sum(draw.random() < rate for _ in range(size)), size))
        found = share_interval(parts)
        assert found is not None
        held += found.low <= 0.8 <= found.high
    assert 0.91 <= held / suites <= 0.99


def test_paired_differences_hold_the_truth_about_as_often_as_they_say() -> None:
    draw, held, suites = random.Random(7), 0, 400  # noqa: S311
    for _ in range(suites):
        before, after = [], []
        for _ in range(30):
            rate, size = draw.betavariate(7, 3), draw.randint(5, 40)
            before.append(Part(sum(draw.random() < rate for _ in range(size)), size))
            after.append(Part(sum(draw.random() < rate for _ in range(size)), size))
        found = gap(before, after)
        assert found is not None
        held += found.low <= 0 <= found.high
    assert 0.92 <= held / suites <= 1.0
