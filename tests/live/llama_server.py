"""A real llama.cpp server on loopback, as a program: ``llama_server.py MODEL.gguf``.

It prints its base URL on the first line of stdout once it answers, and ends with the process that
started it. Needs the package xllamacpp, which carries llama.cpp as a prebuilt library.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path


def main() -> None:
    """Serve until the parent is gone."""
    options = _options()
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(options.model)
    params.model_alias = {options.alias or options.model.stem}  # else it tells the file's path
    params.hostnames, params.port = ["127.0.0.1"], options.port
    params.n_ctx, params.n_parallel = options.context * options.parallel, options.parallel
    params.cpuparams.n_threads = options.threads
    params.use_jinja, params.ui, params.warmup = True, False, False
    parent = os.getppid()
    server = xllamacpp.Server(params)
    print(f"{server.listening_address}/v1", flush=True)
    while os.getppid() == parent:
        time.sleep(0.2)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Serve a GGUF model on loopback.")
    parser.add_argument("model", type=Path, help="the GGUF file")
    parser.add_argument("--alias", help="the model's name in requests (default: the file's)")
    parser.add_argument("--port", type=int, default=0, help="0 (default): a free one")
    parser.add_argument("--context", type=int, default=8192, help="tokens of one request")
    parser.add_argument("--parallel", type=int, default=1, help="requests at once")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
