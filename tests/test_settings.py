"""Settings: which source wins, what is refused and where, and which key goes to which server."""

from __future__ import annotations

import os
import time
import types
from pathlib import Path
from typing import Any

import pytest

from coach.errors import CoachError, DataFileError, UsageError
from coach.settings import Settings, shown_values
from coach.settings.toml_file import read_file
from coach.settings.values import PROJECT_MAY_SET

SECRET = "sk-canary-4711"  # noqa: S105  made up
REMOTE = "https://api.example.com/v1"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project" / "deeper"
    folder.mkdir(parents=True)
    return folder.parent


def load(cwd: Path, *, env: dict[str, str] | None = None, user: str = "", **flags: Any) -> Settings:
    if user:
        (Path(os.environ["COACH_HOME"]) / "coach.toml").write_text(user, encoding="utf-8")
    return Settings.load(flags, env=env or {}, cwd=cwd)


def trusting(folder: Path, rest: str = "") -> str:
    return f"trust = ['{folder}']\n{rest}"


# -- which source wins -----------------------------------------------------------------------------


def test_options_win_over_variables_over_openais_over_project_over_user(
    project: Path, home: Path
) -> None:
    (project / "coach.toml").write_text("# ours\nmodel = 'project'\n")
    user = trusting(project, "model = 'user'\n")
    openai = {"OPENAI_MODEL": "openai"}
    coach = {"COACH_MODEL": "coach", **openai}
    table: list[tuple[dict[str, str], dict[str, str], str, str]] = [
        (coach, {"model": "flag"}, "flag", "--model"),
        (coach, {}, "coach", "COACH_MODEL"),
        ({"COACH_MODEL": "", **openai}, {}, "openai", "OPENAI_MODEL"),
        ({}, {}, "project", f"{project / 'coach.toml'}:2"),
    ]
    for env, flags, model, origin in table:
        settings = load(project / "deeper", env=env, user=user, **flags)
        assert (settings.model, settings.origin("model")) == (model, origin)
    (project / "coach.toml").unlink()
    settings = load(project)
    assert (settings.model, settings.origin("model")) == ("user", f"{home / 'coach.toml'}:2")
    (home / "coach.toml").unlink()
    settings = load(project)
    assert (settings.model, settings.origin("model")) == (None, "default")
    assert settings.engine == "embedded"


def test_an_option_that_was_not_given_hides_nothing(project: Path) -> None:
    settings = load(project, env={"COACH_DEADLINE": "30"}, deadline=None, model=None)
    assert settings.deadline == 30
    assert settings.origin("deadline") == "COACH_DEADLINE"


def test_an_option_that_says_no_is_shown_as_it_was_written(project: Path) -> None:
    settings = load(project, env={"COACH_CACHE": "off"}, pseudonyms=False, cache=True)
    assert (settings.pseudonyms, settings.origin("pseudonyms")) == (False, "--no-pseudonyms")
    assert (settings.cache, settings.origin("cache")) == (True, "--cache")


@pytest.mark.parametrize(
    ("variable", "value", "key", "meant"),
    [
        ("COACH_ENGINE", "llm", "engine", "llm"),
        ("COACH_CACHE", "off", "cache", False),
        ("COACH_PSEUDONYMS", "no", "pseudonyms", False),
        ("COACH_TEMPERATURE", "off", "temperature", None),
        ("COACH_TEMPERATURE", "0.7", "temperature", 0.7),
        ("COACH_CONCURRENCY", "8", "concurrency", 8),
        ("COACH_RUNG", "json_object", "rung", "json_object"),
        ("COACH_PEOPLE", "team.csv", "people", Path("team.csv")),
        ("COACH_LANG", "pt-BR", "lang", "pt-BR"),
        ("OPENAI_BASE_URL", REMOTE, "base_url", REMOTE),
    ],
)
def test_a_variable_is_read_by_the_type_of_its_setting(
    project: Path, variable: str, value: str, key: str, meant: object
) -> None:
    assert getattr(load(project, env={variable: value}), key) == meant


