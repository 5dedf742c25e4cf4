# libraries: what people really call with, one library a run.
# SPDX-License-Identifier: Apache-2.0
import asyncio
import io
import sys

from say import HTTP, HTTPS, say, say_bytes, say_error

DEAD = "http://127.0.0.1:1"
cases = {}


def case(function):
    cases[function.__name__] = function
    return function


class attempt:
    """`with attempt():` an error is what the program says next."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if error is not None and isinstance(error, Exception):
            say_error(error)
            return True

    async def __aenter__(self):
        return self

    async def __aexit__(self, *about):
        return self.__exit__(*about)


@case
def requests():
    import requests

    with requests.Session() as session:
        def ask(method, path, **options):
            with attempt():
                answer = session.request(method, HTTP + path, **options)
                say(answer.status_code, answer.reason, len(answer.history), answer.url.replace(HTTP, ""))
                say_bytes(path, answer.content)

        ask("GET", "/wire/echo?a=1")
        ask("POST", "/wire/echo", json={"a": 1})
        ask("POST", "/wire/echo", data=(part for part in (b"one", b"two")))
        ask("GET", "/wire/status/429")
        ask("GET", "/wire/redirect/chunked")
        ask("GET", "/wire/gzip")
        ask("HEAD", "/wire/gzip")
        ask("GET", "/wire/empty")
        ask("GET", "/wire/hang", timeout=0.3)
        ask("GET", "/wire/reset")
        ask("GET", "/wire/cut")
        with attempt():
            session.get(DEAD + "/x")
        with attempt():
            session.get("https://127.0.0.1:1/x")
        with attempt():
            session.get("https://no-such-host.invalid/x")
        with attempt():
            session.get(HTTPS.replace("localhost", "127.0.0.1") + "/x")
        say(session.get(HTTPS + "/wire/echo").status_code)
        with session.get(HTTP + "/wire/sse/3", stream=True) as answer:
            say(list(answer.iter_lines()))
        with session.get(HTTP + "/wire/sse/50", stream=True) as answer:
            say(next(answer.iter_lines()))


@case
def urllib3():
    import urllib3

    pool = urllib3.PoolManager(retries=urllib3.Retry(2, backoff_factor=0, status_forcelist=[503]))
    for path in ("/wire/chunked", "/wire/redirect/gzip", "/wire/status/503", "/wire/reset"):
        with attempt():
            answer = pool.request("GET", HTTP + path)
            say(answer.status, answer.data[:40])
    answer = pool.request("GET", HTTP + "/wire/gzip", preload_content=False, decode_content=False)
    say_bytes("packed", answer.read())
    answer.release_conn()
    for read in (lambda a: b"".join(a.stream(5)), lambda a: b"".join(a.read_chunked()), lambda a: a.read(3) + a.read()):
        answer = pool.request("GET", HTTP + "/wire/chunked", preload_content=False)
        say(read(answer))
        answer.release_conn()
    say(pool.request("PUT", HTTP + "/wire/echo", body=io.BytesIO(b"x" * 40_000)).status)
    say(pool.request("POST", HTTP + "/wire/echo", body=iter([b"a", b"bc"]), retries=False).status)
    with attempt():
        pool.request("GET", "https://127.0.0.1:1/x", retries=1)


@case
def proxy():
    """A tunnel that is opened, and one that is refused."""
    import urllib3

    from http_client import serve_tunnel

    with attempt():
        pool = urllib3.ProxyManager(f"http://127.0.0.1:{serve_tunnel()}", retries=False)
        say(pool.request("GET", HTTPS + "/wire/echo").status)
    refusal = b"HTTP/1.1 407 No\r\n\r\n"
    with attempt():
        pool = urllib3.ProxyManager(f"http://127.0.0.1:{serve_tunnel(refusal)}", retries=False)
        pool.request("GET", HTTPS + "/wire/echo")


def by_httpx(httpx):
    with httpx.Client(timeout=5) as client:
        def ask(method, path, **options):
            with attempt():
                answer = client.request(method, HTTP + path, **options)
                say(answer.status_code, answer.http_version, len(answer.history), str(answer.url).replace(HTTP, ""))
                say_bytes(path, answer.content)

        ask("GET", "/wire/echo?a=1")
        ask("POST", "/wire/echo", json={"a": 1})
        ask("POST", "/wire/echo", content=(part for part in (b"one", b"two")))
        ask("GET", "/wire/redirect/chunked", follow_redirects=True)
        ask("GET", "/wire/gzip")
        ask("HEAD", "/wire/gzip")
        ask("GET", "/wire/hang", timeout=0.3)
        ask("GET", "/wire/reset")
        ask("GET", "/wire/cut")
        for url in (DEAD + "/x", "https://no-such-host.invalid/x", HTTPS.replace("localhost", "127.0.0.1") + "/x"):
            with attempt():
                client.get(url)
        with client.stream("GET", HTTP + "/wire/lockstep") as answer:
            for n, line in enumerate(line for line in answer.iter_lines() if line):
                say(line)
                httpx.get(f"{HTTP}/wire/next/{n + 1}")
        with client.stream("GET", HTTP + "/wire/sse/50") as answer:
            say(next(answer.iter_lines()))
        with client.stream("HEAD", HTTP + "/wire/gzip"):
            pass
    say(httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200))).get("http://nowhere").status_code)


async def by_httpx_async(httpx):
    async def upload():
        yield b"one"
        yield b"two"

    async with httpx.AsyncClient(timeout=5) as client:
        async def ask(method, path, **options):
            async with attempt():
                answer = await client.request(method, HTTP + path, **options)
                say(answer.status_code, len(answer.history))
                say_bytes(path, answer.content)

        await ask("GET", "/wire/echo?a=1")
        await ask("POST", "/wire/echo", content=upload())
        await ask("GET", "/wire/redirect/chunked", follow_redirects=True)
        await ask("GET", "/wire/gzip")
        await ask("GET", "/wire/hang", timeout=0.3)
        await ask("GET", "/wire/reset")
        async with attempt():
            await client.get(DEAD + "/x")
        async with attempt():
            await asyncio.wait_for(client.get(HTTP + "/wire/hang"), 0.3)
        async with client.stream("GET", HTTP + "/wire/sse/50") as answer:
            async for line in answer.aiter_lines():
                say(line)
                break
        answers = await asyncio.gather(*(client.get(f"{HTTP}/wire/echo?{n}") for n in range(10)))
        say(sorted(len(answer.content) for answer in answers))


@case
def httpx():
    import httpx

    by_httpx(httpx)


@case
def httpx_async():
    import httpx

    asyncio.run(by_httpx_async(httpx))


@case
def httpx2():
    import httpx2

    by_httpx(httpx2)


@case
def httpx2_async():
    import httpx2

    asyncio.run(by_httpx_async(httpx2))


@case
def httpx_trio():
    import httpx
    import trio

    async def upload():
        yield b"one"
        yield b"two"

    async def run():
        async with httpx.AsyncClient(timeout=5) as client:
            async def ask(method, url, **options):
                async with attempt():
                    answer = await client.request(method, url, **options)
                    say(answer.status_code, len(answer.content))

            await ask("GET", HTTP + "/wire/echo?a=1")
            await ask("POST", HTTP + "/wire/echo", content=upload())
            await ask("GET", HTTP + "/wire/reset")
            await ask("GET", DEAD + "/x")
            with trio.move_on_after(0.3):
                await client.get(HTTP + "/wire/hang")
            async with client.stream("GET", HTTP + "/wire/sse/50") as answer:
                async for line in answer.aiter_lines():
                    say(line)
                    break
            async with trio.open_nursery() as nursery:
                for n in range(10):
                    nursery.start_soon(client.get, f"{HTTP}/wire/echo?{n}")

    trio.run(run)


@case
def gevent():
    """Its greenlets take turns within one thread, in the midst of calls."""
    from gevent import monkey

    monkey.patch_all()
    import urllib.request

    import gevent
    import requests

    def by_urllib(n):
        with urllib.request.urlopen(f"{HTTP}/wire/echo?{n}") as answer:
            return len(answer.read())

    with requests.Session() as session:
        jobs = [gevent.spawn(by_urllib, n) for n in range(10)]
        jobs += [gevent.spawn(lambda n=n: session.get(f"{HTTP}/wire/echo?{n}").status_code) for n in range(10)]
        gevent.joinall(jobs, raise_error=True)
    say([job.value for job in jobs])
    given_up = gevent.spawn(urllib.request.urlopen, HTTP + "/wire/hang")
    gevent.sleep(0.3)
    given_up.kill()
    say(given_up.dead)


@case
def aiohttp():
    asyncio.run(by_aiohttp())


@case
def httpx_http2():
    """Without TLS, as both sides agreed on before; several streams of one connection at once."""
    import subprocess

    import httpx

    server = """
      const answer = (request, response) => { response.writeHead(request.url === '/none' ? 204 : 200);
                                              request.on('data', () => {}).on('end', () => response.end('body')) };
      require('http2').createServer(answer).listen(0, '127.0.0.1', function () { console.log(this.address().port) });
      process.stdin.resume().on('end', () => process.exit());"""
    node = subprocess.Popen(["node", "-e", server], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    base = f"http://127.0.0.1:{int(node.stdout.readline())}"

    async def at_once():
        async with httpx.AsyncClient(http1=False, http2=True) as client:
            answers = await asyncio.gather(*(client.get(f"{base}/x?{n}") for n in range(5)))
            say([answer.text for answer in answers])

    with httpx.Client(http1=False, http2=True) as client:
        answer = client.post(base + "/x", content=(part for part in (b"one", b"two")))
        say(answer.http_version, answer.status_code, answer.text, client.get(base + "/none").status_code)
    asyncio.run(at_once())
    node.communicate()


@case
def aiohttp_server():
    """Client and server in one process, by the same classes in part; a WebSocket is left alone."""
    from aiohttp import ClientSession, web

    async def echo(request):
        return web.Response(body=await request.read())

    async def talk(request):
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            await socket.send_str(message.data)
        return socket

    async def run():
        app = web.Application()
        app.add_routes([web.post("/x", echo), web.get("/socket", talk)])
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with ClientSession() as session:
            async with session.post(base + "/x", data=b"x" * 100_000) as answer:
                say_bytes("echo", await answer.read())
            async with session.ws_connect(base + "/socket") as socket:
                for n in range(3):
                    await socket.send_str(f"message {n}")
                    say(await socket.receive_str())
        await runner.cleanup()

    asyncio.run(run())


@case
def aiohttp_uvloop():
    import uvloop

    uvloop.run(by_aiohttp())


async def by_aiohttp():
    import ssl

    import aiohttp

    async def upload():
        yield b"one"
        yield b"two"

    context = ssl.create_default_context()
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
        async def ask(method, path, base=HTTP, **options):
            async with attempt():
                async with session.request(method, base + path, **options) as answer:
                    say(answer.status, answer.reason, len(answer.history), str(answer.url).replace(base, ""))
                    say_bytes(path, await answer.read())

        await ask("GET", "/wire/echo?a=1")
        await ask("GET", "/wire/echo", HTTPS, ssl=context)
        await ask("POST", "/wire/echo", json={"a": 1})
        await ask("POST", "/wire/echo", data=b"plain bytes")
        await ask("POST", "/wire/echo", data=upload())
        await ask("PUT", "/wire/echo", data=b"x" * 300_000)
        await ask("GET", "/wire/status/429")
        await ask("GET", "/wire/redirect/chunked")
        await ask("GET", "/wire/gzip")
        await ask("HEAD", "/wire/gzip")
        await ask("GET", "/wire/empty")
        await ask("GET", "/wire/size/1000000")
        await ask("GET", "/wire/hang", timeout=aiohttp.ClientTimeout(total=0.3))
        await ask("GET", "/wire/hang", timeout=aiohttp.ClientTimeout(sock_read=0.3))
        await ask("GET", "/wire/reset")
        await ask("GET", "/wire/cut")
        await ask("GET", "/x", DEAD)
        await ask("GET", "/x", "http://no-such-host.invalid")
        await ask("GET", "/x", HTTPS.replace("localhost", "127.0.0.1"), ssl=context)
        async with attempt():
            await asyncio.wait_for(session.get(HTTP + "/wire/hang"), 0.3)
        async with session.get(HTTP + "/wire/lockstep") as answer:
            n = 0
            async for line in answer.content:
                if line.strip():
                    n += 1
                    say(line)
                    async with session.get(f"{HTTP}/wire/next/{n}") as step:
                        await step.read()
        async with session.get(HTTP + "/wire/sse/50") as answer:
            say(await answer.content.readline())
            answer.close()
        async with session.get(HTTP + "/wire/flood") as answer:
            pass
        async def one(n):
            async with session.get(f"{HTTP}/wire/echo?{n}") as answer:
                return len(await answer.text())

        say(sorted(await asyncio.gather(*(one(n) for n in range(10)))))


CHAT = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "hello"}]}


@case
def openai_async():
    import openai

    async def run():
        async with openai.AsyncOpenAI(api_key="sk-test-1", base_url=HTTP + "/v1", max_retries=0) as client:
            answer = await client.chat.completions.create(**CHAT)
            say(answer.choices[0].message.content)
            stream = await client.chat.completions.create(**CHAT, stream=True)
            say([part.choices[0].delta.content async for part in stream if part.choices])

    asyncio.run(run())


@case
def botocore():
    import botocore.session
    from botocore.config import Config

    session = botocore.session.Session()
    session.set_credentials("AKIAEXAMPLE", "secret")
    settings = Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"})
    client = session.create_client("s3", "us-east-1", endpoint_url=HTTP, config=settings)
    for call in (lambda: client.get_object(Bucket="wire", Key="status/404"),
                 lambda: client.put_object(Bucket="wire", Key="echo", Body=b"0123456789")):
        with attempt():
            say(sorted(call()))
    body = client.get_object(Bucket="wire", Key="size/30000")["Body"]
    body.set_socket_timeout(5)
    say_bytes("body", body.read())


if __name__ == "__main__":
    cases[sys.argv[1]]()
