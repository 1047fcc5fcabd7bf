"""x264: how every clip is coded; known without loading a codec."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["OPTIONS", "TICKS"]

TICKS = 15360  # a second on every video clock, a multiple of any usual frame rate, so that clips join unscaled
# One thread an encoder: the shots themselves fill the cores. Two reference frames and the coarsest search within a
# pixel: a fifth faster on drawn pictures, at the same size and nearly the same quality. Against stock Manim, rates
# above 22 are no more like it to the eye of SSIM, and the files are larger (notes/lab-log.md has the tables).
OPTIONS: Mapping[str, str] = {
    "preset": "veryfast", "crf": "22", "threads": "1", "tune": "animation", "refs": "2", "subq": "1",
}  # fmt: skip
