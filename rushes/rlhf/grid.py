"""A grid world drawn with characters: floor, a start, an off switch, and other places to end in. No torch, no numpy.

    read_grid("####b\ns.x..\n####a")      # s start, x off switch, a-z but those two: places, # and blanks: nothing

An agent moves to one of the four cells beside its own; the switch and the places end its episode.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cached_property

from rushes.errors import RushesError

__all__ = ["Cell", "Grid", "read_grid"]

Cell = tuple[int, int]
"""Row and column, from the top left."""
START, SWITCH, FLOOR, NOTHING = "s", "x", ".", "# "
MOVES = ((0, 1), (-1, 0), (1, 0), (0, -1))


@dataclass(frozen=True)
class Grid:
    """Where an agent may be, and where its episode ends."""

    cells: tuple[Cell, ...]
    start: Cell
    ends: tuple[tuple[str, Cell], ...]
    """Name and cell of the switch, and then of the places by name."""

    def beside(self, cell: Cell) -> tuple[Cell, ...]:
        """The cells that one move leads to."""
        row, column = cell
        return tuple(c for dy, dx in MOVES if (c := (row + dy, column + dx)) in self._known)

    @cached_property
    def _known(self) -> frozenset[Cell]:
        return frozenset(self.cells)

    @cached_property
    def paths(self) -> dict[str, tuple[Cell, ...]]:
        """A shortest path from the start to each end that can be reached, both among its cells."""
        before: dict[Cell, Cell] = {self.start: self.start}
        final = {cell for _, cell in self.ends}
        waiting = deque([self.start])
        while waiting:
            cell = waiting.popleft()
            for there in self.beside(cell):
                if there not in before:
                    before[there] = cell
                    if there not in final:  # nobody walks on from there
                        waiting.append(there)
        return {name: _back(before, cell) for name, cell in self.ends if cell in before}


def _back(before: dict[Cell, Cell], cell: Cell) -> tuple[Cell, ...]:
    path = [cell]
    while before[path[-1]] != path[-1]:
        path.append(before[path[-1]])
    return tuple(reversed(path))


def read_grid(text: str) -> Grid:
    """The grid that a map draws.

    Raises:
        RushesError: there is not one start or not one switch, no other place, one twice, or one that is never reached.
    """
    drawn = [(mark, (y, x)) for y, line in enumerate(text.splitlines()) for x, mark in enumerate(line)]
    drawn = [(mark, cell) for mark, cell in drawn if mark not in NOTHING]
    for mark, cell in drawn:
        if mark != FLOOR and not (mark.isascii() and mark.islower()):
            raise RushesError(
                f"the map has '{mark}' in line {cell[0] + 1}\n  a map is drawn with # . s x and small letters"
            )
    marks = [mark for mark, _ in drawn if mark != FLOOR]
    for mark, name in ((START, "start"), (SWITCH, "off switch")):
        if marks.count(mark) != 1:
            raise RushesError(f"the map has {marks.count(mark)} cells '{mark}'\n  draw one: it is the {name}")
    places = sorted(mark for mark in marks if mark not in (START, SWITCH))
    if not places:
        raise RushesError("the map has no place but the off switch\n  draw places to end in with a, b, c, …")
    if twice := next((mark for mark in places if places.count(mark) > 1), ""):
        raise RushesError(f"the map has the place '{twice}' twice\n  give each place a letter of its own")
    at = {mark: cell for mark, cell in drawn if mark != FLOOR}
    ends = tuple((mark, at[mark]) for mark in (SWITCH, *places))
    grid = Grid(tuple(cell for _, cell in drawn), at[START], ends)
    if lost := [name for name, _ in ends if name not in grid.paths]:
        raise RushesError(f"nobody gets to '{lost[0]}' of the map\n  an agent walks from s over . and ends at a letter")
    return grid