def test_the_nearest_file_upwards_speaks_and_a_shared_file_only_with_a_table_of_ours(
    project: Path,
) -> None:
    (project / "coach.toml").write_text("deadline = 11\n")
    deeper = project / "deeper"
    (deeper / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert load(deeper).deadline == 11
    (deeper / "pyproject.toml").write_text("[project]\nname = 'x'\n\n[tool.coach]\ndeadline = 22\n")
    settings = load(deeper)
    assert settings.deadline == 22
    assert settings.origin("deadline") == f"{deeper / 'pyproject.toml'}:5"
    (deeper / "coach.toml").write_text("deadline = 33\n")
    assert load(deeper).deadline == 33


def test_a_shared_file_that_is_broken_is_for_others_to_tell(project: Path) -> None:
    (project / "pyproject.toml").write_text("[project\n")
    assert load(project).deadline == 180
    (project / "pyproject.toml").write_text("[tool.coach]\ndeadline = \n")
    with pytest.raises(DataFileError, match=r"pyproject\.toml:2:"):
        load(project)


def test_paths_in_a_file_are_meant_from_its_folder(project: Path) -> None:
    (project / "coach.toml").write_text("guide = 'guides/ours.yaml'\npeople = 'team.csv'\n")
    settings = load(project / "deeper", user=trusting(project))
    assert settings.guide == str(project / "guides" / "ours.yaml")
    assert settings.people == project / "team.csv"
    (project / "coach.toml").write_text("guide = 'opd'\n")
    assert load(project).guide == "opd"


def test_own_prices_stand_in_a_table(project: Path) -> None:
    (project / "coach.toml").write_text('[prices."our.deployment"]\ninput = 2\noutput = 8.5\n')
    settings = load(project)
    assert settings.prices["our.deployment"].output == 8.5
    assert settings.prices["our.deployment"].cached is None


# -- what is refused, and where --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("deadlin = 3\n", "1:1", "did you mean 'deadline'?"),
        ("# one\n\n  deadline = '180'\n", "3:3", "must be a valid number"),
        ("concurrency = true\n", "1:1", "must be a valid integer"),
        ("concurrency = 0\n", "1:1", "greater than or equal to 1"),
        ("deadline = nan\n", "1:1", "finite"),
        ("guide = 2026-01-01\n", "1:1", "must be a valid string"),
        ("rung = 'yaml'\n", "1:1", "'json_schema_strict'"),
        ("lang = 'English please'\n", "1:1", "language code"),
        ("deadline = 1\ndeadline = 2\n", "2:13", "not valid TOML"),
        ("deadline = [\n1,\n", "", "not valid TOML"),
        ("x = '''\ndeadline = 3\n'''\ndeadline = 'soon'\n", "4:1", "deadline: must be"),
        ("[prices.'a.b']\ninput = 2\noutput = 'much'\n", "3:1", "prices.a.b.output: must be"),
        ("[prices.'a.b']\ninput = 2\n", "1:1", "prices.a.b.output: is missing"),
        ("prices = {m = {input = 1, output = 2, cache = 1}}\n", "1:1", "did you mean 'cached'?"),
        ("prices.m.input = -1\nprices.m.output = 1\n", "1:1", "greater than or equal to 0"),
        ("[[prices]]\ninput = 1\n", "1:1", "prices: must be"),
        ("trust = ['~/x']\n", "1:1", "only your own settings file"),
        ("a" * 100_001, "", "larger than"),
    ],
)
def test_a_fault_in_a_projects_file_is_told_at_its_place(
    project: Path, text: str, place: str, what: str
) -> None:
    path = project / "coach.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        load(project)
    assert f"{path}:{place}" in caught.value.message
    assert what in caught.value.message
    assert caught.value.hint


