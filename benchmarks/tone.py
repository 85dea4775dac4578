"""``coach tone`` on 70,000 words beside other linters, in the same run; and how its time grows.

Whole processes: wall and CPU seconds, the best of some runs in turns (a busy machine only adds to
them). Two texts, a thought a line: what people said and wrote in training/data, where one line in
twenty-five is punitive, and the docstrings of Python's standard library. proselint comes with the
benchmarks' packages; alex and write-good are npm packages, found on the path or in ``--node
FOLDER``.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
DATA = ROOT / "training" / "data"
WORDS = 70_000
RUN = """
import resource, subprocess, sys, time
began = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
wall = time.perf_counter() - began
spent = resource.getrusage(resource.RUSAGE_CHILDREN)
print(done.returncode, wall, spent.ru_utime + spent.ru_stime)
"""
HOSTILE = {
    "harsh lines": "you never listen and one more slip and you are out\n",
    "one long line": "you never listen, ",
    "openings of quotes": 'you said "',
    "full stops": ". ",
    "back-ticks": "`a ",
    "one word": "a",
}


class Spent(NamedTuple):
    """What one run took, in seconds."""

    wall: float
    cpu: float


def main() -> None:
    """Print one table a text, then how the time of the rules grows on hostile input."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--node", type=Path, help="folder whose node_modules hold alex, write-good")
    asked = parser.parse_args()
    if asked.node:
        tools = asked.node.resolve() / "node_modules" / ".bin"
        os.environ["PATH"] = f"{tools}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory() as folder:
        for name, lines in {"talks and notes": talks(), "docstrings": docstrings()}.items():
            path = Path(folder) / "text.txt"
            path.write_text(as_text(lines), "utf-8")
            print_times(name, path, runs=asked.runs)
    print_growth()


def as_text(lines: Iterator[str]) -> str:
    """The first lines that together have so many words."""
    kept, words = [], 0
    for line in lines:
        kept.append(line)
        words += len(line.split())
        if words >= WORDS:
            break
    return "\n".join(kept) + "\n"


def talks() -> Iterator[str]:
    """What was said or noted in the train documents, a line each."""
    from coach.document import read

    for name in json.loads((DATA / "split.json").read_text("utf-8"))["train"]:
        for line in read(DATA / "docs" / f"{name}.txt").content_lines:
            yield line.content


def docstrings() -> Iterator[str]:
    """Lines of the docstrings of Python's standard library."""
    library = Path(sysconfig.get_path("stdlib"))
    for path in sorted(library.glob("*.py")):
        tree = ast.parse(path.read_text("utf-8", errors="replace"))
        nodes = (ast.Module, ast.ClassDef, ast.FunctionDef)
        found = [ast.get_docstring(node) for node in ast.walk(tree) if isinstance(node, nodes)]
        for text in filter(None, found):
            yield from (line.strip() for line in text.splitlines() if len(line.split()) > 3)


def print_times(name: str, path: Path, *, runs: int) -> None:
    """Least wall and CPU seconds of each program on this file."""
    commands = {
        "coach tone": [program("coach"), "tone", str(path)],
        "coach tone --rules-only": [program("coach"), "tone", "--rules-only", str(path)],
        "proselint": [program("proselint"), "check", str(path)],
        "write-good": [program("write-good"), str(path)],
        "alex": [program("alex"), str(path)],
    }
    spent: dict[str, list[Spent]] = {}
    known = {which: [command[0] or "", *command[1:]] for which, command in commands.items()}
    for which in [which for which, command in known.items() if not command[0]]:
        print(f"{which} is not installed here", file=sys.stderr)
        del known[which]
    for _ in range(runs + 1):  # in turns, so that a busy moment meets every program
        for which, command in known.items():
            spent.setdefault(which, []).append(once(command))
    print(f"\n{name}: {len(path.read_text('utf-8').split()):,} words, {runs} runs each\n")
    print("| | wall s | CPU s |\n| --- | --- | --- |")
    for which, times in spent.items():
        wall, cpu = map(min, zip(*times[1:], strict=True))
        print(f"| {which} | {wall:.2f} | {cpu:.2f} |", flush=True)


def once(command: list[str]) -> Spent:
    """What one run takes. Any code is taken: some linters exit with the number of findings."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, *command], capture_output=True, text=True, check=True
    )
    _, wall, cpu = done.stdout.split()
    return Spent(float(wall), float(cpu))


def program(name: str) -> str | None:
    """Path of a program installed beside this Python, or anywhere."""
    return shutil.which(name, path=sysconfig.get_path("scripts")) or shutil.which(name)


def print_growth() -> None:
    """CPU seconds of the rules on hostile text of 0.5, 1 and 2 MB."""
    from coach import tone

    rules = tone.load_rules()
    tone.scan(tone.as_notes("".join(HOSTILE.values())), rules)
    print("\nrules on hostile text, CPU seconds\n")
    print("| text | 0.5 MB | 1 MB | 2 MB |\n| --- | --- | --- | --- |")
    for name, unit in HOSTILE.items():
        cells = []
        for size in (500_000, 1_000_000, 2_000_000):
            document = tone.as_notes(unit * (size // len(unit)))
            began = time.process_time()
            tone.scan(document, rules)
            cells.append(f"{time.process_time() - began:.2f}")
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
