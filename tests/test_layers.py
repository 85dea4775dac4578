"""The direction of imports: a new module has to take a place in it."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path


def contracts(root: Path) -> list[dict[str, object]]:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return list(project["tool"]["importlinter"]["contracts"])


def test_imports_point_inwards_and_libraries_stay_at_the_edges(root: Path) -> None:
    command = "from importlinter.cli import lint_imports_command as lint; lint(['--no-cache'])"
    done = subprocess.run(
        [sys.executable, "-c", command], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(contracts(root))} kept, 0 broken" in done.stdout


def test_every_module_has_a_place(root: Path) -> None:
    (layers,) = [contract for contract in contracts(root) if contract["type"] == "layers"]
    placed = {
        name.strip()
        for layer in layers["layers"]  # type: ignore[attr-defined]
        for name in layer.split("|")
    }
    standing = {
        path.stem
        for path in (root / "coach").iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists()) and path.stem[0] != "_"
    }
    assert placed == standing


def test_every_module_says_what_it_is(root: Path) -> None:
    silent = [
        str(path.relative_to(root))
        for path in (root / "coach").rglob("*.py")
        if not path.read_text(encoding="utf-8").startswith('"""')
    ]
    assert silent == []
