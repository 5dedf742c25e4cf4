# unseen: programs that connect by themselves, or do not.
# SPDX-License-Identifier: Apache-2.0
import asyncio
import http.client
import socket
import sys
from urllib.parse import urlsplit

from say import HTTP, say

ADDRESS = urlsplit(HTTP).hostname, urlsplit(HTTP).port
REQUEST = b"GET /wire/empty HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def by_socket():
    with socket.create_connection(ADDRESS) as stream:
        stream.sendall(REQUEST)
        say(stream.recv(12))


def by_asyncio():
    async def run():
        reader, writer = await asyncio.open_connection(*ADDRESS)
        writer.write(REQUEST)
        say(await reader.read(12))
        writer.close()

    asyncio.run(run())


def by_http_client():
    by_socket()
    connection = http.client.HTTPConnection(*ADDRESS)
    connection.request("GET", "/wire/empty")
    say(connection.getresponse().status)


def refused():
    try:
        socket.create_connection(("127.0.0.1", 1))
    except OSError as error:
        say(error)


def accepts():
    listener = socket.create_server(("127.0.0.1", 0))
    with socket.socket() as stream:
        stream.connect(listener.getsockname())
        say(listener.accept()[0] is not None)


globals()[sys.argv[1]]()
