"""The metrics of the manager, and those of workers that it exports on their behalf, say what the status says."""
import json
import unittest

from otlp_receiver import GrpcReceiver, HttpReceiver, attributes
from program import Outcome, run, start

FIGURES = ("processed", "errors", "decoding_errors", "published", "processing_errors", "restarts", "mdq_connected",
           "mdc_connected", "alive", "running")


class Metrics(unittest.TestCase):
    def receiver(self, made):
        self.addCleanup(made.close)
        return made

    def last(self, receiver):
        """{name: {attributes: point}}: the last point of each series."""
        series = {}
        for name, point, _ in receiver.points:
            series.setdefault(name, {})[frozenset(attributes(point.attributes).items())] = point
        return series

    def one(self, points, **wanted):
        key = {name.replace("_", "."): value for name, value in wanted.items()}
        found = [point for pairs, point in points.items() if key.items() <= dict(pairs).items()]
        self.assertEqual(len(found), 1, wanted)
        return found[0]

    def of_worker(self, points, worker, **more):
        found = [point for pairs, point in points.items()
                 if ("lineshaft.worker.name", worker) in pairs and set(more.items()) <= set(pairs)]
        self.assertEqual(len(found), 1, worker)
        return found[0]

    def test_last_values_equal_the_status(self):
        for make in (HttpReceiver, GrpcReceiver):
            with self.subTest(make.__name__):
                receiver = self.receiver(make())
                outcome = run("fleet 1", receiver.environment())
                self.assertEqual(outcome.code, 0, outcome.err)
                self.compare(self.last(receiver), outcome.json)
                # Of each series there is one source, which is no worker.
                sources = {(resource["service.instance.id"], resource.get("lineshaft.worker.name"))
                           for name, _, resource in receiver.points if name != "messaging.process.duration"}
                self.assertEqual([worker for _, worker in sources], [None])

    def compare(self, series, said):
        states = {}
        for status in said["workers"]:
            name = status["name"]
            states[status["state"]] = states.get(status["state"], 0) + 1
            exits = [exit for exit in said["exits"] if exit["worker"] == name]
            for figure in FIGURES:
                # A counter goes on over the generations, of which the status knows the last.
                counts = not isinstance(status[figure], bool)
                value = sum(exit["figures"][figure] for exit in exits) if counts else status[figure]
                self.assertEqual(self.of_worker(series[f"lineshaft.worker.{figure}"], name).as_double, value, figure)
            # A gauge of a process that has gone is no value any more; the crasher has a test of its own.
            counters = [] if name == "crasher" else status["metrics"].items()
            for metric, value in counters:
                if isinstance(value, float):
                    continue
                self.assertEqual(self.of_worker(series[f"lineshaft.app.{metric}"], name).as_double, value)
            self.assertEqual(self.of_worker(series["lineshaft.worker.starts"], name).as_int, status["generation"])
            self.assertEqual(sum(point.as_int for pairs, point in series["lineshaft.worker.exits"].items()
                                 if ("lineshaft.worker.name", name) in pairs), len(exits))
            self.assertEqual(sum(point.as_int for pairs, point in series["lineshaft.worker.process_restarts"].items()
                                 if ("lineshaft.worker.name", name) in pairs), status["process_restarts"])
            for histogram, count in (("start.duration", len(exits)), ("lifetime", len(exits))):
                self.assertEqual(self.of_worker(series[f"lineshaft.worker.{histogram}"], name).count, count, name)
        for pairs, point in series["lineshaft.worker.count"].items():
            self.assertEqual(point.as_double, states.get(dict(pairs)["lineshaft.worker.state"], 0), pairs)
        self.assertEqual(len(series["lineshaft.worker.count"]), 7)
        self.assertEqual({dict(pairs)["lineshaft.queue.name"]: point.as_double
                          for pairs, point in series["lineshaft.queue.depth"].items()},
                         {queue["name"]: queue["depth"] for queue in said["queues"]})
        self.assertEqual(self.one(series["lineshaft.manager.events.dropped"]).as_double, 0)
        crashes = self.of_worker(series["lineshaft.worker.exits"], "crasher", **{"lineshaft.exit.reason": "exit_code"})
        self.assertEqual(crashes.as_int, 1)
        self.assertEqual(self.of_worker(series["lineshaft.worker.process_restarts"], "crasher",
                                        **{"lineshaft.restart.cause": "crash"}).as_int, 1)

    def test_all_eleven_figures_of_a_living_worker_are_those_of_its_status(self):
        receiver = self.receiver(HttpReceiver())
        process = start("steady 1", receiver.environment(),
                        {"OTEL_METRIC_EXPORT_INTERVAL": "50", "OTEL_METRIC_EXPORT_TIMEOUT": "40"})
        process.stdin.write("status\n")
        process.stdin.flush()
        status = json.loads(process.stdout.readline())["status"]
        self.assertEqual([status[figure] for figure in FIGURES],
                         [501, 502, 503, 504, 505, 506, True, True, True, True])

        def is_there(received):
            points = self.last(received).get("lineshaft.worker.running", {})
            return any(point.as_double == 1 for point in points.values())

        receiver.wait(is_there)
        series = self.last(receiver)
        for figure in FIGURES:
            self.assertEqual(self.of_worker(series[f"lineshaft.worker.{figure}"], "steady").as_double, status[figure])
        # The eleventh is no figure that one counts: it stands where the conventions have it.
        self.assertEqual(self.attributes_of(receiver, "start steady")["process.pid"], status["pid"])
        self.assertGreater(self.of_worker(series["process.memory.usage"], "steady").as_double, 0)
        for mode in ("user", "system"):
            cpu = self.of_worker(series["process.cpu.time"], "steady", **{"cpu.mode": mode})
            self.assertGreaterEqual(cpu.as_double, 0)
        Outcome(process, "stop\n")

    def attributes_of(self, receiver, name):
        receiver.wait(lambda received: received.named(name))
        return receiver.named(name)[0].attributes

    def test_messages_that_wait_in_a_queue_are_its_depth_and_what_went_through_it_is_counted(self):
        receiver = self.receiver(HttpReceiver())
        run("hoard 1", receiver.environment())
        series = self.last(receiver)
        self.assertEqual(self.one(series["lineshaft.queue.depth"], lineshaft_queue_name="hoard").as_double, 3)
        self.assertEqual(self.one(series["messaging.client.sent.messages"], messaging_operation_name="send",
                                  messaging_destination_name="hoard", messaging_system="lineshaft").as_double, 3)
        self.assertEqual(self.one(series["messaging.client.consumed.messages"], messaging_operation_name="receive",
                                  messaging_destination_name="hoard").as_double, 0)

    def test_handling_of_messages_is_measured_by_the_worker_that_does_it(self):
        receiver = self.receiver(HttpReceiver())
        run("fleet 1", receiver.environment())
        (of_worker,) = {resource.get("lineshaft.worker.name") for name, _, resource in receiver.points
                        if name == "messaging.process.duration"}
        self.assertEqual(of_worker, "consumer")
        point = self.one(self.last(receiver)["messaging.process.duration"], messaging_system="lineshaft",
                         messaging_operation_name="process", messaging_destination_name="trades")
        self.assertEqual(point.count, 1)
        self.assertEqual(self.one(self.last(receiver)["messaging.client.consumed.messages"],
                                  messaging_destination_name="trades").as_double, 1)

    def test_endings_are_counted_by_their_words_and_restarts_by_their_cause(self):
        receiver = self.receiver(HttpReceiver())
        run("endings 1", receiver.environment(), said="go on\n")
        series = self.last(receiver)
        words = {(dict(pairs)["lineshaft.worker.name"], dict(pairs)["lineshaft.exit.reason"]): point.as_int
                 for pairs, point in series["lineshaft.worker.exits"].items()}
        self.assertEqual(words, {("late", "start_failed"): 1, ("sleeper", "normal"): 1, ("stuck", "watchdog"): 2})
        causes = {(dict(pairs)["lineshaft.worker.name"], dict(pairs)["lineshaft.restart.cause"]): point.as_int
                  for pairs, point in series["lineshaft.worker.process_restarts"].items()}
        self.assertEqual(causes, {("stuck", "watchdog"): 1})
        (stopped,) = receiver.named("stop sleeper")
        self.assertEqual(stopped.events, ["signal.sent"])
        self.assertEqual(attributes(stopped.proto.events[0].attributes), {"lineshaft.signal": "SIGTERM"})
        self.assertEqual(stopped.attributes["lineshaft.stop.cause"], "stop")

    def test_counters_of_a_killed_worker_are_exported_and_once(self):
        receiver = self.receiver(HttpReceiver())
        # Not by the clock: what arrives last is what there was at the end.
        process = start("spans 5 linger", receiver.environment(), {"OTEL_METRIC_EXPORT_INTERVAL": "3600000"})
        outcome = Outcome(process, "kill\n")
        self.assertEqual(outcome.exit["code"], -9)
        self.assertEqual(self.of_worker(self.last(receiver)["lineshaft.worker.processed"], "maker").as_double, 5)
        sources = {resource["service.instance.id"] for name, _, resource in receiver.points
                   if name == "lineshaft.worker.processed"}
        self.assertEqual(len(sources), 1)
        self.assertEqual(self.of_worker(self.last(receiver)["lineshaft.app.bytes_read"], "maker").as_double, 7)

    def test_counters_go_on_where_the_generation_before_ended(self):
        receiver = self.receiver(HttpReceiver())
        outcome = run("fleet 1", receiver.environment())
        crashed, finished = [exit for exit in outcome.json["exits"] if exit["worker"] == "crasher"]
        self.assertEqual((crashed["figures"]["metrics"]["rounds"], finished["figures"]["metrics"]["rounds"]), (2, 1))
        self.assertEqual(self.of_worker(self.last(receiver)["lineshaft.app.rounds"], "crasher").as_double, 3)

    def test_instrument_of_a_workers_own_is_exported_by_the_worker(self):
        receiver = self.receiver(HttpReceiver())
        run("talk 1", receiver.environment())
        told = [(point.as_int, resource.get("lineshaft.worker.name")) for name, point, resource in receiver.points
                if name == "talker.lines"]
        self.assertEqual(set(told), {(3, "talker")})

    def test_buckets_of_durations_are_those_of_seconds(self):
        receiver = self.receiver(HttpReceiver())
        run("spans 1", receiver.environment())
        point = self.of_worker(self.last(receiver)["lineshaft.worker.ready.duration"], "maker")
        self.assertIn(0.0025, point.explicit_bounds)
        self.assertNotIn(5000, point.explicit_bounds)
        self.assertEqual(sum(point.bucket_counts), 1)

    def test_gauges_and_the_lag_of_the_loop_are_told_while_their_processes_live(self):
        receiver = self.receiver(HttpReceiver())
        process = start("spans 1 linger", receiver.environment(),
                        {"OTEL_METRIC_EXPORT_INTERVAL": "50", "OTEL_METRIC_EXPORT_TIMEOUT": "40"})
        for wanted in ("lineshaft.manager.loop.lag", "lineshaft.app.fill"):
            receiver.wait(lambda received: any(name == wanted for name, _, _ in received.points))
        Outcome(process, "stop\n")
        self.assertEqual(self.of_worker(self.last(receiver)["lineshaft.app.fill"], "maker").as_double, 0.5)
        self.assertGreater(self.one(self.last(receiver)["lineshaft.manager.loop.lag"]).as_double, 0)

    def test_start_that_fails_is_counted_and_its_span_says_why(self):
        receiver = self.receiver(HttpReceiver())
        outcome = run("failing 1", receiver.environment())
        missing, huge = outcome.out.splitlines()
        self.assertEqual(missing, "cannot start 'missing': cannot execute '/no/such/program': No such file or directory")
        self.assertRegex(huge, r"^cannot start 'huge': cannot execute 'true' with 40\d{5} bytes of arguments and "
                               r"environment: Argument list too long$")
        for name, type, text in (("missing", "ENOENT", missing), ("huge", "E2BIG", huge)):
            point = self.of_worker(self.last(receiver)["lineshaft.spawn.failures"], name)
            self.assertEqual((point.as_int, attributes(point.attributes)["error.type"]), (1, type))
            (span,) = receiver.named(f"start {name}")
            self.assertEqual((span.status.code, span.attributes["error.type"], span.status.message), (2, type, text))
            self.assertNotIn("lineshaft.worker.exits", self.last(receiver))

    def test_events_that_a_subscriber_missed_are_counted(self):
        receiver = self.receiver(HttpReceiver())
        outcome = run("slow 1", receiver.environment())
        self.assertGreater(outcome.json["missed"], 3)
        self.assertEqual(self.one(self.last(receiver)["lineshaft.manager.events.dropped"]).as_double,
                         outcome.json["missed"])

    def test_stop_that_took_time_is_measured(self):
        receiver = self.receiver(HttpReceiver())
        run("deaf 1", receiver.environment())
        self.of_worker(self.last(receiver)["lineshaft.worker.exits"], "deaf", **{"lineshaft.exit.reason": "timeout"})
        point = self.of_worker(self.last(receiver)["lineshaft.worker.stop.duration"], "deaf")
        self.assertEqual(point.count, 1)
        self.assertGreaterEqual(point.sum, 0.1)


if __name__ == "__main__":
    unittest.main()
