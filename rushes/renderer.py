"""Renderer: Manim's, but a frame is made from the one before it, and written without a copy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from manim import Mobject, Scene
from manim.renderer.cairo_renderer import CairoRenderer
from manim.utils.iterables import list_update

from rushes.camera import DirectCamera

__all__ = ["Renderer"]


class Renderer(CairoRenderer):
    """Draws with a `DirectCamera`."""

    camera: DirectCamera

    def __init__(self, **options: Any) -> None:
        super().__init__(camera_class=DirectCamera, **options)

    def update_frame(
        self,
        scene: Scene,
        mobjects: Iterable[Mobject] | None = None,
        include_submobjects: bool = True,
        ignore_skipping: bool = True,
        **options: Any,
    ) -> None:
        """Draw what changed, whichever mobjects Manim thinks may have moved."""
        if ignore_skipping or not self.skip_animations:
            self.camera.redraw(list_update(scene.mobjects, scene.foreground_mobjects))

    def save_static_frame_data(self, scene: Scene, static_mobjects: Iterable[Mobject]) -> None:
        """Nothing: what does not move is not drawn again anyway."""

    def get_frame(self) -> Any:
        """The camera's own picture, RGBA (height, width, 4): whoever keeps it copies it."""
        return self.camera.pixel_array
