"""Every header compiles by itself."""
import re

from commands import run_each
from project import Finding

FLAGS = ["-std=c++23", "-fsyntax-only", "-x", "c++", "-I", "include", "-I", "src", "-I", "connectors", "-I", "examples",
         "-I", "tests", "-I", "tests/unit", "-D", "HAVE_ABSEIL", "-D", "OPENTELEMETRY_ABI_VERSION_NO=1",
         "-D", 'LINESHAFT_VERSION=""']


def errors(name, output):
    match = re.search(r"^([^\s:]+):(\d+):\d+: (?:fatal )?error: (.*)$", output, re.M)
    return [Finding(name, 1, f"does not compile by itself: {match[1]}:{match[2]}: {match[3]}")] if match else []


def check(project):
    names = [name for name in project.sources() if name.endswith(".hpp")]
    for name in names:
        if "#pragma once" not in project.lines(name):
            yield Finding(name, 1, "has no #pragma once")
    yield from run_each(project, lambda name: "headers", names, lambda name: ["g++", *FLAGS, name], errors)
