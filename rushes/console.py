"""Console: how the command line speaks.

Work reports itself as events, plain dictionaries. A terminal shows them as a bar and a line a shot;
a pipe gets plain lines; `--json` prints each as one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rich.console import Console as RichConsole
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.prompt import Confirm
from rich.table import Table
from rich.text import Text

from rushes.errors import Finding

__all__ = ["Console", "Event"]

Event = Mapping[str, Any]


class Console:
    """Shows events. Use as a context manager, so that a bar is taken down however the work ends."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self.warned: list[tuple[dict[str, Any], str]] = []
        """Each finding and warning, as JSON and as a terminal shows it, in case it is to be told again."""
        self.out = RichConsole(highlight=False, soft_wrap=True)
        self.err = RichConsole(stderr=True, highlight=False, soft_wrap=True)
        self.progress: Progress | None = None
        self.tasks: dict[str, TaskID] = {}
        self.began: dict[str, float] = {}

    def __enter__(self) -> Console:
        return self

    def __exit__(self, *_: object) -> None:
        if self.progress is not None:
            self.progress.stop()

    def event(self, event: str, **told: Any) -> None:
        """Show one event; unknown ones are shown only as JSON."""
        if event == "warning":
            self.warned.append(({"event": event, **told}, ""))
        if self.as_json:
            self._line({"event": event, **told})
            return
        show: Callable[..., None] | None = getattr(self, f"_on_{event}", None)
        if show is not None:
            show(**told)

    def _line(self, told: Event) -> None:
        try:
            print(json.dumps(told, ensure_ascii=False), flush=True)
        except BrokenPipeError:
            self.out.on_broken_pipe()  # `head` has seen enough: the command ends, as without --json

    def findings(self, findings: tuple[Finding, ...]) -> None:
        """Show what is wrong with what an author wrote."""
        for finding in findings:
            where = {"file": str(finding.source.path), "line": finding.source.line, "column": finding.source.column}
            told = {"level": finding.level, **where, "message": finding.message, "suggestion": finding.suggestion}
            self._finding({"event": "finding", **told}, str(finding))

    def _finding(self, told: dict[str, Any], shown: str) -> None:
        self.warned.append((told, shown))
        if self.as_json:
            self._line(told)
        else:
            self.err.print(escape(shown) + "\n", style="red" if told["level"] == "error" else "yellow")

    def warn_again(self, warned: Iterable[tuple[dict[str, Any], str]]) -> None:
        """Show what an earlier command found and warned of."""
        for told, shown in warned:
            if shown:
                self._finding(told, shown)
            else:
                self.event(**told)

    def say(self, text: str) -> None:
        if not self.as_json:
            self.out.print(escape(text))

    @property
    def width(self) -> int:
        """Columns of the terminal; a pipe has 100."""
        return self.out.width if self.out.is_terminal else 100

    def show(self, text: Text) -> None:
        """Show what is laid out already."""
        if not self.as_json:
            self.out.print(text, soft_wrap=True)

    def agreed(self, question: str) -> bool:
        """Ask at the terminal; where nobody can answer, nobody has agreed."""
        if self.as_json or not (self.out.is_terminal and sys.stdin.isatty()):
            return False
        return Confirm.ask(escape(question), console=self.out, default=False)

    def table(self, table: Table) -> None:
        """Show a table; on a pipe, as wide as it is."""
        if not self.as_json:
            RichConsole(highlight=False, width=None if self.out.is_terminal else 200).print(table)

    # ------------------------------------------------------------------ events
    def _on_progress(self, stage: str, done: float, total: float, text: str = "") -> None:
        """`done` of `total` units of a stage; a terminal shows a bar with the time left."""
        self.began.setdefault(stage, time.monotonic())
        if not self.out.is_terminal:
            if text:
                self.out.print(f"{stage}: {escape(text)}{self._left(stage, done, total)}")
                sys.stdout.flush()
            return
        if self.progress is None:
            self.progress = Progress(
                TextColumn("{task.description:<9}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"),
                TimeRemainingColumn(), TextColumn("{task.fields[text]}"), console=self.out, transient=True,
            )  # fmt: skip
            self.progress.start()
        if stage not in self.tasks:
            self.tasks[stage] = self.progress.add_task(stage, total=total, text="")
        self.progress.update(self.tasks[stage], completed=done, total=total, text=escape(text))
        if done >= total:
            self.progress.remove_task(self.tasks.pop(stage))
            self.progress.refresh()

    def _left(self, stage: str, done: float, total: float) -> str:
        spent = time.monotonic() - self.began[stage]
        if not 0 < done < total:
            return ""
        left = spent / done * (total - done)
        return f", about {left:.0f} s left" if left < 120 else f", about {left / 60:.0f} min left"

    def _on_shot(self, id: str, scene: str, state: str, seconds: float, note: str = "") -> None:
        colour = {"cached": "dim", "failed": "red", "late": "yellow"}.get(state, "green")
        took = f"{seconds:6.1f} s" if state != "cached" else " " * 8
        self.out.print(f"  [{colour}]{state:<7}[/] {took}  {escape(scene):<18} {escape(id)}  {escape(note)}".rstrip())

    def _on_warning(self, text: str) -> None:
        self.err.print(f"  [yellow]warning[/] {escape(text)}")
