"""x264: how every clip is coded; known without loading a codec."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["OPTIONS", "TICKS"]

TICKS = 15360  # a second on every video clock, a multiple of any usual frame rate, so that clips join unscaled
# One thread an encoder: the shots themselves fill the cores. One reference frame and the coarsest search within a
# pixel: a fifth faster on drawn pictures, at the same size and nearly the same quality (notes/lab-log.md has a table).
OPTIONS: Mapping[str, str] = {
    "preset": "veryfast", "crf": "18", "threads": "1", "tune": "animation", "refs": "1", "subq": "1",
}  # fmt: skip
