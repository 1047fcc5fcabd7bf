"""The command line: reads what is asked for, does it, and says what went wrong.

`options.py` has what can be typed, `commands/` what is done.
"""

from __future__ import annotations

import argparse
import errno
import sys
from collections.abc import Sequence
from pathlib import Path

from rushes.console import Console
from rushes.errors import RushesError, ScriptError
from rushes.options import read_options

__all__ = ["main"]

FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; 0 if it went well, 1 if an author can mend it, 130 if interrupted."""
    options = read_options(argv)
    with Console(as_json=getattr(options, "json", False)) as console:
        try:
            return int(options.run(options, console))
        except ScriptError as error:
            console.findings(tuple(error.findings))
            count = len(error.findings)
            console.event("failed", errors=count)
            console.say(f"{count} error{'s' if count > 1 else ''}; nothing was made")
            return 1
        except RushesError as error:
            if console.as_json:
                console.event("failed", message=str(error))
            else:
                print(error, file=sys.stderr)
            return 1
        except OSError as error:
            if error.errno not in FORBIDDEN or not isinstance(error.filename, str | Path):
                raise
            if console.as_json:
                console.event("failed", message=_forbidden(error, options))
            else:
                print(_forbidden(error, options), file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print("\nstopped; what was finished is kept, and the same command goes on from there", file=sys.stderr)
            return 130


def _forbidden(error: OSError, options: argparse.Namespace) -> str:
    """What may not be read or written; what we write is named after its folder, as it has a name for the time being."""
    from rushes.house import House

    path = Path(error.filename)
    where = path.parent if path.name.startswith(".") else path
    elsewhere = ""
    if "into" in options:
        elsewhere = ", or write it elsewhere: --into FOLDER"
    elif "build" in options and _meet(where, House(build=options.build).out):
        elsewhere = ", or make the film elsewhere: --build FOLDER"
    return f"{where}: {(error.strerror or 'permission denied').lower()}\n  let yourself read and write there{elsewhere}"


def _meet(one: Path, other: Path) -> bool:
    """Whether one of two folders is inside the other, or both are the same."""
    one, other = one.absolute(), other.absolute()
    return one.is_relative_to(other) or other.is_relative_to(one)


if __name__ == "__main__":
    sys.exit(main())
