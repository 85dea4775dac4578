"""The figures of an HTML report: one run's, or two runs' side by side with what may be said."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from coach.evaluation.record import Comparison, Difference, Report, Score
from coach.render.evaluation_figures import interval, written
from coach.render.markup import Content, element

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_KINDS = {"better": "good", "worse": "bad", "cannot tell": "unsure", "same": ""}
_Key = tuple[str | None, str]


def pill(text: str, kind: str) -> Element:
    """A verdict in a word or two; colour never says it alone."""
    return element("span", text, class_=f"pill {kind}".strip())


def table(
    heads: Sequence[str],
    rows: Iterable[Content],
    *,
    numbers: Container[int] = (),
    class_: str | None = None,
) -> Element:
    """A table that scrolls by itself; ``numbers`` are the columns that stand to the right."""
    return element(
        "div",
        element(
            "table",
            element("thead", element("tr", (
                element("th", head, scope="col", class_="n" if at in numbers else None)
                for at, head in enumerate(heads)
            ))) if any(heads) else None,
            element("tbody", rows),
            class_=class_,
        ),
        class_="wide",
    )  # fmt: skip


def scores_section(runs: Sequence[Report], comparison: Comparison | None) -> Element | None:
    """A table for each part of the suite."""
    listed = [{(s.tag, s.id): s for s in run.scores if s.listed} for run in runs]
    keys: list[_Key] = list(dict.fromkeys(key for scores in listed for key in scores))
    if not keys:
        return None
    gaps = {(one.tag, one.id): one for one in comparison.differences} if comparison else {}
    parts = dict.fromkeys(tag for tag, _ in keys)
    return element(
        "section",
        element("h2", "Scores"),
        element("p", _legend(runs, comparison), class_="soft"),
        (
            piece
            for part in parts
            for piece in (
                element("h3", part) if part else None,
                _part([key for key in keys if key[0] == part], listed, gaps),
            )
        ),
    )


def _legend(runs: Sequence[Report], comparison: Comparison | None) -> str:
    told = "Each with its 95 % interval by case"
    if any(score.ceiling_cases for run in runs for score in run.scores):
        told += "; two people: how far a second annotator agrees with the first (on so many cases)"
    if comparison is None:
        return f"{told}."
    told += (
        ". Differences are paired by case: better or worse only where their interval leaves zero "
        "out; would show: the smallest difference that these cases would show four times of five."
    )
    alone = len(comparison.only_before), len(comparison.only_after)
    if any(alone):
        told += (
            f" {alone[0]} cases stand in the first run only and {alone[1]} in the second only: "
            "they are in that run's own figures, and in no difference."
        )
    return told


def _part(
    keys: Sequence[_Key], listed: Sequence[dict[_Key, Score]], gaps: dict[_Key, Difference]
) -> Element:
    twice = any(scores[key].ceiling_cases for scores in listed for key in keys if key in scores)
    if len(listed) == 1:
        heads = ["figure", "value", "95 % interval", "", "counted", "cases"]
        heads += ["two people"] if twice else []
        scores = listed[0]
        rows = [_score_row(scores[key], twice=twice) for key in keys]
        return table(heads, rows, numbers={1, 2, 4, 5, 6})
    heads = ["figure", "before", "after", "", "difference", "95 % of it", "would show", "verdict"]
    rows = [_pair_row([one.get(key) for one in listed], gaps.get(key)) for key in keys]
    return table(heads, rows, numbers={1, 2, 4, 5, 6}, class_="pair")


def _score_row(score: Score, *, twice: bool) -> Element:
    ceiling = f"{written(score.ceiling, score.per)} ({score.ceiling_cases})"
    numbers = (str(score.count.wanted), str(score.cases), *(
        (ceiling if score.ceiling_cases else "",) if twice else ()
    ))  # fmt: skip
    return element(
        "tr",
        _title(score),
        element("td", written(score.value, score.per), class_="n"),
        element("td", interval(score), class_="n"),
        element("td", _picture([score])),
        (element("td", text, class_="n") for text in numbers),
        class_="told",
    )


def _pair_row(scores: Sequence[Score | None], gap: Difference | None) -> Element:
    title = next(score for score in scores if score)
    cells = ["", "", ""]
    if gap and gap.changed:
        change = f"{gap.difference:+.1f}" if gap.per > 1 else f"{gap.difference:+.3f}"
        cells = [change, interval(gap), written(gap.detectable, gap.per)]
    verdict = pill(gap.verdict, _KINDS[gap.verdict]) if gap else pill("in one run only", "")
    return element(
        "tr",
        _title(title),
        (
            element(
                "td",
                *(
                    (element("small", f"{interval(score)} "), written(score.value, score.per))
                    if score
                    else "-"
                ),
                class_="n",
            )
            for score in scores
        ),
        element("td", _picture(scores)),
        (element("td", text, class_="n") for text in cells),
        element("td", verdict),
        class_="told",
    )


def _title(score: Score) -> Element:
    indented = score.title != score.title.lstrip()
    return element(
        "th",
        score.title.strip(),
        element("small", " less is better") if score.better == "less" else None,
        scope="row",
        class_="sub" if indented else None,
    )


def _picture(scores: Sequence[Score | None]) -> Element | None:
    """Intervals on a line from 0 to 1, the first run's broken; none for counts in a thousand."""
    heights = (5,) if len(scores) == 1 else (3, 7)
    shown = [
        (score, y)
        for score, y in zip(scores, heights, strict=True)
        if score and score.value is not None and score.per == 1
    ]
    if not shown:
        return None
    return element(
        "svg",
        (path for score, y in shown for path in _marks(score, y, first=y == 3)),
        viewBox="0 0 100 10", preserveAspectRatio="none", aria_hidden="true",
    )  # fmt: skip


def _marks(score: Score, y: int, *, first: bool) -> Iterator[Element]:
    low, high, value = (
        100 * (one if one is not None else score.value or 0)
        for one in (score.low, score.high, score.value)
    )
    yield element("path", d=f"M{low:.1f} {y}H{high:.1f}", class_="before" if first else None)
    yield element("path", d=f"M{value:.1f} {y - 2}v4", class_="value")
    if score.ceiling is not None:
        yield element("path", d=f"M{100 * score.ceiling:.1f} 1v8", class_="people")
