"""``coach eval`` beside pydantic-evals and promptfoo on the same recorded cases, no server asked.

The peers get the easier work: recorded answers laid ready, and one figure a case, the F1 of steps.
coach makes the questions again and looks each up, maps, drafts, and counts all its figures with
intervals and gates. Times are of the whole process, the fastest of so many runs.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from coach.cassette import read_exchanges
from coach.evaluation import SuiteFolder, load_suite
from coach.evaluation.labels import read_labels

ROOT = Path(__file__).resolve().parents[1]
EXPLAINED = """\
Without --install FOLDER this measures coach alone. With it, coach, pydantic-evals and promptfoo are
installed there, each in a folder of its own (some 2 GB, two minutes), unless they are there.
"""
PYDANTIC_EVALS = """
import json, sys
from pydantic_evals import Case, Dataset
from pydantic_evals.evaluators import Evaluator

class StepF1(Evaluator):
    def evaluate(self, context):
        said, wanted = (
            {(line, step) for line, steps in side.items() for step in steps}
            for side in (json.loads(context.output), context.expected_output)
        )
        every = len(said) + len(wanted)
        return 2 * len(said & wanted) / every if every else 1.0

known = json.load(open("cases.json"))
data = Dataset(
    name="core",
    cases=[Case(name=id, inputs=id, expected_output=one["wanted"]) for id, one in known.items()],
    evaluators=[StepF1()],
)
report = data.evaluate_sync(lambda id: known[id]["answer"], progress=False)
report.print()
print("mean", report.averages().scores["StepF1"])
"""
PROVIDER = """
const known = require("./cases.json");
module.exports = class {
  id() { return "recorded"; }
  async callApi(prompt) { return { output: known[prompt].answer }; }
};
"""
STEP_F1 = """
const known = require("./cases.json");
const pairs = (side) => Object.entries(side).flatMap(([line, all]) => all.map((s) => line + s));
module.exports = (output, { vars }) => {
  const said = pairs(JSON.parse(output)), wanted = new Set(pairs(known[vars.id].wanted));
  const every = said.length + wanted.size;
  const score = every ? 2 * said.filter((one) => wanted.has(one)).length / every : 1;
  return { pass: true, score, reason: "step F1" };
};
"""
QUIET = {
    "PROMPTFOO_DISABLE_TELEMETRY": "1",
    "PROMPTFOO_DISABLE_UPDATE": "1",
    "PROMPTFOO_DISABLE_DEBUG_LOG": "1",
    "PROMPTFOO_DISABLE_ERROR_LOG": "1",
    "PROMPTFOO_DISABLE_REMOTE_GENERATION": "1",
    "LOGFIRE_SEND_TO_LOGFIRE": "false",
}


class Peer(NamedTuple):
    """A tool: how it is installed, how it runs, and where its figure stands in what it prints."""

    name: str
    install: Sequence[str]
    command: Sequence[str]
    figure: Callable[[str], float]
    path: Path | None = None
    """The folder of its Python packages."""


def main() -> None:
    """Print one line a tool: wall time, size as installed, and mean step F1."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0], epilog=EXPLAINED)
    parser.add_argument("--install", type=Path, metavar="FOLDER", help="measure the peers as well")
    parser.add_argument("--repeat", type=int, default=25, help="times that each case is run")
    parser.add_argument("--runs", type=int, default=3, help="the best of so many is told")
    given = parser.parse_args()
    core = load_suite("core")
    cases = recorded(core, given.repeat)
    print(f"{len(cases)} recorded cases of {core.name} (each document {given.repeat} times)")
    heads = f"{'wall s':>7} {'CPU s':>7} {'installed MB':>13} {'step F1':>8}"
    print(f"{'tool':16} {'version':>9} {heads}")
    folder: Path | None = given.install and given.install.resolve()
    work = folder / "work" if folder else ROOT
    if folder is not None:
        lay_out(cases, work)
    for peer in peers(folder, given.repeat):
        if folder is not None:
            install(peer, folder)
        (wall, cpu), figure = fastest(peer, work, runs=given.runs)
        size = f"{megabytes(folder / peer.name):.0f}" if folder else "-"
        told = f"{wall:7.2f} {cpu:7.2f} {size:>13} {figure:8.3f}"
        print(f"{peer.name:16} {version(peer, folder):>9} {told}", flush=True)
    if folder is None:
        print(EXPLAINED)


def recorded(core: SuiteFolder, repeats: int) -> dict[str, Any]:
    """Answer and labels of each recorded case: the steps of each line, as JSON and as they are."""
    cases = {}
    for case in core.suite.cases:
        path = core.cassettes / f"{case.id}.yaml"
        if not (path.is_file() and case.labels):
            continue
        said: dict[str, list[str]] = {}
        for exchange in read_exchanges(path):
            body = json.loads(exchange.response.body.string)
            answer = json.loads(body["choices"][0]["message"]["content"])
            for one in answer.get("does", ()):
                steps = {item.partition(".")[0] for item in one["items"]}
                said.setdefault(str(one["line"]), []).extend(sorted(steps))
        labels = read_labels(core.folder / case.labels)
        wanted = {str(line.line): list(line.steps) for line in labels.lines if line.steps}
        for number in range(repeats):
            cases[f"{case.id}-{number}"] = {"answer": json.dumps(said), "wanted": wanted}
    return cases


