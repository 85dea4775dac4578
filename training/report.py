"""The report: the tables of docs/models.md, as printed by the training script."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import figures as fig
from corpus import STEPS, Labelled, without_roles
from keywords import Keywords
from matching import heard_of, held_out_counts

from coach.engines.embedded.encoder import load_encoder
from coach.engines.embedded.line_model import LineModel
from coach.engines.embedded.scoring import read_weights
from coach.mapping import LineLabel

_Counter = Callable[[Labelled, Sequence[LineLabel], str], fig.Count]


class Row(NamedTuple):
    """One figure with its 95 % interval; ``n`` is how many it is about."""

    name: str
    value: float
    low: float
    high: float
    n: int


def print_curve(raw: bytes, split: dict[str, list[Labelled]], *, share: float) -> None:
    """What this model reaches on test, a line for each share of the training documents."""
    model = LineModel(read_weights(raw))
    test = split["test"]
    told = []
    for quick in (False, True):
        rows = figure_rows(test, [model.label(one.document, quick=quick) for one in test])
        value = {row.name: f"{row.value:.2f} ({row.low:.2f}-{row.high:.2f})" for row in rows}
        told += [value[name] for name in ("step F1, micro", "punitive lines, F1")]
    print(f"| {share:.0%} | " + " | ".join(told) + " |", flush=True)


def print_report(raw: bytes, split: dict[str, list[Labelled]]) -> None:
    """Every table, in Markdown."""
    model = LineModel(read_weights(raw))
    test, fresh = split["test"], split["fresh"]
    about = read_weights(raw).about
    words = Keywords(split["train"] + split["dev"])
    for part, documents in (("Test", test), ("Fresh authors", fresh)):
        blind = [
            one.document if one.document.kind == "notes" else without_roles(one.document)
            for one in documents
        ]
        columns = {
            model.name: [model.label(one.document) for one in documents],
            "roles unknown": [model.label(document) for document in blind],
            "n-grams alone": [model.label(one.document, quick=True) for one in documents],
            "keywords": [words.label(one.document) for one in documents],
        }
        lines = sum(len(one.gold) for one in documents)
        print(f"{part}: {len(documents)} documents, {lines} lines. Data {about['data']}.\n")
        _print_table({name: figure_rows(documents, said) for name, said in columns.items()})
        print()
    print("The same rule for the status, over the authors' own labels (its ceiling):\n")
    gold = figure_rows(test, [fig.gold_labels(one) for one in test])
    _print_table({"authors' labels": [row for row in gold if row.name in _OF_STATUS]})
    short = [one for one in fresh if one.document.kind == "notes" and len(one.gold) <= _SHORT_NOTE]
    lines = sum(len(one.gold) for one in short)
    print(f"\nFresh notes of up to {_SHORT_NOTE} lines: {len(short)}, {lines} lines.\n")
    rows = figure_rows(short, [model.label(one.document) for one in short])
    _print_table({model.name: [row for row in rows if row.name in _OF_SHORT]})
    print("\nPer step, on test:\n")
    _print_steps(test, [model.label(one.document) for one in test])
    print("\nAs if the plan were a user's guide, each step held out of the fit, on test:\n")
    _print_matching(split, model)


_BEYOND_KEYWORDS = (
    "items F1, micro",
    "category of punitive lines found",
    "severity of punitive lines found",
)
_SHORT_NOTE = 20
_OF_SHORT = ("step F1, micro", "status of a step, accuracy", "skipped steps, F1")
_OF_STATUS = ("status of a step, accuracy", "skipped steps, F1")


def figure_rows(documents: list[Labelled], labels: fig.Labels) -> list[Row]:
    """The main figures of these labels."""
    steps = _counts(documents, labels, fig.step_counts, STEPS)

    def row(
        name: str, count: _Counter, which: str = "", measure: Callable[[fig.Count], float] = fig.f1
    ) -> Row:
        return _row(
            name, _counts(documents, labels, count, (which,)), lambda c: measure(c[0]), _wanted
        )

    return [
        _row("step F1, micro", steps, lambda c: fig.f1(fig.total(c)), _wanted),
        _row("step F1, macro", steps, lambda c: sum(map(fig.f1, c)) / len(c), _wanted),
        row("items F1, micro", fig.item_counts),
        row("punitive lines, F1", fig.tone_counts, "punitive"),
        row("punitive lines, precision", fig.tone_counts, "punitive", fig.precision),
        row("punitive lines, recall", fig.tone_counts, "punitive", fig.recall),
        row("category of punitive lines found", fig.manner_counts, "category", fig.recall),
        row("severity of punitive lines found", fig.manner_counts, "severity", fig.recall),
        row("supportive lines, F1", fig.tone_counts, "supportive"),
        row("range, right on lines that settle one", fig.range_counts, "", fig.recall),
        row("range, right where one is given", fig.range_counts, "", fig.precision),
        row("planned steps, F1", fig.planned_counts),
        row("status of a step, accuracy", fig.status_counts, "", fig.recall),
        row("skipped steps, F1", fig.skipped_counts),
        row("ordinary documents, lines given a step", fig.ordinary_counts, "", fig.recall),
    ]


def _wanted(counts: list[fig.Count]) -> int:
    return sum(count.wanted for count in counts)


def _counts(
    documents: list[Labelled], labels: fig.Labels, count: _Counter, names: Sequence[str]
) -> list[list[fig.Count]]:
    return [
        [count(one, found, name) for name in names]
        for one, found in zip(documents, labels, strict=True)
    ]


def _row(
    name: str,
    per_document: list[list[fig.Count]],
    figure: Callable[[list[fig.Count]], float],
    size: Callable[[list[fig.Count]], int],
) -> Row:
    together = [fig.total(column) for column in zip(*per_document, strict=True)]
    low, high = fig.interval(per_document, figure)
    return Row(name, figure(together), low, high, size(together))


def _print_table(columns: dict[str, list[Row]]) -> None:
    print("| figure | n | " + " | ".join(columns) + " |")
    print("| --- | --- |" + " --- |" * len(columns))
    for rows in zip(*columns.values(), strict=True):
        cells = " | ".join(
            "-"
            if column == "keywords" and row.name in _BEYOND_KEYWORDS
            else f"{row.value:.2f} ({row.low:.2f}-{row.high:.2f})"
            for column, row in zip(columns, rows, strict=True)
        )
        print(f"| {rows[0].name} | {rows[0].n} | {cells} |")


def _print_matching(split: dict[str, list[Labelled]], model: LineModel) -> None:
    encoder = load_encoder()
    dev, test = (heard_of(split[part], encoder) for part in ("dev", "test"))
    background = model.matching.background
    print("| step | words alone | words and meaning |\n| --- | --- | --- |")
    columns = [
        held_out_counts(dev, test, background, encoder, words=words) for words in (True, False)
    ]
    for step, *counts in zip(STEPS, *columns, strict=True):
        print(f"| {step} | " + " | ".join(f"{fig.f1(count):.2f}" for count in counts) + " |")
    together = [fig.total(counts) for counts in columns]
    print("| F1, micro | " + " | ".join(f"{fig.f1(count):.2f}" for count in together) + " |")
    told = " | ".join(f"{fig.precision(count):.2f} / {fig.recall(count):.2f}" for count in together)
    print(f"| precision / recall | {told} |")


def _print_steps(documents: list[Labelled], labels: fig.Labels) -> None:
    print("| step | lines | precision | recall | F1 |\n| --- | --- | --- | --- | --- |")
    for step in STEPS:
        count = fig.total([row[0] for row in _counts(documents, labels, fig.step_counts, (step,))])
        print(
            f"| {step} | {count.wanted} | {fig.precision(count):.2f} | {fig.recall(count):.2f} "
            f"| {fig.f1(count):.2f} |"
        )
