"""What the variables say is what a collector sees. How each is read, with bad values, is settings_test.cpp's."""
import unittest

from otlp_receiver import BlackHole, GrpcReceiver, HttpReceiver, Tap
from program import run

NOTHING = {"spans": 0, "log_records": 0, "metric_exports": 0}
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
LATER = {"OTEL_BSP_SCHEDULE_DELAY": "3600000", "OTEL_BLRP_SCHEDULE_DELAY": "3600000"}


class Variables(unittest.TestCase):
    def http(self):
        return self.kept(HttpReceiver())

    def kept(self, receiver):
        self.addCleanup(receiver.close)
        return receiver

    def spans_per_request(self, receiver):
        return [sum(len(scope.spans) for of in message.resource_spans for scope in of.scope_spans)
                for _, _, message in receiver.requests if hasattr(message, "resource_spans")]

    def test_batch_has_as_many_spans_as_it_may(self):
        receiver = self.http()
        run("spans 100", receiver.environment(), LATER, {"OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "20"})
        self.assertEqual(len(receiver.named("work")), 100)
        self.assertLessEqual(max(self.spans_per_request(receiver)), 20)

    def test_queue_that_is_full_drops_and_the_drop_is_counted(self):
        # The first export hangs; meanwhile no more than the queue holds is kept.
        hole = self.kept(BlackHole())
        outcome = run("spans 500", hole.environment(), {"OTEL_BSP_MAX_QUEUE_SIZE": "10",
                                                        "LINESHAFT_OTEL_SHUTDOWN_TIMEOUT": "200"})
        self.assertEqual(outcome.exit["undelivered"]["spans"], 502)
        receiver = self.http()
        outcome = run("spans 2000", receiver.environment(), {"OTEL_BSP_MAX_QUEUE_SIZE": "10"})
        arrived = len([span for span in receiver.spans if span.resource.get("lineshaft.worker.name") == "maker"])
        self.assertLess(arrived, 2002)
        self.assertEqual(outcome.exit["undelivered"]["spans"], 2002 - arrived)

    def test_timeouts_are_milliseconds(self):
        # Were they seconds, the answers would come in time. 0 is no limit.
        for make in (HttpReceiver, GrpcReceiver):
            for name, other in (("OTEL_EXPORTER_OTLP_TIMEOUT", "OTEL_BSP_EXPORT_TIMEOUT"),
                                ("OTEL_BSP_EXPORT_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT")):
                with self.subTest(name, receiver=make.__name__):
                    slow = self.kept(make(delay=6))
                    outcome = run("spans 1 600000", slow.environment(),
                                  {name: "300", other: "0", "LINESHAFT_OTEL_SHUTDOWN_TIMEOUT": "600000",
                                   "OTEL_METRICS_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none"})
                    self.assertEqual(outcome.exit["code"], 0)
                    self.assertEqual(outcome.exit["undelivered"]["spans"], 3)
                    self.assertNotIn("OTEL_", outcome.err)  # the SDK reads them once more, and knows no 0

    def test_timeouts_of_log_records_and_of_metrics_are_milliseconds_as_well(self):
        for make in (HttpReceiver, GrpcReceiver):
            with self.subTest(make.__name__):
                slow = self.kept(make(delay=6))
                outcome = run("talk 1", slow.environment(),
                              {"OTEL_BLRP_EXPORT_TIMEOUT": "300", "OTEL_METRIC_EXPORT_TIMEOUT": "300",
                               "OTEL_EXPORTER_OTLP_TIMEOUT": "0", "LINESHAFT_OTEL_SHUTDOWN_TIMEOUT": "600000",
                               "OTEL_TRACES_EXPORTER": "none"})
                self.assertEqual(outcome.exit["code"], 0)
                self.assertEqual(outcome.exit["undelivered"]["log_records"], 5)
                self.assertGreater(outcome.exit["undelivered"]["metric_exports"], 0)

    def test_propagator_of_a_workers_own_use_is_the_one_that_is_wanted(self):
        for wanted, fields in (("", "traceparent baggage"), ("b3", "b3"), ("baggage, jaeger", "baggage uber-trace-id"),
                               ("none", ""), ("xray", "traceparent baggage")):
            for telemetry in ({}, {"OTEL_SDK_DISABLED": "true"}):
                with self.subTest(wanted, telemetry=telemetry):
                    outcome = run("inject 1", {"OTEL_PROPAGATORS": wanted, "BAGGAGE": "user=7", "TRACEPARENT": PARENT},
                                  telemetry)
                    self.assertIn(f"fields: {fields}".strip(), outcome.out.splitlines())

    def test_temporality_of_sums(self):
        cumulative, delta = 2, 1
        for wanted, expected in (("cumulative", cumulative), ("delta", delta), ("lowmemory", delta), ("", cumulative)):
            for make in (HttpReceiver, GrpcReceiver):
                with self.subTest(wanted, receiver=make.__name__):
                    receiver = self.kept(make())
                    run("spans 1", receiver.environment(),
                        {"OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": wanted})
                    self.assertEqual({metric.sum.aggregation_temporality for metric in self.metrics(receiver)
                                      if metric.name == "lineshaft.worker.starts"}, {expected})

    def metrics(self, receiver):
        return [metric for _, _, message in receiver.requests for of in getattr(message, "resource_metrics", ())
                for scope in of.scope_metrics for metric in scope.metrics]

    def test_limits_of_log_records(self):
        receiver = self.http()
        run("talk 1", receiver.environment(), {"OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT": "1",
                                               "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT": "4"})
        self.assertGreater(len(receiver.records), 4)
        for record, _ in receiver.records:
            self.assertEqual(len(record.attributes), 1)
            self.assertLessEqual(len(record.attributes[0].value.string_value), 4)

    def test_attributes_of_links(self):
        receiver = self.http()
        run("attributes 1", receiver.environment(), {"OTEL_LINK_ATTRIBUTE_COUNT_LIMIT": "1"})
        (span,) = receiver.named("rich")
        self.assertEqual([len(link.attributes) for link in span.proto.links], [1])

    def test_samplers_decide_for_each_trace_and_some_of_them_for_roots_alone(self):
        everything, nothing, half = (range(400, 401), range(1), range(100, 300))
        for sampler, argument, roots, children in (("traceidratio", "0.5", half, range(2)),
                                                   ("parentbased_traceidratio", "0.5", half, range(1, 2)),
                                                   ("parentbased_traceidratio", "0", nothing, range(1, 2)),
                                                   ("parentbased_always_off", "", nothing, range(1, 2)),
                                                   ("parentbased_always_on", "", everything, range(1, 2)),
                                                   ("traceidratio", "0", nothing, range(1))):
            with self.subTest(sampler, argument=argument):
                receiver = self.http()
                run("roots 1", receiver.environment(), {"OTEL_TRACES_SAMPLER": sampler, "TRACEPARENT": PARENT,
                                                        "OTEL_TRACES_SAMPLER_ARG": argument})
                self.assertIn(len(receiver.named("root")), roots)
                self.assertIn(len(receiver.named("child")), children)

    def test_batches_of_log_records(self):
        receiver = self.http()
        outcome = run("talk 1", receiver.environment(), LATER, {"OTEL_BLRP_MAX_EXPORT_BATCH_SIZE": "2"})
        self.assertEqual(outcome.exit["undelivered"], NOTHING)
        records = [sum(len(scope.log_records) for of in message.resource_logs for scope in of.scope_logs)
                   for _, _, message in receiver.requests if hasattr(message, "resource_logs")]
        self.assertEqual((sum(records), max(records)), (6, 2))
        # The first export hangs; meanwhile no more than the queue holds is kept, and all of it is missing.
        outcome = run("talk 1", self.kept(BlackHole()).environment(), {"OTEL_BLRP_MAX_QUEUE_SIZE": "2",
                                                                      "OTEL_BLRP_SCHEDULE_DELAY": "1",
                                                                      "LINESHAFT_OTEL_SHUTDOWN_TIMEOUT": "200"})
        self.assertEqual(outcome.exit["undelivered"]["log_records"], 5)

    def test_headers_of_one_signal_win_over_those_of_all(self):
        for make in (HttpReceiver, GrpcReceiver):
            with self.subTest(make.__name__):
                receiver = self.kept(make())
                run("talk 1", receiver.environment(), {"OTEL_EXPORTER_OTLP_HEADERS": "a=1,b=2",
                                                       "OTEL_EXPORTER_OTLP_TRACES_HEADERS": "b=3"})
                sent = {hasattr(message, "resource_spans"): (headers["a"], headers["b"])
                        for _, headers, message in receiver.requests}
                self.assertEqual(sent, {True: ("1", "3"), False: ("1", "2")})

    def test_several_exporters_of_one_signal(self):
        receiver = self.http()
        outcome = run("spans 1", receiver.environment(), {"OTEL_TRACES_EXPORTER": "otlp, console"})
        self.assertEqual(len(receiver.named("work")), 1)
        self.assertEqual(len([line for line in outcome.out.splitlines() if ": work " in line]), 1)
        self.assertEqual(outcome.exit["undelivered"], NOTHING)

    def test_grpc_without_a_scheme_is_plain_where_insecure_says_so_and_else_tls(self):
        receiver = self.kept(GrpcReceiver())
        bare = {**receiver.environment(), "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.endpoint.removeprefix("http://"),
                "LINESHAFT_OTEL_SHUTDOWN_TIMEOUT": "500"}
        outcome = run("spans 1", bare)
        self.assertEqual(outcome.exit["undelivered"]["spans"], 3)
        outcome = run("spans 1", bare, {"OTEL_EXPORTER_OTLP_INSECURE": "true"})
        self.assertEqual(outcome.exit["undelivered"], NOTHING)

    def test_gzip_is_sent_over_grpc_and_over_http_one_warning_says_that_it_is_not(self):
        receiver, sent = self.kept(GrpcReceiver()), {}
        for compression in ("none", "gzip"):
            tap = self.kept(Tap(receiver))
            outcome = run("spans 500", tap.environment(), {"OTEL_EXPORTER_OTLP_COMPRESSION": compression})
            self.assertEqual((outcome.exit["undelivered"], outcome.err), (NOTHING, ""))
            sent[compression] = tap.bytes
        self.assertEqual(len(receiver.named("work")), 1000)
        self.assertLess(sent["gzip"], sent["none"] / 2)
        receiver = self.http()
        outcome = run("spans 1", receiver.environment(), {"OTEL_EXPORTER_OTLP_COMPRESSION": "gzip"})
        self.assertEqual(outcome.exit["undelivered"], NOTHING)
        self.assertEqual(outcome.err.count("OTEL_EXPORTER_OTLP_COMPRESSION is not supported"), 1)
        self.assertEqual(len(outcome.err.splitlines()), 1)

    def test_what_a_collector_refuses_is_not_sent_again_and_one_warning_for_each_variable_says_so(self):
        more = {f"OTEL_CPP_EXPORTER_OTLP_{signal}RETRY_{what}": value for signal in ("", "TRACES_")
                for what, value in (("MAX_ATTEMPTS", "5"), ("INITIAL_BACKOFF", "1ms"), ("MAX_BACKOFF", "2ms"),
                                    ("BACKOFF_MULTIPLIER", "1.0"))}
        for make in (HttpReceiver, GrpcReceiver):
            with self.subTest(make.__name__):
                receiver = self.kept(make(status=503))
                outcome = run("spans 1", receiver.environment(), more)
                self.assertEqual(outcome.exit["undelivered"]["spans"], 3)
                self.assertEqual(len(receiver.refused), 5)  # of the worker, and two of the manager
                self.assertEqual(len(set(receiver.refused)), 5)
                for name in more:
                    self.assertEqual(outcome.err.count(f"{name} is not supported: what a collector refuses"), 1)

    def test_bad_value_is_told_once_by_name_and_the_default_counts(self):
        receiver = self.http()
        outcome = run("fleet 1", receiver.environment(), {"OTEL_TRACES_SAMPLER": "sometimes",
                                                          "OTEL_BSP_SCHEDULE_DELAY": "-1"})
        for name in ("OTEL_TRACES_SAMPLER", "OTEL_BSP_SCHEDULE_DELAY"):
            self.assertEqual(outcome.err.count(f"{name} has a value that cannot be used"), 1)
        self.assertEqual(len(receiver.named("work")), 3)

    def test_bad_value_of_a_worker_alone_is_told_once_by_the_manager(self):
        receiver = self.http()
        outcome = run("crash 1", receiver.environment(), {"OWN_OTEL_TRACES_SAMPLER": "sometimes",
                                                          "OTEL_BSP_SCHEDULE_DELAY": "-1",
                                                          "OWN_OTEL_BSP_SCHEDULE_DELAY": "-1"})
        self.assertEqual(outcome.json["status"]["generation"], 2)
        told = [line for line in outcome.err.splitlines() if "cannot be used" in line]
        self.assertEqual(len(told), 2, outcome.err)
        self.assertIn("OTEL_TRACES_SAMPLER has a value that cannot be used, in the environment of 'crasher'", outcome.err)


if __name__ == "__main__":
    unittest.main()
