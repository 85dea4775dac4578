"""How well the recorded answers of a strong model label and draft, beside the embedded model.

Replays evals/core/cassettes and counts against the labels of the same documents in training/data,
with 95 % intervals by document: the tables of docs/llm.md. They are dev documents, and few; no
server is asked.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CASSETTES = sorted((ROOT / "evals" / "core" / "cassettes").glob("*.yaml"))
sys.path.append(str(ROOT / "training"))

import figures as fig  # noqa: E402
from corpus import DATA, STEPS, Labelled, load_document  # noqa: E402

from coach.cassette import CassetteTransport, read_exchanges, use_cassette  # noqa: E402
from coach.document import Document  # noqa: E402
from coach.engines.embedded import EmbeddedEngine  # noqa: E402
from coach.engines.embedded.features import seen_lines  # noqa: E402
from coach.engines.llm.client import Client  # noqa: E402
from coach.engines.llm.endpoint import Endpoint  # noqa: E402
from coach.engines.llm.engine import LlmEngine  # noqa: E402
from coach.engines.llm.tokens import TokenCount, count_tokens  # noqa: E402
from coach.finding import Finding  # noqa: E402
from coach.guide import load_guide  # noqa: E402
from coach.mapping import LineLabel, StepMap  # noqa: E402
from coach.plan import Draft  # noqa: E402
from coach.workflow import draft, review  # noqa: E402

__all__ = ["ASKED", "CASSETTES", "DATA", "drafted", "load_document"]

WITH_REWORDING = {"t1303"}
ASKED = Endpoint(
    base_url="http://127.0.0.1:9/v1",
    model="claude",
    rung="json_schema_strict",
    context=128_000,
    answer_tokens=8192,
)
"""As it was when the answers were recorded; what is sent depends on it."""

ROWS: tuple[tuple[str, Any, Sequence[str], Callable[[fig.Count], float]], ...] = (
    ("step F1, micro", fig.step_counts, STEPS, fig.f1),
    ("items F1, micro", fig.item_counts, ("",), fig.f1),
    ("punitive lines, F1", fig.tone_counts, ("punitive",), fig.f1),
    ("range, right on lines that settle one", fig.range_counts, ("",), fig.recall),
    ("status of a step, accuracy", fig.status_counts, ("",), fig.recall),
    ("skipped steps, F1", fig.skipped_counts, ("",), fig.f1),
)


def main() -> None:
    """Print the table, then what became of the answers."""
    documents = [load_document(path.stem) for path in CASSETTES]
    drafts = [*map(drafted, documents, CASSETTES)]
    engine, guide = EmbeddedEngine(), load_guide("isp")
    embedded = [review(one.document, guide, engine) for one in documents]
    columns = [[*map(_labels, documents, maps)] for maps in (drafts, embedded)]
    lines = sum(len(one.gold) for one in documents)
    notes = sum(one.document.kind == "notes" for one in documents)
    ordinary = sum(set(one.coverage.values()) == {"skipped"} for one in documents)
    print(f"{len(documents)} documents ({notes} notes, {ordinary} ordinary work), {lines} lines\n")
    print("| figure | n | llm, recorded | embedded |\n| --- | --- | --- | --- |")
    for name, count, which, measure in ROWS:
        told = [_row(documents, labels, count, which, measure) for labels in columns]
        print(f"| {name} | {told[0][1]} | {told[0][0]} | {told[1][0]} |")
    print()
    _print_answers(drafts)


class Recorded(LlmEngine):
    """The engine as it was recorded: without rewordings, of which only one document has some."""

    def reword(self, document: Document, findings: Sequence[Finding]) -> list[str | None]:
        """No wordings."""
        return [None] * len(findings)


def drafted(one: Labelled, cassette: Path) -> Draft:
    """What coach makes of a document from the answers in this file."""
    kind = LlmEngine if one.id in WITH_REWORDING else Recorded
    engine = kind(Client(ASKED, transport=CassetteTransport()))
    with use_cassette(cassette):
        return draft(one.document, load_guide("isp"), engine)


def _labels(one: Labelled, found: StepMap) -> list[LineLabel]:
    """The labels of the lines that the author labelled, in order."""
    by_line = {label.line: label for label in found.lines}
    return [by_line[line.number] for line in seen_lines(one.document)]


def _row(
    documents: Sequence[Labelled],
    labels: fig.Labels,
    count: Any,
    which: Sequence[str],
    measure: Callable[[fig.Count], float],
) -> tuple[str, int]:
    """The figure with its interval, and how many it is about."""
    per_document = [
        [count(one, found, name) for name in which]
        for one, found in zip(documents, labels, strict=True)
    ]

    def figure(counts: list[fig.Count]) -> float:
        return measure(fig.total(counts))

    together = [fig.total(column) for column in zip(*per_document, strict=True)]
    low, high = fig.interval(per_document, figure)
    return f"{figure(together):.2f} ({low:.2f}-{high:.2f})", fig.total(together).wanted


def _print_answers(drafts: Sequence[Draft]) -> None:
    asked = [one for path in CASSETTES for one in _exchanges(path)]
    repairs = sum(len(body["messages"]) > 2 for body, _ in asked)
    labelled, drafted_ = (
        [one for one in asked if _is(one[0], kind)] for kind in ("label", "draft")
    )
    marked = sum(len(_lines(json.loads(answer))) for _, answer in labelled)
    size = sum(len(_compact(answer)) for _, answer in labelled)
    tokens = sum(_tokens(_compact(answer)) for _, answer in labelled)
    kept = [entry for one in drafts for part in one.plan.sections for entry in part.entries]
    inferred = sum(entry.provenance == "inferred" for entry in kept)
    lost = sum((one.left_out for one in drafts[1:]), drafts[0].left_out)
    print(f"answers: {len(asked)}, of which repairs: {repairs}")
    print(f"entries kept: {len(kept)}, of which inferred: {inferred}; left out: {dict(lost)}")
    print(f"a labelled line: {size / marked:.0f} characters, {tokens / marked:.1f} tokens")
    for name, some in (("label", labelled), ("draft", drafted_)):
        fixed = [_tokens(body["messages"][0]["content"]) for body, _ in some]
        print(f"fixed part of the {name} prompt: {max(fixed):,} tokens")
    print("tokens " + ("of o200k_base" if _counted("").exact else "estimated, rather too many"))


def _exchanges(path: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Each request's body, and the text of its answer."""
    for one in read_exchanges(path):
        told = json.loads(one.reply().read())
        yield json.loads(one.request.body or "{}"), told["choices"][0]["message"]["content"]


def _is(body: dict[str, Any], prompt: str) -> bool:
    return str(body["messages"][0]["content"]).startswith(f"You {prompt}")


def _tokens(text: str) -> int:
    return _counted(text).tokens


def _counted(text: str) -> TokenCount:
    return count_tokens(text, "gpt-4o")


def _compact(answer: str) -> str:
    return json.dumps(json.loads(answer), ensure_ascii=False, separators=(",", ":"))


def _lines(answer: dict[str, Any]) -> set[int]:
    listed = [one for name in ("does", "later", "ranges", "sharp") for one in answer[name]]
    return {one["line"] for one in listed} | set(answer["warm"])


if __name__ == "__main__":
    main()
