"""A violation of each kind, seeded into a small tree, is found where it is; the same tree without it is clean."""
import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tools", "lint"))

import arrows  # noqa: E402
import clocks  # noqa: E402
import formatting  # noqa: E402
import headers  # noqa: E402
import lint  # noqa: E402
import sizes  # noqa: E402
import tidy  # noqa: E402
import words  # noqa: E402
from project import Project  # noqa: E402

CLEAN = {
    "src/sys/clone.cpp": '#include "sys/clone.hpp"\n\n#include <sys/wait.h>\n',
    "src/sys/clone.hpp": "#pragma once\nint clone_it();\n",
    "src/policy/restart.cpp": "#include <sys/types.h>\n\nint judge(int deaths) { return deaths + 1; }\n",
    "include/lineshaft/error.hpp": "#pragma once\n#include <string>\nstd::string text();\n",
}


def found(check, files):
    """What a check says about the clean tree with these files in it, as (path, line, text)."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {**CLEAN, **files}.items():
            os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        for name in (".clang-format", ".clang-tidy"):
            shutil.copy(os.path.join(ROOT, name), folder)
        database = [{"directory": os.path.join(folder, "build"), "file": "../" + name, "command": f"g++ -I../src -c ../{name}"}
                    for name in {**CLEAN, **files} if name.endswith(".cpp")]
        os.makedirs(os.path.join(folder, "build"))
        with open(os.path.join(folder, "build", "compile_commands.json"), "w", encoding="utf-8") as file:
            json.dump(database, file)
        with contextlib.redirect_stdout(io.StringIO()):
            return [(finding.path, finding.line, finding.text) for finding in check.check(Project(folder))]


def function_of(lines):
    return "int f() {\n" + "  g();\n" * (lines - 2) + "}\n"


class Lint(unittest.TestCase):
    def assert_finds(self, check, name, text, line, says):
        seen = found(check, {name: text})
        self.assertEqual([(name, line)], [(path, number) for path, number, _ in seen], seen)
        self.assertIn(says, seen[0][2])

    def test_a_clean_tree_is_clean(self):
        for name, check in lint.CHECKS.items():
            self.assertEqual([], found(check, {}), name)

    def test_arrows(self):
        for name, text, says in (
                ("src/policy/life.cpp", '#include "supervisor/reaper.hpp"\n', "src/policy may not include src/supervisor"),
                ("src/policy/life.cpp", "#include <boost/asio/post.hpp>\n", "may not see Boost.Asio"),
                ("src/status/json.cpp", '#include "boost/asio/post.hpp"\n', "may not see Boost.Asio"),
                ("src/forkserver/host.cpp", "#include <boost/asio/io_context.hpp>\n", "may not see Boost.Asio"),
                ("src/worker/life.cpp", "#include <sys/mman.h>\n", "belongs to src/sys alone"),
                ("src/channel/packet.cpp", "  #  include <linux/futex.h>\n", "belongs to src/sys alone"),
                ("src/worker/life.cpp", "#include <opentelemetry/context/context.h>\n", "may not see OpenTelemetry"),
                ("src/new/thing.cpp", '#include "lineshaft/error.hpp"\n', "not in the table"),
                ("connectors/local/queue.cpp", '#include "base/expects.hpp"\n', "public headers only"),
                ("examples/hello/main.cpp", '#include "sys/clone.hpp"\n', "public headers only"),
                ("include/lineshaft/host.hpp", '#include "local/queue.hpp"\n', "a public header may not include")):
            with self.subTest(name=name, text=text):
                self.assert_finds(arrows, name, text, 1, says)

    def test_clocks(self):
        for text in ("  EXPECT_LT(steady_clock::now() - began, 100ms);", "  ASSERT_LE(outcome.took, 2s) << name;",
                     "  EXPECT_LT(\n      took_ms,\n      9000);", "  EXPECT_TRUE(clock::now() - began < 1s);",
                     "  EXPECT_THAT(outcome.took, AllOf(Ge(1s), Lt(2s)));", "  EXPECT_NEAR(took, 100, 10);"):
            self.assert_finds(clocks, "tests/process/a_test.cpp", "int a;\n" + text + "\n", 2, "on a busy machine")
        for text in ("self.assertLess(time.monotonic() - began, 5)", "assert time.time() - began < 5"):
            self.assert_finds(clocks, "tests/cli/a_test.py", text + "\n", 1, "on a busy machine")
        self.assertEqual([], found(clocks, {
            "tests/process/a_test.cpp": "  EXPECT_GE(outcome.took, 100ms);\n  EXPECT_LT(a, b);\n  auto took = f();\n",
            "tests/soak/main.cpp": "  EXPECT_LT(took, 5s);\n", "bench/a.cpp": "  EXPECT_LT(took, 5s);\n",
            "tests/cli/a_test.py": "self.assertLess(1, 2)\nbegan = time.monotonic()\n"}))

    def test_words(self):
        for text, says in (
                ("// TODO: later\n", "names its issue"),
                ("// FIXME\n", "names its issue"),
                ("// from https://registry.npmjs.org/x\n", "registry"),
                ("// see http://deb.debian.org/debian\n", "registry"),
                ("// as in /home/anna/src/x\n", "one machine"),
                ('auto path = "/work/main/build";\n', "one machine")):
            with self.subTest(text=text):
                self.assert_finds(words, "src/sys/wait.cpp", "int a;\n" + text, 2, says)
        self.assertEqual([], found(words, {"src/sys/wait.cpp": "// TODO(issue 12): the rest\n// build/work/x, $HOME/mnt/y\n"}))

    def test_sizes(self):
        self.assert_finds(sizes, "src/sys/big.cpp", "int a;\n" * 501, 1, "501 lines")
        self.assertEqual([], found(sizes, {"src/sys/big.cpp": "int a;\n" * 500}))
        self.assert_finds(sizes, "src/sys/long.cpp", "namespace a {\n" + function_of(81) + "}\n", 2, "81 lines")
        self.assertEqual([], found(sizes, {"src/sys/long.cpp": function_of(80)}))

    def test_functions_are_told_from_what_looks_like_them(self):
        for text, lengths in (
                ("struct a {\n  int b = 1;\n};\n", []),
                ("struct a {\n  int b() {\n    return 1;\n  }\n};\n", [3]),
                ('void f() {\n  auto g = [] {\n  };\n  h("}");  // }\n}\n', [5]),
                ("#define F(x) {\nvoid f(int a,\n       int b) {\n}\n", [3]),
                ("constexpr int table[] = {\n  f(1),\n};\n", []),
                ("int n = 1'000'000;\nvoid f() {\n}\n", [2])):
            with self.subTest(text=text):
                self.assertEqual(lengths, [length for _, length in sizes.functions(text)])

    def test_format(self):
        self.assert_finds(formatting, "src/sys/wait.cpp", "int a;\nint  b;\n", 2, "not formatted")

    def test_headers(self):
        self.assert_finds(headers, "src/sys/wait.hpp", "#pragma once\nstd::string s();\n", 1, "does not compile by itself")
        self.assert_finds(headers, "src/sys/wait.hpp", "int s();\n", 1, "no #pragma once")

    def test_tidy(self):
        self.assert_finds(tidy, "src/sys/wait.cpp", "struct thing {};\nint BadName() { return 1; }\n", 2, "readability-identifier-naming")
        self.assert_finds(tidy, "src/sys/wait.cpp", "int f(int a) {\n  if (a > 1);\n  return a;\n}\n", 2, "bugprone-suspicious-semicolon")

    def test_tidy_looks_into_headers(self):
        self.assert_finds(tidy, "tests/support/wait.hpp", "#pragma once\ninline int BadName() { return 1; }\n", 2,
                          "readability-identifier-naming")
        seen = found(tidy, {"src/sys/clone.hpp": "#pragma once\ninline int BadName() { return 1; }\n"})
        self.assertEqual([("src/sys/clone.hpp", 2)], [(path, line) for path, line, _ in seen])

    def test_tidy_remembers_what_passed_until_something_changes_that_its_verdict_depends_on(self):
        with tempfile.TemporaryDirectory() as folder:
            for where in ("src/sys", "build"):
                os.makedirs(os.path.join(folder, where))

            def write(name, text):
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write(text)

            def compiled_with(flags):
                write("build/compile_commands.json", json.dumps([{
                    "directory": os.path.join(folder, "build"), "file": "../src/sys/a.cpp",
                    "command": f"g++ -I../src {flags} -c ../src/sys/a.cpp"}]))

            def looked_at():
                """The findings, and whether clang-tidy ran at all."""
                before = set(os.listdir(os.path.join(folder, "build", "lint"))) if os.path.isdir(os.path.join(folder, "build", "lint")) else set()
                seen = [(finding.path, finding.line) for finding in tidy.check(Project(folder))]
                return seen, set(os.listdir(os.path.join(folder, "build", "lint"))) != before
            shutil.copy(os.path.join(ROOT, ".clang-tidy"), folder)
            write("src/sys/b.hpp", "#pragma once\nint one();\n")
            write("src/sys/a.cpp", '#include "sys/b.hpp"\n#ifdef BAD\nint BadName() { return 1; }\n#endif\n')
            compiled_with("")
            self.assertEqual(([], True), looked_at())
            self.assertEqual(([], False), looked_at())
            write("src/sys/b.hpp", "#pragma once\ninline int WorseName() { return 1; }\n")
            self.assertEqual([("src/sys/b.hpp", 2)], looked_at()[0])
            self.assertEqual([("src/sys/b.hpp", 2)], looked_at()[0], "what did not pass is not remembered")
            write("src/sys/b.hpp", "#pragma once\nint one();\n")
            self.assertEqual(([], False), looked_at())
            compiled_with("-DBAD")
            self.assertEqual([("src/sys/a.cpp", 3)], looked_at()[0])
            compiled_with("")
            with open(os.path.join(folder, ".clang-tidy"), "a", encoding="utf-8") as file:
                file.write("# another rule\n")
            self.assertEqual(([], True), looked_at())

    def test_a_header_that_passed_is_looked_at_again_when_what_it_includes_changes(self):
        with tempfile.TemporaryDirectory() as folder:
            os.makedirs(os.path.join(folder, "src/sys"))

            def write(name, text):
                with open(os.path.join(folder, "src/sys", name), "w", encoding="utf-8") as file:
                    file.write(text)
            write("a.hpp", '#pragma once\n#include "sys/b.hpp"\nthing f();\n')
            write("b.hpp", "#pragma once\nstruct thing {};\n")
            self.assertEqual([], list(headers.check(Project(folder))))
            write("b.hpp", "#pragma once\nstruct other {};\n")
            self.assertEqual(["src/sys/a.hpp"], [finding.path for finding in headers.check(Project(folder))])

    def test_an_unknown_check_is_wrong_usage(self):
        with contextlib.redirect_stderr(io.StringIO()) as said:
            self.assertEqual(2, lint.main(["spelling"]))
        self.assertIn("there are: ", said.getvalue())


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
