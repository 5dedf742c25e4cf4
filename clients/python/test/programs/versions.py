# versions: the same few calls by whichever version of a library there is, one library a run.
# SPDX-License-Identifier: Apache-2.0
import asyncio
import sys

from say import HTTP, HTTPS, say, say_bytes, say_error

DEAD, DEAD_TLS = "http://127.0.0.1:1/x", "https://127.0.0.1:1/x"
cases = {}


def case(function):
    cases[function.__name__] = function
    return function


class attempt:
    """`with attempt():` an error is what the program says next."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if isinstance(error, Exception):
            say_error(error)
            return True


@case
def urllib3():
    import urllib3

    pool = urllib3.PoolManager(retries=False)
    for path in ("/wire/chunked", "/wire/gzip", "/wire/status/503"):
        answer = pool.request("GET", HTTP + path)
        say(answer.status, answer.data[:40])
    say(pool.request("POST", HTTP + "/wire/echo", body=b"body").status)
    for url in (DEAD, DEAD_TLS, HTTP + "/wire/reset"):
        with attempt():
            pool.request("GET", url)
    with attempt():
        pool.request("GET", HTTP + "/wire/hang", timeout=0.3)


@case
def requests():
    import requests

    with requests.Session() as session:
        for path in ("/wire/echo?a=1", "/wire/redirect/chunked", "/wire/status/429"):
            say_bytes(path, session.get(HTTP + path).content)
        say(session.post(HTTP + "/wire/echo", json={"a": 1}).status_code)
        say(session.get(HTTPS + "/wire/echo").status_code)
        for url in (DEAD, DEAD_TLS):
            with attempt():
                session.get(url)
        with attempt():
            session.get(HTTP + "/wire/hang", timeout=0.3)
        with session.get(HTTP + "/wire/sse/3", stream=True) as answer:
            say(list(answer.iter_lines()))


@case
def httpx():
    import httpx

    with httpx.Client(timeout=5) as client:
        for path in ("/wire/echo?a=1", "/wire/gzip", "/wire/status/429"):
            say_bytes(path, client.get(HTTP + path).content)
        say(client.post(HTTP + "/wire/echo", json={"a": 1}).status_code)
        with attempt():
            client.get(DEAD)
        with attempt():
            client.get(HTTP + "/wire/hang", timeout=0.3)
        with client.stream("GET", HTTP + "/wire/sse/3") as answer:
            say([line for line in answer.iter_lines() if line])


@case
def httpx_async():
    import httpx

    async def run():
        async with httpx.AsyncClient(timeout=5) as client:
            for path in ("/wire/echo?a=1", "/wire/gzip"):
                say_bytes(path, (await client.get(HTTP + path)).content)
            say((await client.post(HTTP + "/wire/echo", json={"a": 1})).status_code)
            with attempt():
                await client.get(DEAD)

    asyncio.run(run())


@case
def aiohttp():
    import aiohttp

    async def run():
        async with aiohttp.ClientSession() as session:
            for path in ("/wire/echo?a=1", "/wire/gzip", "/wire/chunked", "/wire/redirect/gzip"):
                async with session.get(HTTP + path) as answer:
                    say_bytes(path, await answer.read())
            async with session.post(HTTP + "/wire/echo", json={"a": 1}) as answer:
                say(answer.status)
            with attempt():
                await session.get(DEAD)
            with attempt():
                await session.get(HTTP + "/wire/hang", timeout=aiohttp.ClientTimeout(total=0.3))

    asyncio.run(run())


@case
def botocore():
    import botocore.session
    from botocore.config import Config

    session = botocore.session.Session()
    session.set_credentials("AKIAEXAMPLE", "secret")
    settings = Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"})
    client = session.create_client("s3", "us-east-1", endpoint_url=HTTP, config=settings)
    with attempt():
        client.get_object(Bucket="wire", Key="status/404")
    say_bytes("body", client.get_object(Bucket="wire", Key="size/30000")["Body"].read())


@case
def niquests():
    import niquests

    say(niquests.get(HTTP + "/wire/echo").status_code)


if __name__ == "__main__":
    cases[sys.argv[1]]()
