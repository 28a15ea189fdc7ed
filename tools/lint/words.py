"""What no file of the project holds: work without an issue, a registry's address, a path of somebody's machine."""
import re

from project import Finding

RULES = (
    (re.compile(r"\b(TODO|FIXME|XXX)\b(?!.*(?:issue |#)\d+)"), "work left to do names its issue"),
    (re.compile(r"https?://[^\s\"')]*(?:registry\.npmjs|deb\.debian\.org|archive\.ubuntu|/pypi|proxy\.golang|artifactory|nexus)",
                re.I), "the address of a registry or mirror: the machine's own configuration knows it"),
    (re.compile(r"(?<![\w.$}/-])/(?:home|Users)/[a-z_][\w-]*/|(?<![\w.$}/-])/(?:root|work|mnt)/[\w.-]+"), "a path of one machine"),
)
# This file spells the rules out, and its tests seed what they find.
EXEMPT = ("tools/lint/words.py", "tests/lint/")


def check(project):
    for name in project.text_files():
        if name.startswith(EXEMPT):
            continue
        for number, line in enumerate(project.lines(name), 1):
            for pattern, text in RULES:
                if pattern.search(line):
                    yield Finding(name, number, text)
