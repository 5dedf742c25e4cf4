# wsgi: a service that makes a call for each request that it gets.
# SPDX-License-Identifier: Apache-2.0
import http.client
import os
from urllib.parse import urlsplit


def call(query):
    connection = http.client.HTTPConnection(urlsplit(os.environ["HTTP"]).netloc)
    connection.request("GET", f"/wire/echo?{query}")
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


def app(environ, start_response):
    status = call(environ["QUERY_STRING"])
    start_response(f"{status} OK", [("Content-Length", "2")])
    return [b"ok"]


# What is at work in a process when it forks.
if "CALL_FIRST" in os.environ:
    call(os.environ["CALL_FIRST"])
