"""Runs tests/process/telemetry/telemetry_program.cpp under an environment of its own."""
import json
import os
import subprocess

PROGRAM = os.environ["TELEMETRY_PROGRAM"]


def environment(*parts):
    """Nothing of OpenTelemetry's but what is given."""
    clean = {key: value for key, value in os.environ.items()
             if not key.startswith(("OTEL_", "LINESHAFT_OTEL", "LINESHAFT_LOG"))}
    for name in ("TRACEPARENT", "TRACESTATE", "BAGGAGE"):
        clean.pop(name, None)
    for part in parts:
        clean.update(part)
    return clean


def start(arguments, *parts):
    return subprocess.Popen([PROGRAM, *arguments.split()], env=environment(*parts), stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class Outcome:
    def __init__(self, process, said=""):
        self.out, self.err = process.communicate(said, timeout=120)
        self.code = process.returncode
        lines = [line for line in self.out.splitlines() if line.startswith('{"')]
        self.json = json.loads(lines[-1]) if lines else None
        self.exit = self.json.get("exit") if self.json else None


def run(arguments, *parts, said=""):
    return Outcome(start(arguments, *parts), said)