def test_every_key_is_found_at_its_place_whatever_stands_around_it(project: Path) -> None:
    text = (
        "deadline = 5 # a 'remark' with \"quotes [ and {\n\r\n".replace("\r", "") + 'lang = "de"\n'
        "[ prices . 'a.b' ] # [x]\n"
        "input = 1\n"
        '  "out\\u0070ut" = 2\n'
        "[prices]\n"
        "m = {input = 1, output = 1}\n"
    )
    path = project / "coach.toml"
    path.write_text(text, encoding="utf-8")
    file = read_file(path)
    assert file is not None
    assert file.places == {
        ("deadline",): (1, 1),
        ("lang",): (3, 1),
        ("prices",): (4, 1),
        ("prices", "a.b"): (4, 1),
        ("prices", "a.b", "input"): (5, 1),
        ("prices", "a.b", "output"): (6, 3),
        ("prices", "m"): (8, 1),
    }
    path.write_text(
        'guide = """\nlang = 1 ]\\"""""\nx = [\n\'lang\',\n{ lang = 2 },\n]\nlang = \'x\'\n'
    )
    file = read_file(path)
    assert file is not None
    assert file.places == {("guide",): (1, 1), ("x",): (3, 1), ("lang",): (7, 1)}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", ["1,\n", "'x',\n", '"""\n""",\n', "{a=1},\n", "[\n],\n", "#[\n"])
def test_a_huge_file_from_somewhere_is_read_in_linear_time(project: Path, piece: str) -> None:
    text = f"x = [\n{piece * (95_000 // len(piece))}]\ndeadline = 5\n"
    (project / "coach.toml").write_text(text)
    began = time.perf_counter()
    with pytest.raises(DataFileError):
        load(project)
    assert time.perf_counter() - began < 10


def test_many_faults_are_told_in_a_few_lines_and_soon(project: Path) -> None:
    (project / "coach.toml").write_text("".join(f"deadlin{n} = 1\n" for n in range(5_000)))
    began = time.perf_counter()
    with pytest.raises(DataFileError, match="and 4980 more") as caught:
        load(project)
    assert len(caught.value.message.splitlines()) == 21
    assert time.perf_counter() - began < 10


def test_a_huge_shared_file_is_for_others_to_tell(project: Path) -> None:
    (project / "pyproject.toml").write_text("# much\n" * 50_000)
    assert load(project).deadline == 180


def test_every_fault_of_a_file_is_told_at_once(project: Path) -> None:
    (project / "coach.toml").write_text("deadline = 0\ncolour = 'red'\ncontext = 1.5\n")
    with pytest.raises(DataFileError) as caught:
        load(project)
    assert len(caught.value.message.splitlines()) == 3


@pytest.mark.parametrize(
    ("env", "flags", "what"),
    [
        ({"COACH_DEADLINE": "soon"}, {}, "COACH_DEADLINE: must be a valid number"),
        ({"COACH_ENGINE": "gpt"}, {}, "COACH_ENGINE: must be 'embedded' or 'llm'"),
        ({"COACH_CACHE": "maybe"}, {}, "COACH_CACHE: must be"),
        ({}, {"base_url": "http://api.example.com/v1"}, "--base-url: is not on this machine"),
        ({"OPENAI_BASE_URL": "ftp://x"}, {}, "OPENAI_BASE_URL: is not an address"),
        ({}, {"base_url": "https://u:pw@api.example.com/v1"}, "--base-url: is not an address"),
        ({}, {"base_url": "https://api.example.com/v1?key=pw"}, "--base-url: must hold no '?'"),
        ({}, {"proxy": "no proxy"}, "--proxy: is not the address of a proxy"),
        ({}, {"model": "two words"}, "--model: must be one plain word"),
    ],
)
def test_a_wrong_option_or_variable_is_told_by_its_name_without_its_value(
    project: Path, env: dict[str, str], flags: dict[str, str], what: str
) -> None:
    with pytest.raises(UsageError) as caught:
        load(project, env=env, **flags)
    assert what in caught.value.message
    for value in (*env.values(), *flags.values()):
        assert value not in caught.value.message + str(caught.value.hint)


def test_a_key_in_a_settings_file_is_refused_and_not_repeated(project: Path) -> None:
    for name in ("api_key", "api-key", "OPENAI_API_KEY"):
        with pytest.raises(DataFileError) as caught:
            load(project, user=f"{name} = '{SECRET}'\n")
        assert "api_key_file" in caught.value.message
        assert SECRET not in caught.value.message + str(caught.value.hint)


def test_every_setting_is_documented_with_its_variable_and_default(root: Path) -> None:
    page = (root / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = {row.split("`")[1]: row for row in page.splitlines() if row.startswith("| `")}
    for name, value in shown_values(Settings()).items():
        assert name in rows, name
        if name != "prices" and not name.startswith("tone."):
            assert f"`COACH_{name.upper()}`" in rows[name], name
        default = {"temperature": "0", "deadline": "180"}.get(name, value)
        assert default is None or f"`{default}`" in rows[name], (name, default)
    for name in PROJECT_MAY_SET:
        assert "| yes |" in rows[name], name
    assert sum("| yes |" in row for row in rows.values()) == len(PROJECT_MAY_SET)


# -- a folder from somewhere -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "base_url = 'https://elsewhere.example/v1'",
        "proxy = 'http://elsewhere.example:3128'",
        "api_key_file = '/home/ana/.key'",
        "api_key_env = 'AWS_SECRET_ACCESS_KEY'",
        "engine = 'llm'",
        "model = 'elsewhere/model'",
        "pseudonyms = false",
        "people = 'nobody.csv'",
        "cache = true",
        "keyring = true",
        "api_version = '2024-10-21'",
    ],
)
def test_a_projects_file_cannot_send_notes_away_until_its_folder_is_trusted(
    project: Path, line: str
) -> None:
    (project / "coach.toml").write_text(f"deadline = 5\n{line}\n")
    for user in ("deadline = 9\n", trusting(project.parent), trusting(project / "deeper")):
        with pytest.raises(DataFileError) as caught:
            load(project / "deeper", user=user)
        assert f"{project / 'coach.toml'}:2:1: " in caught.value.message
        assert f'trust = ["{project}"]' in str(caught.value.hint)
    assert load(project / "deeper", user=trusting(project)).deadline == 5


def test_a_projects_file_may_say_how_coach_works(project: Path) -> None:
    (project / "coach.toml").write_text("guide = 'opd'\nlang = 'de'\nrung = 'json_object'\n")
    settings = load(project)
    assert (settings.guide, settings.lang, settings.rung) == ("opd", "de", "json_object")


@pytest.mark.parametrize("trust", ["'~/x'", "[1]", "['plans']"])
def test_trust_is_a_list_of_whole_paths(project: Path, home: Path, trust: str) -> None:
    with pytest.raises(DataFileError, match=r"coach\.toml:1:1: trust: "):
        load(project, user=f"trust = {trust}\n")


def test_the_users_own_file_is_no_projects_file_even_inside_its_folder(home: Path) -> None:
    settings = load(home, user="engine = 'llm'\n")
    assert settings.engine == "llm"


# -- the endpoint ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("env", "what", "hint"),
    [
        ({}, "no server is named", "COACH_BASE_URL"),
        ({"COACH_BASE_URL": REMOTE, "COACH_API_KEY": "k"}, "no model is named", "--model"),
        ({"COACH_BASE_URL": REMOTE, "COACH_MODEL": "m"}, "no key for", "COACH_API_KEY"),
    ],
)
def test_what_is_missing_is_told_with_what_to_do(
    project: Path, env: dict[str, str], what: str, hint: str
) -> None:
    with pytest.raises(UsageError, match=what) as caught:
        load(project, env=env).endpoint()
    assert hint in str(caught.value.hint)


def test_openais_key_and_a_model_are_enough_for_openai(project: Path) -> None:
    settings = load(project, env={"OPENAI_API_KEY": SECRET}, model="gpt-5")
    endpoint = settings.endpoint()
    assert endpoint.base_url == "https://api.openai.com/v1"
    assert settings.origin("base_url") == "OPENAI_API_KEY"
    assert endpoint.api_key is not None
    assert endpoint.api_key.get_secret_value() == SECRET
    assert endpoint.concurrency == 4


def test_a_server_on_this_machine_needs_no_key_and_gets_one_question_at_a_time(
    project: Path,
) -> None:
    settings = load(project, model="m", base_url="http://127.0.0.1:8080/v1", keyring=True)
    endpoint = settings.endpoint()
    assert (endpoint.api_key, endpoint.concurrency, endpoint.is_local) == (None, 1, True)
    assert load(project, base_url="http://[::1]:8080", model="m", concurrency=3).endpoint() == (
        endpoint.model_copy(update={"base_url": "http://[::1]:8080/v1", "concurrency": 3})
    )


@pytest.mark.parametrize(
    ("env", "flags", "wins"),
    [
        ({"COACH_API_KEY": "a", "OPENAI_API_KEY": "b"}, {"base_url": REMOTE}, "a"),
        ({"OPENAI_API_KEY": "b", "OPENAI_BASE_URL": REMOTE}, {}, "b"),
        ({"OPENAI_API_KEY": "b", "OPENAI_BASE_URL": REMOTE}, {"base_url": f"{REMOTE}/"}, "b"),
        ({"OPENAI_API_KEY": "b"}, {"base_url": REMOTE}, None),
        ({"OPENAI_API_KEY": "b"}, {"base_url": "http://localhost:1234/v1"}, None),
        ({"COACH_API_KEY": "a", "COACH_BASE_URL": "https://b.example/v1"}, {}, "a"),
        (
            {"COACH_API_KEY": "a", "COACH_BASE_URL": "https://b.example/v1"},
            {"base_url": REMOTE},
            None,
        ),
        ({"COACH_API_KEY_ENV": "OURS", "OURS": "c", "OPENAI_API_KEY": "b"}, {}, "c"),
        ({"COACH_API_KEY": "a", "COACH_API_KEY_ENV": "OURS"}, {"base_url": REMOTE}, "a"),
    ],
)
def test_a_key_goes_only_to_the_server_it_was_named_for(
    project: Path, env: dict[str, str], flags: dict[str, str], wins: str | None
) -> None:
    settings = load(project, env=env, model="m", **flags)
    if wins is None:
        place = settings.key_place()
        assert place is None
        if "localhost" not in flags.get("base_url", ""):
            with pytest.raises(UsageError, match="no key for") as caught:
                settings.endpoint()
            assert "only" in str(caught.value.hint)
        return
    key = settings.endpoint().api_key
    assert key is not None
    assert key.get_secret_value() == wins


def test_the_key_of_the_users_file_stays_with_the_server_of_that_file(
    project: Path, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    key.touch(mode=0o600)
    key.write_text(f"{SECRET}\n")
    user = f"base_url = '{REMOTE}'\nmodel = 'm'\napi_key_file = '{key}'\n"
    found = load(project, user=user).endpoint().api_key
    assert found is not None
    assert found.get_secret_value() == SECRET
    with pytest.raises(UsageError, match=r"no key for 'elsewhere\.example'"):
        load(project, user=user, base_url="https://elsewhere.example/v1").endpoint()


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
@pytest.mark.parametrize(
    ("content", "mode", "what"),
    [
        (SECRET, 0o644, "others on this machine may read"),
        (SECRET, 0o640, "others on this machine may read"),
        ("", 0o600, "is not a key"),
        (f"{SECRET} and more", 0o600, "is not a key"),
        (f"{SECRET}\n{SECRET}", 0o600, "is not a key"),
        ("sk-\u00e9", 0o600, "is not a key"),
        ("x" * 20_000, 0o600, "is not a key"),
        (None, 0o600, "cannot be read"),
    ],
)
def test_a_key_file_is_closed_to_others_and_holds_a_key(
    project: Path, tmp_path: Path, content: str | None, mode: int, what: str
) -> None:
    path = tmp_path / "key"
    if content is not None:
        path.write_text(content, encoding="utf-8")
        path.chmod(mode)
    settings = load(project, base_url=REMOTE, model="m", api_key_file=path)
    with pytest.raises(UsageError, match=what) as caught:
        settings.endpoint()
    assert SECRET not in caught.value.message + str(caught.value.hint)


def test_a_named_variable_that_is_not_set_is_told(project: Path) -> None:
    settings = load(project, base_url=REMOTE, model="m", api_key_env="OURS")
    with pytest.raises(UsageError, match="'OURS', named by --api-key-env, is not set"):
        settings.endpoint()


class Keys:
    """A keyring backend; whether it is safe depends on its module's name."""

    def __init__(self, module: str) -> None:
        type(self).__module__ = module


