"""A process that trains: its threads, its memory, and that it says nothing of its own."""

from __future__ import annotations

import ctypes
from typing import Any

__all__ = ["on_one_core", "quiet"]

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Of malloc.h."""


def on_one_core() -> None:
    """Train in one thread, so that sums are made in a fixed order and the same seed gives the same numbers.

    And keep freed memory in the process: glibc gives it back to the system after every layer, and a fifth of a pass
    went into asking for it again, page by page.
    """
    import torch

    torch.set_num_threads(1)
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):
        return  # another C library
    mallopt(M_MMAP_THRESHOLD, 32 << 20)  # its greatest; larger pieces are given back nonetheless
    mallopt(M_TRIM_THRESHOLD, 1 << 30)


def quiet() -> None:
    """No library's own words on the terminal: the progress is the recorder's."""
    import transformers

    logging: Any = transformers.utils.logging
    logging.set_verbosity_error()
    logging.disable_progress_bar()
