"""What a worker logs: lines on standard error, and records in the trace and span that were current."""
import json
import unittest

from otlp_receiver import BlackHole, GrpcReceiver, HttpReceiver, Nobody, attributes
from program import run

JSON = {"LINESHAFT_LOG_FORMAT": "json"}
SEVERITIES = {"debug": 5, "info": 9, "warn": 13, "error": 17}


def lines(outcome):
    return [json.loads(line) for line in outcome.err.splitlines()]


def said(outcome):
    return [line["message"] for line in lines(outcome)]


class Log(unittest.TestCase):
    def receiver(self, made):
        self.addCleanup(made.close)
        return made

    def test_line_is_text_unless_json_is_wanted(self):
        outcome = run("talk 1")
        self.assertRegex(outcome.err, r"(?m)^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info  talker: made 1$")
        self.assertEqual(outcome.json["exit"]["reason"], "finished")

    def test_line_of_json_says_who_where_and_what(self):
        outcome = run("talk 1", JSON)
        line = next(line for line in lines(outcome) if line["message"] == "inside 7")
        self.assertEqual((line["logger"], line["level"], line["pid"]),
                         ("talker", "info", outcome.json["exit"]["pid"]))
        self.assertEqual(line["thread"], line["pid"])
        self.assertTrue(line["file"].endswith("telemetry_workers.hpp"))
        self.assertIn("talker::inside", line["function"])
        self.assertGreater(line["line"], 1)
        self.assertRegex(line["timestamp"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")
        self.assertEqual(said(outcome), ["made 1", "inside 7", "careful\n\"quoted\" \ufffd", "wrong", "on a thread"])

    def test_level_bounds_what_is_written(self):
        everything = ["debug", "info", "warn", "error"]
        for wanted, expected in (("debug", everything), ("info", everything[1:]), ("WARN", everything[2:]),
                                 ("error", everything[3:]), ("none", []), ("loud", everything[1:])):
            with self.subTest(wanted):
                outcome = run("talk 1", JSON, {"LINESHAFT_LOG_LEVEL": wanted})
                own = [line for line in lines(outcome) if line["logger"] == "talker"]
                self.assertEqual(sorted({line["level"] for line in own}), sorted(expected))

    def test_records_arrive_in_the_trace_and_span_that_are_current(self):
        for make in (HttpReceiver, GrpcReceiver):
            with self.subTest(make.__name__):
                receiver = self.receiver(make())
                outcome = run("talk 1", receiver.environment(), JSON, {"LINESHAFT_LOG_LEVEL": "debug"})
                (inner,), (started,) = receiver.named("inner"), receiver.named("start talker")
                spans = {"inside 7": inner, "made 1": started, "wrong": started}
                printed = {line["message"]: line for line in lines(outcome)}
                arrived = {record.body.string_value: (record, resource) for record, resource in receiver.records
                           if resource.get("lineshaft.worker.name") == "talker"}
                self.assertEqual(set(arrived), set(printed))
                for text, (record, resource) in arrived.items():
                    line = printed[text]
                    self.assertEqual(record.severity_number, SEVERITIES[line["level"]], text)
                    self.assertEqual((record.trace_id.hex(), record.span_id.hex()),
                                     (line.get("trace_id", ""), line.get("span_id", "")), text)
                    self.assertGreater(record.time_unix_nano, 1e18)
                    found = attributes(record.attributes)
                    self.assertEqual((found["code.file.path"], found["code.function.name"], found["code.line.number"],
                                      found["thread.id"]),
                                     (line["file"], line["function"], line["line"], line["thread"]))
                for text, span in spans.items():
                    self.assertEqual(arrived[text][0].span_id.hex(), span.span_id, text)
                    self.assertEqual(arrived[text][0].trace_id.hex(), span.trace_id, text)
                # A thread of its own has no context.
                self.assertEqual(arrived["on a thread"][0].span_id, b"")
                scopes = {scope.scope.name for _, _, message in receiver.requests
                          for of in getattr(message, "resource_logs", ()) for scope in of.scope_logs}
                self.assertEqual(scopes, {"talker", "lineshaft"})

    def test_interleaved_coroutines_log_each_in_its_own_span(self):
        receiver = self.receiver(HttpReceiver())
        run("chorus 1", receiver.environment(), {"LINESHAFT_OTEL_SHUTDOWN_TIMEOUT": "60000"})
        spans = {span.span_id: span.name for span in receiver.spans if span.name.startswith("voice ")}
        sung = [(record.body.string_value, spans[record.span_id.hex()]) for record, resource in receiver.records
                if resource.get("lineshaft.worker.name") == "chorus"]
        self.assertEqual(len(sung), 1000)
        for text, name in sung:
            self.assertEqual(text, name)

    def test_context_of_the_caller_is_in_the_lines_without_any_sdk(self):
        parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        outcome = run("talk 1", JSON, {"TRACEPARENT": parent})
        self.assertEqual({(line.get("trace_id"), line.get("span_id")) for line in lines(outcome)
                          if line["message"] == "inside 7"},
                         {("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")})

    def test_records_are_in_the_trace_of_the_caller_where_no_spans_are_made(self):
        # The no-op tracer's spans hide it, to the SDK.
        receiver = self.receiver(HttpReceiver())
        parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        run("talk 1", receiver.environment(), {"TRACEPARENT": parent, "OTEL_TRACES_EXPORTER": "none"})
        ids = {(record.trace_id.hex(), record.span_id.hex()) for record, resource in receiver.records
               if resource.get("lineshaft.worker.name") == "talker" and record.body.string_value != "on a thread"}
        self.assertEqual(ids, {("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")})

    def test_log_of_the_sdk_goes_to_standard_error_as_the_level_says_and_is_never_a_record(self):
        for level, there in (("error", True), ("none", False)):
            with self.subTest(level):
                outcome = run("talk 1", self.receiver(Nobody()).environment(), JSON, {"OTEL_LOG_LEVEL": level})
                own = [line for line in lines(outcome) if line["logger"] == "lineshaft" and line["level"] == "error"]
                self.assertEqual(bool(own), there)
                self.assertNotIn("OTLP", outcome.out)
                # Each of its complaints would otherwise be another record that cannot be delivered.
                self.assertEqual(outcome.exit["undelivered"]["log_records"], 5)

    def test_nothing_that_the_sdk_says_goes_to_standard_output(self):
        receiver = self.receiver(HttpReceiver())
        outcome = run("talk 1", receiver.environment(), {"OTEL_LOG_LEVEL": "debug"})
        self.assertEqual(len(outcome.out.splitlines()), 1)  # what the program itself prints


class ExitRecord(unittest.TestCase):
    def record_of(self, arguments, said="", own=()):
        receiver = HttpReceiver()
        self.addCleanup(receiver.close)
        outcome = run(arguments, receiver.environment(), {f"OWN_{name}": value for name, value in own}, said=said)
        record = next(record for record, _ in receiver.records
                      if attributes(record.attributes).get("event.name") == "lineshaft.worker.exit")
        return record, attributes(record.attributes), outcome, receiver

    def test_success_is_information(self):
        record, found, outcome, receiver = self.record_of("spans 1")
        (started,) = receiver.named("start maker")
        self.assertEqual((record.trace_id.hex(), record.span_id.hex()), (started.trace_id, started.span_id))
        self.assertEqual(record.severity_number, SEVERITIES["info"])
        self.assertEqual(found, {"event.name": "lineshaft.worker.exit", "lineshaft.worker.name": "maker",
                                 "lineshaft.worker.generation": 1, "process.pid": outcome.exit["pid"],
                                 "process.exit.code": 0, "lineshaft.exit.reason": "normal",
                                 "lineshaft.restart.count": 0})

    def test_signal_that_nobody_asked_for_is_an_error(self):
        record, found, _, receiver = self.record_of("spans 1 linger", "kill\n")
        self.assertEqual(record.severity_number, SEVERITIES["error"])
        self.assertEqual(found["lineshaft.exit.reason"], "signal")
        self.assertEqual(found["lineshaft.exit.signal"], "SIGKILL")
        self.assertNotIn("process.exit.code", found)

    def test_crash_says_when_the_next_process_comes(self):
        record, found, _, _ = self.record_of("crash 1")
        self.assertEqual(record.severity_number, SEVERITIES["error"])
        self.assertEqual((found["lineshaft.exit.reason"], found["process.exit.code"]), ("exit_code", 70))
        self.assertEqual(found["lineshaft.restart.count"], 0)
        self.assertGreaterEqual(found["lineshaft.restart.backoff"], 0)

    def test_what_its_process_could_not_deliver_is_told(self):
        hole = BlackHole()
        self.addCleanup(hole.close)
        _, found, outcome, receiver = self.record_of("talk 1", own=[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", hole.endpoint), ("LINESHAFT_OTEL_SHUTDOWN_TIMEOUT", "200")])
        self.assertEqual(receiver.named("inner"), [])
        self.assertEqual(outcome.exit["undelivered"], {"spans": 1, "log_records": 5, "metric_exports": 1})
        self.assertEqual((found["lineshaft.undelivered.spans"], found["lineshaft.undelivered.log_records"]), (1, 5))

    def test_stop_span_tells_of_each_step(self):
        receiver = HttpReceiver()
        self.addCleanup(receiver.close)
        run("deaf 1", receiver.environment())
        (span,) = receiver.named("stop deaf")
        self.assertEqual(span.events, ["shutdown.sent", "kill.escalated"])
        self.assertEqual(span.status.code, 2)
        self.assertEqual(span.attributes["error.type"], "SIGKILL")


if __name__ == "__main__":
    unittest.main()
