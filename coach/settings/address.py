"""Addresses of servers as people write them, checked, and made into the form that is used."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs, urlsplit

from pydantic import SecretStr, ValidationError

from coach.engines.llm.endpoint import Endpoint

OPENAI = "https://api.openai.com/v1"

_AZURE = (".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com")
_TAIL = "/chat/completions"


class Server(NamedTuple):
    """An address to send questions to, and Azure's version of the API where one is needed."""

    base_url: str
    api_version: str | None


def server(text: str, *, model: str, api_version: str | None = None) -> Server:
    """The address in the form that is used.

    ``/chat/completions`` at its end goes; an address that is only a host gets ``/v1``, at Azure
    ``/openai/v1``, or the path of the deployment where a version of the API is given. Azure's
    version may stand in the address, as its portal shows it.
    """
    parts = _split(text)
    path = parts.path.rstrip("/").removesuffix(_TAIL)
    if _is_azure(parts):
        api_version = api_version or next(iter(parse_qs(parts.query).get("api-version", [])), None)
        if path in {"", "/openai"}:
            path = f"/openai/deployments/{model}" if api_version else "/openai/v1"
    return Server(f"{parts.scheme}://{parts.netloc}{path or '/v1'}", api_version)


def check_server(text: str) -> str:
    """The address as it was given, if it is one that coach may talk to.

    Raises:
        ValueError: it is not; the message never holds the address, which may hold a password.
    """
    parts = _split(text)
    asks = set(parse_qs(parts.query, keep_blank_values=True)) if parts.query else set()
    if parts.fragment or (asks and not (_is_azure(parts) and asks == {"api-version"})):
        raise ValueError("must hold no '?' and no '#'; Azure's version goes into api_version")
    try:
        Endpoint(base_url=server(text, model="model").base_url, model="model")
    except ValidationError as error:
        raise ValueError(_reason(error)) from None
    return text


def check_proxy(proxy: SecretStr) -> SecretStr:
    """The proxy's address, which may hold a password, if it can be one.

    Raises:
        ValueError: it cannot.
    """
    try:
        Endpoint(base_url=OPENAI, model="model", proxy=proxy.get_secret_value())
    except ValidationError as error:
        raise ValueError(_reason(error)) from None
    return proxy


def origin(text: str) -> tuple[str, str | None, int]:
    """Scheme, host and port: what has to be equal for two addresses to be one server."""
    parts = _split(text)
    return parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


def shown_proxy(proxy: SecretStr) -> str:
    """Scheme, host and port of a proxy, without user name and password."""
    parts = urlsplit(proxy.get_secret_value())
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _is_azure(parts: SplitResult) -> bool:
    return (parts.hostname or "").endswith(_AZURE)


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text.strip())
        if parts.hostname and (parts.port is None or parts.port > 0):
            return parts
    except ValueError:
        pass
    raise ValueError(f"is not an address such as {OPENAI!r}")


def _reason(error: ValidationError) -> str:
    return error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
