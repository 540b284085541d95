"""A cheap sender: keep-alive connections, prepared requests, answers read by length. Loopback only."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

Body = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: answers a second, and how long each took in milliseconds, sorted."""

    per_second: float
    took_ms: list[float]
    failed: int

    def percentile(self, share: float) -> float:
        return round(self.took_ms[min(int(len(self.took_ms) * share), len(self.took_ms) - 1)], 2)


def post(port: int, path: str, body: Body, *, seconds: float, connections: int = 16) -> Load:
    """Send `body(number)` to 127.0.0.1 for so many seconds, one request at a time on each connection."""
    return asyncio.run(_post(port, path, body, seconds, connections))


async def _post(port: int, path: str, body: Body, seconds: float, connections: int) -> Load:
    took: list[float] = []
    failed = 0
    numbers = iter(range(10**9))
    stop = time.perf_counter() + seconds

    async def send() -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (began := time.perf_counter()) < stop:
            payload = body(next(numbers))
            head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            writer.write(f"{head}Content-Length: {len(payload)}\r\n\r\n".encode() + payload)
            failed += not await _answered(reader)
            took.append((time.perf_counter() - began) * 1000)
        writer.close()
        await writer.wait_closed()

    began = time.perf_counter()
    await asyncio.gather(*(send() for _ in range(connections)))
    return Load((len(took) - failed) / (time.perf_counter() - began), sorted(took), failed)


async def _answered(reader: asyncio.StreamReader) -> bool:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(length)
    return head.startswith(b"HTTP/1.1 200")
