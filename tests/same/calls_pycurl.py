# calls_pycurl: makes the calls by pycurl, which is observed as every program over libcurl is.
# SPDX-License-Identifier: Apache-2.0
import base64
import contextlib
import json
import os
import sys

import pycurl

VERSIONS = {"2": pycurl.CURL_HTTP_VERSION_2_0, "1.0": pycurl.CURL_HTTP_VERSION_1_0}


def options_of(call):
    body, method = base64.b64decode(call["body"]), call["method"]
    yield pycurl.URL, call["url"]
    yield pycurl.HTTPHEADER, [f"{name}: {value}" if value else f"{name};" for name, value in call["headers"]]
    yield pycurl.HTTP_VERSION, VERSIONS.get(call.get("http"), pycurl.CURL_HTTP_VERSION_1_1)
    yield pycurl.CAINFO, os.environ["SSL_CERT_FILE"]
    yield pycurl.FOLLOWLOCATION, bool(call.get("follow"))
    yield pycurl.TIMEOUT_MS, call.get("timeout_ms") or 0
    if body:
        yield pycurl.POSTFIELDS, body
    if method == "HEAD":
        yield pycurl.NOBODY, True
    elif method != ("POST" if body else "GET"):
        yield pycurl.CUSTOMREQUEST, method


def make(curl, call):
    received, enough = 0, call.get("give_up_after") or float("inf")

    def write(part):
        nonlocal received
        received += len(part)
        return None if received < enough else -1

    curl.reset()  # connections stay
    for option, value in options_of(call):
        curl.setopt(option, value)
    curl.setopt(pycurl.WRITEFUNCTION, write)
    # Some are meant to fail; what became of each stands in its record.
    with contextlib.suppress(pycurl.error):
        curl.perform()


def main():
    curl = pycurl.Curl()
    for line in sys.stdin:
        make(curl, json.loads(line))
    curl.close()


main()
