"""Time and memory of ``coach draft`` on transcripts of 1,000 to 100,000 words, and their growth.

A transcript is made of turns of many of the labelled conversations, one after the other; the
longest says them again.
"""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import tempfile
from functools import cache
from itertools import cycle
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)

CHILD = """
import resource, subprocess, sys, time
begin = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
wall = time.perf_counter() - begin
spent = resource.getrusage(resource.RUSAGE_CHILDREN)
print(done.returncode, wall, spent.ru_utime + spent.ru_stime, spent.ru_maxrss)
"""


def main() -> None:
    """Print wall and CPU seconds and peak memory of the whole process, a line a size."""
    print("coach draft, whole process (wall s, CPU s, peak MB)")
    print(f"{'source':28} {'wall':>7} {'cpu':>7} {'MB':>6} {'CPU ms/1k words':>16}")
    with tempfile.TemporaryDirectory() as folder:
        note = ROOT / "examples" / "bullet-notes.md"
        show("40-line note", note, words=len(note.read_text(encoding="utf-8").split()))
        for size in SIZES:
            show(f"transcript, {size:,} words", transcript(size, Path(folder)), words=size)


def transcript(words: int, folder: Path) -> Path:
    """A labelled transcript of about this many words."""
    told: list[str] = []
    count = 0
    for turn in cycle(turns()):
        told.append(turn)
        count += len(turn.split())
        if count >= words:
            break
    path = folder / f"talk-{words}.txt"
    path.write_text("\n".join(told) + "\n", encoding="utf-8")
    return path


@cache
def turns() -> tuple[str, ...]:
    """What managers and employees say in the labelled conversations."""
    found = []
    for labels in sorted((ROOT / "training" / "data" / "docs").glob("*.jsonl")):
        lines = labels.with_suffix(".txt").read_text(encoding="utf-8").split("\n")
        for record in map(json.loads, labels.read_text(encoding="utf-8").splitlines()):
            _, colon, said = lines[record["line"] - 1].partition(": ")
            if colon and record.get("speaker") in {"manager", "employee"}:
                found.append(f"{record['speaker'].title()}: {said}")
    return tuple(found)


def show(name: str, source: Path, *, words: int) -> None:
    """The best of three runs."""
    coach = Path(sysconfig.get_path("scripts")) / "coach"
    command = [str(coach), "draft", str(source), "--no-input"]
    runs = [measured(command) for _ in range(3 if words <= 10_000 else 1)]
    wall, cpu, peak = min(runs)
    print(f"{name:28} {wall:7.2f} {cpu:7.2f} {peak / 1024:6.0f} {cpu * 1e6 / words:16.1f}")


def measured(command: list[str]) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak resident KB of one run."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *command], capture_output=True, text=True, check=True
    )
    code, wall, cpu, peak = done.stdout.split()
    if code != "0":
        raise SystemExit(f"coach draft ended with exit code {code}")
    return float(wall), float(cpu), float(peak)


if __name__ == "__main__":
    main()