def peers(folder: Path | None, repeats: int) -> list[Peer]:
    """coach, and where there is a folder for them, the others."""
    target = str(folder) if folder else ""
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--target")
    ours = Peer(
        "coach",
        (*pip, f"{target}/coach", str(ROOT)),
        (sys.executable, "-m", "coach", "eval", "core", "--engine", "llm", "--json",
         "--repeat", str(repeats)),
        coach_figure,
        folder and folder / "coach",
    )  # fmt: skip
    if folder is None:
        return [ours]
    promptfoo = folder / "promptfoo" / "node_modules" / ".bin" / "promptfoo"
    return [
        ours,
        Peer(
            "pydantic-evals",
            (*pip, f"{target}/pydantic-evals", "pydantic-evals"),
            (sys.executable, "run.py"),
            lambda text: float(re.findall(r"^mean ([\d.]+)", text, flags=re.MULTILINE)[0]),
            folder / "pydantic-evals",
        ),
        Peer(
            "promptfoo",
            ("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent",
             "--prefix", f"{target}/promptfoo", "promptfoo"),
            (str(promptfoo), "eval", "-c", "promptfoo.json", "--no-cache", "--no-write",
             "--no-progress-bar", "-o", "out.json"),
            lambda _: promptfoo_figure(folder / "work" / "out.json"),
        ),
    ]  # fmt: skip


def install(peer: Peer, folder: Path) -> None:
    """Install the tool in its own folder, where it is not there yet."""
    if (folder / peer.name).exists():
        return
    if shutil.which(peer.install[0]) is None:
        raise SystemExit(f"{peer.name} needs {peer.install[0]}: install it and try again")
    (folder / peer.name).mkdir(parents=True)
    subprocess.run(peer.install, check=True)


def lay_out(cases: dict[str, Any], work: Path) -> None:
    """Write what the peers run."""
    work.mkdir(parents=True, exist_ok=True)
    config = {
        "prompts": ["{{id}}"],
        "providers": ["file://provider.js"],
        "tests": [
            {"vars": {"id": id_}, "assert": [{"type": "javascript", "value": "file://check.js"}]}
            for id_ in cases
        ],
    }
    files = {
        "cases.json": json.dumps(cases),
        "run.py": PYDANTIC_EVALS,
        "promptfoo.json": json.dumps(config),
        "provider.js": PROVIDER,
        "check.js": STEP_F1,
    }
    for name, text in files.items():
        (work / name).write_text(text, encoding="utf-8")


def fastest(peer: Peer, work: Path, *, runs: int) -> tuple[tuple[float, float], float]:
    """Wall and CPU seconds of the fastest run after one that fills the caches, and the figure."""
    env = {**os.environ, **QUIET, "PROMPTFOO_CONFIG_DIR": str(work / "promptfoo")}
    if peer.path:
        env["PYTHONPATH"] = str(peer.path)
    times = []
    for _ in range(runs + 1):
        start, before = time.perf_counter(), os.times()
        done = subprocess.run(
            peer.command, cwd=work, env=env, capture_output=True, text=True, check=False
        )
        after = os.times()
        cpu = sum(after[2:4]) - sum(before[2:4])
        times.append((time.perf_counter() - start, cpu))
        if done.returncode:
            raise SystemExit(f"{peer.name} ended with {done.returncode}: {done.stderr[-600:]}")
    return min(times[1:]), peer.figure(done.stdout)


def coach_figure(text: str) -> float:
    """The mean of the cases' step F1, as the peers count it; coach's own is of all lines."""
    values = []
    for outcome in json.loads(text)["outcomes"]:
        said, wanted = (
            {
                (line["line"], step)
                for line in outcome["lines"]
                for step in line[side].get("steps", ())
            }
            for side in ("said", "wanted")
        )
        every = len(said) + len(wanted)
        values.append(2 * len(said & wanted) / every if every else 1.0)
    return sum(values) / len(values)


def promptfoo_figure(path: Path) -> float:
    """The mean score of its results."""
    results = json.loads(path.read_text(encoding="utf-8"))["results"]["results"]
    return sum(float(one["score"]) for one in results) / len(results)


def version(peer: Peer, folder: Path | None) -> str:
    """The installed version."""
    if peer.path is None and folder is not None:
        package = folder / "promptfoo" / "node_modules" / "promptfoo" / "package.json"
        return str(json.loads(package.read_text(encoding="utf-8"))["version"])
    if peer.path is None:
        return "checkout"
    (known,) = peer.path.glob(f"*{peer.name.replace('-', '_')}-*.dist-info")
    return known.name.removesuffix(".dist-info").rpartition("-")[2]


def megabytes(folder: Path) -> float:
    """Size of all files below."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files) / 1e6


if __name__ == "__main__":
    main()
