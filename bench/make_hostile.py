#!/usr/bin/env python3
"""make_hostile.py FOLDER: answers that were made to cost as much as they can, in CPU, when they are looked at: by
secrets (cookies) and texts that nearly fit each other, by headers, by escapes. One file KIND.http each: a status, the
header's lines, the body."""
import base64
import json
import os
import sys

BODY = 256 * 1024  # as much of a body as is kept


def cookies(values):
    return [("set-cookie", f"c{i}={value}") for i, value in enumerate(values)]


def filled(unit, length=BODY):
    return (unit * (length // len(unit) + 1))[:length]


# As many secrets as there are places, each of `unit` and then something else.
def alike(unit, count=128):
    return [filled(unit, 64 - i % 55) + ("#" if i < 55 else "$" if i < 110 else "(")
            for i in range(count)]


def plain():
    rows = [{"id": f"item_{i:08}", "name": f"Item number {i}", "stock": i % 97} for i in range(4000)]
    return [], json.dumps(rows)[:BODY - 2], "application/json"


def repeated():
    return cookies(alike("a")), filled("a"), "text/plain"


def again():
    secrets = [f"qwertyui{i:03}" for i in range(127)] + ["zyxwvuts"]
    return cookies(secrets), filled("zyxwvuts "), "text/plain"


# Hex, base64 and plain text at once, all of which lead far into a secret.
def forms():
    digits = "41"
    decoded = base64.b64decode(filled(digits, 88)).decode("latin-1")
    secrets = alike(digits, 43) + alike("A", 43) + alike(decoded, 42)
    return cookies(secrets), filled(filled(digits, 100) + "\\%41"), "text/plain"


def escapes():
    return cookies(alike("a")), filled("\\u0061%61&#97;a"), "text/plain"


def members():
    member = '{"password":"sk_test_%08d","url":"https:\\/\\/a\\/?token=%08d"},'
    return [], "[" + "".join(member % (i, i) for i in range(BODY // 65)) + "0]", "application/json"


def connection():
    names = [(f"x{i:04}", "b" * 100) for i in range(990, 0, -1)]
    return [("connection", ",".join(["a"] * 60000))] + names, "", "text/plain"


# What Stripe's Pack captures, each as long as its output may be.
def captures():
    names = ("code decline_code param doc_url request_log_url type message charge "
             "network_decline_code advice_code network_advice_code").split()
    error = {name: "a" * 16000 for name in names}
    return cookies(alike("a")), json.dumps({"error": error}), "application/json"


def main(folder):
    os.makedirs(folder, exist_ok=True)
    for kind in (plain, repeated, again, forms, escapes, members, connection, captures):
        headers, body, content_type = kind()
        lines = [f"{name}: {value}" for name, value in [("content-type", content_type), *headers]]
        with open(f"{folder}/{kind.__name__}.http", "w", encoding="latin-1", newline="") as file:
            file.write("\r\n".join(["402", *lines, "", body]))


main(sys.argv[1])
