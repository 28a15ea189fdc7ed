"""clang-format changes nothing."""
import re
import subprocess

from project import Finding

COMMAND = ["clang-format-19", "--dry-run", "-Werror"]


def check(project):
    names = project.sources()
    if not names:
        return
    done = subprocess.run(COMMAND + names, cwd=project.root, capture_output=True, text=True)
    first = {}
    for match in re.finditer(r"^(.+?):(\d+):\d+: error: ", done.stderr, re.M):
        first.setdefault(match[1], int(match[2]))
    for name, line in sorted(first.items()):
        yield Finding(name, line, f"not formatted: clang-format-19 -i {name}")
    if done.returncode != 0 and not first:
        yield Finding(".clang-format", 1, done.stderr.strip())
