"""Date phrases: found where they stand, resolved only where that is certain."""

from __future__ import annotations

from datetime import date

import pytest

from coach.engines.embedded.drafting.dates import base_date, checkpoint, deadline, resolve

WEDNESDAY = date(2026, 10, 14)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("look at it together mid Nov", "mid Nov"),
        ("see the log in the second week of January", "the second week of January"),
        ("staging first, say May 9", "May 9"),
        ("zero by 3/1, 25 by 4/1", "3/1"),
        ("through before code freeze on 25th", "25th"),
        ("all 14 closed by EOM", "EOM"),
        ("97 by end of Q1", "end of Q1"),
        ("by Xmas at the latest", "Xmas"),
        ("a line in the channel every Thursday", "every Thursday"),
        ("done in two weeks", "in two weeks"),
        ("she may decide", None),
        ("We tried 1-3 ways", None),
        ("the 2nd time it broke", None),
        ("from Monday the rota changes", None),
        ("under 2k", None),
        ("check on Fri 27th", "Fri 27th"),
        ("every 2nd Tuesday", "every 2nd Tuesday"),
    ],
)
def test_a_deadline_is_the_phrase_as_written(text: str, phrase: str | None) -> None:
    assert deadline(text) == phrase


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("mid Nov", "2026-11-15"),
        ("Friday", "2026-10-16"),
        ("Wednesday", "2026-10-21"),
        ("EOM", "2026-10-31"),
        ("end of Q1", "2027-03-31"),
        ("end of quarter", "2026-12-31"),
        ("Xmas", "2026-12-25"),
        ("in two weeks", "2026-10-28"),
        ("in 3 months", "2027-01-14"),
        ("the 15th", "2026-10-15"),
        ("the 3rd", "2026-11-03"),
        ("30th of May", "2027-05-30"),
        ("8 Nov", "2026-11-08"),
        ("2026-12-01", "2026-12-01"),
        ("31 Feb", None),
        ("December 2026", None),
        ("May 2027", None),
        ("week of 12 Nov", None),
        ("10 Oct", None),
        ("Fri 27th", "2026-10-27"),
        ("next Friday", None),
        ("3/1", None),
        ("half term", None),
    ],
)
def test_a_phrase_becomes_a_day_only_when_it_can_mean_one(phrase: str, day: str | None) -> None:
    assert resolve(phrase, WEDNESDAY) == day


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("14 Oct", None),
        ("Tues 14 Mar", None),
        ("14 Oct 2026", WEDNESDAY),
        ("2026-10-14", WEDNESDAY),
        ("October 14, 2026", WEDNESDAY),
        ("12/11/2026", None),
        (None, None),
    ],
)
def test_the_year_of_a_date_is_never_guessed(written: str | None, day: date | None) -> None:
    assert base_date(written) == day
    assert resolve("Friday", base_date(written)) == ("2026-10-16" if day else None)


def test_a_checkpoint_is_a_date_at_which_the_two_look_together() -> None:
    assert checkpoint(["no alert older than 5 days", "look at it together mid Nov"]) == "mid Nov"
    assert checkpoint(["all closed by Friday"]) is None
