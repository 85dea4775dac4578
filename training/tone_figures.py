"""How well tone is heard, beside other linters, on the same lines.

``python training/tone_figures.py`` prints the tables for the dev documents, ``--test`` those for
test, the fresh authors and the unseen text. ``--folder FOLDER`` prints instead how much
``coach tone`` flags in the files of a folder: texts of the world, which need not be in this
repository. proselint and vaderSentiment come with the packages of
the benchmarks; alex and write-good are npm packages, found on the path or in ``--node FOLDER``
(node_modules/.bin).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import figures as fig
from corpus import Labelled, load_split, ordinary

from coach import tone
from coach.checks.sources import find_sources
from coach.document import Document, prose, read
from coach.engines.embedded import EmbeddedEngine
from coach.engines.embedded.features import seen_lines
from coach.errors import InputError
from coach.finding import SEVERITIES, Finding
from coach.guide import load_guide
from coach.tone import as_notes
from coach.workflow import check

ROOT = Path(__file__).parents[1]
UNSEEN = ROOT / "training" / "data" / "unseen"
ENGINE = EmbeddedEngine()
Flagged = dict[int, str]
"""Flagged lines by number, with the gravest severity."""


class Judged(NamedTuple):
    """The manager's lines of one document: number, text, whether the author calls it punitive."""

    document: Document
    lines: tuple[tuple[int, str, bool], ...]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--test", action="store_true", help="on test, fresh and unseen text")
    parser.add_argument("--node", type=Path, help="folder whose node_modules hold alex, write-good")
    parser.add_argument("--folder", type=Path, help="only: what is flagged in these files")
    asked = parser.parse_args()
    if asked.folder:
        print_folder(asked.folder)
        return
    if asked.node:
        tools = asked.node.resolve() / "node_modules" / ".bin"
        os.environ["PATH"] = f"{tools}{os.pathsep}{os.environ['PATH']}"
    split = load_split()
    for part in ("test", "fresh") if asked.test else ("dev",):
        print_part(part, [judged(one) for one in split[part]])
    if asked.test:
        print_part("unseen lines", unseen_lines())
        print_part("unseen documents", unseen_documents(UNSEEN / "documents"))
        print_part("later documents", unseen_documents(UNSEEN / "later"))
    print_ordinary()


def judged(one: Labelled) -> Judged:
    """The lines that are judged: the manager's, or everybody's where nobody knows who is who."""
    pairs = zip(seen_lines(one.document), one.gold, strict=True)
    return Judged(
        one.document,
        tuple(
            (line.number, line.content, gold.tone == "punitive")
            for line, gold in pairs
            if line.mappable and (line.kind == "note" or line.role in {"manager", None})
        ),
    )


def unseen_lines() -> list[Judged]:
    """Loose lines, each a document of its own."""
    found = []
    for one in map(json.loads, (UNSEEN / "lines.jsonl").read_text("utf-8").splitlines()):
        document = as_notes(one["text"])
        found.append(Judged(document, ((1, one["text"], one["tone"] == "punitive"),)))
    return found


def unseen_documents(folder: Path) -> list[Judged]:
    """Whole texts; what others say in them, the manager quoted among it, is left out."""
    records = [
        json.loads(line)
        for line in (folder / "labels.jsonl").read_text("utf-8").split("\n")
        if line
    ]
    managers = {one["document"]: one["manager"] for one in records if "manager" in one}
    punitive = {(one["document"], one["line"]) for one in records if "line" in one}
    left_out = {(one["document"], one["line"]) for one in records if one.get("quoted")}
    left_out |= {(one["document"], line) for one in records for line in one.get("others", ())}
    found = []
    for path in sorted({*folder.iterdir()} - {folder / "labels.jsonl"}):
        document = prose(read(path, manager=managers.get(path.name)))
        lines = tuple(
            (line.number, line.content, (path.name, line.number) in punitive)
            for line in seen_lines(document)
            if line.mappable
            and (line.kind == "note" or line.role in {"manager", None})
            and (path.name, line.number) not in left_out
        )
        found.append(Judged(document, lines))
    return found


