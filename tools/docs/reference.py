"""Writes docs/reference: one page for each public header, out of its comments and declarations, the indexes, and the README's example.

reference.py          writes what has changed
reference.py --check  writes nothing; says what is out of date or linked to and missing, and exits with 1 if anything is
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADERS = ROOT / "include" / "lineshaft"
REFERENCE = ROOT / "docs" / "reference"
DECISIONS = ROOT / "docs" / "decisions"
HINT = "./dev exec python3 tools/docs/reference.py"


def opening_comment(lines):
    """What the header says of itself: the comment after #pragma once."""
    text = []
    for line in lines[1:]:
        if not line.startswith("//"):
            break
        text.append(line[2:].strip())
    return text


def inside_namespace(lines):
    """The lines of namespace lineshaft, without the namespaces inside it that are not for users."""
    public, depth = [], 0
    body = lines[lines.index("namespace lineshaft {") + 1:lines.index("}  // namespace lineshaft")]
    for line in body:
        hidden = depth > 0 or re.match(r"namespace (detail|runtime|status) \{", line)
        if hidden:
            depth += line.count("{") - line.count("}")
        else:
            public.append(line)
    return public


def without_private(lines):
    """Cuts the private part of a class, up to its closing brace."""
    kept, private = [], False
    for line in lines:
        if line.strip() in ("private:", "protected:"):
            private = True
            while kept and not kept[-1].strip():
                kept.pop()
        elif line == "};" or line.strip() == "public:":
            private = False
        if not private:
            kept.append(line)
    return kept


def without_member_bodies(lines):
    """Of a function inside a class, what stands before its body."""
    kept, inside = [], False
    for line in lines:
        line = re.sub(r"\s*// NOLINT.*", "", line)
        if inside:
            inside = line != "  }"
        elif re.match(r"  \S.*\(.*\{$", line):
            kept.append(line[:-2] + ";")
            inside = True
        else:
            kept.append(re.sub(r"^(  .*?\)(?: const)?(?: noexcept)?)(?: : .*)? \{.*\}$", r"\1;", line))
    return kept


def blocks_of(lines):
    """Declarations with the comments in front of them: what is between blank lines outside of any brace."""
    block, depth = [], 0
    for line in [*lines, ""]:
        if line or depth:
            block.append(line)
        elif block:
            yield block
            block = []
        code = line.split("//")[0]
        depth += code.count("{") - code.count("}")


def is_forward(block):
    return all(re.match(r"(class|struct|enum class) [\w: ]+;$", line) for line in block)


def without_body(code):
    """A function outside of a class is shown up to its body."""
    if any(re.match(r"(class|struct|enum|namespace|template <> struct)\b", line) for line in code) or code[-1] != "}":
        return code
    for place, line in enumerate(code):
        if line.endswith("{"):
            return [*code[:place], line[:-1].rstrip() + ";"]
    return code


def render_block(block):
    comment = []
    while block and block[0].startswith("//"):
        comment.append(block.pop(0).lstrip("/").strip())
    code = without_body(without_member_bodies(without_private(block)))
    prose = [*comment, ""] if comment else []
    return [*prose, "```cpp", *code, "```", ""] if code else prose


def page(header):
    lines = header.read_text().splitlines()
    out = [f"# `<lineshaft/{header.name}>`", "", *opening_comment(lines), ""]
    if "namespace lineshaft {" in lines:
        for block in blocks_of(inside_namespace(lines)):
            if not is_forward(block):
                out += render_block(block)
    else:
        out += ["```cpp", *(re.sub(r"\s*// IWYU.*", "", line) for line in lines if line.startswith("#include")), "```", ""]
    return "\n".join([*out, f"*Made from `include/lineshaft/{header.name}` by `tools/docs/reference.py`.*", ""])


def index_of_reference(headers):
    rows = ["# Reference", "", "Public headers. `<lineshaft/lineshaft.hpp>` includes what a program and its workers "
            "need; a worker with queues,", "caches or feeds includes `queue.hpp`, `cache.hpp` or `feed.hpp` beside it.", "", "| header | |", "|---|---|"]
    for header in headers:
        first = " ".join(opening_comment(header.read_text().splitlines())).split(". ")[0].rstrip(".")
        rows.append(f"| [{header.name}]({header.stem}.md) | {first} |")
    rows += ["", "Beside them:", ""]
    made = {header.stem for header in headers} | {"README"}
    for other in sorted(REFERENCE.glob("*.md")):
        if other.stem not in made:
            rows.append(f"- [{other.read_text().splitlines()[0].lstrip('# ')}]({other.name})")
    return "\n".join([*rows, ""])


def index_of_decisions():
    rows = ["# Decisions", "", "One page each: what was decided, why, what would change it. A decision is recorded where a "
            "reader of the code", 'would ask "why like this?". It is changed by changing its page; what it said before is in '
            "the history.", ""]
    for decision in sorted(DECISIONS.glob("[0-9]*.md")):
        number, title = decision.read_text().splitlines()[0].lstrip("# ").split(": ", 1)
        rows.append(f"- [{number}]({decision.name}) {title}")
    return "\n".join([*rows, ""])


def with_included(text):
    """A code block after <!-- PATH --> is that file."""
    return re.sub(r"(<!-- (\S+) -->\n```\w*\n).*?```\n", lambda found: found[1] + (ROOT / found[2]).read_text() + "```\n", text,
                  flags=re.DOTALL)


def broken_links():
    """Links to a file that is not there, from any page of the project's own."""
    for source in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", source.read_text()):
            if not (source.parent / target).exists():
                yield f"{source.relative_to(ROOT)} has a link to {target}, which is not there"


def main():
    headers = sorted(HEADERS.glob("*.hpp"))
    pages = {REFERENCE / f"{header.stem}.md": page(header) for header in headers}
    pages[REFERENCE / "README.md"] = index_of_reference(headers)
    pages[DECISIONS / "README.md"] = index_of_decisions()
    pages[ROOT / "README.md"] = with_included((ROOT / "README.md").read_text())
    stale = [path for path, text in pages.items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} does not say what the sources say; {HINT} writes it anew")
        broken = list(broken_links())
        for line in broken:
            print(line)
        return 1 if stale or broken else 0
    for path in stale:
        path.write_text(pages[path])
    return 0


if __name__ == "__main__":
    sys.exit(main())
