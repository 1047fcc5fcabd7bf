"""Commands about a script: `check`, `outline`, `scenes`, `storyboard`, `takes`, `voices`, `new`, `translate`."""

from __future__ import annotations

import argparse
import shlex
import time
from pathlib import Path

from rushes.console import Console
from rushes.errors import ScriptError, many_of

__all__ = ["do_check", "do_new", "do_outline", "do_scenes", "do_storyboard", "do_takes", "do_translate", "do_voices"]


def do_check(options: argparse.Namespace, console: Console) -> int:
    """Find everything wrong with a script."""
    from rushes.check import check_note
    from rushes.house import House

    house = House(folders=tuple(options.folder), build=options.build)
    checked = check_note(options.script, house.turned() if options.vertical else house)
    console.findings(checked.findings)
    errors, warnings = len(checked.errors), len(checked.findings) - len(checked.errors)
    console.event("checked", errors=errors, warnings=warnings)
    console.say(f"{options.script}: {many_of(errors, 'error')}, {many_of(warnings, 'warning')}")
    return 1 if errors else 0


def do_outline(options: argparse.Namespace, console: Console) -> int:
    """Show a script's storyboard in words."""
    from rushes.check import check_note
    from rushes.house import House
    from rushes.overview import overview

    checked = check_note(options.script, House(folders=tuple(options.folder), build=options.build))
    console.show(overview(checked.script, checked.texts, console.width, checked.findings))
    return 1 if checked.errors else 0


def do_scenes(options: argparse.Namespace, console: Console) -> int:
    """List the scenes there are, and what each of them needs of a script."""
    from rushes.house import House
    from rushes.scene_file import find_scene, read_scene_file, scene_names

    roots = House(folders=tuple(options.folder)).roots
    wrong = False
    for name in scene_names(roots):
        path = find_scene(name, roots)
        assert path is not None
        scene = read_scene_file(path)
        if scene.finding:
            console.findings((scene.finding,))
            wrong = True
            continue
        given = {**scene.runs, **scene.settings}
        cues = list(dict.fromkeys(cue for cue, _ in scene.waits))
        console.event("scene", name=name, about=scene.about, arguments=given, cues=cues)
        console.say(f"{name}: {scene.about}")
        console.say("  " + " ".join([f"scene:: {name}", *(f"{argument}={value}" for argument, value in given.items())]))
        if cues:
            console.say(f"  waits for {', '.join(cues)}")
    return 1 if wrong else 0


def do_storyboard(options: argparse.Namespace, console: Console) -> int:
    """Write a page of stills, one a cue."""
    from rushes.contact_sheet import contact_sheet
    from rushes.house import House

    began = time.monotonic()
    house = House(folders=tuple(options.folder), jobs=options.jobs, voice=options.voice, build=options.build)
    house = house.turned() if options.vertical else house
    made = contact_sheet(options.script, house, console)
    seconds = time.monotonic() - began
    console.event(
        "storyboard", page=str(made.page), picture=str(made.picture), stills=made.stills,
        findings=len(made.findings), failed=made.failed, seconds=round(seconds, 2),
    )  # fmt: skip
    for line, scene, told in made.findings:
        console.event("fault", line=line, scene=scene, message=told)
        console.say(f"{options.script}:{line}: {scene}: {told}")
    console.say(f"{many_of(made.stills, 'still')} in {seconds:.1f} s, {many_of(len(made.findings), 'finding')}")
    console.say(f"{house.shown(made.page)}\n{house.shown(made.picture)}")
    if made.failed:
        console.say(f"{many_of(len(made.failed), 'scene')} failed: {', '.join(made.failed)}")
    return 1 if made.failed else 0


def do_takes(options: argparse.Namespace, console: Console) -> int:
    """Say which beats are recorded, and write a page to read the others from."""
    from rushes.cache import write_whole
    from rushes.check import check_note
    from rushes.house import House
    from rushes.takes import recorded_beats, totals
    from rushes.teleprompter import teleprompter

    house = House(folders=tuple(options.folder), build=options.build)
    checked = check_note(options.script, house)
    if checked.errors:
        raise ScriptError(checked.errors)
    script = checked.script
    beats, findings = recorded_beats(checked, house, console)
    for one in beats:
        console.event("take", **one.told())
    begun = any(one.listened.state != "missing" for one in beats)
    wanted = (finding for one in beats for finding in one.findings(script.name, checked)) if begun else ()
    console.findings((*findings, *wanted))
    console.say(f"{options.script}: {totals(beats)}")
    if not begun and not options.teleprompter:
        console.say(f"nothing is recorded yet\nnext: rushes takes --teleprompter {options.script}")
    if options.teleprompter:
        page = house.out / script.name / "teleprompter.html"
        write_whole(page, teleprompter(script.title, [section.title for section in script.sections], beats))
        console.event("teleprompter", page=str(page))
        console.say(str(house.shown(page)))
    return 0


def do_voices(options: argparse.Namespace, console: Console) -> int:
    """List who can read a script aloud; fetch a voice."""
    from rushes.voices import listed

    if options.get:
        from rushes.kokoro import get

        path = get(lambda size: console.event("progress", stage="fetching", done=size, total=0, text="kokoro"))
        console.event("fetched", file=str(path))
        console.say(f"Kokoro's English voices are in {path}")
    for name, about, missing in listed():
        console.event("voice", name=name, about=about, missing=missing)
        console.say(f"{name:<18} {missing or about}")
    return 0


def do_new(options: argparse.Namespace, console: Console) -> int:
    """Write a script to write over."""
    from rushes.house import House
    from rushes.new_script import new_script

    path = new_script(options.title, options.into or House().root / "scripts")
    path = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path  # what a command here takes
    console.event("written", script=str(path))
    console.say(f"{path}\nnext: python render.py --draft {shlex.quote(str(path))}")
    return 0


def do_translate(options: argparse.Namespace, console: Console) -> int:
    """Write the note a script is translated in, or say what it lacks."""
    from rushes.check import check_note
    from rushes.house import House
    from rushes.translate import translate, translation_path

    house = House(folders=tuple(options.folder), build=options.build)
    spoken, path = translation_path(options.script, options.to)
    added = translate(check_note(options.script, house), spoken, path, accept=options.accept)
    one = next(each for each in check_note(options.script, house).translations if each.path == path)
    console.findings(one.findings)
    told = {"translated": len(one.texts) - len(one.changed), "changed": len(one.changed), "missing": len(one.missing)}
    console.event("translation", note=str(path), language=spoken.tag, added=added, **told)
    console.say(f"{house.shown(path)}: {', '.join(f'{count} {state}' for state, count in told.items())}")
    if added:
        console.say(f"{many_of(added, 'beat')} added, to be translated")
    return 0