def print_part(part: str, documents: Sequence[Judged]) -> None:
    """One row a tool: precision, recall and F1 with intervals by document; false alarms."""
    lines = [line for one in documents for line in one.lines]
    print(f"{part}: {len(documents)} documents, {len(lines)} lines of managers,", end=" ")
    print(f"{sum(line[2] for line in lines)} punitive\n")
    print("| | precision | recall | F1 | others flagged, % | at medium or high, % |")
    print("| --- | --- | --- | --- | --- | --- |")
    said = {name: [flag(one) for one in documents] for name, flag in OURS.items()}
    said |= {name: found for name, flag in PEERS.items() if (found := flag(documents)) is not None}
    for name, found in said.items():
        _print_row(name, documents, found)
    ours, label = said["rules and model"], said["model, as in a map"]
    print(f"\nAs one file: {_as_one(documents)}. Of the lines that the map's model flags,")
    model = said["model alone"]
    both = sum(len(a.keys() & b.keys()) for a, b in zip(model, label, strict=True))
    print(f"{both} of {sum(map(len, label))} are flagged by the model here, and", end=" ")
    print(f"{sum(map(len, model)) - both} others; {sum(map(len, ours))} with the rules.\n")


def _print_row(name: str, documents: Sequence[Judged], found: Sequence[Flagged]) -> None:
    counts, wrong, grave, others = [], 0, 0, 0
    for one, flagged in zip(documents, found, strict=True):
        right = sum(number in flagged for number, _, punitive in one.lines if punitive)
        missed = [flagged.get(number) for number, _, punitive in one.lines if not punitive]
        wrong += sum(severity is not None for severity in missed)
        grave += sum(severity not in {None, "low"} for severity in missed)
        others += len(missed)
        wanted = sum(punitive for _, _, punitive in one.lines)
        false = sum(severity is not None for severity in missed)
        counts.append([fig.Count(right, right + false, wanted)])
    cells = [_cell(counts, measure) for measure in (fig.precision, fig.recall, fig.f1)]
    print(f"| {name} | {' | '.join(cells)} | {100 * wrong / others:.2f} |", end=" ")
    print(f"{100 * grave / others:.2f} |" if name in OURS else "- |")


def _cell(counts: list[list[fig.Count]], measure: Callable[[fig.Count], float]) -> str:
    low, high = fig.interval(counts, lambda c: measure(c[0]))
    return f"{measure(fig.total([row[0] for row in counts])):.2f} ({low:.2f}-{high:.2f})"


def _as_one(documents: Sequence[Judged]) -> str:
    """Rules and model on all these lines in one long file of notes."""
    lines = [line for one in documents for line in one.lines]
    found = _checked(as_notes("\n".join(text for _, text, _ in lines)), ENGINE)
    right = sum(at in found for at, line in enumerate(lines, 1) if line[2])
    count = fig.Count(right, len(found), sum(line[2] for line in lines))
    figures = fig.precision(count), fig.recall(count), fig.f1(count)
    return "precision {:.2f}, recall {:.2f}, F1 {:.2f}".format(*figures)


# -- who flags what --------------------------------------------------------------------------------


def _worst(findings: Sequence[Finding]) -> Flagged:
    ranked = sorted(findings, key=gravity)
    return {finding.line: finding.severity for finding in ranked}


def gravity(finding: Finding) -> int:
    """How grave it is."""
    return SEVERITIES.index(finding.severity)


def _checked(document: Document, engine: EmbeddedEngine | None) -> Flagged:
    """As ``coach tone`` flags it, but for what is not punitive, such as a vague ask."""
    punitive = tone.rules_by_category()
    return _worst([one for one in check(document, engine) if one.category in punitive])


def _as_in_a_map(document: Document) -> Flagged:
    return _worst(ENGINE.label(document, load_guide("isp")).findings)


OURS: dict[str, Callable[[Judged], Flagged]] = {
    "rules and model": lambda one: _checked(one.document, ENGINE),
    "rules alone": lambda one: _checked(one.document, None),
    "model alone": lambda one: _worst(ENGINE.listen(one.document)),
    "model, as in a map": lambda one: _as_in_a_map(one.document),
}


