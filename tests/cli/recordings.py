#!/usr/bin/env python3
# Recordings in the forms that people have: each is written, read from a file and from standard
# input, and has to give the right records and say the right things.
# SPDX-License-Identifier: Apache-2.0
import gzip
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile

MOMENT = "2026-03-04T05:06:07.123Z"
GOOD_URL = "https://api.example.test/v1/orders/8"


def entry(url="https://api.example.test/v1/orders/7", status=200, text='{"state":"open"}', started=MOMENT,
          response=None, **more):
    """One entry; `response` and what else is given stand over its members."""
    answer = {"status": status, "headers": [{"name": "content-type", "value": "application/json"}],
              "content": {"size": len(text), "text": text}, "bodySize": len(text)}
    answer.update(response or {})
    made = {"startedDateTime": started, "time": 25, "request": {"method": "GET", "url": url, "headers": []},
            "response": answer}
    made.update(more)
    return made


GOOD = entry(GOOD_URL, 404, '{"message":"no such order"}')
RIGHT = {"status": 404, "url": GOOD_URL}


def har(*entries):
    return json.dumps({"log": {"version": "1.2", "creator": {"name": "own", "version": "1"}, "entries": entries}})


def failure(text):
    return entry(response={"status": 0, "_error": text})


def record(**more):
    made = {"v": 1, "id": "019c0000-0000-7000-8000-000000000001", "time": MOMENT, "method": "POST",
            "url": "https://api.stripe.com/v1/charges", "status": 402, "ending": "done", "duration_ms": 120,
            "first_byte_ms": 110, "sent": 20, "received": 90,
            "captures": {"stripe/ok": False, "stripe/class": "declined", "stripe/error.type": "card_error",
                         "stripe/error.code": "card_declined", "stripe/retry.advice": "pay"},
            "packs": [{"name": "stripe", "version": "1.0.0", "us": 200}], "client": "node/20", "pid": 7}
    made.update(more)
    return made


def lines(*values):
    return "".join(json.dumps(value, separators=(",", ":")) + "\n" for value in values)


BASE64 = {"encoding": "base64"}
TWO = [{"status": 200}, RIGHT]

