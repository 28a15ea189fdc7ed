"""What telemetry must not do to its surroundings: descriptors, signals, secrets, contexts, certificates."""
import itertools
import os
import ssl
import subprocess
import tempfile
import unittest

import grpc

from otlp_receiver import BlackHole, GrpcReceiver, HttpReceiver, Nobody
from program import Outcome, run, start

SAMPLED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Children(unittest.TestCase):
    def test_no_descriptor_of_an_export_reaches_a_child_and_sigpipe_is_as_it_was(self):
        for protocol, how in itertools.product(("http/protobuf", "grpc"), ("1", "respawn")):
            with self.subTest(protocol, how=how):
                hole = BlackHole()
                self.addCleanup(hole.close)
                process = start(f"children {how}", hole.environment(),
                                {"OTEL_EXPORTER_OTLP_PROTOCOL": protocol, "OTEL_BSP_SCHEDULE_DELAY": "1",
                                 "LINESHAFT_OTEL_SHUTDOWN_TIMEOUT": "100"})
                connections = [hole.accept()]
                outcome = Outcome(process, "go on\n")
                self.addCleanup(connections[0].close)
                self.assertEqual(outcome.code, 0, outcome.err)
                lines = outcome.out.splitlines()
                # The shell has the folder that it lists open itself.
                self.assertEqual([line for line in lines if line.startswith("fd ")], ["fd 0", "fd 1", "fd 2", "fd 3"])
                ignored = int(next(line for line in lines if line.startswith("SigIgn:")).split()[1], 16)
                self.assertEqual(ignored & 1 << 12, 0)  # SIGPIPE is 13
                self.assertIn("SIGPIPE as it was", lines)
                self.assertEqual([line for line in lines if line.startswith("common ")], [])

    def test_no_descriptor_of_a_workers_export_reaches_a_program_that_it_executes_and_sigpipe_is_as_it_was(self):
        for protocol in ("http/protobuf", "grpc"):
            with self.subTest(protocol):
                hole = BlackHole()
                self.addCleanup(hole.close)
                process = start("execute 1", {"EXECUTOR_ENDPOINT": hole.endpoint, "EXECUTOR_PROTOCOL": protocol})
                self.addCleanup(hole.accept().close)
                outcome = Outcome(process, "go on\n")
                self.assertEqual(outcome.code, 0, outcome.err)
                found = [line.split()[1] for line in outcome.out.splitlines() if line.startswith("fd ")]
                self.assertEqual(found, ["0", "1", "2", "3"], outcome.out)
                without = Outcome(start("execute 1"), "go on\n")
                ignored = [line for line in outcome.out.splitlines() if line.startswith("SigIgn:")]
                self.assertEqual(len(ignored), 1, outcome.out)
                self.assertEqual(ignored, [line for line in without.out.splitlines() if line.startswith("SigIgn:")])


class Contexts(unittest.TestCase):
    def traceparent(self, outcome):
        return next(line for line in outcome.out.splitlines() if line.startswith("TRACEPARENT=")).split("=")[1]

    def test_disabled_sdk_hands_the_context_of_the_caller_on(self):
        for telemetry in ({}, {"OTEL_SDK_DISABLED": "true", "OTEL_TRACES_EXPORTER": "otlp"}):
            with self.subTest(telemetry):
                self.assertEqual(self.traceparent(run("relay 1", {"TRACEPARENT": SAMPLED}, telemetry)), SAMPLED)

    def test_span_that_the_sampler_drops_is_not_handed_on_as_sampled(self):
        receiver = HttpReceiver()
        self.addCleanup(receiver.close)
        outcome = run("relay 1", receiver.environment(),
                      {"TRACEPARENT": SAMPLED, "OTEL_TRACES_SAMPLER": "always_off"})
        trace, flags = self.traceparent(outcome).split("-")[1::2]
        self.assertEqual((trace, flags), (SAMPLED.split("-")[1], "00"))
        self.assertEqual(receiver.spans, [])

    def test_variable_that_is_as_long_as_one_may_be_keeps_no_program_from_starting(self):
        receiver = HttpReceiver()
        self.addCleanup(receiver.close)
        name = "OTEL_RESOURCE_ATTRIBUTES"
        outcome = run("relay 1", receiver.environment(), {name: "a=" + (128 * 1024 - len(name) - 4) * "x"})
        (started,) = receiver.named("start program")
        self.assertEqual(self.traceparent(outcome), f"00-{started.trace_id}-{started.span_id}-01")
        # Those with an SDK of ours have an instance all the same.
        self.assertEqual(len({span.resource["service.instance.id"] for span in receiver.spans}), 4)

    def test_each_generation_is_an_instance_of_its_own(self):
        receiver = HttpReceiver()
        self.addCleanup(receiver.close)
        run("crash 1", receiver.environment())
        instances = {record.body.string_value: resource["service.instance.id"] for record, resource in receiver.records
                     if resource.get("lineshaft.worker.name") == "crasher"}
        self.assertRegex(instances["generation 1"], r"^crasher/1/[0-9a-f]{8}$")
        self.assertRegex(instances["generation 2"], r"^crasher/2/[0-9a-f]{8}$")

    def test_worker_that_is_terminated_delivers(self):
        for make in (HttpReceiver, GrpcReceiver):
            with self.subTest(make.__name__):
                receiver = make()
                self.addCleanup(receiver.close)
                outcome = Outcome(start("spans 5 linger", receiver.environment()), "terminate\n")
                self.assertEqual(outcome.exit["code"], 0)
                self.assertEqual(len(receiver.named("work")), 5)
                self.assertEqual(len(receiver.named("stop")), 1)


