"""What is handed out: the wheel, the source archive, the locks, and the commands we promise."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

DATA = ("prompts", "guides", "evals", "examples")
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", folder],
        cwd=root, check=True, capture_output=True,
    )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def wheel_names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def tracked(root: Path) -> list[Path]:
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(listing, cwd=root, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a checkout")
    paths = [root / name for name in done.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def locks(root: Path) -> list[Path]:
    return sorted((root / "requirements").glob("*.txt"))


def test_the_wheel_holds_the_package_and_its_data_and_nothing_else(wheel_names: list[str]) -> None:
    tops = {name.split("/")[0] for name in wheel_names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"coach"}
    assert {name.split("/")[2] for name in wheel_names if name.startswith("coach/_data/")} == {
        *DATA
    }
    assert not [name for name in wheel_names if "/test" in name or name.endswith(".pyc")]


def test_every_tracked_data_file_is_in_the_wheel(root: Path, wheel_names: list[str]) -> None:
    named = [path.relative_to(root).as_posix() for path in tracked(root)]
    data = [name for name in named if name.startswith(tuple(f"{top}/" for top in DATA))]
    code = [name for name in named if name.startswith("coach/")]
    assert {top for top in DATA if any(name.startswith(f"{top}/") for name in data)} == {*DATA}
    missing = {*code, *(f"coach/_data/{name}" for name in data)} - {*wheel_names}
    assert not missing


def test_the_trained_model_is_in_the_wheel(wheel_names: list[str]) -> None:
    assert "coach/engines/embedded/model.npz" in wheel_names


def test_the_licence_and_the_command_are_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (licence,) = [name for name in archive.namelist() if name.endswith("licenses/LICENSE")]
        (entry,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        (metadata,) = [name for name in archive.namelist() if name.endswith("/METADATA")]
        assert "Apache License" in archive.read(licence).decode()
        assert "coach = coach.cli:main" in archive.read(entry).decode()
        assert "Metadata-Version: 2.4\n" in archive.read(metadata).decode()


def test_the_wheel_stays_small(wheel: Path) -> None:
    """Nearly all of it is the encoder (docs/decisions/0006 and 0010)."""
    assert wheel.stat().st_size < 34 * MEGABYTE
    with zipfile.ZipFile(wheel) as archive:
        for top in DATA:
            shipped = [one for one in archive.infolist() if f"/_data/{top}/" in f"/{one.filename}"]
            assert 0 < sum(one.compress_size for one in shipped) < MEGABYTE, top


def test_the_source_archive_holds_all_that_is_tracked(root: Path, built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    named = {path.relative_to(root).as_posix() for path in tracked(root)}
    assert not named - inside


def test_the_project_never_puts_a_python_file_among_its_data(root: Path) -> None:
    stray = [path for top in DATA for path in (root / top).rglob("*.py")]
    assert not stray, "an editable install refuses to map it"


def run_from(place: Path, *arguments: str | Path, cwd: Path) -> str:
    """Stdout of coach as imported from a wheel or a folder, never from the checkout."""
    program = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); import coach, coach.cli\n"
        "assert coach.__file__.startswith(sys.path[0]), coach.__file__\n"
        "coach.cli.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, place, *arguments],
        cwd=cwd, env={**os.environ, "NO_COLOR": "1"}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.mark.parametrize("home", ["unpacked", "wheel"])
def test_data_is_found_wherever_coach_is_imported_from(
    home: str, root: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    place = request.getfixturevalue(home)
    assert "isp" in run_from(place, "guide", cwd=tmp_path)
    plan = run_from(place, "draft", root / "examples" / "bullet-notes.md", cwd=tmp_path)
    assert "# Individual Success Plan" in plan


def test_every_locked_package_has_a_hash_and_no_address(root: Path) -> None:
    assert {path.stem for path in locks(root)} == {"run", "dev", "bench", "train", "live"}
    for path in locks(root):
        text = path.read_text(encoding="utf-8").replace("\\\n", "")
        packages = [line for line in text.splitlines() if line and line[0] not in "# "]
        assert packages
        assert all("==" in line and "--hash=sha256:" in line for line in packages), path.name
        assert "://" not in text


def test_the_locks_meet_what_the_project_asks_for_and_agree(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {re.split(r"[<>=~ ]", need)[0].replace(".", "-") for need in project["dependencies"]}
    pinned: dict[str, set[str]] = {}
    for path in locks(root):
        if path.stem == "live":  # two packages that come on top, without what they ask for
            continue
        text = path.read_text(encoding="utf-8").replace("\\\n", "")
        pins = re.findall(r"^([a-z0-9-]+)==(.+?)\s+--hash", text, re.MULTILINE)
        assert asked <= {name for name, _ in pins}, path.name
        for name in {name for name, _ in pins}:
            found = "\n".join(
                sorted(pin.partition(" ;")[0] for known, pin in pins if known == name)
            )
            pinned.setdefault(name, set()).add(found)
    assert [name for name, found in pinned.items() if len(found) > 1] == []


def test_no_committed_file_names_a_package_index(root: Path) -> None:
    hosts = ["py{}pi.org", "python{}hosted.org", "npm{}js.org", "npm{}js.com"]  # not named here
    named = re.compile("|".join(re.escape(host.format("")) for host in hosts))
    texts = {".md", ".py", ".toml", ".txt", ".yaml", ".yml", ".json", ".cfg", ".ini", ""}
    found = [
        str(path.relative_to(root))
        for path in tracked(root)
        if path.suffix in texts and named.search(path.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert found == []


def test_the_commands_in_the_docs_exist(root: Path) -> None:
    tasks = subprocess.run(
        [sys.executable, root / "tasks.py", "--help"], capture_output=True, text=True, check=True
    ).stderr
    commands = subprocess.run(
        [sys.executable, "-m", "coach", "--help"],
        cwd=root, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for page in (root / "README.md", root / "CONTRIBUTING.md"):
        fenced = page.read_text(encoding="utf-8").split("```")[1::2]
        text = "\n".join(fenced)
        assert "python3 tasks.py test" in text
        for task in re.findall(r"python3 tasks\.py ([a-z]+)", text):
            assert re.search(rf"^  {task} ", tasks, re.MULTILINE), f"{page.name}: {task}"
        for command in re.findall(r"^(?:\$ )?coach ([a-z]+)", text, re.MULTILINE):
            assert re.search(rf"^  {command} ", commands, re.MULTILINE), f"{page.name}: {command}"
