# app: a program that calls a service, and then says what that cost it: one line of JSON.
# SPDX-License-Identifier: Apache-2.0
import asyncio
import json
import os
import ssl
import sys
import time

WAY, BASE, AT_ONCE, COUNT = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
URL = f"{BASE}/v1/payment_intents"
BODY = "amount=2000&currency=usd&payment_method=pm_card_visa&confirm=true"
HEADERS = {
    "authorization": "Bearer sk_test_4eC39HqLyjWDarjtT1zdp7dc",
    "content-type": "application/x-www-form-urlencoded",
}


def http_client():
    import http.client

    scheme, _, host = BASE.partition("://")
    connection = (http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection)(host)

    def call():
        connection.request("POST", "/v1/payment_intents", BODY, HEADERS)
        connection.getresponse().read()

    return call


def urllib3():
    import urllib3

    pool = urllib3.PoolManager()
    return lambda: pool.request("POST", URL, body=BODY, headers=HEADERS)


def requests():
    import requests

    session = requests.Session()
    return lambda: session.post(URL, data=BODY, headers=HEADERS).content


def httpx():
    import httpx

    client = httpx.Client(verify=ssl.create_default_context())
    return lambda: client.post(URL, content=BODY, headers=HEADERS).content


async def httpx_async():
    import httpx

    limits = httpx.Limits(max_connections=AT_ONCE)
    client = httpx.AsyncClient(verify=ssl.create_default_context(), limits=limits, timeout=60)

    async def call():
        await client.post(URL, content=BODY, headers=HEADERS)

    return call


async def aiohttp():
    import aiohttp

    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE))

    async def call():
        async with session.post(URL, data=BODY, headers=HEADERS) as response:
            await response.read()

    return call


def clocks():
    """Of this thread alone, for Packs run on another one; and of all of them."""
    return time.thread_time(), time.process_time()


def resident_mb():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def say_first_answer():
    """Whoever started us has been waiting for it."""
    print("{}", flush=True)


def say_cost(before, after, taken):
    thread, process = ((now - then) * 1e6 / len(taken) for now, then in zip(after, before))
    taken.sort()
    said = {"thread": thread, "process": process, "p50": taken[len(taken) // 2] * 1e3, "memory": resident_mb()}
    print(json.dumps(said), flush=True)
    # Sessions are left as they are: closing them is not what is measured.
    os._exit(0)


def measure(call):
    def calls(times):
        taken = []
        for _ in range(times):
            start = time.perf_counter()
            call()
            taken.append(time.perf_counter() - start)
        return taken

    call()
    say_first_answer()
    calls(COUNT // 4)
    before = clocks()
    taken = calls(COUNT)
    say_cost(before, clocks(), taken)


async def measure_async(make):
    call = await make()

    async def calls(times):
        taken = []
        left = iter(range(times))

        async def one():
            for _ in left:
                start = time.perf_counter()
                await call()
                taken.append(time.perf_counter() - start)

        await asyncio.gather(*(one() for _ in range(AT_ONCE)))
        return taken

    await call()
    say_first_answer()
    await calls(COUNT // 4)
    before = clocks()
    taken = await calls(COUNT)
    say_cost(before, clocks(), taken)


way = globals()[WAY]
if asyncio.iscoroutinefunction(way):
    asyncio.run(measure_async(way))
else:
    measure(way())
