"""x264: how every clip is coded; known without loading a codec."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["OPTIONS", "TICKS"]

TICKS = 15360  # a second on every video clock, a multiple of any usual frame rate, so that clips join unscaled
# A second thread is for a shot that is drawn alone: plain scenes take as long to encode as to draw. It has a frame of
# its own, as frames in two halves take more time and more bytes, and no third looks ahead for them. The coarsest search
# within a pixel is a fifth faster on drawn pictures at the same size and nearly the same quality. A curve flatter than
# x264's own (qcomp) gives moving parts more of the bits and resting ones fewer, and full adaptive quantisation gives
# dark gradients theirs: the least likeness to stock Manim's frames rises, and files do not grow (notes/lab-log.md has
# the tables).
OPTIONS: Mapping[str, str] = {
    "preset": "veryfast", "crf": "22", "threads": "2", "tune": "animation", "refs": "3", "bf": "2", "subq": "1",
    "aq-strength": "1.0", "qcomp": "0.8", "thread_type": "frame", "x264-params": "sync-lookahead=0",
}  # fmt: skip
