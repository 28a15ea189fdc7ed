"""The samples of a run as a table, as a plot, and against the targets."""
import collections
import math
import statistics

Row = collections.namedtuple("Row", "key title unit")
ROWS = [
    Row("start", "100 workers started, all ready", "ms"),
    Row("restart", "kill -9 → first line of the next", "ms"),
    Row("stop", "100 idle workers stopped", "ms"),
    Row("memory", "private memory of the manager", "KiB"),
    Row("wake_ups", "idle wake-ups of all in 10 s", ""),
]
PROGRAMS, CLASSES = "Lineshaft, programs", "Lineshaft, classes"


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 or value == int(value) else f"{value:.2f}"


def p99(samples):
    return sorted(samples)[min(len(samples) - 1, int(0.99 * len(samples)))]


def cell(samples):
    middle = statistics.median(samples)
    if len(samples) == 1:
        return number(middle)
    return f"{number(middle)} ({number(min(samples))}–{number(max(samples))})"


def markdown(made):
    names = list(made["samples"])
    lines = ["| | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for row in ROWS:
        unit = f", {row.unit}" if row.unit else ""
        lines.append(f"| {row.title}{unit} | " + " | ".join(cell(made["samples"][name][row.key]) for name in names) + " |")
    return "\n".join(lines)


def verdicts(made):
    """The targets of the product, each a ratio of this run."""
    def median(name, key):
        return statistics.median(made["samples"][name][key])

    best_restart = min(median("runit", "restart"), median("s6", "restart"))
    rows = [
        ("start, classes / s6", median(CLASSES, "start") / median("s6", "start"), 0.3),
        ("start, programs / s6", median(PROGRAMS, "start") / median("s6", "start"), 0.5),
        ("restart, classes / best of runit and s6", median(CLASSES, "restart") / best_restart, 0.2),
        ("restart, programs / best of runit and s6", median(PROGRAMS, "restart") / best_restart, 0.6),
        ("restart, classes, p99 / median", p99(made["samples"][CLASSES]["restart"]) / median(CLASSES, "restart"), 2),
        ("restart, programs, p99 / median", p99(made["samples"][PROGRAMS]["restart"]) / median(PROGRAMS, "restart"), 2),
        ("stop, classes / runit", median(CLASSES, "stop") / median("runit", "stop"), 0.5),
        ("stop, programs / runit", median(PROGRAMS, "stop") / median("runit", "stop"), 0.5),
        ("memory, classes / runit", median(CLASSES, "memory") / median("runit", "memory"), 0.5),
        ("memory, programs / runit", median(PROGRAMS, "memory") / median("runit", "memory"), 0.5),
        ("wake-ups, classes", median(CLASSES, "wake_ups"), 0),
        ("wake-ups, programs", median(PROGRAMS, "wake_ups"), 0),
    ]
    # What no supervisor can be faster than.
    floors = [(f"restart, {bare} / best of runit and s6", median(bare, "restart") / best_restart)
              for bare in ("bare fork", "bare exec")]
    return [f"{what:<44} {value:>6.2f}   <= {most}: {'met' if value <= most else 'MISSED'}" for what, value, most in rows] + [
        f"{what:<44} {value:>6.2f}   the kernel alone" for what, value in floors]


BAR, GAP, LABEL, WIDTH, TITLE = 15, 5, 150, 760, 30


def plot(made):
    """One row of bars for each row of the table, each with its own logarithmic scale: the shorter the better."""
    names = list(made["samples"])
    height_of_row = TITLE + len(names) * (BAR + GAP) + 14
    height = 46 + height_of_row * len(ROWS)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
             'font-family="system-ui, sans-serif" font-size="12">',
             f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
             f'<text x="12" y="20" font-size="13" fill="#444">{made["workers"]} workers, medians of {made["rounds"]} rounds, '
             f'{made["cores"]} cores, {made["date"]}; logarithmic, shorter is better</text>']
    for place, row in enumerate(ROWS):
        top = 36 + place * height_of_row
        values = {name: statistics.median(made["samples"][name][row.key]) for name in names}
        least = min((value for value in values.values() if value > 0), default=1)
        span = math.log10(max(values.values()) / least * 2) or 1
        unit = f" [{row.unit}]" if row.unit else ""
        parts.append(f'<text x="12" y="{top + 18}" font-weight="600" fill="#111">{row.title}{unit}</text>')
        for line, name in enumerate(names):
            y = top + TITLE + line * (BAR + GAP)
            value = values[name]
            share = math.log10(value / least * 2) / span if value > 0 else 0
            width = max(2, share * (WIDTH - LABEL - 110))
            colour = "#c2571a" if name.startswith("Lineshaft") else "#8a94a0"
            parts.append(f'<text x="{LABEL - 8}" y="{y + 12}" text-anchor="end" fill="#333">{name}</text>')
            parts.append(f'<rect x="{LABEL}" y="{y}" width="{width:.1f}" height="{BAR}" rx="2" fill="{colour}"/>')
            parts.append(f'<text x="{LABEL + width + 6:.1f}" y="{y + 12}" fill="#333">{number(value)}</text>')
    return "\n".join([*parts, "</svg>", ""])