class Secrets(unittest.TestCase):
    def test_no_variable_of_the_environment_is_recorded(self):
        for make in (HttpReceiver, GrpcReceiver):
            with self.subTest(make.__name__):
                receiver = make()
                self.addCleanup(receiver.close)
                run("fleet 1", receiver.environment(), {"A_VARIABLE_OF_OURS": "s3cret", "OTEL_EXPORTER_OTLP_HEADERS":
                                                        "api-key=s3cret"})
                self.assertEqual((bool(receiver.spans), bool(receiver.points), bool(receiver.records)), (True,) * 3)
                for _, _, message in receiver.requests:
                    for never in (b"s3cret", b"A_VARIABLE_OF_OURS", b"environment_variable"):
                        self.assertNotIn(never, message.SerializeToString())

    def test_headers_are_sent_and_never_printed(self):
        for make, protocol in ((HttpReceiver, "http/protobuf"), (GrpcReceiver, "grpc")):
            with self.subTest(protocol):
                receiver = make()
                self.addCleanup(receiver.close)
                secret = {"OTEL_EXPORTER_OTLP_HEADERS": "api-key=s3cret", "OTEL_LOG_LEVEL": "debug"}
                outcome = run("spans 1", receiver.environment(), secret)
                self.assertEqual(receiver.requests[0][1]["api-key"], "s3cret")
                nobody = Nobody()
                self.addCleanup(nobody.close)
                refused = run("spans 1", nobody.environment(), secret, {"OTEL_EXPORTER_OTLP_PROTOCOL": protocol})
                self.assertEqual(refused.exit["undelivered"]["spans"], 3)
                for said in (outcome.out, outcome.err, refused.out, refused.err):
                    self.assertNotIn("s3cret", said)

    def test_headers_are_sent_decoded_and_over_grpc_in_lower_case(self):
        for make, name in ((HttpReceiver, "Authorization"), (GrpcReceiver, "authorization")):
            with self.subTest(make.__name__):
                receiver = make()
                self.addCleanup(receiver.close)
                outcome = run("spans 1", receiver.environment(),
                              {"OTEL_EXPORTER_OTLP_HEADERS": "Authorization=Bearer%20x"})
                self.assertEqual((outcome.code, outcome.exit["code"], outcome.err), (0, 0, ""))
                for _, headers, _ in receiver.requests:
                    self.assertEqual(headers[name], "Bearer x")

    def test_header_or_endpoint_that_the_sdk_cannot_bear_is_refused_by_name_and_nothing_of_it_printed(self):
        for protocol in ("http/protobuf", "grpc"):
            for name, value in (("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "a b=s3cret"),
                                ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "key=s3cret%0d%0a"),
                                ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://me:s3cret@c:43x17"),
                                ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://me:s3cret@c:")):
                with self.subTest(value, protocol=protocol):
                    outcome = run("spans 1", {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": protocol,
                                              "OTEL_LOG_LEVEL": "debug", name: value})
                    self.assertEqual((outcome.code, outcome.exit["code"]), (0, 0), outcome.err)
                    self.assertEqual(outcome.err.count(f"{name} has a value that cannot be used"), 1)
                    self.assertNotIn("s3cret", outcome.err + outcome.out)

    def test_value_that_cannot_be_used_is_not_in_the_warning(self):
        outcome = run("spans 1", {"OTEL_EXPORTER_OTLP_HEADERS": "s3cret without a key", "OTEL_TRACES_EXPORTER": "console"})
        self.assertIn("OTEL_EXPORTER_OTLP_HEADERS has a value that cannot be used", outcome.err)
        self.assertNotIn("s3cret", outcome.err + outcome.out)

    def test_password_in_an_endpoint_is_not_printed_when_it_fails(self):
        nobody = Nobody()
        self.addCleanup(nobody.close)
        for protocol in ("http/protobuf", "grpc"):
            with self.subTest(protocol):
                outcome = run("spans 1", {"OTEL_EXPORTER_OTLP_ENDPOINT": nobody.endpoint.replace("//", "//me:s3cret@"),
                                          "OTEL_EXPORTER_OTLP_PROTOCOL": protocol, "OTEL_LOG_LEVEL": "debug"})
                self.assertNotIn("s3cret", outcome.err + outcome.out)


class Certificates(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        for name in ("server", "client", "stranger"):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                            "-nodes", "-days", "2", "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1",
                            "-keyout", cls.path(name + ".key"), "-out", cls.path(name + ".pem")],
                           check=True, capture_output=True)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder.name, name)

    def over_http(self, client=None, newest=ssl.TLSVersion.TLSv1_3):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.maximum_version = newest
        context.load_cert_chain(self.path("server.pem"), self.path("server.key"))
        if client:
            context.load_verify_locations(self.path(client + ".pem"))
            context.verify_mode = ssl.CERT_REQUIRED
        return self.kept(HttpReceiver(tls=context))

    def over_grpc(self):
        with open(self.path("server.key"), "rb") as key, open(self.path("server.pem"), "rb") as certificate:
            return self.kept(GrpcReceiver(grpc.ssl_server_credentials([(key.read(), certificate.read())])))

    def kept(self, receiver):
        self.addCleanup(receiver.close)
        return receiver

    # In a variable's value, as opposed to a file that it names.
    def text(self, file):
        with open(self.path(file), encoding="ascii") as pem:
            return pem.read()

    def delivered(self, receiver, given=None, **certificates):
        given = given or self.path
        variables = {f"OTEL_EXPORTER_OTLP_{name.upper()}": given(file) for name, file in certificates.items()}
        outcome = run("spans 2", receiver.environment(), variables)
        self.assertEqual(outcome.exit["code"], 0)
        self.assertNotIn("PRIVATE KEY", outcome.err + outcome.out)
        arrived = len(receiver.named("work"))
        self.assertEqual(outcome.exit["undelivered"]["spans"], 0 if arrived else 4)
        return arrived == 2

    def test_only_a_collector_that_the_certificate_vouches_for_is_sent_anything(self):
        for make in (self.over_http, self.over_grpc):
            with self.subTest(make.__name__):
                self.assertTrue(self.delivered(make(), certificate="server.pem"))
                self.assertFalse(self.delivered(make(), certificate="stranger.pem"))
                self.assertFalse(self.delivered(make()))  # the system's do not know it
                self.assertFalse(self.delivered(make(), certificate="missing.pem"))

                self.assertTrue(self.delivered(make(), self.text, certificate_string="server.pem"))
                self.assertFalse(self.delivered(make(), self.text, certificate_string="stranger.pem"))

    def test_client_shows_its_certificate_over_http(self):
        own = {"certificate": "server.pem", "client_key": "client.key", "client_certificate": "client.pem"}
        self.assertTrue(self.delivered(self.over_http("client"), **own))
        as_text = {f"{name}_string": file for name, file in own.items()}
        self.assertTrue(self.delivered(self.over_http("client"), self.text, **as_text))
        self.assertFalse(self.delivered(self.over_http("client"), certificate="server.pem"))
        self.assertFalse(self.delivered(self.over_http("stranger"), **own))

    def test_tls_over_http_is_what_the_variables_allow(self):
        head, signals = "OTEL_CPP_EXPORTER_OTLP_", ("", "TRACES_")
        cases = ((None, {"MAX_TLS": "1.2"}, "TLSv1.2"), (None, {"MIN_TLS": "1.3"}, "TLSv1.3"),
                 ("ECDHE-ECDSA-AES128-GCM-SHA256", {"MAX_TLS": "1.2", "CIPHER": "ECDHE-ECDSA-AES128-GCM-SHA256"}, "TLSv1.2"),
                 ("TLS_CHACHA20_POLY1305_SHA256", {"CIPHER_SUITE": "TLS_CHACHA20_POLY1305_SHA256"}, "TLSv1.3"))
        for (cipher, wanted, version), signal in itertools.product(cases, signals):
            with self.subTest(wanted, signal=signal):
                receiver = self.over_http()
                run("spans 1", receiver.environment(), {f"{head}{signal}{name}": value for name, value in wanted.items()},
                    {"OTEL_EXPORTER_OTLP_CERTIFICATE": self.path("server.pem"), "OTEL_METRICS_EXPORTER": "none",
                     "OTEL_LOGS_EXPORTER": "none"})
                self.assertEqual(len(receiver.named("work")), 1)
                for name, spoken in receiver.ciphers:
                    self.assertEqual((name, spoken), (cipher or name, version))
        old = self.over_http(newest=ssl.TLSVersion.TLSv1_2)
        outcome = run("spans 1", old.environment(), {head + "MIN_TLS": "1.3",
                                                     "OTEL_EXPORTER_OTLP_CERTIFICATE": self.path("server.pem")})
        self.assertEqual(outcome.exit["undelivered"]["spans"], 3)


if __name__ == "__main__":
    unittest.main()
