"""What tokens cost: known, the user's own, or unknown, and never nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from coach.engines.llm.prices import Price, cost, known_context
from coach.engines.llm.question import Usage

USAGE = Usage(prompt=1000, completion=100, cached=500)


@pytest.mark.parametrize(
    ("model", "host"),
    [
        ("gpt-4o", "api.openai.com"),
        ("openai/gpt-4o", "openrouter.ai"),
        ("gpt-4o", "somebody.openai.azure.com"),
    ],
)
def test_a_listed_model_costs_what_its_host_lists_cached_tokens_less(model: str, host: str) -> None:
    found = cost(model, host, USAGE)
    assert found is not None
    # by hand: 500 at 2.50, 500 cached at 1.25, 100 out at 10.00 a million
    assert found.usd == pytest.approx(0.002875)
    assert found.table.startswith("genai-prices 0.")


@pytest.mark.parametrize(
    ("model", "host"),
    [
        ("llama3.1:8b", "127.0.0.1:11434"),
        ("gpt-4o", "localhost:8080"),
        ("gpt-4o", "proxy.example.com"),
        ("our-deployment", "somebody.openai.azure.com"),
        ("no-such-model", "api.openai.com"),
        ("", "api.openai.com"),
        ("meta-llama/llama-3.1-8b-instruct:free", "openrouter.ai"),
    ],
)
def test_what_is_not_listed_or_listed_for_nothing_is_unknown(model: str, host: str) -> None:
    assert cost(model, host, USAGE) is None


@pytest.mark.parametrize(
    ("price", "usd"),
    [
        (Price(input=2, output=8), 0.0028),
        (Price(input=2, output=8, cached=0.5), 0.00205),
        (Price(input=0, output=0), 0.0),
    ],
)
def test_the_users_own_price_wins(price: Price, usd: float) -> None:
    found = cost("gpt-4o", "api.openai.com", USAGE, own={"gpt-4o": price})
    assert found is not None
    assert found.usd == pytest.approx(usd)
    assert found.table == "your own prices"
    listed = cost("gpt-4o", "api.openai.com", USAGE, own={"other": price})
    assert listed is not None
    assert listed.table != found.table


def test_more_cached_tokens_than_tokens_cost_no_less_than_all_cached() -> None:
    price = {"m": Price(input=2, output=8, cached=1)}
    odd = cost("m", "h", Usage(prompt=100, completion=0, cached=900), own=price)
    assert odd is not None
    assert odd.usd == pytest.approx(0.0001)


@pytest.mark.parametrize("values", [{"input": -1, "output": 1}, {"input": 1}, {"input": "inf"}])
def test_a_price_is_a_number_from_zero_up(values: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Price.model_validate({"output": 1, **values} if "inf" in str(values) else values)


def test_the_table_knows_how_much_a_listed_model_reads() -> None:
    assert known_context("gpt-4o", "api.openai.com") == 128_000
    assert known_context("llama3.1:8b", "127.0.0.1:11434") is None


def test_without_the_package_every_price_is_unknown(root: Path) -> None:
    code = (
        "import sys; sys.modules['genai_prices'] = None\n"
        "from coach.engines.llm.prices import cost\n"
        "from coach.engines.llm.question import Usage\n"
        "assert cost('gpt-4o', 'api.openai.com', Usage(prompt=1)) is None\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_table_is_read_only_when_a_price_is_asked(root: Path) -> None:
    code = "import sys, coach.engines.llm.prices; assert 'genai_prices' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True)
