"""Trees of notes as text, for tests."""

from __future__ import annotations

from rushes.note import Note


def tree(note: Note) -> str:
    """A line a block, with its place; then a line a finding."""
    lines = [f"{key} = {value!r}" for key, value in note.front.items()]
    ahead = [(block, 0) for block in reversed(note.blocks)]
    while ahead:
        block, depth = ahead.pop()
        sign = {"heading": "", "bullet": "1." if block.ordered else "-", "paragraph": "p"}.get(block.kind, block.kind)
        mark = " ".join(part for part in (sign, f"h{block.level}" if block.level else "") if part)
        place = f"{block.source.line}:{block.source.column}"
        extras = [f"<{block.info}>"] * bool(block.info) + [f"[{block.marker}]"] * bool(block.marker)
        extras += [f"{{{key}={prop.value}}}" for key, prop in block.properties.items()]
        text = " ⏎ ".join(block.texts)
        lines.append(" ".join(["  " * depth + mark, place, *extras, text]).rstrip())
        ahead += [(child, depth + 1) for child in reversed(block.children)]
    lines += [f"! {f.source.line}:{f.source.column} {f.level}: {f.message}" for f in note.findings]
    return "\n".join(lines) + "\n"
