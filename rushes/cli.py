"""The command line: reads what is asked for, does it, and says what went wrong.

`options.py` has what can be typed, `commands/` what is done.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rushes.console import Console
from rushes.errors import RushesError, ScriptError
from rushes.options import read_options

__all__ = ["main"]


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
        except KeyboardInterrupt:
            print("\nstopped; what was finished is kept, and the same command goes on from there", file=sys.stderr)
            return 130


if __name__ == "__main__":
    sys.exit(main())
