# tool: curl itself, plain and observed.
# SPDX-License-Identifier: Apache-2.0
import atexit
import subprocess
import unittest

from support import services
from support.scenario import TESTS, add_cases, compare, folder, server

ECHO = "{HTTP}/wire/echo"


def curl(*words):
    return ("curl", "-sS", *words)


# Name -> what its records say in short, and the command.
CASES = {
    "get": (["GET /wire/echo?a=1 200 done"], *curl(ECHO + "?a=1")),
    "https": (["GET /wire/echo 200 done"], *curl("--cacert", "{CA}", "{HTTPS}/wire/echo")),
    "post": (["POST /wire/echo 200 done"], *curl("-d", "a=1", ECHO)),
    "put_expect": (["PUT /wire/echo 200 done"], *curl("-T", "{CA}", "-H", "expect: 100-continue", ECHO)),
    "put_chunked": (["PUT /wire/echo 200 done"], *curl("-T", "{CA}", "-H", "transfer-encoding: chunked", ECHO)),
    "notfound": (["DELETE /wire/status/404 404 done"], *curl("-X", "DELETE", "{HTTP}/wire/status/404")),
    "head": (["HEAD /wire/gzip 200 done"], *curl("-I", "{HTTP}/wire/gzip")),
    "empty": (["GET /wire/empty 204 done"], *curl("-i", "{HTTP}/wire/empty")),
    "compressed": (["GET /wire/gzip 200 done"], *curl("--compressed", "{HTTP}/wire/gzip")),
    "chunked": (["GET /wire/chunked 200 done"], *curl("-i", "{HTTP}/wire/chunked")),
    "raw": (["GET /wire/chunked 200 done"], *curl("--raw", "{HTTP}/wire/chunked")),
    "early": (["GET /wire/early 200 done"], *curl("-i", "{HTTP}/wire/early")),
    "redirect": (["GET /wire/redirect/chunked 302 done", "GET /wire/chunked 200 done"],
                 *curl("-L", "{HTTP}/wire/redirect/chunked")),
    "redirect_to_nobody": (["GET /wire/redirect/x//127.0.0.1:1/x 302 done"], *curl("{HTTP}/wire/redirect/x//127.0.0.1:1/x")),
    "retry": (["GET /wire/once 503 done", "GET /wire/once 200 done"],
              *curl("--retry", "1", "--retry-delay", "1", "{HTTP}/wire/once")),
    "fail": (["GET /wire/status/402 402 aborted"], *curl("-f", "{HTTP}/wire/status/402")),
    "fail_with_body": (["GET /wire/status/402 402 done"], *curl("--fail-with-body", "{HTTP}/wire/status/402")),
    "refused": (["GET /x ECONNREFUSED failed"], *curl("http://127.0.0.1:1/x")),
    "badname": (["GET /x ENOTFOUND failed"], *curl("http://no-such-host.invalid/x")),
    "untrusted": (["GET /x UNABLE_TO_GET_ISSUER_CERT_LOCALLY failed"], *curl("{HTTPS}/x")),
    "reset": (["GET /wire/reset ECONNRESET failed"], *curl("{HTTP}/wire/reset")),
    "cut": (["GET /wire/cut 200 failed"], *curl("{HTTP}/wire/cut")),
    "timeout": (["GET /wire/hang ETIMEDOUT failed"], *curl("-m", "1", "{HTTP}/wire/hang")),
    "too_large": (["GET /wire/size/50000 200 aborted"], *curl("--max-filesize", "10", "{HTTP}/wire/size/50000")),
    "bypass": ([], *curl("-H", "x-tskl-bypass: 1", ECHO)),
    "bypass_refused": ([], *curl("-H", "x-tskl-bypass: 1", "http://127.0.0.1:1/x")),
    "other_schemes": ([], *curl("file:///dev/null", "ftp://127.0.0.1:1/x")),
    "large": (["GET /wire/size/16000000 200 done"], *curl("{HTTP}/wire/size/16000000")),
    "kept_open": (["GET /wire/echo?n=1 200 done", "GET /wire/echo?n=2 200 done", "GET /wire/echo?n=3 200 done"],
                  *curl(ECHO + "?n=[1-3]")),
    "bad_url": ([], *curl("http://[")),
}


