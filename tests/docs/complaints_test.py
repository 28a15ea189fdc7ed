"""Each complaint of docs/explanation/complaints.md names tests that there are, and none of the forty is forgotten."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "explanation" / "complaints.md"


def names_of_tests():
    names = set()
    for file in (ROOT / "tests").rglob("*"):
        if file.suffix == ".cpp":
            names.update(re.findall(r"^TEST(?:_F|_P)?\(\w+,\s*(\w+)\)", file.read_text(encoding="utf-8"), re.M))
        elif file.name == "CMakeLists.txt":
            names.update(re.findall(r"add_test\(NAME ([\w.]+)", file.read_text(encoding="utf-8")))
    return names


def main():
    page = PAGE.read_text(encoding="utf-8")
    known, wrong = names_of_tests(), []
    numbers = {int(number) for number in re.findall(r"^(?:\| )?(\d+)[ ,]", page, re.M)}
    wrong += [f"nothing is said of complaint {number}" for number in range(1, 41) if number not in numbers]
    for row in re.findall(r"^\| \d+ \|.*$", page, re.M):
        tests = re.findall(r"`([\w.]+)`", row.rsplit("|", 2)[1])
        wrong += [f"there is no test {name}" for name in tests if name not in known] or ([] if tests else [f"no test: {row}"])
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
