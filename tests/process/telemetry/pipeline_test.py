"""The market data pipeline, traced: what became of one frame is one trace."""
import os
import subprocess
import tempfile
import unittest

from otlp_receiver import HttpReceiver
from program import environment

BIN = os.environ["LINESHAFT_BIN"]


class Pipeline(unittest.TestCase):
    def traced(self, events):
        receiver = HttpReceiver()
        self.addCleanup(receiver.close)
        with tempfile.TemporaryDirectory() as folder:
            feed = os.path.join(folder, "day.ndjson")
            subprocess.run([os.path.join(BIN, "market-data-generate"), feed, "--events", str(events)], check=True)
            subprocess.run([os.path.join(BIN, "market-data"), "--feed", "replay:" + feed, "--cache",
                            "lmdb:" + os.path.join(folder, "cache"), "--exit-when-done"], check=True,
                           stdout=subprocess.DEVNULL,
                           env=environment(receiver.environment(), {"LINESHAFT_OTEL_SHUTDOWN_TIMEOUT": "60000"}))
        return receiver

    def test_each_batch_belongs_to_the_frames_that_it_came_in(self):
        receiver = self.traced(300)
        (started,) = receiver.named("start listener")
        frames = {span.span_id: span for span in receiver.named("send frame")}
        self.assertGreater(len(frames), 0)
        for frame in frames.values():
            self.assertEqual((frame.parent_id, frame.kind), ("", 4))  # producer
            self.assertEqual(frame.links, [(started.trace_id, started.span_id)])
            self.assertEqual(frame.attributes["messaging.destination.name"], "frame")
        batches = [span for span in receiver.spans if span.name.startswith("process ")]
        self.assertEqual(sum(span.attributes["messaging.batch.message_count"] for span in batches), 300)
        for batch in batches:
            self.assertEqual(batch.kind, 5)  # consumer
            self.assertEqual("process " + batch.attributes["messaging.destination.name"], batch.name)
            self.assertGreater(len(batch.links), 0)
            for trace, span in batch.links:
                self.assertEqual(frames[span].trace_id, trace)
            if len(batch.links) == 1:
                self.assertEqual((batch.trace_id, batch.parent_id), batch.links[0])
            else:
                self.assertEqual(batch.parent_id, "")


if __name__ == "__main__":
    unittest.main()