ASKING, PROXY = services.start(services.Asking), services.start(services.Proxy)
CASES.update({
    "digest": (["POST / 401 done", "POST / 200 done"], *curl("--digest", "-u", "me:secret", "-d", "a=1", ASKING)),
    "proxy": (["GET /wire/chunked 200 done"], *curl("-x", PROXY, "{HTTP}/wire/chunked")),
    "tunnel": (["POST /wire/echo 200 done"], *curl("-x", PROXY, "--cacert", "{CA}", "-d", "a=1", "{HTTPS}/wire/echo")),
    "no_tunnel": (["GET /x CURLE_COULDNT_CONNECT failed"], *curl("-x", PROXY, "https://forbidden:1/x")),
    "upload": (["PUT /wire/echo 200 done"], "sh", "-c", "{ echo one; echo two; } | curl -sST - $HTTP/wire/echo"),
    "verbose": (["GET /wire/redirect/echo 302 done", "GET /wire/echo 200 done"],
                "curl", "-svL", "{HTTP}/wire/redirect/echo"),
    "trace": (["GET /wire/empty 204 done"], "curl", "-s", "--trace-ascii", "-", "{HTTP}/wire/empty"),
    # Its own lookups over HTTPS are silent, and no calls of the program's.
    "doh": (["GET /x ENOTFOUND failed"], *curl("--doh-url", "https://127.0.0.1:1/", "http://unknown.test/x")),
})
# Several calls at a time end in any order.
AT_ONCE = {
    # Each event is sent when the one before has been asked about: what is held back never ends.
    "stream": (["GET /wire/lockstep 200 done", *(f"GET /wire/next/{n} 200 done" for n in range(1, 6))], "sh", "-c",
               "curl -sSN $HTTP/wire/lockstep | { n=0; while read line; do if [ -n \"$line\" ]; then n=$((n + 1));"
               " curl -sS $HTTP/wire/next/$n; fi; done; }"),
    "parallel": (["GET /wire/empty 204 done"] * 2, *curl("-Z", "--no-progress-meter", "{HTTP}/wire/empty", "{HTTP}/wire/empty")),
}


class Http2(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        ready = server().ready
        tls = folder / "tls"
        command = ["node", TESTS / "programs/http2.mjs", tls / "key.pem", tls / "cert.pem"]
        cls.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        atexit.register(cls.process.communicate)
        cls.url = f"https://localhost:{int(cls.process.stdout.readline())}"
        cls.curl = curl("--http2", "--cacert", ready["ca"])

    def test_calls(self):
        seen = compare(self, ["POST / 200 done"], *self.curl, "-d", "@/etc/passwd", self.url)
        self.assertRegex(seen.outside["out"], "bytes, in two parts\n")
        self.assertEqual(seen.records[0]["received"], len(seen.outside["out"]))

    def test_redirect(self):
        compare(self, ["GET /redirect 302 done", "GET /402 402 done"], *self.curl, "-L", f"{self.url}/redirect")

    def test_several_at_once_on_one_connection(self):
        paths = [f"{self.url}/{n}" for n in range(5)]

        def in_any_order(outside):
            return {**outside, "out": sorted(outside["out"])}

        compare(self, [f"GET /{n} 200 done" for n in range(5)], *self.curl, "-Z", "--no-progress-meter", *paths,
                order=sorted, tidy=in_any_order)

    def test_reset(self):
        compare(self, ["GET /reset CURLE_HTTP2_STREAM failed"], *self.curl, f"{self.url}/reset")


class Tool(unittest.TestCase):
    def test_a_head_that_goes_out_in_pieces(self):
        lines = folder / "lines"
        lines.write_text("".join(f"x-long-{n}: {'a' * 8000}\n" for n in range(12)))
        seen = compare(self, ["POST /wire/echo 200 done"],
                       *curl("--cacert", "{CA}", "-H", f"@{lines}", "-d", "a=1", "-o", "/dev/null", "{HTTPS}/wire/echo"))
        self.assertEqual(seen.records[0]["sent"], 3)
        self.assertEqual(seen.outside["journal"]["requests"][0]["length"], 3)


add_cases(Tool, CASES)
add_cases(Tool, AT_ONCE, order=sorted)

if __name__ == "__main__":
    unittest.main()