# What it is: the recording, the records (None: any), what is said, the exit code.
ROWS = {
    # A bad member costs that member.
    "base64 that was left out by hand": (
        har(entry(response={"content": dict(BASE64, text="(left out by hand)")}), GOOD), TWO,
        ["entry 1: https://api.example.test/v1/orders/7: line 1: a body is not the base64"], 0),
    "base64 without padding": (
        har(entry(response={"content": dict(BASE64, text="eyJzdGF0ZSI6Im9wZW4hIn0"), "bodySize": 17})),
        [{"status": 200, "received": 17}], [], 0),
    "base64url": (
        har(entry(response={"content": dict(BASE64, text="Pz8_Pj4-"), "bodySize": -1})), [{"received": 6}], [], 0),
    "a request's body that is not base64": (
        har(entry(request={"method": "POST", "url": GOOD_URL,
                           "postData": {"text": "?", "_encoding": "base64"}}), GOOD), TWO, ["a body is not"], 0),
    "a body that is JSON itself": (har(entry(response={"content": {"text": {"a": 1}}, "bodySize": -1})),
                                   [{"received": 8}], [], 0),
    "the same fault in many entries is said twice": (
        har(*[entry(started="some day") for _ in range(50)]), [{"status": 200}] * 50,
        ["entry 1: https", '"some day"', ": 49 more: startedDateTime is not a time"], 0),
    # Numbers.
    "a status as text": (har(entry(status="404"), GOOD), [{"status": 404}, RIGHT], [], 0),
    "a status that is null": (har(entry(status=None), GOOD), [{"ending": "failed", "status": None}, RIGHT], [], 0),
    "an empty status": (har(entry(status="")), [{"ending": "failed", "status": None}], [], 0),
    "a status with blanks": (har(entry(status=" 503 ")), [{"status": 503}], [], 0),
    "a status that is none": (har(entry(status="yes"), GOOD), [{"ending": "failed", "status": None}, RIGHT],
                              ["response.status is not an HTTP status", '"yes"'], 0),
    "a duration as text": (har(entry(time="25")), [{"duration_ms": 25}], [], 0),
    "timings as text": (har(entry(time=None, timings={"send": "1", "wait": "10.5", "receive": None})),
                        [{"duration_ms": 11.5}], [], 0),
    "a size as text": (har(entry(response={"bodySize": "99"})), [{"received": 99}], [], 0),
    # Failures.
    "a stream that was cut behind its head": (
        har(entry(response={"_error": "net::ERR_HTTP2_PROTOCOL_ERROR"})),
        [{"status": 200, "ending": "failed", "error": None}], [], 0),
    "a failure that is an object": (har(failure({"code": "ECONNREFUSED", "message": "connect"})),
                                    [{"kind": "connect", "ending": "failed"}], [], 0),
    "given up behind the head": (har(entry(_error="net::ERR_ABORTED")), [{"status": 200, "ending": "aborted"}], [], 0),
    # What a cache answered.
    "a 304": (har(entry(status=304, text="a { color: red", response={"bodySize": 0})),
              [{"status": 304, "received": 0}], [], 0),
    "an answer from a disk's cache": (har(entry(_fromCache="disk")), [{"status": 200, "received": 0}], [], 0),
    "an answer that crossed no wire": (har(entry(response={"_transferSize": 0})), [{"received": 0}], [], 0),
    "an answer of a HEAD": (
        har(entry(request={"method": "HEAD", "url": GOOD_URL})), [{"method": "HEAD", "received": 0}], [], 0),
    # URLs.
    "no path": (har(entry("http://example.test")), [{"url": "http://example.test/"}], [], 0),
    "no path and a query": (har(entry("https://example.test:8443?a=b")), [{"url": "https://example.test:8443/?a=b"}],
                            [], 0),
    "a zero in a URL": (har(entry("https://api.example.test/a\0b"), GOOD), [RIGHT],
                        ["entry 1: ", "request.url has a control character"], 3),
    "a line end in a URL, with a key": (
        har(entry("https://api.example.test/a\nb?api_key=Inv3nted0Inv3nted0"), GOOD), [RIGHT],
        ["entry 1: https://api.example.test/a", "?api_key=***"], 3),
    # One bad entry costs that entry.
    "an entry without a request": (har({"request": {"method": "GET"}}, GOOD), [RIGHT], ["request.url is missing"], 3),
    "an entry that is a number": (har(7, GOOD), [RIGHT], ["entry 1: line 1"], 3),
    "a recording that is cut": (har(GOOD, entry())[:-80], [RIGHT], ["the file ends too early"], 3),
    # Arrangements.
    "an entry a line": (lines(entry(), GOOD), TWO, [], 0),
    "an entry a line, with empty lines and CRLF": (
        lines(entry(), GOOD).replace("\n", "\r\n\r\n"), TWO, [], 0),
    "a line that is cut, first": (lines(entry())[:90] + "\n" + lines(entry(), GOOD), TWO, ["entry 1: line 1"], 3),
    "a line that is cut between strings, first": (
        lines(entry())[:lines(entry()).index("[")] + "\n" + lines(entry(), GOOD), TWO, ["entry 1: line 1"], 3),
    "a line that is cut, last": (lines(entry(), GOOD, GOOD)[:-90], TWO, ["entry 3: line 3"], 3),
    "a line that is something else": (lines(entry(), {"level": "info"}, GOOD), TWO,
                                      ["entry 2: line 2: the entry has no request"], 3),
    "entries in several lines each": (json.dumps(entry(), indent=2) + "\n" + json.dumps(GOOD, indent=1), TWO, [], 0),
    "a list of entries": (json.dumps([entry(), GOOD]), TWO, [], 0),
    "an object with entries": (json.dumps({"entries": [entry(), GOOD]}), TWO, [], 0),
    "a log with more beside it": (
        json.dumps({"pages": [{"v": 1}], "log": {"pages": [], "entries": [entry(), GOOD], "x": 1}, "y": [2]}),
        TWO, [], 0),
    "two recordings in a row": (har(entry()) + "\n" + har(GOOD), TWO, [], 0),
    "one entry": (json.dumps(GOOD), [RIGHT], [], 0),
    "records of ours": (lines(record(), record(status=200, captures={"a/b": "c"})),
                        [record(), record(status=200, captures={"a/b": "c"})], [], 0),
    "a record of a failure": (
        lines({"v": 1, "id": "019c0000-0000-7000-8000-000000000001", "time": MOMENT, "method": "GET",
               "url": "https://a.example/", "ending": "failed",
               "error": {"kind": "dns", "code": "ENOTFOUND", "message": "no"}, "duration_ms": 1, "sent": 0,
               "received": 0}), [{"kind": "dns", "ending": "failed"}], ["1 call, 1 failed: a.example ENOTFOUND 1"], 0),
    "records and entries": (lines(entry(), record(), GOOD), [{"status": 200}, {"status": 402, "pid": 7}, RIGHT], [], 0),
    "a record of another version": (lines(record(), record(v=2)), [record()], ["entry 2: line 2: a record of version 2"],
                                    3),
    "JSON of something else": ('{"error": {"message": "no"}}', [], ["this is not a recording: it has no log.entries"], 3),
    "text": ("hello", [], ["this is not a recording"], 3),
}

