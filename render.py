"""`python render.py script.md`: make a script's film. The same as `rushes film script.md`."""

import sys

from rushes.cli import main

if __name__ == "__main__":
    sys.exit(main(["film", *sys.argv[1:]]))
