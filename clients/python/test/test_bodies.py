# bodies: what was recorded of bodies and heads is what program and server exchanged.
# SPDX-License-Identifier: Apache-2.0
import base64
import hashlib
import unittest

from support.scenario import run

FILLER = "all work and no play " * 100
KEPT = 256 * 1024


def body_of(message):
    message = message or {}
    text = message.get("text", "")
    packed = "base64" in (message.get("encoding"), message.get("_encoding"))
    return base64.b64decode(text) if packed else text.encode()


def headers_of(message, name):
    return [header["value"] for header in message["headers"] if header["name"].lower() == name]


class Bodies(unittest.TestCase):
    def test_what_is_sent_is_recorded_as_it_went_out(self):
        for case, length in (("post", 7), ("iterator", 11), ("generated", 5), ("file", 30_000), ("getbody", 4)):
            with self.subTest(case):
                seen = run("http_client.py", case, on=True)
                body = body_of(seen.har[0]["request"].get("postData"))
                self.assertEqual(len(body), length)
                self.assertEqual(hashlib.sha256(body).hexdigest(), seen.outside["journal"]["requests"][0]["sha256"])
                self.assertEqual(seen.records[0]["sent"], length)

    def test_parts_that_http_client_reads_itself_are_recorded(self):
        seen = run("http_client.py", "sendparts", on=True)
        body = body_of(seen.har[0]["request"]["postData"])
        self.assertEqual(body, b"read by ust\xe4xteachonebytes!\1\0\2\0mapped")
        self.assertEqual(hashlib.sha256(body).hexdigest(), seen.outside["journal"]["requests"][0]["sha256"])

    def test_what_is_received_is_recorded_decoded_and_counted_as_it_came(self):
        for case, text in (("gzip", FILLER), ("chunked", "one,two,three"), ("redirect", "elsewhere"),
                           ("untilclose", "all that comes")):
            with self.subTest(case):
                seen = run("http_client.py", case, on=True)
                self.assertEqual(body_of(seen.har[0]["response"]["content"]).decode(), text)
        self.assertLess(run("http_client.py", "gzip", on=True).records[0]["received"], 300)

    def test_each_way_to_read_gives_all_of_it_once(self):
        seen = run("http_client.py", "pieces", on=True)
        self.assertEqual([record["received"] for record in seen.records], [13] * 6 + [50_000] * 6)
        for entry in seen.har[:6]:
            self.assertEqual(body_of(entry["response"]["content"]), b"one,two,three")

    def test_long_bodies_are_cut_and_counted(self):
        seen = run("http_client.py", "sizes", on=True)
        up, down = seen.har[-2:]
        self.assertEqual(up["_taskless"]["truncated"], ["request"])
        self.assertEqual(len(body_of(up["request"]["postData"])), KEPT)
        self.assertEqual(len(body_of(down["response"]["content"])), KEPT)
        self.assertEqual([seen.records[-2]["sent"], seen.records[-1]["received"]], [16_000_000] * 2)

    def test_header_lines_of_one_name_stay_apart(self):
        self.assertEqual(headers_of(run("http_client.py", "heads", on=True).har[0]["request"], "x-many"), ["a", "b"])

    def test_a_folded_header_is_one_line(self):
        value = headers_of(run("http_client.py", "folded", on=True).har[0]["response"], "x-folded")
        self.assertEqual([" ".join(line.split()) for line in value], ["one two"])

    def test_the_url_is_the_one_that_was_called(self):
        for case, url in (("get", "http://127.0.0.1:PORT/wire/echo?a=1"), ("https", "https://localhost:PORT/wire/echo"),
                          ("absolute", "http://behind.example:8080/wire/echo?a=1"),
                          ("asterisk", "http://127.0.0.1:PORT/"), ("vhost", "http://named.example/wire/echo"),
                          ("nohost", "http://127.0.0.1:PORT/wire/echo"),
                          ("tunnel", "https://localhost:PORT/wire/echo")):
            with self.subTest(case):
                self.assertEqual(run("http_client.py", case, on=True).records[0]["url"], url)


if __name__ == "__main__":
    unittest.main()