DATES = ("2026-03-04T05:06:07.123", "2026-03-04 05:06:07.123", "2026-03-04T10:36:07.123+0530",
         "2026-03-04T05:06:07,123Z", "2026-03-04T06:06:07.123+01", "20260304T050607.123Z", 1772600767123,
         1772600767.123, "1772600767123", "1772600767.123", 1772600767123000, "2026-03-04T06:06:07.123+01:00[Europe/Paris]")
SECONDS = ("Wed, 04 Mar 2026 05:06:07 GMT", "Wednesday, 04-Mar-26 05:06:07 GMT", "Wed Mar  4 05:06:07 2026",
           "04/Mar/2026:05:06:07 +0000", "Wed Mar 04 2026 06:06:07 GMT+0100 (CET)", 1772600767, "20260304T050607Z")
MINUTES = ("2026-03-04T05:06Z", "2026-03-04 05:06", "2026-03-04T07:06+02:00")
for forms, right in ((DATES, MOMENT), (SECONDS, "2026-03-04T05:06:07.000Z"), (MINUTES, "2026-03-04T05:06:00.000Z")):
    for form in forms:
        ROWS[f"the date {form!r}"] = (har(entry(started=form)), [{"time": right}], [], 0)
for form in ("3/4/2026, 5:06:07 AM", "tomorrow", 12, [1]):
    ROWS[f"not a date {form!r}"] = (har(entry(started=form)), [{"status": 200}], ["startedDateTime is not a time"], 0)

FAILURES = {
    "dns": ("NS_ERROR_UNKNOWN_HOST", "net::ERR_NAME_NOT_RESOLVED", "net::ERR_NAME_RESOLUTION_FAILED",
            "net::ERR_DNS_TIMED_OUT", "getaddrinfo ENOTFOUND api.example.test",
            "A server with the specified hostname could not be found.", "[Errno -2] Name or service not known"),
    "connect": ("NS_ERROR_CONNECTION_REFUSED", "net::ERR_CONNECTION_FAILED", "net::ERR_PROXY_CONNECTION_FAILED",
                "connect ECONNREFUSED 127.0.0.1:9", "Could not connect to the server.", "No route to host",
                "The Internet connection appears to be offline."),
    "reset": ("NS_ERROR_NET_RESET", "net::ERR_EMPTY_RESPONSE", "net::ERR_CONTENT_LENGTH_MISMATCH", "read ECONNRESET",
              "The network connection was lost.", "Connection reset by peer"),
    "timeout": ("NS_ERROR_NET_TIMEOUT", "net::ERR_TIMED_OUT", "connect ETIMEDOUT 192.0.2.1:443",
                "The request timed out.", "context deadline exceeded"),
    "tls": ("SEC_ERROR_UNKNOWN_ISSUER", "net::ERR_CERT_DATE_INVALID", "net::ERR_SSL_PROTOCOL_ERROR",
            "The certificate for this server is invalid.", "CERT_HAS_EXPIRED"),
    "protocol": ("NS_ERROR_NET_HTTP2_SENT_GOAWAY", "net::ERR_HTTP2_PROTOCOL_ERROR", "net::ERR_INVALID_HTTP_RESPONSE",
                 "cannot parse response"),
    "aborted": ("NS_BINDING_ABORTED", "net::ERR_ABORTED", "net::ERR_BLOCKED_BY_CLIENT", "cancelled"),
    "other": ("net::ERR_FAILED", "Load failed"),
}
for kind, texts in FAILURES.items():
    for text in texts:
        ROWS[f"the failure {text!r}"] = (har(failure(text)), [{"kind": kind, "status": None}], [], 0)


def packings(text):
    """The same text as files hold it."""
    plain = text.encode("utf-8", "surrogatepass")
    yield "", plain
    yield ", packed", gzip.compress(plain, mtime=0)


