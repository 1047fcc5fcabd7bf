"""A process that trains: its threads, its memory, and that it says nothing of its own."""

from __future__ import annotations

import ctypes
import os
from typing import Any

__all__ = ["at_a_time", "on_one_core", "quiet"]

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Of malloc.h."""
GPU_RUN = 12 << 30
"""Bytes of a GPU that a run of the size gpu takes."""


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


def at_a_time(device: str) -> int:
    """How many runs this machine trains beside one another: one a core, or as many as the GPU's free memory holds."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if device == "cpu":
        return cores
    import torch

    free, _ = torch.cuda.mem_get_info()
    return max(1, min(cores, free // GPU_RUN))
