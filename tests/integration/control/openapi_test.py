"""The OpenAPI document is one, and every answer is what it says."""
import json
import unittest
import urllib.request

import jsonschema
from openapi_spec_validator import validate

from served import TOKEN, Served


def closed(schema):
    """The same, without a member that it does not name: what is not documented is not answered."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: closed(one) for name, one in schema.items()}
    return made | {"additionalProperties": False} if "properties" in made and "additionalProperties" not in made else made


class OpenApi(Served):
    def document(self):
        return json.loads(self.ask("GET", "/v1/openapi.json")[2])

    def validated(self, document, method, path, template, body=None, expected=200):
        """The answer of one request, checked against what the document says of it."""
        status, content_type, text = self.ask(method, path, body)
        self.assertEqual(status, expected, text)
        responses = document["paths"][template][method.lower()]["responses"]
        said = responses.get(str(status), responses["default"])["content"]
        self.assertIn(content_type, said, path)
        answer = json.loads(text) if "json" in content_type else text
        self.check(document, said[content_type]["schema"], answer)
        return answer

    def check(self, document, schema, answer):
        # References are resolved from the document's root.
        jsonschema.Draft202012Validator({**schema, "components": closed(document["components"])}).validate(answer)

    def test_every_message_of_a_stream_is_what_it_says(self):
        document = self.document()
        for path in ("/v1/events", "/v1/logs"):
            said = document["paths"][path]["get"]["responses"]["200"]["content"]["text/event-stream"]["schema"]
            request = urllib.request.Request(f"http://127.0.0.1:{self.tcp}{path}?since=0", headers={"Authorization": f"Bearer {TOKEN}"})
            with urllib.request.urlopen(request, timeout=60) as stream:
                self.assertEqual(stream.headers.get_content_type(), "text/event-stream")
                message = {}
                while "data" not in message:
                    line = stream.readline().decode().rstrip("\n")
                    if line and not line.startswith(":"):
                        name, _, value = line.partition(": ")
                        message[name] = value
            self.assertIn("id", message)
            self.check(document, said, json.loads(message["data"]))

    def test_it_is_a_document_of_openapi_3_1(self):
        document = self.document()
        self.assertTrue(document["openapi"].startswith("3.1"))
        validate(document)

    def test_every_answer_is_what_it_says(self):
        document = self.document()
        seen = set()

        def check(method, path, template=None, body=None, expected=200):
            template = template or path.split("?")[0]
            seen.add((method, template))
            return self.validated(document, method, path, template, body, expected)

        one = "/v1/workers/{name}"
        check("GET", "/v1/status")
        check("GET", "/v1/workers/listener", one)
        check("GET", "/v1/workers/nobody", one, expected=404)
        self.assertEqual(["numbers"], [one["name"] for one in check("GET", "/v1/queues")["queues"]])
        check("POST", "/v1/workers/listener/restart", one + "/restart")
        check("POST", "/v1/workers/processor/restart", one + "/restart")
        check("GET", "/v1/workers/listener/exits", one + "/exits")
        check("POST", "/v1/workers/listener/stop?within=5s", one + "/stop")
        check("POST", "/v1/workers/listener/stop", one + "/stop")
        check("POST", "/v1/workers/listener/stop", one + "/stop", {"within": "soon"}, 400)
        check("POST", "/v1/workers/stop", body={"workers": "listener,none*", "within": "5s"})
        check("POST", "/v1/workers/stop", body={"workers": "none*"}, expected=404)
        check("GET", "/readyz", expected=503)
        check("POST", "/v1/workers/listener/start", one + "/start")
        check("POST", "/v1/workers/program/signal", one + "/signal", {"signal": "SIGCONT"})
        check("PUT", "/v1/workers/processor/replicas", one + "/replicas", {"replicas": 3})
        check("GET", "/v1/events?follow=false")
        self.assertTrue(check("GET", "/v1/logs?follow=false")["lines"])
        check("POST", "/v1/reload?dry_run=true")
        check("POST", "/v1/reload")
        check("GET", "/v1/openapi.json")
        check("GET", "/healthz")
        check("GET", "/health")
        check("GET", "/metrics")
        check("POST", "/v1/stop?within=5s")
        routes = {(method.upper(), path) for path, of in document["paths"].items() for method in of}
        self.assertEqual(seen, routes, "every route is asked once at least")


if __name__ == "__main__":
    unittest.main()
