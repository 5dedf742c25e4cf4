"""network: Packs that make requests, to where they may and to where they may not: network.json."""

import json
import os
import subprocess
import unittest

from desk import COMPANIONS, HERE, Desk, build_folder
from rude_server import RudeServer, make_certificates

BUILD = build_folder()
FIELDS = [{"name": name, "type": "string", "default": ""} for name in ("request", "times", "bytes")]


GENEROUS_MS = 60000
PROXIES = {name: "http://127.0.0.1:9" for name in ("http_proxy", "https_proxy", "ALL_PROXY")}


def load_scenarios():
    with open(os.path.join(HERE, "network.json"), encoding="utf-8") as file:
        return json.load(file)


class Network(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.desk = Desk(BUILD).__enter__()
        for name in COMPANIONS:
            cls.desk.add_pack(name, wasm_of="behaves")
        cls.desk.add_pack("requests")
        cls.desk.configure([*COMPANIONS, "requests"])
        cls.desk.compile()

    @classmethod
    def tearDownClass(cls):
        cls.desk.__exit__()

    def run_scenario(self, s, server, **variables):
        def named(text):
            return text.replace("{port}", str(server.port))

        here = "127.0.0.1:{port}"
        url = named(s.get("url", f"{s.get('scheme', 'http')}://{here}{s.get('path')}"))
        request = {"url": url, "headers": s.get("headers", {}), **({"method": s["method"]} if "method" in s else {})}
        asks = [named(host) for host in s.get("asks", [here])]
        self.desk.add_pack("requests", changes={
            "fields": FIELDS, "permissions": {"body": True, "hosts": asks}, "methods": ["pre", "post"]})
        entry = {"name": "requests", "allow": {"hosts": [named(host) for host in s.get("allow", [here])]},
                 "configuration": {"request": json.dumps(request), "times": str(s.get("times", 1)),
                                   "bytes": str(s.get("bytes", 0))},
                 "limits": {"wall_ms": s.get("wall_ms", GENEROUS_MS)}}
        self.desk.configure([COMPANIONS[0], entry, COMPANIONS[1]], limits={"wall_ms": GENEROUS_MS})
        return self.desk.run("declined", env=self.desk.environment(**PROXIES, **variables)), named

    def check(self, s, server, **variables):
        result, named = self.run_scenario(s, server, **variables)
        self.assertTrue(result.is_untouched(), result)
        record, run = result.records[0], result.run_of("requests")
        for name in COMPANIONS:
            self.assertIs(record["captures"][f"{name}/post"], True)
        self.assertEqual(run.get("result", "ok"), s["result"], run)
        self.assertEqual(record.get("varying", False), s["result"] != "abi")  # then none was made
        self.assertIn(named(s.get("detail", "")), run.get("detail", ""))
        for name, value in s.get("captures", {}).items():
            self.assertEqual(record["captures"][f"requests/{name}"], value, record)
        if "requests" in s or s["result"] in ("refused", "abi"):
            self.assertEqual(len(server.paths), s.get("requests", 0), server.heard)
        for request in server.heard:
            self.check_sent(request)

    def check_sent(self, request):
        """What every request of a Pack has: nothing of the exchange, and nothing that names us more than needed."""
        self.assertNotIn("sk_live", request)
        self.assertNotIn("x-tskl", request.lower())
        names = {line.split(":")[0].lower() for line in request.split("\r\n")[1:]}
        self.assertLessEqual(names, {"host", "user-agent", "accept", "x-own", "content-length"}, request)


    def test_verifies_who_answers(self):
        known = make_certificates(self.desk.path("known"))
        other = make_certificates(self.desk.path("other"))
        row = {"scheme": "https", "path": "/hello"}
        refused = {**row, "result": "error", "detail": "SSL certificate problem", "requests": 0}
        answered = {**row, "result": "ok", "captures": {"text": "hello"}, "requests": 2}
        with RudeServer(wrap=known.wrap) as server:
            self.check(refused, server)
            self.check(refused, server, SSL_CERT_FILE=other.authority)
            self.check(answered, server, SSL_CERT_FILE=known.authority)
        elsewhere = make_certificates(self.desk.path("elsewhere"), names="DNS:api.example.com")
        refused["detail"] = "no alternative certificate subject name matches"
        with RudeServer(wrap=elsewhere.wrap) as server:
            self.check(refused, server, SSL_CERT_FILE=elsewhere.authority)


    @unittest.skipIf("ASAN_OPTIONS" in os.environ, "a sanitizer has to come first in a program")
    def test_is_no_call_of_a_program_over_libcurl_and_outlives_none(self):
        with RudeServer() as server, RudeServer() as service:
            self.run_scenario({"path": "/hello"}, server)
            with open(self.desk.path("taskless.json"), encoding="utf-8") as file:
                entry = json.load(file)["packs"][1]
            records = self.desk.path("calls.ndjson")
            self.desk.configure([{**entry, "hosts": ["127.0.0.1"]}], limits={"wall_ms": GENEROUS_MS},
                                outputs=[{"to": f"file:{records}", "format": "ndjson"}])
            environment = self.desk.environment(HOME=self.desk.folder)
            del environment["LD_LIBRARY_PATH"]
            url = f"http://127.0.0.1:{service.port}/hello"
            # One program goes on until what the Pack said is there; others end at once, while a
            # request may be about to begin.
            patient = f"import pycurl, time; c = pycurl.Curl(); c.setopt(c.URL, '{url}'); c.perform()\n" \
                      f"while 'requests/text' not in open('{records}').read(): time.sleep(0.02)"
            for command in (["/usr/bin/python3", "-c", patient], *[["curl", "-sS", url]] * 10):
                done = subprocess.run([self.desk.program, "run", "--", *command], env=environment, timeout=120,
                                      cwd=self.desk.folder, capture_output=True, text=True, check=False)
                self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "hello", ""))
            with open(records, encoding="utf-8") as lines:
                self.assertEqual({json.loads(line)["url"] for line in lines}, {url})

    @unittest.skipIf("ASAN_OPTIONS" in os.environ, "a sanitizer has to come first in a program")
    def test_has_a_tls_library_of_its_own_where_the_program_has_another(self):
        known = make_certificates(self.desk.path("for-node"))
        with RudeServer(wrap=known.wrap) as server, RudeServer() as service:
            self.run_scenario({"scheme": "https", "path": "/hello"}, server)
            with open(self.desk.path("taskless.json"), encoding="utf-8") as file:
                entry = json.load(file)["packs"][1]
            self.desk.configure([{**entry, "hosts": ["127.0.0.1"]}], limits={"wall_ms": GENEROUS_MS},
                                outputs=[{"to": "stdout", "format": "ndjson"}])
            environment = self.desk.environment(SSL_CERT_FILE=known.authority, HOME=self.desk.folder)
            del environment["LD_LIBRARY_PATH"]
            result = subprocess.run(
                [self.desk.program, "run", "--", "node", "-e", f"fetch('http://127.0.0.1:{service.port}/hello')"],
                env=environment, cwd=self.desk.folder, capture_output=True, text=True, timeout=120, check=False)
            self.assertEqual(result.returncode, 0, result)
            self.assertEqual(json.loads(result.stdout)["captures"]["requests/text"], "hello", result)
            self.assertEqual(service.paths, ["/hello"])


def add_test(number, scenario):
    def test(self):
        with RudeServer() as server:
            self.check(scenario, server)

    test.__doc__ = f"a Pack that {scenario['it']}"
    setattr(Network, f"test_{number:02}_{scenario['result']}", test)


for number, scenario in enumerate(load_scenarios()):
    add_test(number, scenario)

if __name__ == "__main__":
    unittest.main(verbosity=2)
