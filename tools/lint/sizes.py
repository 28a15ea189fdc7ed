"""Sizes of files and functions: printed as numbers, and failing at the limits of the house style."""
import re

from project import Finding

FILE_LIMIT, FUNCTION_LIMIT = 500, 80
SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b")
BLANKED = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\((?:.*?)\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-zA-Z])\'(?:\\.|[^\'\\\n])+\'', re.S)


def blank(text):
    """The text without comments and literals, on the same lines."""
    return BLANKED.sub(lambda match: "\n" * match[0].count("\n"), text)


def functions(text):
    """(first line, number of lines) of each function definition that is not inside another one."""
    text = re.sub(r"^[ \t]*#.*$", "", blank(text), flags=re.M)
    head, head_line, line, parentheses, blocks = "", 1, 1, 0, []
    for character in text:
        if character == "\n":
            line += 1
        if character == "(":
            parentheses += 1
        elif character == ")":
            parentheses -= 1
        if character == "{" and parentheses == 0:
            blocks.append((kind_of(head, blocks), head_line))
            head = ""
        elif character == "}" and parentheses == 0 and blocks:
            kind, began = blocks.pop()
            if kind == "function":
                yield began, line - began + 1
            head = ""
        elif character == ";" and parentheses == 0:
            head = ""
        else:
            if not head.strip() and not character.isspace():
                head_line = line
            head += character


def kind_of(head, blocks):
    if blocks and blocks[-1][0] != "scope":
        return "inner"
    if "(" not in head and SCOPE.search(head):
        return "scope"
    return "function" if "(" in head and not head.rstrip().endswith("=") else "inner"


def spread(numbers):
    numbers = sorted(numbers) or [0]
    return f"median {numbers[len(numbers) // 2]}, p90 {numbers[int(len(numbers) * 0.9)]}, max {numbers[-1]}"


def check(project):
    files, lengths = [], []
    for name in project.sources():
        size = len(project.lines(name)) - 1
        files.append(size)
        if size > FILE_LIMIT:
            yield Finding(name, 1, f"{size} lines: no file has more than {FILE_LIMIT}")
        for line, length in functions("\n".join(project.lines(name))):
            lengths.append(length)
            if length > FUNCTION_LIMIT:
                yield Finding(name, line, f"a function of {length} lines: none has more than {FUNCTION_LIMIT}")
    print(f"  files:     {len(files):5d}   lines: {spread(files)}")
    print(f"  functions: {len(lengths):5d}   lines: {spread(lengths)}")
