# calls: makes the calls that standard input lists, one after the other, as any program would.
# SPDX-License-Identifier: Apache-2.0
import asyncio
import base64
import contextlib
import http.client
import json
import ssl
import sys
from urllib.parse import urljoin, urlsplit

AT_ONCE = 65536


def is_enough(call, received):
    return call["give_up_after"] and received >= call["give_up_after"]


def limit(call):
    return call["timeout_ms"] / 1000 or None


def normal(url):
    """Node.js and libcurl send a URL in this form; Python's libraries as it is written."""
    parts = urlsplit(url)
    return urljoin(url, parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def by_http_client(calls):
    for call in calls:
        url = urlsplit(call["url"])
        target = url.path + (f"?{url.query}" if url.query else "")
        connection = http.client.HTTPSConnection(url.netloc, timeout=limit(call))
        # Some are meant to fail; what became of each stands in its record.
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection.putrequest(call["method"], target, skip_accept_encoding=True)
            for name, value in call["headers"]:
                connection.putheader(name, value.encode())
            if call["body"] and not any(name.lower() == "content-length" for name, _ in call["headers"]):
                connection.putheader("content-length", str(len(call["body"])))
            connection.endheaders(call["body"])
            response, received = connection.getresponse(), 0
            while part := response.read1(AT_ONCE):
                received += len(part)
                if is_enough(call, received):
                    break
            response.close()
        connection.close()


def by_httpx(calls):
    import httpx

    with httpx.Client(verify=ssl.create_default_context(), http2=True) as client:
        for call in calls:
            client.cookies.clear()
            request = {"headers": call["headers"], "content": call["body"] or None, "follow_redirects": call["follow"],
                       "timeout": limit(call)}
            with contextlib.suppress(httpx.HTTPError), client.stream(call["method"], call["url"], **request) as response:
                received = 0
                for part in response.iter_raw():
                    received += len(part)
                    if is_enough(call, received):
                        break


def by_aiohttp(calls):
    asyncio.run(with_aiohttp(calls))


async def with_aiohttp(calls):
    import aiohttp
    import yarl

    connector = aiohttp.TCPConnector(ssl=ssl.create_default_context())
    async with aiohttp.ClientSession(connector=connector, skip_auto_headers=["content-type"],
                                     auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()) as session:
        session._retry_connection = False  # it makes some calls again that came to nothing
        for call in calls:
            url = yarl.URL(call["url"], encoded=True)
            request = {"headers": call["headers"], "data": call["body"] or None, "allow_redirects": call["follow"],
                       "timeout": aiohttp.ClientTimeout(limit(call))}
            with contextlib.suppress(aiohttp.ClientError, OSError, asyncio.CancelledError):
                if call["give_up_ms"]:
                    asyncio.get_running_loop().call_later(call["give_up_ms"] / 1000, asyncio.current_task().cancel)
                async with session.request(call["method"], url, **request) as response:
                    received = 0
                    async for part in response.content.iter_any():
                        received += len(part)
                        if is_enough(call, received):
                            break


def main():
    calls = [json.loads(line) for line in sys.stdin]
    for call in calls:
        call["url"] = normal(call["url"])
        call["body"] = base64.b64decode(call["body"])
    {"http.client": by_http_client, "httpx": by_httpx, "aiohttp": by_aiohttp}[sys.argv[1]](calls)


main()
