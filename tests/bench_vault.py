"""What a script pays for the notes around it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from made_vault import make_vault

from rushes.inline import inline
from rushes.note import read_note
from rushes.vault import Vault, VaultError

__all__ = ["vault"]

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "scripts" / "the-minus-sign.md"


def vault() -> dict[str, float]:
    """What a script pays for the notes around it: the index from nothing and again, and what most scripts need."""
    figures: dict[str, float] = {}
    code = """
import resource, sys, time
began = time.perf_counter()
from pathlib import Path
from rushes.note import read_note
from rushes.vault import Vault
script, cache, what = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
vault = Vault.around(script, cache)
if what == "index":
    assert len(vault.pages) >= 2000
else:
    assert vault.related(read_note(script))
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
    with tempfile.TemporaryDirectory() as place:
        for notes in (2000, 5000):
            root = make_vault(Path(place) / str(notes), notes)
            tasks = [("cold", "index"), ("warm", "index")]
            if find_spec("obsidiantools"):
                tasks.append(("related", "related"))
            for name, what in tasks:
                args = [str(root / "pages" / "note 7.md"), str(root.parent / f"cache {notes}"), what]
                done = subprocess.run(
                    [sys.executable, "-c", code, *args], cwd=ROOT, capture_output=True, text=True, check=True
                )
                seconds, peak = map(float, done.stdout.split())
                figures[f"vault_{notes}_{name}_seconds"] = round(seconds, 2)
                figures[f"vault_{notes}_{name}_peak_mib"] = round(peak)
    for name, script in (("script", SCRIPT), ("note", os.environ.get("RUSHES_NOTE"))):
        if script:
            figures[f"vault_{name}_ms"] = round(min(_opened(Path(script)) for _ in range(5)) * 1000, 1)
    return figures


def _opened(script: Path) -> float:
    """Seconds for opening the vault around a script, pulling in what it embeds and finding its pictures and links."""
    note = read_note(script)
    images = [link for block in note.walk() for link in inline(block).links if link.kind in ("image", "embed")]
    began = time.perf_counter()
    around = Vault.around(script)
    expanded = around.expand(note)
    for link in images:
        with suppress(VaultError):
            around.find_asset(link.target, script)
    around.dead_links(expanded.blocks)
    return time.perf_counter() - began
