"""No test says how fast something is: on a busy machine that fails without a fault. What must not take long is told by what
happened (a reason, a count, who was killed); figures belong into bench/. That something has waited at least so long may be said."""
import re

from project import Finding

ELAPSED = r"(?:clock::now\(\)\s*-|\btook(?:_ms)?\b|\belapsed\b|\w+_since\(|monotonic(?:_ns)?\(\)\s*-|perf_counter\(\)\s*-|time\(\)\s*-)"
AT_MOST = re.compile(rf"(?:EXPECT|ASSERT)_(?:LT|LE|NEAR)\(.*{ELAPSED}"
                     rf"|(?:EXPECT|ASSERT)_TRUE\(.*{ELAPSED}.*<"
                     rf"|EXPECT_THAT\(.*{ELAPSED}.*\b(?:Lt|Le|AllOf)\("
                     rf"|assertLess(?:Equal)?\(.*{ELAPSED}"
                     rf"|\bassert\b.*{ELAPSED}.*<", re.S)
BEGINS = re.compile(r"\b(?:EXPECT|ASSERT)_\w+\(|\bassert")
LONGEST = 6  # lines of one statement


def check(project):
    for name in project.text_files():
        if not name.startswith("tests/") or name.startswith(("tests/soak/", "tests/lint/")):
            continue
        lines = project.lines(name)
        for number, line in enumerate(lines, 1):
            if not BEGINS.search(line):
                continue
            statement = "\n".join(lines[number - 1:number - 1 + LONGEST])
            if name.endswith((".cpp", ".hpp")):
                statement = statement[:statement.find(";")]
            else:
                statement = line
            if AT_MOST.search(statement):
                yield Finding(name, number, "a test that says how fast something is fails on a busy machine")
