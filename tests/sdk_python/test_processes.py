"""The end of a process and the fork of one, in real processes."""

import os
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

from tests.sdk_python.receiver import DEADLINE

SDK = Path(__file__).parents[2] / "sdk_python"

EXIT = """
import sys
from frontdesk_sdk import Client
client = Client("sk_test", sys.argv[1], flush_interval=3600.0, exit_timeout=float(sys.argv[2]))
for number in range(3):
    client.track("u1", "Clicked", message_id=f"m{number}")
"""

FORK = """
import os, sys
from frontdesk_sdk import Client
client = Client("sk_test", sys.argv[1], flush_interval=3600.0)
client.track("u1", "Clicked", message_id="sent before")
assert client.flush(10)
client.track("u1", "Clicked", message_id="waiting")
child = os.fork()
if child == 0:
    assert client.stats.accepted == 0
    client.track("u1", "Clicked", message_id="of the child")
    os._exit(0 if client.flush(10) else 1)
_, status = os.waitpid(child, 0)
assert status == 0, status
client.track("u1", "Clicked", message_id="after")
"""

FORK_IN_THE_MIDDLE_OF_CALLS = """
import os, signal, sys, threading
from frontdesk_sdk import Client
client = Client("sk_test", sys.argv[1], flush_interval=0.0, max_queue=50)
stop = threading.Event()
def chatter():
    while not stop.is_set():
        client.track("u1", "Chatter")
threads = [threading.Thread(target=chatter, daemon=True) for _ in range(3)]
for thread in threads:
    thread.start()
for number in range(15):
    child = os.fork()
    if child == 0:
        signal.alarm(15)
        client.track("u1", "Child", message_id=f"child {number}")
        os._exit(0 if client.flush(10) else 1)
    _, status = os.waitpid(child, 0)
    assert status == 0, status
stop.set()
for thread in threads:
    thread.join()
client.close(0)
"""


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning", "-c", script, *arguments],
        env={**os.environ, "PYTHONPATH": str(SDK)},
        capture_output=True,
        text=True,
        timeout=3 * DEADLINE,
        check=False,
    )


def test_what_is_queued_at_the_end_of_the_process_is_sent(host, receiver):
    done = run(EXIT, host, "10")

    assert (done.returncode, done.stderr) == (0, "")
    assert [event["messageId"] for event in receiver.events] == ["m0", "m1", "m2"]


def test_the_end_of_the_process_waits_no_longer_than_told(host, receiver):
    receiver.open.clear()
    started = monotonic()

    done = run(EXIT, host, "0.1")

    assert (done.returncode, done.stderr) == (0, "")
    assert monotonic() - started < DEADLINE / 2


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


@needs_fork
def test_a_forked_child_sends_its_own_events_and_the_parent_the_rest(host, receiver):
    done = run(FORK, host)

    assert (done.returncode, done.stderr) == (0, "")
    ids = [event["messageId"] for event in receiver.events]
    assert ids == ["sent before", "of the child", "waiting", "after"]


@needs_fork
def test_a_fork_in_the_middle_of_calls_leaves_no_child_stuck(host, receiver):
    done = run(FORK_IN_THE_MIDDLE_OF_CALLS, host)

    assert (done.returncode, done.stderr) == (0, "")
    children = [event["messageId"] for event in receiver.events if event["event"] == "Child"]
    assert children == [f"child {number}" for number in range(15)]