WIDE = {", UTF-8 with its mark": "utf-8-sig", ", UTF-16": "utf-16", ", UTF-16 LE without a mark": "utf-16-le",
        ", UTF-16 BE without a mark": "utf-16-be"}


def differs(wanted, got):
    """What of a record is not as wanted."""
    found = dict(got, kind=(got.get("error") or {}).get("kind"))
    return [f"{name} is {found.get(name)!r}" for name, value in wanted.items() if found.get(name) != value]


class Run:
    def __init__(self, build, folder):
        self.env = dict(os.environ, PATH=f"{build}/bin:{os.environ['PATH']}", HOME=str(folder), TZ="UTC",
                        TASKLESS_CACHE=f"{build}/docs-cache")
        self.folder, self.bad = folder, 0

    def taskless(self, *args, data=b"", seconds=None):
        """`seconds` of processor time are the most that it may take."""
        def limit():
            if seconds:
                resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        done = subprocess.run(["taskless", *map(str, args)], input=data, env=self.env, cwd=self.folder,
                              capture_output=True, check=False, preexec_fn=limit)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def report(self, what, problems):
        self.bad += bool(problems)
        print(f"{'not ok' if problems else 'ok'} - {what}", *problems)

    def replay(self, what, data, row, name="calls.har"):
        _, wanted, said, code = row
        (self.folder / name).write_bytes(data)
        for args, given in (((name,), b""), (("-",), data)):
            status, out, err = self.taskless("replay", "--format", "ndjson", *args, data=given)
            got = [json.loads(line) for line in out.splitlines()]
            problems = [] if status == code else [f"exit {status}: {err}"]
            problems += [] if len(got) == len(wanted) else [f"{len(got)} records: {err}"]
            problems += [problem for pair in zip(wanted, got) for problem in differs(*pair)]
            problems += [f"{text!r} is not said: {err}" for text in said if text not in err]
            self.report(what + (" from standard input" if given else ""), problems)


def explains(run):
    """explain reads what replay reads."""
    bad = har(entry("https://api.stripe.com/v1/balance", 401,
                    '{"error":{"type":"invalid_request_error","message":"You must send a key with this"}}'),
              {"request": {"method": "GET"}})
    rows = {"one bad entry": (bad, 0, ["401", "You must send a key", "entry 2: line 1: request.url is missing"]),
            "a record": (lines(record()), 0, ["card_declined", "another way to pay", "402 Payment Required, POST"]),
            "records": (lines(record(), record(), record(status=200, captures={})), 0,
                        ["2 times 402", "entries 1, 2", "3 calls, 2 failed"]),
            "a list": (json.dumps([GOOD, entry()]), 1, ["404, GET " + GOOD_URL, "no such order"]),
            "lines, one of them cut": (lines(GOOD, GOOD, GOOD)[:-90], 1, ["2 times 404", "entry 3: line 3"])}
    for what, (text, code, said) in rows.items():
        for packing, data in packings(text):
            status, out, err = run.taskless("explain", data=data)
            problems = [] if status == code else [f"exit {status}: {err}"]
            run.report(f"explain: {what}{packing}", problems + [f"{w!r} is not said: {out}{err}" for w in said
                                                                if w not in out + err])
    for form, coding in WIDE.items():
        status, out, err = run.taskless("explain", data="HTTP/1.1 404 Not Found\r\n\r\n{}".encode(coding))
        run.report(f"explain: an answer{form}", [] if out.startswith("404") else [out, err])


def secrets(run):
    """A service repeats what it was sent; explain does not."""
    secret = "Inv3nted0Inv3nted0Inv3nted0"
    url = "https://api.stripe.com/v1/charges"
    answer = json.dumps({"error": {"type": "invalid_request_error", "message": f"What is {secret}? No!"}})
    carried = {
        "a key in a header": {"headers": [{"name": "authorization", "value": "Bearer " + secret}]},
        "a header of another name": {"headers": [{"name": "x-api-key", "value": secret}]},
        "a cookie": {"headers": [{"name": "cookie", "value": "session=" + secret}]},
        "a query": {"url": f"{url}?api_key={secret}"},
        "a form": {"postData": {"mimeType": "application/x-www-form-urlencoded", "text": "password=" + secret}},
        "JSON": {"postData": {"mimeType": "application/json", "text": json.dumps({"client_secret": secret})}},
        "the answer itself": {},
    }
    for what, members in carried.items():
        call = entry(text=answer, status=400, request=dict({"method": "POST", "url": url}, **members))
        if what == "the answer itself":
            call["response"]["headers"].append({"name": "set-cookie", "value": f"session={secret}; path=/"})
        for form in ("text", "json"):
            _, out, err = run.taskless("explain", "--format", form, data=har(call).encode())
            shown = "What is" in out and "***" in out
            run.report(f"explain shows no secret of {what}, as {form}",
                       [] if shown and secret not in out + err else [out, err])


