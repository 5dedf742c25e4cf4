# libraries: what people really call with, plain and observed.
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import re
import unittest

from support.scenario import compare_records

# The Python that has the libraries.
PYTHON = pathlib.Path(os.environ["TASKLESS_TEST_PACKAGES"]).read_text().strip()

CHAT = "POST /v1/chat/completions"
LOCKSTEP = [*(f"GET /wire/next/{n} 200 done" for n in range(1, 6)), "GET /wire/lockstep 200 done"]
TEN = [f"GET /wire/echo?{n} 200 done" for n in range(10)]
HTTPX = [
    "GET /wire/echo?a=1 200 done",
    "POST /wire/echo 200 done",
    "POST /wire/echo 200 done",
    "GET /wire/redirect/chunked 302 done",
    "GET /wire/chunked 200 done",
    "GET /wire/gzip 200 done",
    "HEAD /wire/gzip 200 done",
    "GET /wire/hang ETIMEDOUT failed",
    "GET /wire/reset ECONNRESET failed",
    "GET /wire/cut 200 failed",
    "GET /x ECONNREFUSED failed",
    "GET /x ENOTFOUND failed",
    "GET /x SSLCertVerificationError failed",
    *LOCKSTEP,
    "GET /wire/sse/50 200 aborted",
    "HEAD /wire/gzip 200 done",
]
HTTPX_ASYNC = [
    "GET /wire/echo?a=1 200 done",
    "POST /wire/echo 200 done",
    "GET /wire/redirect/chunked 302 done",
    "GET /wire/chunked 200 done",
    "GET /wire/gzip 200 done",
    "GET /wire/hang ETIMEDOUT failed",
    "GET /wire/reset ECONNRESET failed",
    "GET /x ECONNREFUSED failed",
    "GET /wire/hang aborted",
    "GET /wire/sse/50 200 aborted",
    *TEN,
]
AIOHTTP = [
    "GET /wire/echo?a=1 200 done",
    "GET /wire/echo 200 done",
    *["POST /wire/echo 200 done"] * 3,
    "PUT /wire/echo 200 done",
    "GET /wire/status/429 429 done",
    "GET /wire/redirect/chunked 302 done",
    "GET /wire/chunked 200 done",
    "GET /wire/gzip 200 done",
    "HEAD /wire/gzip 200 done",
    "GET /wire/empty 204 done",
    "GET /wire/size/1000000 200 done",
    *["GET /wire/hang ETIMEDOUT failed"] * 2,
    # It tries again where the connection had served before.
    *["GET /wire/reset ECONNRESET failed"] * 2,
    "GET /wire/cut 200 failed",
    "GET /x ECONNREFUSED failed",
    "GET /x ENOTFOUND failed",
    "GET /x SSLCertVerificationError failed",
    "GET /wire/hang aborted",
    *LOCKSTEP,
    "GET /wire/sse/50 200 aborted",
    "GET /wire/flood 200 aborted",
    *TEN,
]

# Library -> what its records say in short, in any order: some are made at once.
CALLS = {
    "requests": [
        "GET /wire/echo?a=1 200 done",
        "POST /wire/echo 200 done",
        "POST /wire/echo 200 done",
        "GET /wire/status/429 429 done",
        "GET /wire/redirect/chunked 302 done",
        "GET /wire/chunked 200 done",
        "GET /wire/gzip 200 done",
        "HEAD /wire/gzip 200 done",
        "GET /wire/empty 204 done",
        "GET /wire/hang ETIMEDOUT failed",
        "GET /wire/reset ECONNRESET failed",
        "GET /wire/cut 200 failed",
        "GET /x ECONNREFUSED failed",
        "GET /x ECONNREFUSED failed",
        "GET /x ENOTFOUND failed",
        "GET /x SSLCertVerificationError failed",
        "GET /wire/echo 200 done",
        "GET /wire/sse/3 200 done",
        "GET /wire/sse/50 200 aborted",
    ],
    "urllib3": [
        "GET /wire/chunked 200 done",
        "GET /wire/redirect/gzip 302 done",
        "GET /wire/gzip 200 done",
        *["GET /wire/status/503 503 done"] * 3,
        *["GET /wire/reset ECONNRESET failed"] * 3,
        "GET /wire/gzip 200 done",
        *["GET /wire/chunked 200 done"] * 3,
        "PUT /wire/echo 200 done",
        "POST /wire/echo 200 done",
        *["GET /x ECONNREFUSED failed"] * 2,
    ],
    "proxy": ["GET /wire/echo 200 done", "GET /wire/echo OSError failed"],
    "httpx": HTTPX,
    "httpx_async": HTTPX_ASYNC,
    "httpx2": HTTPX,
    "httpx2_async": HTTPX_ASYNC,
    "aiohttp": AIOHTTP,
    "aiohttp_uvloop": AIOHTTP,
    "aiohttp_server": ["POST /x 200 done", "GET /socket 101 done"],
    "httpx_http2": ["POST /x 200 done", "GET /none 204 done", *[f"GET /x?{n} 200 done" for n in range(5)]],
    "httpx_trio": [
        "GET /wire/echo?a=1 200 done",
        "POST /wire/echo 200 done",
        "GET /wire/reset ECONNRESET failed",
        "GET /x ECONNREFUSED failed",
        "GET /wire/hang aborted",
        "GET /wire/sse/50 200 aborted",
        *TEN,
    ],
    "gevent": [*TEN, *TEN, "GET /wire/hang aborted"],
    "openai_async": [f"{CHAT} 200 done", f"{CHAT} 200 ended"],
    "botocore": ["GET /wire/status/404 404 done", "PUT /wire/echo 200 done", "GET /wire/size/30000 200 done"],
}

# These say of each call when it was made, or sign that.
OWN = re.compile(r'"(amz-sdk-[a-z-]+|x-amz-date|authorization|idempotency-key)", "[^"]*"', re.IGNORECASE)


def tidy(outside):
    """Which of several requests at once a server reads first is chance, and so is what it then sees."""
    text = OWN.sub(r'"\1", "OWN"', json.dumps(outside))
    outside = json.loads(re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "UUID", text))
    requests = sorted(json.dumps(request) for request in outside["journal"]["requests"])
    return {**outside, "journal": {**outside["journal"], "requests": requests}}


def ended(brief, library):
    """OpenAI's SDK stops reading at the last event; whether the end was there already is chance."""
    streamed = library.startswith("openai") and brief in (f"{CHAT} 200 done", f"{CHAT} 200 aborted")
    return f"{CHAT} 200 ended" if streamed else brief


class Libraries(unittest.TestCase):
    maxDiff = None


def add_case(library, expected):
    expected = sorted(ended(brief, library) for brief in expected)

    def test(self):
        compare_records(self, expected, "libraries.py", library, python=PYTHON, tidy=tidy,
                        brief=lambda briefs: sorted(ended(brief, library) for brief in briefs))
    setattr(Libraries, f"test_{library}", test)


for library, calls in CALLS.items():
    add_case(library, calls)

if __name__ == "__main__":
    unittest.main()
