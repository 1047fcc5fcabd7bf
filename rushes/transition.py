"""Transition: how one shot becomes the next: a cut, or a fade through the dark.

Clips are joined as they are, so each shot fades in its own clip, and only the two that meet are drawn for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # what plans a film loads no NumPy
    import numpy as np
    import numpy.typing as npt

__all__ = ["FADE", "TRANSITIONS", "Fade", "Transition", "faded", "fading"]

Transition = Literal["cut", "fade"]
TRANSITIONS: tuple[Transition, ...] = ("cut", "fade")
Fade = tuple[int, int]
"""Frames in which a shot comes out of the dark, and frames in which it goes into it."""
FADE = 0.25  # seconds into the dark, and as many out of it
DARK = (16, 18, 31)  # the house's background


def fading(begins: Transition, ends: Transition, frames: int, fps: int) -> Fade:
    """The fades of a shot of `frames`; at most a third of it each, so that it is seen."""
    most = min(round(FADE * fps), frames // 3)
    return most if begins == "fade" else 0, most if ends == "fade" else 0


def faded(pixels: npt.NDArray[np.uint8], frame: int, frames: int, fade: Fade) -> npt.NDArray[np.uint8]:
    """A shot's picture, RGBA (height, width, 4), at one of its `frames`; the given one is left as it is."""
    opening, closing = fade
    shown = min((frame + 1) / (opening + 1), (frames - frame) / (closing + 1))
    if shown >= 1:
        return pixels
    import numpy as np

    out = pixels.copy()
    shown = shown * shown * (3 - 2 * shown)  # it begins and ends gently
    out[..., :3] = np.rint(
        pixels[..., :3] * np.float32(shown) + np.array(DARK, np.float32) * np.float32(1 - shown)
    ).astype(np.uint8)
    return out
