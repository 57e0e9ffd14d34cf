"""How the C library keeps memory that was given back."""

import ctypes

_M_ARENA_MAX = -8
"""Of glibc's malloc.h."""

_MOST = 2


def keep_little() -> None:
    """Let all threads share two heaps, before there are others.

    Else each new thread may get one of its own, which keeps what is freed in it: a booth grew by
    20 MB with every interview.
    """
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):  # other C libraries have no such heaps
        library.mallopt(_M_ARENA_MAX, _MOST)
