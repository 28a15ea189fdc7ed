"""An OTLP receiver for tests: over HTTP and gRPC, decoded by the packaged protobuf definitions, kept in memory."""
import collections
import contextlib
import http.server
import json
import os
import socket
import threading
import time
from concurrent import futures

# The packaged definitions are older than the packaged protobuf: only its implementation in Python takes them.
os.environ.setdefault("PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION", "python")

import grpc  # noqa: E402
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2 as logs_service  # noqa: E402
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2_grpc as logs_grpc  # noqa: E402
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2 as metrics_service  # noqa: E402
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2_grpc as metrics_grpc  # noqa: E402
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as trace_service  # noqa: E402
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc as trace_grpc  # noqa: E402

REQUESTS = {"/v1/traces": trace_service.ExportTraceServiceRequest,
            "/v1/metrics": metrics_service.ExportMetricsServiceRequest,
            "/v1/logs": logs_service.ExportLogsServiceRequest}


def plain(value):
    return getattr(value, value.WhichOneof("value")) if value.WhichOneof("value") else None


def attributes(pairs):
    return {pair.key: plain(pair.value) for pair in pairs}


class Span:
    def __init__(self, span, resource):
        self.name, self.kind, self.resource = span.name, span.kind, resource
        self.trace_id, self.span_id, self.parent_id = span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex()
        self.attributes = attributes(span.attributes)
        self.links = [(link.trace_id.hex(), link.span_id.hex()) for link in span.links]
        self.events = [event.name for event in span.events]
        self.status = span.status
        self.proto = span


class Received:
    """What has arrived. Any thread."""

    def __init__(self):
        self.changed = threading.Condition()
        self.spans, self.points, self.records, self.requests = [], [], [], []
        self.refused = []  # spans, each time that they were sent

    def take(self, path, headers, message):
        with self.changed:
            self.requests.append((path, headers, message))
            for of in getattr(message, "resource_spans", ()):
                resource = attributes(of.resource.attributes)
                self.spans += [Span(span, resource) for scope in of.scope_spans for span in scope.spans]
            for of in getattr(message, "resource_metrics", ()):
                resource = attributes(of.resource.attributes)
                for metric in (metric for scope in of.scope_metrics for metric in scope.metrics):
                    data = getattr(metric, metric.WhichOneof("data"))
                    self.points += [(metric.name, point, resource) for point in data.data_points]
            for of in getattr(message, "resource_logs", ()):
                resource = attributes(of.resource.attributes)
                self.records += [(record, resource) for scope in of.scope_logs for record in scope.log_records]
            self.changed.notify_all()

    def refuse(self, message):
        with self.changed:
            self.refused += [span.span_id for of in getattr(message, "resource_spans", ())
                             for scope in of.scope_spans for span in scope.spans]

    def wait(self, holds, timeout=60):
        """Until `holds(self)`: for what comes while a process lives on."""
        with self.changed:
            if not self.changed.wait_for(lambda: holds(self), timeout):
                raise AssertionError("what was waited for has not arrived")

    def named(self, name):
        return [span for span in self.spans if span.name == name]


