# http: calls by http.client and urllib, one at a time, plain and observed.
# SPDX-License-Identifier: Apache-2.0
import unittest

from support.scenario import add_cases


def echo(method="GET"):
    return f"{method} /wire/echo 200 done"


# Case of the program -> what its records say in short.
CASES = {
    "get": ["GET /wire/echo?a=1 200 done"],
    "https": [echo()],
    "post": [echo("POST")],
    "heads": [echo()],
    "notfound": ["DELETE /wire/status/404 404 done"],
    "head": ["HEAD /wire/gzip 200 done"],
    "empty": ["GET /wire/empty 204 done"],
    "refused": ["GET /x ECONNREFUSED failed"],
    "badname": ["GET /x ENOTFOUND failed"],
    "untrusted": ["GET /x SSLCertVerificationError failed"],
    "plaintls": ["GET /x SSLError failed"],
    "reset": ["GET /wire/reset ECONNRESET failed"],
    "cut": ["GET /wire/cut 200 failed"],
    "garbage": ["GET /x BadStatusLine failed"],
    "untilclose": ["GET /x 200 done"],
    "folded": ["GET /x 200 done"],
    "iterator": [echo("POST")],
    "generated": [echo("POST")],
    "file": [echo("PUT")],
    "sendparts": [echo("POST")],
    "unsendable": ["POST /wire/echo TypeError failed"] * 4 + ["POST /wire/echo UnicodeEncodeError failed"],
    "getbody": [echo()],
    "keepalive": [f"GET /wire/echo?n={n} 200 done" for n in range(20)],
    "redirect": ["GET /wire/redirect 302 done"],
    "gzip": ["GET /wire/gzip 200 done"],
    "chunked": ["GET /wire/chunked 200 done"],
    "early": ["GET /wire/early 103 done"],
    "pieces": ["GET /wire/chunked 200 done"] * 6 + ["GET /wire/size/50000 200 done"] * 6,
    "lines": ["GET /wire/chunked 200 done"],
    "unasked": ["GET /wire/hang aborted"],
    "timeout": ["GET /wire/hang ETIMEDOUT failed"],
    "midway": ["GET /wire/sse/50 200 aborted"],
    "unread": ["GET /wire/flood 200 aborted"],
    "dropped": ["GET /wire/flood 200 aborted"],
    "never": [],
    "twice": [echo()],
    "lockstep": [*(f"GET /wire/next/{n} 200 done" for n in range(1, 6)), "GET /wire/lockstep 200 done"],
    "sizes": [said for size in (1, 65_536, 1_000_000, 16_000_000)
              for said in (echo("POST"), f"GET /wire/size/{size} 200 done")],
    "absolute": ["GET /wire/echo?a=1 200 done"],
    "vhost": [echo()],
    "nohost": [echo()],
    "asterisk": ["OPTIONS / 200 done"],
    "tunnel": [echo("POST"), "GET /wire/echo?again 200 done"],
    "notunnel": ["GET /wire/echo OSError failed"],
    "bypass": [],
    "debug": [echo("POST")],
    "early_hangup": ["POST /x 413 done"],
    "urllib_get": ["GET /wire/redirect/chunked 302 done", "GET /wire/chunked 200 done"],
    "urllib_error": ["GET /wire/status/429 429 done", "GET /wire/reset ECONNRESET failed"],
    "interrupted": ["GET /wire/hang aborted"],
    "looks": ["GET /wire/gzip 200 done"],
}


class Http(unittest.TestCase):
    pass


add_cases(Http, "http_client.py", CASES)

if __name__ == "__main__":
    unittest.main()
