"""Puts one raw request to an OpenAI-compatible server, and prints what came back.

Reads the body of a chat completion as JSON; ``--record FILE`` keeps the exchange. A program of its
own, because the tests themselves open no sockets.
"""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import httpx2

from coach.cassette import CassetteTransport, use_cassette


def main() -> None:
    """Print ``{"status": 200, "body": {...}}``."""
    parser = argparse.ArgumentParser(description="One raw request.")
    parser.add_argument("base_url")
    parser.add_argument("--record", type=Path, metavar="FILE")
    options = parser.parse_args()
    transport = CassetteTransport() if options.record else None
    tape: Any = use_cassette(options.record, record="new") if options.record else nullcontext()
    with httpx2.Client(transport=transport, trust_env=False, timeout=90) as client, tape:
        reply = client.post(f"{options.base_url}/chat/completions", json=json.load(sys.stdin))
    print(json.dumps({"status": reply.status_code, "body": reply.json()}))


if __name__ == "__main__":
    main()
