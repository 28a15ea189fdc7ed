"""What a worker records arrives, whole, or is known to be missing, and no collector keeps a worker from leaving."""
import datetime
import itertools
import os
import pwd
import re
import unittest

from otlp_receiver import BlackHole, GrpcReceiver, HttpReceiver, NoName, Nobody, attributes
from program import Outcome, run, start

PROTOCOLS = ("http/protobuf", "grpc")
STAND_IN = {"LINESHAFT_PLUGIN_DIR": os.environ["STAND_IN_PLUGIN_DIR"], "OTEL_TRACES_EXPORTER": "otlp"}
NOTHING = {"spans": 0, "log_records": 0, "metric_exports": 0}


class Export(unittest.TestCase):
    def receiver(self, made):
        self.addCleanup(made.close)
        return made

    def assert_all_arrived(self, receiver, count):
        outcome = run(f"spans {count}", receiver.environment())
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assertEqual(outcome.exit["undelivered"], NOTHING)
        self.assertEqual(len(receiver.named("work")), count)
        self.assertEqual(len(receiver.named("constructor")), 1)  # the SDK is there before the worker is
        self.assertEqual(len(receiver.named("stop")), 1)
        self.assertEqual(outcome.err, "")
        return outcome

    def test_everything_arrives_over_http_and_grpc(self):
        for make in (HttpReceiver, GrpcReceiver):
            for count in (1, 2000):
                with self.subTest(make.__name__, count=count):
                    self.assert_all_arrived(self.receiver(make()), count)

    def test_json_over_http_is_sent_as_json(self):
        receiver = self.receiver(HttpReceiver())
        outcome = run("spans 1", receiver.environment(), {"OTEL_EXPORTER_OTLP_PROTOCOL": "http/json"})
        self.assertEqual(outcome.exit["undelivered"], NOTHING)
        # In how many requests the spans come is the batch processor's to say.
        names = [span["name"] for one in receiver.documents if "resourceSpans" in one
                 for scope in one["resourceSpans"][0]["scopeSpans"] for span in scope["spans"]]
        for name in ("constructor", "work", "stop", "start maker"):
            self.assertEqual(names.count(name), 1, names)

    def test_one_signal_may_go_over_grpc_and_another_over_http(self):
        http, grpc = self.receiver(HttpReceiver()), self.receiver(GrpcReceiver())
        outcome = run("spans 3", {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": grpc.endpoint,
                                  "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "grpc",
                                  "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": http.endpoint + "/v1/metrics"})
        self.assertEqual(outcome.err, "")
        self.assertEqual(len(grpc.named("work")), 3)

    def test_resource_says_who_it_is_and_is_another_one_for_each_process(self):
        receiver = self.receiver(HttpReceiver())
        given = {"OTEL_RESOURCE_ATTRIBUTES": "team=a%20b,service.instance.id=inherited", "OTEL_SERVICE_NAME": "shop"}
        for _ in range(2):
            run("spans 1", receiver.environment(), given)
        resources = [span.resource for span in receiver.named("work")]
        for resource in resources:
            self.assertEqual(resource["service.name"], "shop")
            self.assertEqual(resource["team"], "a b")
            self.assertEqual(resource["lineshaft.worker.name"], "maker")
            self.assertEqual(resource["lineshaft.worker.generation"], 1)
            self.assertRegex(resource["service.instance.id"], r"^maker/1/[0-9a-f]{8}$")
            self.assertGreater(resource["process.pid"], 1)
            self.assertGreater(resource["process.parent_pid"], 1)
            self.assertEqual(resource["process.executable.name"], "telemetry_program")
            self.assertTrue(resource["process.command"])
            self.assertGreater(resource["process.args_count"], 0)
            self.assertEqual(resource["process.owner"], pwd.getpwuid(os.geteuid()).pw_name)
            created = datetime.datetime.fromisoformat(resource["process.creation.time"])
            self.assertLess(abs(datetime.datetime.now(datetime.timezone.utc) - created), datetime.timedelta(hours=1))
            self.assertFalse([key for key in resource if "environment_variable" in key])
        self.assertEqual(len({resource["service.instance.id"] for resource in resources}), 2)

    def test_service_is_the_program_where_nothing_is_named(self):
        receiver = self.receiver(HttpReceiver())
        run("spans 1", receiver.environment())
        self.assertEqual(receiver.named("work")[0].resource["service.name"], "telemetry_program")

    def test_collector_that_fails_costs_spans_and_neither_the_worker_nor_its_time(self):
        # Left to itself the SDK would wait for a minute for each batch of 512, and the worker be killed at its stop
        # deadline, which is 10 s.
        def one_for_each(**behaviour):
            return {"http/protobuf": lambda: HttpReceiver(**behaviour), "grpc": lambda: GrpcReceiver(**behaviour)}

        soon = {"LINESHAFT_OTEL_SHUTDOWN_TIMEOUT": "500", "OTEL_EXPORTER_OTLP_TIMEOUT": "60000"}
        endings = {"black hole": dict.fromkeys(PROTOCOLS, BlackHole), "refused": dict.fromkeys(PROTOCOLS, Nobody),
                   "no such host": dict.fromkeys(PROTOCOLS, NoName), "503": one_for_each(status=503),
                   "slow": one_for_each(delay=20)}
        cases = [(name, soon) for name in endings] + [("black hole", {})]  # the last one by the defaults
        for (name, times), protocol, count in itertools.product(cases, PROTOCOLS, (1, 2000)):
            with self.subTest(name, times=times, protocol=protocol, count=count):
                outcome = run(f"spans {count}", self.receiver(endings[name][protocol]()).environment(), times,
                              {"OTEL_EXPORTER_OTLP_PROTOCOL": protocol})
                print(f"{name}, {protocol}, {count} spans: gone after {outcome.exit['lifetime_ms']} ms", flush=True)
                self.assertEqual(outcome.exit["code"], 0)
                self.assertEqual(outcome.exit["reason"], "finished")
                self.assertEqual(outcome.exit["undelivered"]["spans"], count + 2)
                self.assertEqual(outcome.exit["figures"]["processed"], count)
                self.assertIn("the manager's telemetry was not delivered: ", outcome.err)

    def test_end_has_two_seconds_unless_the_variable_or_the_stop_deadline_says_less(self):
        # 100 ms of the deadline are for the worker to leave in. The manager has none.
        own, much = "LINESHAFT_OTEL_SHUTDOWN_TIMEOUT", 600_000
        for variables, stop_timeout, worker, manager in (({}, much, range(2000, 2001), 2000),
                                                         ({own: ""}, much, range(2000, 2001), 2000),
                                                         ({own: "700"}, much, range(700, 701), 700),
                                                         ({own: "60000"}, 1000, range(901), 60000)):
            with self.subTest(variables, stop_timeout=stop_timeout):
                outcome = run(f"spans 1 linger {stop_timeout}", STAND_IN, variables, said="stop\n")
                told = dict(re.findall(r"^(\d+) ends within (\d+) ms$", outcome.err, re.MULTILINE))
                self.assertIn(int(told.pop(str(outcome.exit["pid"]))), worker)
                self.assertEqual(list(told.values()), [str(manager)])

    def test_slow_collector_is_waited_for_as_long_as_there_is_time(self):
        # More than the SDK waits by itself for anything, and less than the two seconds that are the default.
        for make in (HttpReceiver, GrpcReceiver):
            for count in (1, 2000):
                with self.subTest(make.__name__, count=count):
                    outcome = run(f"spans {count}", self.receiver(make(delay=0.1)).environment(),
                                  {"LINESHAFT_OTEL_SHUTDOWN_TIMEOUT": "60000"})
                    self.assertEqual(outcome.exit["undelivered"], NOTHING)
                    self.assertEqual(outcome.err, "")

    def test_worker_that_gets_no_thread_for_its_end_delivers_and_leaves_all_the_same(self):
        receiver = self.receiver(HttpReceiver())
        process = start("threadless 1", receiver.environment(), {"OTEL_BSP_SCHEDULE_DELAY": "10"})
        receiver.wait(lambda received: received.named("before"))  # its exporter has the threads that it needs
        outcome = Outcome(process, "outcome\n")
        self.assertEqual((outcome.exit["code"], outcome.exit["reason"]), (0, "stopped"), outcome.err)
        self.assertEqual(len(receiver.named("after")), 1)
        self.assertEqual(outcome.exit["undelivered"], NOTHING)

    def test_children_that_a_worker_forks_in_the_middle_of_its_exports_end_each_in_its_way(self):
        for make in (HttpReceiver, GrpcReceiver):
            with self.subTest(make.__name__):
                receiver = self.receiver(make())
                process = start("forker 1", receiver.environment(), {"OTEL_BSP_SCHEDULE_DELAY": "10"})
                receiver.wait(lambda received: received.named("before"))
                outcome = Outcome(process, "outcome\n")
                metrics = outcome.json["status"]["metrics"]
                self.assertEqual((metrics["left_well"], metrics["of_a_hundred"]), (3, 100))
                self.assertEqual(len(receiver.named("after")), 1)
                self.assertEqual(receiver.named("child"), [])
                self.assertEqual(outcome.exit["undelivered"], NOTHING)

    def test_fork_server_has_the_plugin_open_and_no_thread_of_it(self):
        for make in (HttpReceiver, GrpcReceiver):
            with self.subTest(make.__name__):
                looked = run("forkserver 1", self.receiver(make()).environment()).json
                self.assertEqual(looked, {"plugin": True, "threads": 1})
        self.assertEqual(run("forkserver 1").json, {"plugin": False, "threads": 1})

    def test_manager_that_comes_after_the_last_one_has_telemetry_again(self):
        for make in (HttpReceiver, GrpcReceiver):
            with self.subTest(make.__name__):
                receiver = self.receiver(make())
                outcome = run("two 1", receiver.environment(), {"OTEL_BSP_SCHEDULE_DELAY": "-1"})
                self.assertEqual(outcome.code, 0, outcome.err)
                for name in ("first", "second"):
                    self.assertEqual(len(receiver.named(f"start {name}")), 1)
                    # In how many collections is the SDK's to say.
                    points = [point for metric, point, _ in receiver.points if metric == "lineshaft.app.threads"
                              and attributes(point.attributes) == {"lineshaft.worker.name": name}]
                    self.assertEqual({point.as_double for point in points}, {1})
                    starts = [point.as_int for metric, point, _ in receiver.points if metric == "lineshaft.worker.starts"
                              and attributes(point.attributes) == {"lineshaft.worker.name": name}]
                    self.assertEqual(set(starts), {1})
                # What is wrong is told once, and nothing was lost.
                told = [line for line in outcome.err.splitlines() if " lineshaft: " in line]
                self.assertEqual(len(told), 1, outcome.err)
                self.assertEqual(len({span.resource["service.instance.id"] for span in receiver.spans
                                      if span.name.startswith("start ")}), 1)

    def test_signals_end_side_by_side(self):
        # One after the other, the first would wait for an answer until the time is over. Nothing is sent before the end.
        later = {"OTEL_BSP_SCHEDULE_DELAY": "3600000", "OTEL_BLRP_SCHEDULE_DELAY": "3600000",
                 "OTEL_METRIC_EXPORT_INTERVAL": "3600000", "LINESHAFT_OTEL_SHUTDOWN_TIMEOUT": "60000"}
        receiver = self.receiver(HttpReceiver(together=3))
        outcome = run("talk 1", receiver.environment(), later)
        self.assertEqual(outcome.exit["undelivered"], NOTHING)
        self.assertNotIn("not delivered", outcome.err)  # of the manager's
        for name in ("inner", "start talker"):
            self.assertEqual(len(receiver.named(name)), 1)

    def test_stop_deadline_bounds_the_end_as_well(self):
        outcome = run("spans 1 linger 1000", self.receiver(BlackHole()).environment(),
                      {"LINESHAFT_OTEL_SHUTDOWN_TIMEOUT": "60000"}, said="stop\n")
        self.assertEqual(outcome.exit["code"], 0)  # not killed at its deadline
        self.assertEqual(outcome.exit["undelivered"]["spans"], 3)

    def test_what_a_killed_worker_had_not_sent_is_lost_and_nothing_else(self):
        receiver = self.receiver(HttpReceiver())
        process = start("spans 5 linger", receiver.environment(), {"OTEL_BSP_SCHEDULE_DELAY": "50"})
        receiver.wait(lambda received: len(received.named("work")) == 5)
        outcome = Outcome(process, "kill\n")
        self.assertEqual(outcome.exit["code"], -9)
        self.assertEqual(len(receiver.named("work")), 5)
        self.assertEqual(receiver.named("stop"), [])
        # The exporter counts a batch when it has the answer, which a kill may be quicker than.
        self.assertIn(outcome.exit["undelivered"]["spans"], range(7))

    def test_what_a_killed_worker_has_lost_is_known(self):
        for make in (HttpReceiver, GrpcReceiver, BlackHole):
            with self.subTest(make.__name__):
                receiver = self.receiver(make())
                process = start("spans 5 linger", receiver.environment(), {"OTEL_BSP_SCHEDULE_DELAY": "3600000"})
                outcome = Outcome(process, "kill\n")
                self.assertEqual(outcome.exit["code"], -9)
                self.assertEqual(outcome.exit["undelivered"], {"spans": 6, "log_records": 0, "metric_exports": 0})

    def test_child_that_a_worker_forks_ends_and_its_parent_loses_nothing(self):
        for make in (HttpReceiver, GrpcReceiver):
            with self.subTest(make.__name__):
                receiver = self.receiver(make())
                outcome = run("spans 3 fork", receiver.environment())
                self.assertEqual(outcome.json["status"]["metrics"]["forked"], 1)
                self.assertEqual(len(receiver.named("work")), 3)
                self.assertEqual(len(receiver.named("stop")), 1)
                self.assertEqual(receiver.named("child"), [])

    def test_telemetry_that_cannot_be_set_up_is_logged_and_the_worker_works(self):
        cannot = "no telemetry: cannot open the plug-in 'lineshaft-otlp-http.so'"
        for variables, told in (({"LINESHAFT_PLUGIN_DIR": "/nowhere"}, cannot),
                                ({"STAND_IN": "older"}, cannot + ": it has version "),
                                ({"STAND_IN": "failing"}, "error lineshaft: failing on purpose")):
            with self.subTest(variables):
                outcome = run("spans 3", STAND_IN, variables)
                self.assertEqual((outcome.code, outcome.exit["reason"]), (0, "finished"))
                self.assertEqual(outcome.exit["figures"]["processed"], 3)
                self.assertEqual(outcome.err.count(told), 2)  # by the worker, and by the manager
                self.assertEqual(len(outcome.err.splitlines()), 2)

    def test_limits_hold(self):
        receiver = self.receiver(HttpReceiver())
        run("attributes 1", receiver.environment(),
            {"OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT": "2", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT": "3",
             "OTEL_SPAN_EVENT_COUNT_LIMIT": "1", "OTEL_SPAN_LINK_COUNT_LIMIT": "0",
             "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT": "1"})
        (span,) = receiver.named("rich")
        self.assertEqual(span.attributes, {"a": "ä€𝄞", "b": "abc"})
        self.assertEqual(span.events, ["one"])
        self.assertEqual(len(span.proto.events[0].attributes), 1)
        self.assertEqual(span.links, [])

    def test_samplers(self):
        def count(sampler, argument=""):
            receiver = self.receiver(HttpReceiver())
            outcome = run("spans 400", receiver.environment(),
                          {"OTEL_TRACES_SAMPLER": sampler, "OTEL_TRACES_SAMPLER_ARG": argument})
            self.assertEqual(outcome.exit["undelivered"], NOTHING)
            return len(receiver.named("work"))

        self.assertEqual(count("parentbased_always_on"), 400)
        self.assertEqual(count("always_off"), 0)
        # All spans of a worker belong to the trace of its start, and so to one decision.
        self.assertEqual(count("traceidratio", "0"), 0)
        self.assertEqual(count("traceidratio", "1"), 400)

    def test_console_prints_a_line_for_each_span_to_standard_output(self):
        outcome = run("spans 1", {"OTEL_TRACES_EXPORTER": "console"})
        lines = outcome.out.splitlines()
        ids = r"trace=[0-9a-f]{32} span=[0-9a-f]{16}"
        (work,) = [line for line in lines if ": work " in line]
        self.assertRegex(work, rf"^\d{{4}}-\d\d-\d\dT[0-9:.]{{12}}Z maker/1: work \d+\.\d{{3}} ms internal {ids} parent=[0-9a-f]{{16}}$")
        (started,) = [line for line in lines if ": start maker " in line]
        self.assertRegex(started, rf"Z telemetry_program: start maker \d+\.\d{{3}} ms client {ids} "
                                  r"lineshaft.worker.generation=1 lineshaft.worker.name=maker process.pid=\d+$")
        # constructor, work, stop, start maker, worker start, and what the program itself prints
        self.assertEqual(len(lines), 6)
        self.assertEqual(outcome.exit["undelivered"], NOTHING)

    def test_off_there_is_no_plugin_and_no_thread(self):
        for wanted in ({}, {"OTEL_SDK_DISABLED": "true", "OTEL_TRACES_EXPORTER": "otlp"},
                       {"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}):
            with self.subTest(wanted):
                wanted = dict(wanted)
                if wanted.get("OTEL_TRACES_EXPORTER") == "none":
                    wanted.update(OTEL_METRICS_EXPORTER="none", OTEL_LOGS_EXPORTER="none")
                looked = run("look 1", wanted).json["status"]["metrics"]
                self.assertEqual((looked["threads"], looked["threads_when_it_records"], looked["plugins"]), (1, 1, 0))

    def test_on_there_is_one_and_threads_begin_with_what_is_recorded_and_take_no_signals(self):
        for make in (HttpReceiver, GrpcReceiver):
            with self.subTest(make.__name__):
                receiver = self.receiver(make())
                looked = run("look 1", receiver.environment()).json["status"]["metrics"]
                self.assertEqual((looked["threads"], looked["plugins"]), (1, 1))
                self.assertGreater(looked["threads_when_it_records"], 2)
                self.assertEqual(looked["threads_that_take_signals"], 1)  # the worker's own
                self.assertEqual(len(receiver.named("seen")), 1)


if __name__ == "__main__":
    unittest.main()
