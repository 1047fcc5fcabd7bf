"""Short: one section of a script as a film of its own.

It begins and ends as the section does in the whole film, so that its shots are the same shots.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rushes.errors import Finding, RushesError, did_you_mean
from rushes.script import Script
from rushes.slug import slug

__all__ = ["concerning", "cut", "find_section"]


def find_section(script: Script, name: str) -> int:
    """Index of the section whose heading is `name`, or the only one to begin with it, or to have it inside.

    Raises:
        RushesError: there is none, or more than one.
    """
    titles = [section.title for section in script.sections]
    wanted, known = slug(name), [slug(title) for title in titles]
    same = [i for i, each in enumerate(known) if each == wanted]
    begins = [i for i, each in enumerate(known) if wanted and each.startswith(wanted)]
    inside = [i for i, each in enumerate(known) if wanted and wanted in each]
    found = next((places for places in (same, begins, inside) if places), [])
    if len(found) == 1:
        return found[0]
    if found:
        which = ", ".join(f"'{titles[i]}' (line {script.sections[i].source.line})" for i in found)
        raise RushesError(f"{len(found)} sections of {script.path} could be '{name}'\n  say more of one: {which}")
    raise RushesError(f"no section of {script.path} is called '{name}'\n  {did_you_mean(name, filter(None, titles))}")


def cut(script: Script, index: int) -> Script:
    """A script of one section only; what is wrong with the others is none of its findings."""
    section = script.sections[index]
    others = _others(script, index)
    return replace(
        script,
        title=f"{script.title}: {section.title}" if section.title else script.title,
        part=slug(section.title) or str(index + 1),
        begins=index == 0,
        ends=index == len(script.sections) - 1,
        sections=(section,),
        beats=tuple(replace(beat, section=0) for beat in script.beats if beat.section == index),
        titles=(),
        posters={},
        poster_words={},
        links=tuple(link for link in script.links if link.source.line not in others),
        findings=concerning(script, index, script.findings),
    )


def concerning(script: Script, index: int, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings about a section of a script, or about no section."""
    others = _others(script, index)
    return tuple(f for f in findings if f.source.path != script.path or f.source.line not in others)


def _others(script: Script, index: int) -> set[int]:
    """The lines of every other section."""
    return {
        line
        for beat in script.beats
        if beat.section != index
        for first in (script.sections[beat.section].source, beat.source)
        if first.path == script.path
        for line in range(first.line, max(beat.last_line, first.line) + 1)
    }
