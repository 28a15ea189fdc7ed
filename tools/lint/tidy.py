"""clang-tidy, with the checks of .clang-tidy, on decisions and system calls: the other folders have not been gone through yet."""
import json
import os
import re

from commands import run_each
from project import Finding

FOLDERS = ("src/base", "src/policy", "src/sys")


def findings(project, output):
    """clang-tidy names files as the compiler was given them: whole, or from the build folder."""
    for path, line, text in re.findall(r"^([^\s:]+):(\d+):\d+: error: (.*)$", output, re.M):
        yield Finding(os.path.relpath(os.path.join(project.root, "build", path), project.root), int(line), text)


def check(project):
    database = project.path(os.path.join("build", "compile_commands.json"))
    if not os.path.exists(database):
        yield Finding("build/compile_commands.json", 1, "not there: ./dev build makes it")
        return
    with open(database, encoding="utf-8") as file:
        known = {os.path.relpath(os.path.join(entry["directory"], entry["file"]), project.root) for entry in json.load(file)}
    with open(project.path(".clang-tidy"), encoding="utf-8") as file:
        rules = file.read()
    names = [name for name in project.files(FOLDERS, (".cpp",)) if name in known]
    yield from run_each(project, "tidy " + rules, names, lambda name: ["clang-tidy-19", "-p", "build", "--quiet", name],
                        lambda name, output: list(findings(project, output)))