def long_lines(run):
    """A status line is looked for in each place of a long line: 4 MB of them are no more than 4 MB. That takes some
    tens of milliseconds, and minutes where each place is looked at to the end of the line."""
    for start in ("HTTP/1.1 401 Unauthorized\r\n\r\n", "HTTP/1.1 302 Found\n\n<", "> GET /\n< HTTP/1.1 401 No\n< \n"):
        status, out, err = run.taskless("explain", "--url", "https://a.example/",
                                        data=start.encode() + b"HTTP/" * 800000 + b"\n", seconds=5)
        run.report(f"a long line behind {start!r}", [] if out and not err else [status, out[:200], err])


def bombs(run):
    """What unpacks to very much costs neither memory nor time for all of it."""
    bomb = gzip.compress(b" " * (1 << 20), mtime=0) * 1024
    status, _, err = run.taskless("replay", "-", data=bomb)
    run.report("replay gives up a bomb", [] if status and "unpacks to more than" in err else [status, err])
    status, _, err = run.taskless("explain", "-", data=bomb)
    run.report("explain gives up a bomb", [] if status and "more than 64 MiB" in err else [status, err])


def again(run):
    """Records that are replayed are the records, byte for byte; and in another format."""
    (run.folder / "calls.har").write_text(har(entry(), GOOD, failure("ECONNRESET"), entry(_fromCache="disk")))
    for form in ("ndjson", "taskless", "pretty"):
        _, first, _ = run.taskless("replay", "--quiet", "--format", "ndjson", "calls.har")
        (run.folder / "kept.ndjson").write_text(first)
        _, second, _ = run.taskless("replay", "--quiet", "--format", form, "kept.ndjson")
        if form == "ndjson":
            run.report("records are replayed as they were", [] if first == second and first else [first, second])
        else:
            run.report(f"records are given as {form}", [] if GOOD_URL[8:] in second else [second])
    (run.folder / "again.har").unlink(missing_ok=True)
    run.taskless("replay", "--quiet", "--output", "har:again.har", "calls.har")
    _, one, _ = run.taskless("replay", "--quiet", "--format", "stable", "calls.har")
    _, two, _ = run.taskless("replay", "--quiet", "--format", "stable", "again.har")
    run.report("what is recorded of them replays the same", [] if one == two and one else [one, two])


def cases(run):
    """`pack check --record` makes a case of each call that it can."""
    pack = run.folder / "acme"
    pack.mkdir()
    (pack / "manifest.json").write_text(json.dumps(
        {"schema": "pre2", "name": "acme", "version": "1.0.0", "description": "x", "methods": ["post"],
         "hosts": ["api.example.test"]}))
    odd = entry(request={"method": "G\0T", "url": "https://api.example.test/v1/odd"})
    for number, bad in enumerate((entry("https://api.example.test/a\0b"), {"request": {}}, odd)):
        (run.folder / "record.har").write_text(har(entry(), bad, GOOD))
        status, out, err = run.taskless("pack", "check", "--record", "acme", "record.har", "--cases", f"cases{number}")
        made = out.count(".json\n")
        run.report(f"cases are made beside a bad entry, {number}",
                   [] if made == 2 and status == 3 and ("entry 2" in err or "call 2" in err) else [status, out, err])


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="taskless-recordings-") as name:
        run = Run(build, pathlib.Path(name))
        for what, row in ROWS.items():
            run.replay(what, row[0].encode("utf-8"), row)
        for what in ("an entry a line", "a list of entries", "a status as text", "records of ours"):
            for packing, data in list(packings(ROWS[what][0]))[1:]:
                run.replay(what + packing, data, ROWS[what])
            for form, coding in WIDE.items():
                run.replay(what + form, ROWS[what][0].encode(coding), ROWS[what])
                run.replay(what + form + ", packed", gzip.compress(ROWS[what][0].encode(coding), mtime=0), ROWS[what])
        for test in (explains, secrets, long_lines, bombs, again, cases):
            test(run)
        return 1 if run.bad else 0


sys.exit(main())
