"""What tokens cost, from a table that is read without a network. What is unknown is never zero.

The user's own prices win; else the table inside the genai-prices package says what the host
charges for the model. A server on this machine, a deployment with a name of its own and a proxy
have no price: that is ``None``, and shown as unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, PriceCalculation

    from coach.engines.llm.question import Usage

Dollars = Annotated[float, Field(ge=0, allow_inf_nan=False)]

_MILLION = Decimal(1_000_000)


class Price(BaseModel):
    """A user's own price of a model, in US dollars for a million tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: Dollars
    output: Dollars
    cached: Dollars | None = None
    """Input that the server had in its cache; the price of input where it is not given."""


class Cost(BaseModel):
    """What the tokens of one or more answers cost."""

    model_config = ConfigDict(frozen=True)

    usd: float
    table: str
    """Where the price stands: ``your own prices``, or the price package with its version."""


def cost(
    model: str, host: str, usage: Usage, *, own: Mapping[str, Price] | None = None
) -> Cost | None:
    """What this usage costs at this host in US dollars, or None where the price is not known."""
    if own and model in own:
        return Cost(usd=float(_own_total(own[model], usage)), table="your own prices")
    found = _listed(model, host, usage)
    # a price of nothing is a gap in the table, or a free tier that ends without telling us
    if found is None or not found.total_price:
        return None
    return Cost(usd=float(found.total_price), table=_table())


def known_context(model: str, host: str) -> int | None:
    """How many tokens the table says this model reads at most, or None."""
    found = _model(model, host)
    return found.context_window if found else None


def _own_total(price: Price, usage: Usage) -> Decimal:
    cached = min(usage.cached, usage.prompt)
    cached_price = price.input if price.cached is None else price.cached
    parts = (
        (usage.prompt - cached, price.input),
        (cached, cached_price),
        (usage.completion, price.output),
    )
    return sum((tokens * Decimal(str(each)) / _MILLION for tokens, each in parts), Decimal(0))


def _listed(model: str, host: str, usage: Usage) -> PriceCalculation | None:
    try:
        import genai_prices
    except ImportError:
        return None
    tokens = genai_prices.Usage(
        input_tokens=usage.prompt,
        cache_read_tokens=min(usage.cached, usage.prompt),
        output_tokens=usage.completion,
    )
    try:
        return genai_prices.calc_price(tokens, model, provider_api_url=f"https://{host}/")
    except (LookupError, ValueError):
        return None


def _model(model: str, host: str) -> ModelInfo | None:
    from coach.engines.llm.question import Usage

    found = _listed(model, host, Usage(prompt=1, completion=1))
    return found.model if found else None


def _table() -> str:
    from importlib.metadata import version

    return f"genai-prices {version('genai-prices')}"