@pytest.mark.parametrize(
    ("module", "kept", "what"),
    [
        ("keyring.backends.SecretService", {"api.example.com": SECRET}, None),
        ("keyring.backends.SecretService", {}, "holds no key for 'api.example.com'"),
        ("keyrings.alt.file", {"api.example.com": SECRET}, "no keyring that keeps keys safe"),
        ("keyring.backends.fail", {}, "no keyring that keeps keys safe"),
        ("keyring.backends.null", {}, "no keyring that keeps keys safe"),
    ],
)
def test_only_a_keyring_that_keeps_keys_safe_is_asked(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: str,
    kept: dict[str, str],
    what: str | None,
) -> None:
    errors = types.SimpleNamespace(KeyringError=RuntimeError)
    fake = types.SimpleNamespace(
        get_keyring=lambda: Keys(module),
        get_password=lambda service, name: kept.get(name) if service == "coach" else None,
        errors=errors,
    )
    monkeypatch.setitem(__import__("sys").modules, "keyring", fake)
    monkeypatch.setitem(__import__("sys").modules, "keyring.errors", errors)
    settings = load(project, base_url=REMOTE, model="m", keyring=True)
    if what is None:
        key = settings.endpoint().api_key
        assert key is not None
        assert key.get_secret_value() == SECRET
        return
    with pytest.raises(UsageError, match=what):
        settings.endpoint()


