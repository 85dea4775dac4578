"""``coach eval``: how long suites take, and how often the intervals hold the truth.

    python benchmarks/evaluation.py                 # time
    python benchmarks/evaluation.py --intervals     # coverage of the intervals, simulated

``evaluation_peers.py`` puts two other tools beside it.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from coach.evaluation import load_suite
from coach.evaluation.statistics import Part, gap, share_interval

REPEATS = 25
"""Of the twelve recorded documents: 300 cases."""
SUITES = 1_000


def main() -> None:
    """Print the tables."""
    if "--intervals" in sys.argv:
        coverage()
        return
    coach = [sys.executable, "-m", "coach", "eval", "core", "--no-gate", "--format", "markdown"]
    print(f"{'run':58} {'wall s':>7} {'CPU s':>7}")
    show("coach: core, 190 cases, embedded, drafted and counted", coach)
    one = [*coach, "--engine", "llm", "--tag", "recorded"]
    show("coach: 12 recorded cases", one)
    show(f"coach: {12 * REPEATS} recorded cases", [*one, "--repeat", str(REPEATS)])
    with tempfile.TemporaryDirectory() as folder:
        named = [*coach[:4], copied(Path(folder)), *coach[5:], "--engine", "llm"]
        show(f"coach: {12 * REPEATS} cases with a recording each", named)


def copied(folder: Path) -> str:
    """A suite in which each recorded case stands so many times, under names of its own."""
    core = load_suite("core")
    cases = []
    for case in core.suite.cases:
        if not core.recorded(case):
            continue
        for number in range(REPEATS):
            name = f"{case.id}-{number}"
            told = {"id": name, "input": case.input, "labels": case.labels, "guide": case.guide}
            told |= {"manager": case.manager, "employee": case.employee}
            cases.append({key: value for key, value in told.items() if value is not None})
            target = folder / "cassettes" / f"{name}.yaml"
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(core.cassettes / f"{case.id}.yaml", target)
    for name in ("inputs", "labels"):
        shutil.copytree(core.folder / name, folder / name)
    shutil.copyfile(core.folder / "recorded.json", folder / "recorded.json")
    suite = {"title": "Copies", "guide": core.suite.guide, "task": core.suite.task, "cases": cases}
    (folder / "suite.yaml").write_text(json.dumps(suite), encoding="utf-8")
    return str(folder)


def show(name: str, command: list[str]) -> None:
    """One row: wall and CPU seconds of the whole process."""
    before, begin = os.times(), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - begin, os.times()
    cpu = sum(after[2:4]) - sum(before[2:4])
    failed = "" if done.returncode == 0 else f"  failed ({done.returncode}): {done.stderr[-200:]}"
    print(f"{name:58} {wall:7.2f} {cpu:7.2f}{failed}", flush=True)


def coverage() -> None:
    """How often 95 % intervals hold the truth, in simulated suites whose cases differ."""
    print(f"{SUITES:,} simulated suites a row; lines a case 5 to 40; aim 0.95")
    print(
        f"{'cases':>5} {'truth':>6} {'spread':>7} {'share':>7} {'width':>6} {'gap':>7} {'width':>6}"
    )
    draw = random.Random(11)  # noqa: S311
    for cases in (12, 30, 69, 120):
        for truth, weight in ((0.8, 200.0), (0.8, 10.0), (0.95, 20.0)):
            held, width, pairs, pair_width = 0, 0.0, 0, 0.0
            for _ in range(SUITES):
                rates = [
                    draw.betavariate(truth * weight, (1 - truth) * weight) for _ in range(cases)
                ]
                sizes = [draw.randint(5, 40) for _ in range(cases)]
                one, two = (
                    [
                        Part(_hits(draw, rate, size), size)
                        for rate, size in zip(rates, sizes, strict=True)
                    ]
                    for _ in range(2)
                )
                interval, found = share_interval(one), gap(one, two)
                if interval is None or found is None:
                    continue
                held += interval.low <= truth <= interval.high
                width += interval.high - interval.low
                pairs += found.low <= 0 <= found.high
                pair_width += found.high - found.low
            told = f"{held / SUITES:7.3f} {width / SUITES:6.3f} {pairs / SUITES:7.3f}"
            print(f"{cases:5} {truth:6.2f} {1 / weight:7.3f} {told} {pair_width / SUITES:6.3f}")


def _hits(draw: random.Random, rate: float, size: int) -> int:
    return sum(draw.random() < rate for _ in range(size))


if __name__ == "__main__":
    main()
