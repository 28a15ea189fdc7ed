"""Everything a machine can say about the source before a person reads it.

usage: lint.py [--root FOLDER] [CHECK…]
"""
import os
import sys
import time

import arrows
import clocks
import formatting
import headers
import sizes
import tidy
import words
from project import Project

CHECKS = {"words": words, "clocks": clocks, "arrows": arrows, "sizes": sizes, "format": formatting, "headers": headers, "tidy": tidy}


def main(arguments):
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    if arguments[:1] == ["--root"]:
        root, arguments = arguments[1], arguments[2:]
    unknown = [name for name in arguments if name not in CHECKS]
    if unknown:
        print(f"lint: there is no check {unknown[0]}; there are: {' '.join(CHECKS)}", file=sys.stderr)
        return 2
    project, failed = Project(root), 0
    for name in arguments or CHECKS:
        print(f"==> {name}", flush=True)
        began = time.monotonic()
        found = sorted(set(CHECKS[name].check(project)))
        for finding in found:
            print(f"  {finding}")
        failed += len(found)
        print(f"  {'nothing found' if not found else f'{len(found)} found'} ({time.monotonic() - began:.1f} s)", flush=True)
    print(f"lint: {failed} found" if failed else "lint: all clean")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