@pytest.mark.parametrize(
    ("given", "version", "base_url", "api_version"),
    [
        ("https://a.openai.azure.com", None, "https://a.openai.azure.com/openai/v1", None),
        (
            "https://a.openai.azure.com/openai/v1/",
            None,
            "https://a.openai.azure.com/openai/v1",
            None,
        ),
        (
            "https://a.openai.azure.com/",
            "2024-10-21",
            "https://a.openai.azure.com/openai/deployments/dep",
            "2024-10-21",
        ),
        (
            "https://a.openai.azure.com/openai/deployments/x/chat/completions?api-version=2024-10-21",
            None,
            "https://a.openai.azure.com/openai/deployments/x",
            "2024-10-21",
        ),
        (
            "https://a.services.ai.azure.com",
            None,
            "https://a.services.ai.azure.com/openai/v1",
            None,
        ),
        ("https://api.example.com", None, "https://api.example.com/v1", None),
        ("https://API.example.com/v1/chat/completions", None, "https://api.example.com/v1", None),
        ("http://localhost:11434", None, "http://localhost:11434/v1", None),
        ("https://openrouter.ai/api/v1", None, "https://openrouter.ai/api/v1", None),
    ],
)
def test_an_address_is_taken_as_people_write_it(
    project: Path, given: str, version: str | None, base_url: str, api_version: str | None
) -> None:
    env = {"COACH_API_KEY": "k"}
    settings = load(project, env=env, base_url=given, model="dep", api_version=version)
    endpoint = settings.endpoint()
    assert (endpoint.base_url, endpoint.api_version) == (base_url, api_version)


def test_no_key_and_no_password_shows_in_any_form_of_the_settings(
    project: Path, tmp_path: Path
) -> None:
    env = {"COACH_API_KEY": SECRET, "OPENAI_API_KEY": f"{SECRET}2", "OURS": f"{SECRET}3"}
    settings = load(
        project,
        env=env,
        base_url=REMOTE,
        model="m",
        api_key_env="OURS",
        proxy=f"http://ana:{SECRET}@proxy.example:3128",
    )
    endpoint = settings.endpoint()
    assert endpoint.api_key is not None
    assert endpoint.api_key.get_secret_value() == f"{SECRET}3"
    place = settings.key_place()
    for shown in (
        repr(settings),
        str(settings),
        settings.model_dump_json(),
        str(settings.model_dump()),
        repr(endpoint),
        repr(place),
    ):
        assert SECRET not in shown


def test_every_error_of_settings_is_told_with_a_hint_and_exit_code_two(project: Path) -> None:
    assert issubclass(DataFileError, CoachError)
    for text in ("x = 1\n", "engine = 'llm'\n"):
        (project / "coach.toml").write_text(text)
        with pytest.raises(CoachError) as caught:
            load(project)
        assert caught.value.exit_code == 2
        assert caught.value.hint
