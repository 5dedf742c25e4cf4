# memory: ten thousand calls, or some thousands by a library that takes longer, and by how much each half
# of them made the memory grow.
# SPDX-License-Identifier: Apache-2.0
import asyncio
import gc
import http.client
import json
import socket
import sys
import threading

CALLS = 5000 if sys.argv[1] == "http_client" else 1000
GIVEN_UP = 50  # one in so many
BODY = b"x" * 2000 + b"end"


def serve():
    """Answers as long as somebody asks, in this process: nothing else takes memory that matters."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)

    def answer(stream):
        body = b'{"error": {"message": "no"}}'
        head = b"HTTP/1.1 402 No\r\nContent-Length: %d\r\nX-Request-Id: 1\r\n\r\n" % len(body)
        with stream:
            while part := stream.recv(65536):
                while not part.endswith((b"\r\n\r\n", b"end")):
                    part += stream.recv(65536)
                stream.sendall(head + body)

    def accept():
        while True:
            threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def measure():
    gc.collect()
    with open("/proc/self/statm") as statm:
        return {"rss": int(statm.read().split()[1]) * 4096, "blocks": sys.getallocatedblocks()}


def http_client(port):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for n in range(CALLS):
        connection.request("POST", f"/{n}", body=BODY)
        response = connection.getresponse()
        if n % GIVEN_UP == 0:
            response.close()
            connection.close()
        else:
            response.read()
    connection.close()


def requests(port):
    import requests

    with requests.Session() as session:
        for n in range(CALLS):
            with session.post(f"http://127.0.0.1:{port}/{n}", data=BODY, stream=True) as answer:
                n % GIVEN_UP == 0 or answer.content


def httpx(port):
    import httpx

    with httpx.Client(trust_env=False) as client:
        for n in range(CALLS):
            with client.stream("POST", f"http://127.0.0.1:{port}/{n}", content=BODY) as answer:
                n % GIVEN_UP == 0 or answer.read()


def httpx_async(port):
    import httpx

    async def run():
        async with httpx.AsyncClient(trust_env=False) as client:
            for n in range(CALLS):
                async with client.stream("POST", f"http://127.0.0.1:{port}/{n}", content=BODY) as answer:
                    n % GIVEN_UP == 0 or await answer.aread()

    asyncio.run(run())


def aiohttp(port):
    import aiohttp

    async def run():
        async with aiohttp.ClientSession() as session:
            for n in range(CALLS):
                async with session.post(f"http://127.0.0.1:{port}/{n}", data=BODY) as answer:
                    n % GIVEN_UP == 0 or await answer.read()

    asyncio.run(run())


calls = globals()[sys.argv[1]]
port = serve()
calls(port)
for _ in range(2):
    before = measure()
    calls(port)
    after = measure()
    print(json.dumps({name: after[name] - before[name] for name in after}), flush=True)
