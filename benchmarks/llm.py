"""Wall time of N questions to a server of fixed latency, beside the ideal for so many at once.

The server is the tests' own, on loopback in a process of its own: what is measured is what coach
adds to the waiting.
"""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from coach.engines.llm.client import Client, Question, Reply
from coach.engines.llm.endpoint import Endpoint

SERVER = Path(__file__).resolve().parents[1] / "tests" / "fault_server.py"
RUNS = ((1, 1), (6, 4), (18, 4), (40, 4), (40, 8), (120, 16))
"""Questions, and how many at once."""


class Answer(BaseModel):
    """What the server answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    line: int
    step: str


def main() -> None:
    """Print a line a run: with the way to ask known from before, and with it found out first."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--latency", type=float, default=0.5, help="seconds for each answer")
    parser.add_argument("--most", type=int, default=120, help="questions of the longest run")
    given = parser.parse_args()
    latency: float = given.latency
    print(f"{latency:g} s a question; wall time over ceil(N / C) x latency")
    print(f"{'N':>4} {'C':>3} {'ideal s':>8} {'known':>7} {'ratio':>6} {'first':>7} {'ratio':>6}")
    with server(latency) as address:
        seconds(address, questions=1, at_once=1, known=True)  # the SDK is imported
        for questions, at_once in (run for run in RUNS if run[0] <= given.most):
            ideal = math.ceil(questions / at_once) * latency
            walls = [
                seconds(address, questions=questions, at_once=at_once, known=known)
                for known in (True, False)
            ]
            shown = " ".join(f"{wall:7.2f} {wall / ideal:6.2f}" for wall in walls)
            print(f"{questions:4} {at_once:3} {ideal:8.2f} {shown}")


@contextmanager
def server(latency: float) -> Iterator[str]:
    """The address of a server that answers after so many seconds."""
    command = [sys.executable, str(SERVER), "--latency", str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None  # noqa: S101  for the type checker
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def seconds(address: str, *, questions: int, at_once: int, known: bool) -> float:
    """Wall time of all questions; ``known`` says whether the client has to find out how to ask."""
    rung = "json_schema_strict" if known else None
    endpoint = Endpoint(base_url=address, model="stub", concurrency=at_once, rung=rung)
    asked = [
        Question("bench", "1", "Answer in JSON.", f"L{number}: ...", Answer, lambda _answer: ())
        for number in range(questions)
    ]
    begin = time.perf_counter()
    results = Client(endpoint).ask_all(asked)
    wall = time.perf_counter() - begin
    if not all(isinstance(result, Reply) for result in results):
        raise SystemExit("the server failed")
    return wall


if __name__ == "__main__":
    main()