def _by_command(name: str, *options: str) -> Callable[[Sequence[Judged]], list[Flagged] | None]:
    """A linter that prints ``LINE:COLUMN`` of what it flags; each line is its own paragraph."""

    def flag(documents: Sequence[Judged]) -> list[Flagged] | None:
        program = shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))
        if program is None:
            print(f"{name} is not installed here", file=sys.stderr)
            return None
        texts = [text for one in documents for _, text, _ in one.lines]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "lines.md"
            path.write_text("\n\n".join(texts) + "\n", "utf-8")
            done = subprocess.run(
                [program, *options, path], capture_output=True, text=True, check=False
            )
        told = done.stdout + done.stderr
        places = re.findall(r"^(?:[^\s:]*lines\.md:|\s*)(\d+):\d+", told, re.MULTILINE)
        hit = {(int(number) - 1) // 2 for number in places}
        return _spread(documents, [at in hit for at in range(len(texts))])

    return flag


def _vader(documents: Sequence[Judged]) -> list[Flagged] | None:
    """A sentiment lexicon, at the threshold that its authors give for negative text."""
    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ImportError:
        print("vaderSentiment is not installed here", file=sys.stderr)
        return None
    judge = SentimentIntensityAnalyzer()
    texts = [text for one in documents for _, text, _ in one.lines]
    return _spread(documents, [judge.polarity_scores(text)["compound"] <= -0.05 for text in texts])


def _spread(documents: Sequence[Judged], flags: Sequence[bool]) -> list[Flagged]:
    rest = iter(flags)
    return [{number: "" for number, _, _ in one.lines if next(rest)} for one in documents]


PEERS = {
    "proselint": _by_command("proselint", "check"),
    "alex": _by_command("alex"),
    "write-good": _by_command("write-good", "--parse"),
    "vaderSentiment": _vader,
}


# -- ordinary text ---------------------------------------------------------------------------------


def print_ordinary() -> None:
    """False alarms on text that is no conversation."""
    texts = {
        "ordinary lines, for tuning": [as_notes(text) for text in ordinary("dev")],
        "the same, as one file": [as_notes("\n".join(ordinary("dev")))],
        "innocent lines in harsh words, unseen": [
            as_notes(text) for text in (UNSEEN / "harsh-words.txt").read_text("utf-8").splitlines()
        ],
        "docs of this project": [read(path) for path in sorted((ROOT / "docs").rglob("*.md"))],
    }
    print("| text | lines | flagged for each 1,000 lines | at medium or high |")
    print("| --- | --- | --- | --- |")
    for name, documents in texts.items():
        found = [severity for one in documents for severity in _checked(one, ENGINE).values()]
        size = sum(len(one.content_lines) for one in documents)
        grave = sum(severity != "low" for severity in found)
        print(f"| {name} | {size} | {1000 * len(found) / size:.1f} | {1000 * grave / size:.1f} |")


def print_folder(folder: Path) -> None:
    """What ``coach tone`` flags in the files that it takes from a folder, and who flags it."""
    documents = []
    for name in find_sources([str(folder)]).found:
        try:
            documents.append(read(name))
        except InputError as error:
            print(error.message, file=sys.stderr)
    size = sum(len(prose(one).content_lines) for one in documents)
    if not size:
        raise SystemExit(f"{folder}: there is no line to check")
    found = [finding for one in documents for finding in check(one, ENGINE)]
    print(f"{len(documents)} files, {size} lines that are not empty, headings or code;", end=" ")
    print("flagged for each 1,000 lines:\n")
    print("| | at any severity | at medium or high |")
    print("| --- | --- | --- |")
    rules = sorted({finding.rule for finding in found})
    kinds: dict[str, Callable[[Finding], bool]] = {
        "all": lambda one: True,
        "by a rule": lambda one: one.found_by == "rule",
        "by the model alone": lambda one: one.found_by == "model",
        **{rule: lambda one, rule=rule: one.rule == rule for rule in rules},
    }
    for name, fits in kinds.items():
        flagged = [one for one in found if fits(one)]
        grave = sum(one.severity != "low" for one in flagged)
        print(f"| {name} | {1000 * len(flagged) / size:.2f} | {1000 * grave / size:.2f} |")


if __name__ == "__main__":
    main()
