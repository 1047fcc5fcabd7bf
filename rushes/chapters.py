"""Chapters: the list that video sites read from a description."""

from __future__ import annotations

from rushes.timeline import Timeline

__all__ = ["SHORTEST", "chapters"]

SHORTEST = 10  # seconds; sites ignore a list with a shorter chapter, or with fewer than three


def chapters(timeline: Timeline) -> str:
    """`0:00 Title` lines, or nothing if a site would not take them."""
    starts = [0, *(section.start // timeline.fps for section in timeline.sections[1:])]
    ends = [*starts[1:], timeline.frames // timeline.fps]
    if len(starts) < 3 or any(end - start < SHORTEST for start, end in zip(starts, ends, strict=True)):
        return ""
    lines = []
    for start, section in zip(starts, timeline.sections, strict=True):
        hours, rest = divmod(start, 3600)
        clock = f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
        lines.append(f"{clock} {section.title}")
    return "\n".join(lines)
