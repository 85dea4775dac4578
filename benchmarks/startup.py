"""CPU time of ``coach --help``, of a short file's check and of ``llm --help``, in the same run."""

from __future__ import annotations

import argparse
import platform
import shutil
import statistics
import subprocess
import sys
import sysconfig
from importlib.metadata import version
from pathlib import Path

NOTES = Path(__file__).parents[1] / "examples" / "bullet-notes.md"
CPU = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
spent = resource.getrusage(resource.RUSAGE_CHILDREN)
print(done.returncode, spent.ru_utime + spent.ru_stime)
"""


def main() -> None:
    """Print one line a command: median and range of CPU seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    short = [program("coach"), "tone", "--fail-on", "never", str(NOTES)]
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "coach --help": [program("coach"), "--help"],
        "coach --version": [program("coach"), "--version"],
        "coach tone --rules-only": [*short, "--rules-only"],
        "coach tone": short,
        "llm --help": [program("llm"), "--help"],
    }
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for command in commands.values():
        cpu(command)  # fills the caches of bytecode and files
    for _ in range(runs):  # in turns, so that a busy moment meets every command
        for name, command in commands.items():
            seconds[name].append(cpu(command))
    where = f"Python {platform.python_version()}, llm {version('llm')}"
    print(f"start-up, CPU seconds, {runs} runs each, {where}")
    print(f"{'command':24} {'median':>7} {'least':>7} {'most':>7}")
    for name, times in seconds.items():
        row = (statistics.median(times), min(times), max(times))
        print(f"{name:24}", *(f"{value:7.3f}" for value in row))


def cpu(command: list[str]) -> float:
    """CPU seconds, user and system, that one run of a program takes."""
    done = subprocess.run(
        [sys.executable, "-c", CPU, *command], capture_output=True, text=True, check=True
    )
    code, spent = done.stdout.split()
    if code != "0":
        raise SystemExit(f"{Path(command[0]).name} ended with exit code {code}")
    return float(spent)


def program(name: str) -> str:
    """Path of a program installed beside this Python."""
    found = shutil.which(name, path=sysconfig.get_path("scripts"))
    if found is None:
        raise SystemExit(f"{name} is not installed here: run python3 tasks.py bench")
    return found


if __name__ == "__main__":
    main()
