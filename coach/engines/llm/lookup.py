"""An event loop whose look-ups of names can be left behind.

The usual one waits for a look-up under way before it closes, however long the resolver takes, so
that no deadline holds where the network drops its packets.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from functools import partial
from threading import Thread
from typing import Any


def new_loop() -> asyncio.AbstractEventLoop:
    """A new event loop, for ``asyncio.Runner(loop_factory=new_loop)``."""
    loop = asyncio.new_event_loop()
    setattr(loop, "getaddrinfo", partial(_addresses, loop))  # noqa: B010  a method of the loop
    return loop


async def _addresses(loop: asyncio.AbstractEventLoop, *where: Any, **how: Any) -> Any:
    found: asyncio.Future[Any] = loop.create_future()

    def tell(result: Any, error: OSError | None) -> None:
        if found.done():
            return
        if error is not None:
            found.set_exception(error)
        else:
            found.set_result(result)

    def look_up() -> None:
        result, failure = None, None
        try:
            result = socket.getaddrinfo(*where, **how)
        except OSError as error:
            failure = error
        except UnicodeError:
            failure = socket.gaierror("not the name of a host")
        with suppress(RuntimeError):  # the loop may be closed by now
            loop.call_soon_threadsafe(tell, result, failure)

    Thread(target=look_up, daemon=True).start()
    return await found
