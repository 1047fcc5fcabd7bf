"""Picture: an image of the author's on paper, or the place where it is missing."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import numpy.typing as npt
from manim import ImageMobject, VMobject, config
from PIL import Image, ImageOps, UnidentifiedImageError

from rushes import theme as t
from rushes.cards.slate import tape
from rushes.cards.stage import Stage, Thing, flow, largest, push
from rushes.motion import Sprite
from rushes.storyboard import Picture

__all__ = ["picture", "placeholder", "read_image"]

PUSH = 0.04
MAT = 22  # px of paper around the image
ENLARGED = 4.0  # a small image is not blown up further than this
SHADOW = 60

Pixels = npt.NDArray[np.uint8]


def picture(stage: Stage, card: Picture) -> list[Thing]:
    """The image as large as it fits, on paper, coming slowly nearer; its caption below."""
    name = card.path.name if card.path else card.caption
    if card.path is None:
        return placeholder(stage, card.caption, "image missing")
    caption = "" if _is_name(card.caption, card.path) else " ".join(card.caption.split())
    under = flow(stage.say(caption), stage.width, t.T_LABEL)[:2] if caption else []
    space = 56 + 48 * (len(under) - 1) if under else 0.0
    room = (stage.width / (1 + PUSH) - 2 * MAT, (stage.height - space) / (1 + PUSH) - 2 * MAT)
    try:
        pixels, size = read_image(card.path, room)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        svg = card.path.suffix.lower() == ".svg"
        told = "an SVG: save it as PNG" if svg else str(error)[:120]
        stage.findings.append(f"cannot show '{name}': {told}")
        return placeholder(stage, name, told if svg else "image unreadable")
    w, h = size
    x, y = stage.middle[0], stage.top + (stage.height - space) / 2
    left, top = x - w / 2, y - h / 2
    image = ImageMobject(pixels)
    image.stretch_to_fit_width(t.px(w))
    image.stretch_to_fit_height(t.px(h))
    image.move_to(t.at(x, y))
    shade = t.glow("#05060C", x, y + 14, 1.42 * w + 4 * SHADOW, 1.42 * h + 4 * SHADOW, 0.9, 0.9)
    paper = t.card(left - MAT, top - MAT, w + 2 * MAT, h + 2 * MAT, t.PAPER, r=6)
    stage.still.append(shade)
    print_ = Sprite(paper, image, pivot=(x, y)).enter(0.0, 0.5)
    push(stage, [print_], PUSH)
    base = y + (h / 2 + MAT) * (1 + PUSH) + 54
    lines = [
        Sprite(t.put(t.text(line, t.T_LABEL, t.MUTED), x, base + 48 * k, "c")).enter(0.5)
        for k, line in enumerate(under)
    ]
    return [print_, *lines]


def read_image(path: Path, room: tuple[float, float]) -> tuple[Pixels, tuple[float, float]]:
    """An image's RGBA pixels, no more than the frame can show, and its width and height in a room, px of the frame.

    The first frame of an animation; turned as its camera was held. Transparent parts show the paper.

    Raises:
        OSError, ValueError, SyntaxError: it is no image that can be read.
        Image.DecompressionBombError: it is too large to be one that is meant.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(path) as file:
                scale = config.pixel_height / (config.frame_height * t.UNIT) * (1 + PUSH)
                most = round(max(room) * scale) + 1
                file.draft("RGB", (most, most))  # a JPEG is decoded at a fraction of its size
                turned = ImageOps.exif_transpose(file)
                if turned.mode.startswith(("I", "F")):
                    turned = _eight_bits(turned)
                image = turned.convert("RGBA")
        except UnidentifiedImageError:
            raise ValueError("this is no image in a format that is known here") from None
    width, height = _size_of(path, image.size)
    grow = min(room[0] / width, room[1] / height, ENLARGED)
    shown = max(width * grow, 2.0), max(height * grow, 2.0)
    target = max(round(shown[0] * scale), 1), max(round(shown[1] * scale), 1)
    if target[0] < image.width or target[1] < image.height:
        image = image.resize((min(target[0], image.width), min(target[1], image.height)), Image.Resampling.LANCZOS)
    else:
        smooth = max(image.size) > 64  # of an icon the pixels are meant to be seen
        image = image.resize(target, Image.Resampling.BICUBIC if smooth else Image.Resampling.NEAREST)
    paper = Image.new("RGBA", image.size, t.PAPER)
    return np.asarray(Image.alpha_composite(paper, image), np.uint8), shown


