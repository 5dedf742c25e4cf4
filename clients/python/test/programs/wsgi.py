# wsgi: a service that makes a call for each request that it gets.
# SPDX-License-Identifier: Apache-2.0
import http.client
import os
from urllib.parse import urlsplit


def app(environ, start_response):
    connection = http.client.HTTPConnection(urlsplit(os.environ["HTTP"]).netloc)
    connection.request("GET", f"/wire/echo?{environ['QUERY_STRING']}")
    response = connection.getresponse()
    response.read()
    connection.close()
    start_response(f"{response.status} OK", [("Content-Length", "2")])
    return [b"ok"]
