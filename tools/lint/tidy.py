"""clang-tidy, with the checks of .clang-tidy, on everything but the tests, which are short and many: of them the support."""
import json
import os
import re

from commands import run_each
from headers import FLAGS
from project import Finding

FOLDERS = ("src", "connectors", "examples", "bench")
# Of the headers only those that no source above includes: the others are looked at where they are included.
HEADERS = ("tests/support",)
TOOL = ["clang-tidy-19", "--quiet"]


def findings(project, output):
    """clang-tidy names files as the compiler was given them: whole, or from the build folder."""
    for path, line, text in re.findall(r"^([^\s:]+):(\d+):\d+: error: (.*)$", output, re.M):
        yield Finding(os.path.relpath(os.path.join(project.root, "build", path), project.root), int(line), text)


def compile_commands(project):
    """How each source is compiled, by its name."""
    with open(project.path(os.path.join("build", "compile_commands.json")), encoding="utf-8") as file:
        return {os.path.relpath(os.path.join(entry["directory"], entry["file"]), project.root): entry["command"]
                for entry in json.load(file)}


def check(project):
    if not os.path.exists(project.path(os.path.join("build", "compile_commands.json"))):
        yield Finding("build/compile_commands.json", 1, "not there: ./dev build makes it")
        return
    compiled = compile_commands(project)
    with open(project.path(".clang-tidy"), encoding="utf-8") as file:
        rules = file.read()
    sources = [name for name in project.files(FOLDERS, (".cpp",)) if name in compiled]
    headers = project.files(HEADERS, (".hpp",))

    def command_of(name):
        return TOOL + ([name, "--", *FLAGS] if name in headers else ["-p", "build", name])

    # What a verdict depends on: the rules and how the file is compiled; `run_each` adds what it includes.
    yield from run_each(project, lambda name: ("tidy", rules, compiled.get(name)), sources + headers, command_of,
                        lambda name, output: list(findings(project, output)))
