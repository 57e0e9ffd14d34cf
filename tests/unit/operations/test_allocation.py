"""Heaps of the C library: few, however many threads there are."""

import ctypes
import subprocess
import sys

import pytest

_THREADS = """
import ctypes, threading, sys
if sys.argv[1] == "few":
    from appliance.operations.allocation import keep_little
    keep_little()
together = threading.Barrier(6)
def work():
    together.wait()
    kept = [bytes(10_000) for _ in range(100)]
    together.wait()
threads = [threading.Thread(target=work) for _ in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
library = ctypes.CDLL(None)
library.fdopen.restype = ctypes.c_void_p
out = ctypes.c_void_p(library.fdopen(1, b"w"))
library.malloc_info(0, out)
library.fflush(out)
"""


def _heaps(how: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", _THREADS, how], capture_output=True, text=True, check=True
    )
    return done.stdout.count("<heap nr=")


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="needs glibc")
def test_threads_share_two_heaps() -> None:
    assert _heaps("few") <= 2 < _heaps("as it is")
