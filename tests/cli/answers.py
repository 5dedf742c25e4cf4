#!/usr/bin/env python3
# Pastes every answer of answers.json in each form that people have it in; `taskless explain` has to
# give the same right reason for all of them. What is expected was written from what the services
# document, not from what the program said.
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import subprocess
import sys
import tempfile
from urllib.parse import urlsplit

HERE = pathlib.Path(__file__).resolve().parent


def body_of(answer):
    body = answer["body"]
    return body if isinstance(body, str) else json.dumps(body)


def response(answer):
    """As a proxy or a browser shows it."""
    head = [f"HTTP/1.1 {answer['status']} Whatever"]
    head += [f"{name.title()}: {value}" for name, value in answer["headers"].items()]
    return "\r\n".join(head) + "\r\n\r\n" + body_of(answer)


def curl_i(answer):
    """`curl -i` on a terminal, with its meter and an answer before the answer."""
    head = [f"HTTP/2 {answer['status']} "]
    head += [f"{name}: {value}" for name, value in answer["headers"].items()]
    return ("  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
            "                                 Dload  Upload   Total   Spent    Left  Speed\n"
            "\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0\n"
            "HTTP/1.1 100 Continue\r\n\r\n" + "\r\n".join(head) + "\r\n\r\n" + body_of(answer) + "\n")


def curl_v(answer):
    """`curl -v`, which names the request."""
    url = urlsplit(answer["url"])
    lines = ["*   Trying 192.0.2.1:443...", f"* Connected to {url.hostname} (192.0.2.1) port 443 (#0)",
             f"> {answer.get('method', 'GET')} {url.path} HTTP/2", f"> Host: {url.hostname}", "> accept: */*",
             "> ", f"< HTTP/2 {answer['status']} "]
    lines += [f"< {name}: {value}" for name, value in answer["headers"].items()]
    return "\n".join(lines + ["< "]) + "\n" + body_of(answer) + f"* Connection #0 to host {url.hostname} left intact\n"


def har_entry(answer):
    headers = [{"name": name, "value": value} for name, value in answer["headers"].items()]
    return json.dumps({
        "startedDateTime": "2026-09-21T14:13:20.000Z", "time": 184,
        "request": {"method": answer.get("method", "GET"), "url": answer["url"], "headers": []},
        "response": {"status": answer["status"], "headers": headers,
                     "content": {"mimeType": answer["headers"].get("content-type", ""), "text": body_of(answer)}},
        "timings": {"send": 0, "wait": 180, "receive": 4}})


def har(answer):
    fine = {"request": {"url": "https://example.com/"}, "response": {"status": 200}}
    return json.dumps({"log": {"entries": [fine, json.loads(har_entry(answer)), fine]}})


def explain(text, options, env, folder):
    done = subprocess.run(["taskless", "explain", "--format", "json", *options], input=text.encode(),
                          env=env, cwd=folder, capture_output=True, timeout=60)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def check(answer, form, env, folder):
    options = ["--url", answer["url"]] if answer.get("url_given") and form in (response, curl_i) else []
    code, out, err = explain(form(answer), options, env, folder)
    if code != 0 or err:
        return f"exit {code}: {err or out}"
    got = json.loads(out)
    wrong = {name: got.get(name) for name, value in answer["expect"].items() if got.get(name) != value}
    return f"it says {wrong}" if wrong else None


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    failures = 0
    with tempfile.TemporaryDirectory(prefix="taskless-answers-") as folder:
        env = dict(os.environ, PATH=f"{build}/bin:{os.environ['PATH']}", HOME=folder,
                   TASKLESS_CACHE=f"{build}/docs-cache")
        for answer in json.loads((HERE / "answers.json").read_text()):
            for form in (response, curl_i, curl_v, har_entry, har):
                problem = check(answer, form, env, folder)
                failures += problem is not None
                if problem:
                    print(f"not ok - {answer['name']}, as {form.__name__}: {problem}")
    print("ok" if not failures else f"{failures} are wrong")
    return 1 if failures else 0


sys.exit(main())