class HttpReceiver(Received):
    """`delay`: seconds before each answer; `status`: of each answer; `tls`: an ssl.SSLContext; `together`: how many
    signals of one process have to be on their way before any of them is answered."""

    def __init__(self, status=200, delay=0.0, tls=None, together=None):
        super().__init__()
        self.signals = collections.defaultdict(set)
        self.documents = []  # OTLP as JSON, as it came
        self.ciphers = []  # of TLS, one a request: (name, version)
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(delay)  # a slow collector is what is being tested
                if tls:
                    receiver.ciphers.append(self.connection.cipher()[:2])
                if self.headers["Content-Type"].startswith("application/json"):
                    receiver.documents.append(json.loads(body))
                else:
                    request = REQUESTS[self.path]()
                    request.ParseFromString(body)
                    if status != 200:
                        receiver.refuse(request)
                    else:
                        receiver.take(self.path, dict(self.headers), request)
                    if together:
                        receiver.meet(request, self.path, together)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if tls:
            # A handshake that is refused is what a test may be about.
            self.server.handle_error = lambda *_: None
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        scheme = "https" if tls else "http"
        self.endpoint = f"{scheme}://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def meet(self, request, path, together):
        parts = next(list(getattr(request, kind)) for kind in ("resource_spans", "resource_metrics", "resource_logs")
                     if hasattr(request, kind))
        instance = attributes(parts[0].resource.attributes)["service.instance.id"]
        with self.changed:
            self.signals[instance].add(path)
            self.changed.notify_all()
            self.changed.wait_for(lambda: len(self.signals[instance]) >= together)

    def environment(self):
        return {"OTEL_EXPORTER_OTLP_ENDPOINT": self.endpoint}

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class GrpcReceiver(Received):
    """`credentials`: of grpc.ssl_server_credentials; `delay`: seconds before each answer; `status`: as HTTP has it."""

    def __init__(self, credentials=None, delay=0.0, status=200):
        super().__init__()
        receiver = self

        def servicer(base, response):
            class Servicer(base):
                def Export(self, request, context):
                    time.sleep(delay)  # a slow collector is what is being tested
                    if status != 200:
                        receiver.refuse(request)
                        context.abort(grpc.StatusCode.UNAVAILABLE, "no")
                    receiver.take("grpc", dict(context.invocation_metadata()), request)
                    return response()
            return Servicer()

        self.server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
        trace_grpc.add_TraceServiceServicer_to_server(
            servicer(trace_grpc.TraceServiceServicer, trace_service.ExportTraceServiceResponse), self.server)
        metrics_grpc.add_MetricsServiceServicer_to_server(
            servicer(metrics_grpc.MetricsServiceServicer, metrics_service.ExportMetricsServiceResponse), self.server)
        logs_grpc.add_LogsServiceServicer_to_server(
            servicer(logs_grpc.LogsServiceServicer, logs_service.ExportLogsServiceResponse), self.server)
        if credentials:
            self.endpoint = f"https://127.0.0.1:{self.server.add_secure_port('127.0.0.1:0', credentials)}"
        else:
            self.endpoint = f"http://127.0.0.1:{self.server.add_insecure_port('127.0.0.1:0')}"
        self.server.start()

    def environment(self):
        return {"OTEL_EXPORTER_OTLP_ENDPOINT": self.endpoint, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}

    def close(self):
        self.server.stop(None)


class Tap:
    """Before a receiver: counts the bytes that go to it."""

    def __init__(self, receiver):
        self.receiver, self.bytes = receiver, 0
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.endpoint = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.open, self.threads = [self.socket], []
        self.begin(self.accept)

    def begin(self, what, *arguments):
        self.threads.append(threading.Thread(target=what, args=arguments, daemon=True))
        self.threads[-1].start()

    def accept(self):
        host, port = self.receiver.endpoint.removeprefix("http://").split(":")
        with contextlib.suppress(OSError):  # closed
            while True:
                connection, _ = self.socket.accept()
                self.open.append(connection)
                onward = socket.create_connection((host, int(port)))
                self.open.append(onward)
                for source, sink, counts in ((connection, onward, True), (onward, connection, False)):
                    self.begin(self.forward, source, sink, counts)

    def forward(self, source, sink, counts):
        with contextlib.suppress(OSError):  # either side may go first
            while data := source.recv(65536):
                if counts:
                    self.bytes += len(data)
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def environment(self):
        return {**self.receiver.environment(), "OTEL_EXPORTER_OTLP_ENDPOINT": self.endpoint}

    def close(self):
        # A thread that waits at a socket hears of its shutdown, and of its close never. The first thread is the one
        # that adds to both lists.
        while self.threads:
            for one in self.open:
                with contextlib.suppress(OSError):  # the other side has gone
                    one.shutdown(socket.SHUT_RDWR)
            self.threads.pop(0).join()
        for one in self.open:
            one.close()


class BlackHole:
    """Accepts, and never answers."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.endpoint = f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def accept(self):
        """Until somebody has connected."""
        connection, _ = self.socket.accept()
        return connection

    def environment(self):
        return {"OTEL_EXPORTER_OTLP_ENDPOINT": self.endpoint}

    def close(self):
        self.socket.close()


class Nobody:
    """A port at which nobody listens: bound, so that nobody else will."""

    def __init__(self):
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def environment(self):
        return {"OTEL_EXPORTER_OTLP_ENDPOINT": self.endpoint}

    def close(self):
        self.socket.close()


class NoName:
    """A host that does not exist."""

    endpoint = "http://collector.invalid:4318"

    def environment(self):
        return {"OTEL_EXPORTER_OTLP_ENDPOINT": self.endpoint}

    def close(self):
        pass
