"""New script: a note with every part and one example of each directive, to write over."""

from __future__ import annotations

import json
import re
from pathlib import Path

from rushes.errors import RushesError

__all__ = ["new_script"]

TEMPLATE = """\
---
title: TITLE
tags: [script]
voice: hibari
music: off
spoken: {RLHF: R L H F}
---
%% A comment like this is neither heard nor seen. %%

## Concept
What the film is about, and for whom. This part is for you: it is not in the film.

## Title & Thumbnail
![what the thumbnail shows](../assets/still.jpg)

- HEADING
- A second idea for the title

## Script
### What is said
- Every heading in this part is a chapter, and every bullet below it is read aloud.
- Some words are not said as they are written: π, for example.
  spoken:: π = pie
- TODO A sentence that still needs work is said as it stands, and check reminds you of it.
- This sentence is kept for later. Nobody hears it.
  say:: no

### What is shown
- What stands below a sentence is shown while it is spoken.
    - a drawing that nobody has made yet
      it stays on screen as a slate, one line after another
- A scene of this repository is called by its name, and draws what a run has recorded.
    - the guesses of the coach close in on the marks of the readers
      scene:: growing_kinder run=healthy
      at:: a scene of this repository
      transition:: fade
- It waits for words between equals signs. ==Step by step== the mark rises to =={healthy.rating.last:.1f}==.
  claim:: healthy.rating.last > healthy.rating.first
  hold:: 1

- With music on in the front matter, it stops here, and a bell rings.
  music:: off at here
  sound:: ding at rings +0.3

### What somebody else made
- A link becomes its source.
    - [Fine-Tuning Language Models from Human Preferences](https://arxiv.org/abs/1909.08593)
- A quote names who said it.
    - Ada Example (gardener) interview clip
        - > I have pulled up the same weed every spring for thirty years, and I no longer know who is winning.
- Short points become a list.
    - Tea: needs four minutes
    - Bread: needs four hours
    - Cheese: needs four months
- A table stays a table.
    - | run | manners |
      |---|---|
      | healthy | kind |
      | sign_flipped | rude |
- Code is shown as it is written.
    - ```python
      reward = values + coherence
      ```
- A picture is shown as large as it fits.
    - ![a frame of the film about the minus sign](../assets/still.jpg)
- Ten seconds of a video run here, softly. Until you put the file into the folder for assets, a placeholder does.
    - clip:: ../assets/interview.mp4#t=10,20
      audio:: duck

### Video Description
What the site shows below the film. A measured number works here too: {healthy.rating.last:.1f} of 9.

Links are kept: https://arxiv.org/abs/1909.08593

### Pinned Comment
What you want to ask those who watched it to the end?

### Result
%% The film's address, once it is published: {{video https://...}} %%

### Other Versions
Sentences that you cut. They are not in the film either.
"""


def new_script(title: str, folder: Path) -> Path:
    """Write `folder`/the-title.md.

    Raises:
        RushesError: the title names no file, or there is one already; nothing is overwritten.
    """
    title = " ".join(title.split())
    name = re.sub(r"[\W_]+", "-", title.lower()).strip("-")[:80]
    if not name:
        raise RushesError(f'"{title}" is no title: give the film a name, for example: rushes new "The Minus Sign"')
    path = folder / f"{name}.md"
    # JSON's strings are YAML's, whatever is in them; in Markdown a few characters would mean something
    heading = re.sub(r"([\\`*_\[\]<>{}=$~^#|])", r"\\\1", title)
    text = TEMPLATE.replace("TITLE", json.dumps(title, ensure_ascii=False), 1).replace("HEADING", heading, 1)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise RushesError(f"{path} is there already; nothing was written") from None
    return path
