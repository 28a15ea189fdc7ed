"""One trace from the caller through manager, worker, queue, second worker and program."""
import unittest

from otlp_receiver import GrpcReceiver, HttpReceiver
from program import Outcome, run, start


class Trace(unittest.TestCase):
    def receiver(self, made):
        self.addCleanup(made.close)
        return made

    def only(self, receiver, name):
        (span,) = receiver.named(name)
        return span

    def test_one_trace_goes_through_every_process(self):
        for make in (HttpReceiver, GrpcReceiver):
            with self.subTest(make.__name__):
                receiver = self.receiver(make())
                outcome = run("relay 1", receiver.environment())
                self.assertEqual(outcome.code, 0, outcome.err)
                caller = self.only(receiver, "caller")
                for worker in ("producer", "consumer"):
                    begun = self.only(receiver, f"start {worker}")
                    self.assertEqual((begun.trace_id, begun.parent_id), (caller.trace_id, caller.span_id))
                    self.assertEqual(begun.kind, 3)  # client
                    self.assertEqual(begun.status.code, 0)
                    self.assertEqual(begun.attributes["lineshaft.worker.generation"], 1)
                    (inside,) = [span for span in receiver.named("worker start") if span.parent_id == begun.span_id]
                    self.assertEqual((inside.trace_id, inside.kind), (caller.trace_id, 1))  # internal
                    self.assertEqual(inside.attributes, begun.attributes)
                    self.assertEqual(begun.attributes["lineshaft.worker.name"], worker)
                    self.assertIn(begun.attributes["process.pid"],
                                  {span.resource["process.pid"] for span in receiver.spans})
                made = self.only(receiver, "make")
                self.assertEqual(made.parent_id, self.only(receiver, "start producer").span_id)
                sent = self.only(receiver, "send trades")
                self.assertEqual((sent.trace_id, sent.parent_id), (caller.trace_id, made.span_id))
                processed = self.only(receiver, "process trades")
                self.assertEqual((processed.trace_id, processed.parent_id), (caller.trace_id, sent.span_id))
                self.assertEqual(processed.links, [(sent.trace_id, sent.span_id)])
                self.assertEqual(processed.kind, 5)  # consumer
                # The program prints the context that it finds in its environment.
                started = self.only(receiver, "start program")
                line = next(line for line in outcome.out.splitlines() if line.startswith("TRACEPARENT="))
                self.assertEqual(line, f"TRACEPARENT=00-{started.trace_id}-{started.span_id}-01")
                self.assertEqual(started.parent_id, caller.span_id)
                services = {span.resource["service.name"] for span in receiver.spans}
                self.assertEqual(services, {"telemetry_program"})
                instances = {span.resource["service.instance.id"] for span in receiver.spans}
                self.assertEqual(len(instances), 4)  # the manager and three workers

    def test_trace_that_the_manager_was_started_under_goes_on(self):
        trace, span = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
        receiver = self.receiver(HttpReceiver())
        run("crash 1", receiver.environment(), {"TRACEPARENT": f"00-{trace}-{span}-01"})
        generations = receiver.named("start crasher")
        self.assertEqual([(one.trace_id, one.parent_id) for one in generations], [(trace, span)] * 2)
        self.assertEqual({record.trace_id.hex() for record, _ in receiver.records}, {trace})

    def test_trace_that_nobody_samples_is_carried_and_not_recorded(self):
        trace = "0af7651916cd43dd8448eb211c80319c"
        receiver = self.receiver(HttpReceiver())
        outcome = run("relay 1", receiver.environment(), {"TRACEPARENT": f"00-{trace}-b7ad6b7169203331-00"})
        line = next(line for line in outcome.out.splitlines() if line.startswith("TRACEPARENT="))
        self.assertEqual(line.split("-")[1::2], [trace, "00"])
        self.assertEqual(receiver.spans, [])

    def test_stop_is_a_span_and_an_exit_a_log_record_of_the_same_trace(self):
        receiver = self.receiver(HttpReceiver())
        run("spans 1 linger", receiver.environment(), said="stop\n")
        started, stopped = self.only(receiver, "start maker"), self.only(receiver, "stop maker")
        self.assertEqual((stopped.trace_id, stopped.parent_id), (started.trace_id, started.span_id))
        self.assertEqual((stopped.kind, stopped.status.code), (1, 0))  # internal
        ((record, _),) = receiver.records
        self.assertEqual(record.trace_id.hex(), started.trace_id)
        self.assertIn("maker: ", record.body.string_value)

    def test_crash_makes_a_log_record_of_an_error_and_the_next_generation_is_linked(self):
        receiver = self.receiver(HttpReceiver())
        run("crash 1", receiver.environment())
        first, second = sorted(receiver.named("start crasher"), key=lambda span: span.proto.start_time_unix_nano)[:2]
        self.assertEqual(second.links, [(first.trace_id, first.span_id)])
        record = next(record for record, _ in receiver.records if record.body.string_value.startswith("crasher: "))
        self.assertEqual(record.severity_number, 17)  # error
        restarts = [point for name, point, _ in receiver.points if name == "lineshaft.worker.process_restarts"]
        self.assertEqual(restarts[-1].as_int, 1)


if __name__ == "__main__":
    unittest.main()
