"""Endpoint: all that is needed to talk to one OpenAI-compatible server."""

from __future__ import annotations

import ipaddress
import re
from typing import Literal, get_args
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

Rung = Literal["json_schema_strict", "json_schema", "json_object", "prompt_only"]
"""How the form of an answer is asked for, from the most binding way to the least."""

RUNGS: tuple[Rung, ...] = get_args(Rung)

_ADDRESS = re.compile(r"(https?)://([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?(/[\w.~%/-]*)?")
_PROXY = re.compile(r"(https?|socks5h?)://[^\s/?#]+/?")


class Endpoint(BaseModel):
    """One server and one of its models; the only place that a run's text goes to."""

    # No error about a wrong value shows that value: it may hold a key.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    base_url: str
    """For example ``https://api.openai.com/v1``; plain http only to this machine."""
    model: str = Field(min_length=1)
    api_key: SecretStr | None = None
    deadline: float = Field(default=180.0, gt=0)
    """Seconds for one question, with its retries and repairs."""
    concurrency: int = Field(default=4, ge=1, le=64)
    """Questions on their way at the same time."""
    context: int | None = Field(default=None, gt=0)
    """Tokens that the model reads at most, where that is known."""
    answer_tokens: int = Field(default=8192, gt=0)
    """Tokens that one answer may have."""
    temperature: float | None = Field(default=0.0, ge=0)
    """None: not sent."""
    rung: Rung | None = None
    """The rung that the server is known to take; None: found out from the top."""
    proxy: str | None = Field(default=None, repr=False)
    """Never read from the environment."""
    api_version: str | None = None
    """Azure's ``?api-version=``."""

    @field_validator("base_url")
    @classmethod
    def _one_plain_address(cls, url: str) -> str:
        url = url.strip().rstrip("/")
        scheme, separator, rest = url.partition("://")
        authority, slash, path = rest.partition("/")
        url = f"{scheme.lower()}{separator}{authority.lower()}{slash}{path}"
        found = _ADDRESS.fullmatch(url)
        if not found or int(found[3] or 1) not in range(1, 65536):
            raise ValueError(
                "is not an address such as 'https://api.openai.com/v1', without user name, "
                "password, '?' and '#'"
            )
        if found[1] == "http" and not _is_loopback(found[2]):
            raise ValueError("is not on this machine, so it has to start with https://")
        return url

    @field_validator("api_key")
    @classmethod
    def _one_word(cls, key: SecretStr | None) -> SecretStr | None:
        if key is None:
            return None
        word = key.get_secret_value().strip()
        if not re.fullmatch(r"[\x21-\x7e]+", word):
            raise ValueError("is not a key: keys are one word of plain letters, digits and signs")
        return SecretStr(word)

    @field_validator("proxy")
    @classmethod
    def _one_proxy(cls, proxy: str | None) -> str | None:
        if proxy is not None and not _PROXY.fullmatch(proxy):
            raise ValueError("is not the address of a proxy, such as 'http://proxy.example:3128'")
        return proxy

    @property
    def host(self) -> str:
        """Who gets the text: ``api.openai.com``, ``127.0.0.1:8080``."""
        return urlsplit(self.base_url).netloc

    @property
    def is_local(self) -> bool:
        """Whether the server runs on this machine."""
        return _is_loopback(urlsplit(self.base_url).hostname or "")

    @property
    def is_azure(self) -> bool:
        """Whether the key goes into Azure's own header."""
        name = urlsplit(self.base_url).hostname or ""
        return self.api_version is not None or name.endswith(".azure.com")


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False
