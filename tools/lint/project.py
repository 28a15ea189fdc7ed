"""The files of the project, and what a check says about them."""
import os
import re
from dataclasses import dataclass

FOLDERS = ("include", "src", "connectors", "examples", "tests", "bench")
TEXT_FOLDERS = FOLDERS + ("cmake", "docs", "tools", "packaging", ".ci")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


@dataclass(frozen=True, order=True)
class Finding:
    path: str
    line: int
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}"


class Project:
    def __init__(self, root):
        self.root = os.path.abspath(root)
        self._lines = {}

    def path(self, name):
        return os.path.join(self.root, name)

    def lines(self, name):
        if name not in self._lines:
            with open(self.path(name), encoding="utf-8", errors="replace") as file:
                self._lines[name] = file.read().split("\n")
        return self._lines[name]

    def files(self, folders, suffixes=None):
        """Names below the folders, relative to the root and sorted; a folder may be missing."""
        found = []
        for folder in folders:
            for where, below, names in os.walk(self.path(folder)):
                below[:] = [name for name in below if name not in ("node_modules", "__pycache__")]
                found += [os.path.relpath(os.path.join(where, name), self.root) for name in names
                          if suffixes is None or name.endswith(suffixes)]
        return sorted(found)

    def sources(self):
        return self.files(FOLDERS, (".hpp", ".cpp"))

    def text_files(self):
        top = [name for name in os.listdir(self.root)
               if os.path.isfile(self.path(name)) and name != ".git"]
        return sorted(top) + self.files(TEXT_FOLDERS, (".hpp", ".cpp", ".py", ".sh", ".pl", ".md", ".txt", ".cmake", ".in",
                                                       "run", ".json", ".toml"))

    def includes(self, name):
        """(line number, "<" or '"', what is included) of each #include."""
        for number, line in enumerate(self.lines(name), 1):
            if match := INCLUDE.match(line):
                yield number, match[1], match[2]

    def resolve(self, name, included):
        """The project's own file that an #include means, or None where it is somebody else's."""
        for folder in (os.path.dirname(name), "include", "src", "connectors", "examples", "tests"):
            candidate = os.path.normpath(os.path.join(folder, included))
            if os.path.isfile(self.path(candidate)):
                return candidate
        return None

    def closure(self, name):
        """The file and every file of the project that it includes, directly or not."""
        seen, open_ = set(), [name]
        while open_:
            current = open_.pop()
            if current in seen:
                continue
            seen.add(current)
            open_ += [found for _, _, what in self.includes(current) if (found := self.resolve(current, what))]
        return sorted(seen)