def _size_of(path: Path, decoded: tuple[int, int]) -> tuple[int, int]:
    """Width and height as the file has them, turned: those of a draft are only a fraction."""
    with Image.open(path) as file:
        width, height = file.size
    turned = (decoded[0] > decoded[1]) != (width > height)
    return (height, width) if turned else (width, height)


def _eight_bits(image: Image.Image) -> Image.Image:
    """A picture of 16-bit or floating-point values as grey levels, from its darkest to its brightest."""
    values = np.asarray(image, np.float64)
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    return Image.fromarray(np.nan_to_num((values - low) / ((high - low) or 1.0) * 255).astype(np.uint8))


def _is_name(caption: str, path: Path) -> bool:
    """Whether a caption is only a file's name, which is nothing to show."""
    return (
        not caption.strip()
        or caption.strip() in (path.name, path.stem)
        or Path(caption.strip()).suffix in (path.suffix,)
    )


def placeholder(stage: Stage, name: str, why: str, *, film: bool = False) -> list[Thing]:
    """A dashed frame with the name of what ought to be there; `film` draws a triangle to play instead of a hill."""
    width = min(stage.width, 1240)
    height = min(0.62 * width, stage.height - 40)
    x, y = stage.middle
    left, top = x - width / 2, y - height / 2
    y += 44  # the icon stands above the middle, the name below
    frame: list[VMobject] = [t.card(left, top, width, height, t.PANEL, opacity=0.55)]
    for a, b in _dashes(left, top, width, height):
        frame.append(t.rule(*a, *b, t.NEUTRAL, 5))
    if film:
        icon = t.curve([(x - 40, y - 190), (x - 40, y - 90), (x + 46, y - 140), (x - 40, y - 190)], t.NEUTRAL, 7)
    else:
        hills = [(-90, -84), (-30, -172), (4, -122), (34, -160), (90, -84), (-90, -84)]
        icon = t.curve([(x + dx, y + dy) for dx, dy in hills], t.NEUTRAL, 7)
        frame.append(t.disc(x + 62, y - 190, 13, t.NEUTRAL))
    shown = stage.say(name.strip(), t.MONO) or "…"
    size, lines = largest(shown, width - 140, 140, (48, 44, 40, 36, 32, 28), font=t.MONO, broken=True)
    lines = lines[:4]
    names = [
        Sprite(t.put(t.mono(line, size), x, y + 10 + k * 1.34 * size, "c")).enter(0.3 + 0.08 * k)
        for k, line in enumerate(lines) if line
    ]  # fmt: skip
    below = y + 10 + (len(lines) - 1) * 1.34 * size + 68
    reason = Sprite(t.put(t.text(why, t.T_LABEL, t.MUTED), x, below, "c")).enter(0.5)
    return [Sprite(*frame, icon), *names, reason, tape("PLACEHOLDER", left + width - 110, top + 18, 0.07, 0.25)]


def _dashes(x: float, y: float, w: float, h: float) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    out = []
    inset, dash = 28.0, 34.0
    for (ax, ay), (bx, by) in (
        ((x + inset, y), (x + w - inset, y)), ((x + inset, y + h), (x + w - inset, y + h)),
        ((x, y + inset), (x, y + h - inset)), ((x + w, y + inset), (x + w, y + h - inset)),
    ):  # fmt: skip
        n = max(round(max(bx - ax, by - ay) / (2 * dash)), 1)
        for k in range(n):
            p, q = (2 * k + 0.5) / (2 * n), (2 * k + 1.5) / (2 * n)
            out.append(((ax + (bx - ax) * p, ay + (by - ay) * p), (ax + (bx - ax) * q, ay + (by - ay) * q)))
    return out
