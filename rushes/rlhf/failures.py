"""What can go wrong with a recording though nothing is wrong with the code, said so that an author can mend it."""

from __future__ import annotations

import errno
from collections.abc import Iterator

import torch

from rushes.errors import RushesError
from rushes.recipe import Recipe

__all__ = ["mendable"]

FULL = ("No space left on device", "os error 28", ". unexpected pos ")
"""What is said when not everything could be written: by the system, by safetensors, by torch."""


def mendable(error: BaseException, recipe: Recipe) -> RushesError | None:
    """The error as its author should read it; None if it is a bug, which keeps its traceback."""
    if isinstance(error, RushesError):
        return error
    for one in _chain(error):
        said = str(one)
        # The libraries that write weights report a full disk as errors of their own.
        full = isinstance(one, OSError) and one.errno in (errno.ENOSPC, errno.EDQUOT)
        if full or any(words in said for words in FULL):
            return RushesError("the disk is full")
        if isinstance(one, torch.OutOfMemoryError | MemoryError) or "DefaultCPUAllocator: not enough memory" in said:
            return RushesError(
                f"a step of '{recipe.name}' does not fit into the memory of this machine's"
                f" {'GPU' if isinstance(one, torch.OutOfMemoryError) else 'processor'}\n"
                f"  with others beside it: fewer at a time, as in --jobs 1\n"
                f"  alone: lower 'samples' or 'prompts' in {recipe.path} (size {recipe.size})"
            )
        if "probability tensor contains either `inf`, `nan`" in said:
            return RushesError(
                "the training went out of bounds: the Apprentice's probabilities are not finite numbers any more\n"
                "  a lower learning_rate in the recipe may keep it in bounds"
            )
        if type(one).__name__ == "SafetensorError":
            base = getattr(recipe.settings, "base", "")
            return RushesError(f"the weights of '{base}' are damaged: {said}\n  record or install them again")
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
