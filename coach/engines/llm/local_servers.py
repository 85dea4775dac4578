"""What a server says about itself, and the model servers that run on this machine.

Nothing of the user's is sent: plain questions for a list, on addresses that are fixed here or in
the endpoint. Servers on this machine are looked for on loopback only, on the ports that they use
unless told otherwise, and only offered.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from coach.engines.llm.endpoint import Endpoint
from coach.engines.llm.failures import EndpointError
from coach.engines.llm.lookup import new_loop

SECONDS_TO_LOOK = 0.2
"""To connect to a port of this machine; a closed one refuses at once."""
_SECONDS_TO_SAY = 1.0
"""For a local server, which may be busy, to say what it is."""
_SECONDS_TO_LIST = 5.0
_MOST_MODELS = 200
_SPEAK_FOR_THEMSELVES = {"llamacpp", "library", "organization_owner"}
"""``owned_by`` of llama.cpp, Ollama and LM Studio, which tell more at addresses of their own."""

Seen = Callable[[Any], bool]


class LocalServer(BaseModel):
    """A model server on this machine, and what it has."""

    model_config = ConfigDict(frozen=True)

    name: str
    base_url: str
    models: tuple[str, ...]


class Models(NamedTuple):
    """The models that a server lists, and how much it says the asked one reads."""

    names: tuple[str, ...]
    context: int | None
    tells_more: bool
    """Whether it is a server that may say more at its own addresses."""


class _Known(NamedTuple):
    name: str
    port: int
    path: str
    seen: Seen


_KNOWN = (
    _Known("Ollama", 11434, "/api/version", lambda told: "version" in told),
    _Known("LM Studio", 1234, "/v1/models", lambda told: isinstance(told.get("data"), list)),
    _Known("llama.cpp", 8080, "/health", lambda told: told.get("status") == "ok"),
    _Known("vLLM", 8000, "/v1/models", lambda told: isinstance(told.get("data"), list)),
)


def find_local_servers(*, transport: Any | None = None) -> tuple[LocalServer, ...]:
    """The model servers that answer on this machine, by the ports they usually have.

    ``transport`` stands in for the network, as an httpx2 transport.
    """

    async def look(known: _Known) -> LocalServer | None:
        root = Endpoint(base_url=f"http://127.0.0.1:{known.port}", model="none")
        told = await _told(root, known.path, seconds=_SECONDS_TO_SAY, transport=transport)
        if not isinstance(told, dict) or not known.seen(told):
            return None
        at = root.model_copy(update={"base_url": f"{root.base_url}/v1"})
        listed = await _told(at, "/models", seconds=_SECONDS_TO_SAY, transport=transport)
        return LocalServer(
            name=known.name, base_url=at.base_url, models=_models_in(listed, at.model).names
        )

    with asyncio.Runner(loop_factory=new_loop) as runner:
        # one after the other: making a client takes longer than a closed port does to refuse
        looked = [runner.run(look(known)) for known in _KNOWN]
    return tuple(server for server in looked if server)


def list_models(endpoint: Endpoint, *, transport: Any | None = None) -> Models:
    """What the endpoint's own list of models says; nothing where it has none."""
    with asyncio.Runner(loop_factory=new_loop) as runner:
        asked = _told(endpoint, "/models", seconds=_SECONDS_TO_LIST, transport=transport)
        found = _models_in(runner.run(asked), endpoint.model)
    return found._replace(tells_more=found.tells_more or endpoint.is_local)


def loaded_context(endpoint: Endpoint, *, transport: Any | None = None) -> int | None:
    """How many tokens a server that runs this model now gives it, where the server tells.

    Asks llama.cpp, Ollama and LM Studio at the addresses that each of them has.
    """
    root = endpoint.model_copy(update={"base_url": endpoint.base_url.removesuffix("/v1")})

    async def ask() -> int | None:
        for path, read in _OWN_PATHS:
            told = await _told(
                root,
                path.format(model=endpoint.model),
                seconds=_SECONDS_TO_LIST,
                transport=transport,
            )
            if isinstance(told, dict) and (found := _whole(read(told, endpoint.model))):
                return found
        return None

    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(ask())


# -- reading what they say -------------------------------------------------------------------------


def _models_in(told: Any, model: str) -> Models:
    data = told.get("data") if isinstance(told, dict) else None
    listed = data if isinstance(data, list) else []
    entries = [one for one in listed if isinstance(one, dict) and isinstance(one.get("id"), str)]
    asked = next((one for one in entries if one["id"] == model), {})
    sizes = (asked.get(key) for key in ("max_model_len", "context_length", "context_window"))
    owners = {one.get("owned_by") for one in entries if isinstance(one.get("owned_by"), str)}
    return Models(
        names=tuple(one["id"] for one in entries[:_MOST_MODELS]),
        context=next((size for size in map(_whole, sizes) if size), None),
        tells_more=bool(owners & _SPEAK_FOR_THEMSELVES),
    )


def _of_llama(told: dict[str, Any], _model: str) -> Any:
    settings = told.get("default_generation_settings")
    return settings.get("n_ctx") if isinstance(settings, dict) else None


def _of_ollama(told: dict[str, Any], model: str) -> Any:
    running = told.get("models")
    for one in running if isinstance(running, list) else ():
        if isinstance(one, dict) and one.get("name") in {model, f"{model}:latest"}:
            return one.get("context_length")
    return None


def _of_studio(told: dict[str, Any], _model: str) -> Any:
    return told.get("loaded_context_length")


_OWN_PATHS: tuple[tuple[str, Callable[[dict[str, Any], str], Any]], ...] = (
    ("/props", _of_llama),
    ("/api/ps", _of_ollama),
    ("/api/v0/models/{model}", _of_studio),
)


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


# -- asking ----------------------------------------------------------------------------------------


async def _told(endpoint: Endpoint, path: str, *, seconds: float, transport: Any | None) -> Any:
    """The JSON at a path of the endpoint, or None for whatever reason there is none."""
    import httpx2

    from coach.engines.llm.transport import open_client

    url = f"{endpoint.base_url}{re.sub(r'[^A-Za-z0-9._:/-]', '-', path)}"
    query = {"api-version": endpoint.api_version} if endpoint.api_version else None
    connect = SECONDS_TO_LOOK if endpoint.is_local else seconds
    limits = httpx2.Timeout(seconds, connect=connect)
    try:
        async with open_client(endpoint, transport) as http, asyncio.timeout(seconds):
            response = await http.get(url, params=query, timeout=limits)
            return response.json() if response.status_code == httpx2.codes.OK else None
    except (httpx2.HTTPError, EndpointError, TimeoutError, OSError, ValueError, RecursionError):
        return None


def sample_command(server: LocalServer) -> Iterator[str]:
    """The words of a command that uses this server."""
    yield from ("coach", "draft", "NOTES", "--engine", "llm", "--base-url", server.base_url)
    if server.models:
        yield from ("--model", server.models[0])
