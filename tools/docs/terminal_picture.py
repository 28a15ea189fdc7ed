"""A screen as tmux gives it (`capture-pane -e -p`) on standard input, as an SVG on standard output: pictures for the docs."""
import html
import re
import sys

WIDTH, HEIGHT, MARGIN = 8.4, 18, 14  # of a letter, of a line, around all
COLOURS = {"31": "#f47067", "32": "#6bc46d", "33": "#daaa3f", "34": "#6cb6ff", "35": "#dcbdfb", "36": "#76e3ea"}
FRONT, BACK = "#d5dbe1", "#1c2128"


def runs(line):
    """Pieces of a line that look alike: (text, colour, bold, dim, inverted)."""
    look = {"colour": None, "bold": False, "dim": False, "inverted": False}
    for piece in re.split(r"(\x1b\[[0-9;]*m)", line):
        if not piece.startswith("\x1b"):
            if piece:
                yield piece, *look.values()
            continue
        for code in piece[2:-1].split(";"):
            if code in ("", "0"):
                look = {"colour": None, "bold": False, "dim": False, "inverted": False}
            elif code in COLOURS or code == "39":
                look["colour"] = COLOURS.get(code)
            elif code == "22":
                look |= {"bold": False, "dim": False}
            elif code in ("1", "2", "7", "27"):
                look[{"1": "bold", "2": "dim"}.get(code, "inverted")] = code != "27"


def picture(screen):
    lines = screen.rstrip("\n").split("\n")
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines]
    width = max(map(len, plain)) * WIDTH + 2 * MARGIN
    height = len(lines) * HEIGHT + 2 * MARGIN
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" font-size="14" '
           'font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace">',
           f'<rect width="100%" height="100%" rx="8" fill="{BACK}"/>']
    for row, line in enumerate(lines):
        column, y = 0, MARGIN + row * HEIGHT
        for text, colour, bold, dim, inverted in runs(line):
            x = MARGIN + column * WIDTH
            front = colour or FRONT
            if inverted:
                out.append(f'<rect x="{x:.1f}" y="{y}" width="{len(text) * WIDTH:.1f}" height="{HEIGHT}" fill="{front}"/>')
                front = BACK
            if text.strip():
                style = ' font-weight="bold"' if bold else ' opacity="0.6"' if dim else ""
                out.append(f'<text x="{x:.1f}" y="{y + 13}" fill="{front}" textLength="{len(text) * WIDTH:.1f}" '
                           f'xml:space="preserve"{style}>{html.escape(text)}</text>')
            column += len(text)
    return "\n".join([*out, "</svg>", ""])


if __name__ == "__main__":
    sys.stdout.write(picture(sys.stdin.read()))
