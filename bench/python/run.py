# run: the same program plain, under OpenTelemetry and under taskless, in turns; prints a table.
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import subprocess
import sys
import time

TLS, CLIENT, CONFIG = sys.argv[1:]
HERE = pathlib.Path(__file__).resolve().parent
ROUNDS = 3
PLAIN, OTEL, TASKLESS = KINDS = ("plain", "OpenTelemetry", "taskless")
# Way, how many at once, how many calls. OpenTelemetry has nothing for http.client itself.
LOADS = (
    ("http_client", 1, 3000),
    ("urllib3", 1, 1500),
    ("requests", 1, 800),
    ("httpx", 1, 800),
    ("httpx_async", 1, 500),
    ("httpx_async", 50, 500),
    ("aiohttp", 1, 1500),
    ("aiohttp", 50, 2000),
)
COLUMNS = {"thread": "its thread", "process": "all threads", "p50": "p50 ms", "first": "first answer ms", "memory": "memory MB"}
# Only a part of them: those whose name is given in the variable.
WANTED = os.environ.get("BENCH_LOADS", "").split()


def start_server(folder):
    server = subprocess.Popen(["node", HERE.parent / "node/server.mjs", *folder], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
    return server, int(server.stdout.readline())


def environment(kind):
    paths = {PLAIN: None, OTEL: HERE / "otel", TASKLESS: CLIENT}
    more = {"SSL_CERT_FILE": f"{TLS}/cert.pem", "REQUESTS_CA_BUNDLE": f"{TLS}/cert.pem", "TASKLESS_CONFIG": CONFIG}
    if paths[kind]:
        more["PYTHONPATH"] = str(paths[kind])
    return {**os.environ, **more}


def run_once(kind, way, base, at_once, count):
    command = [sys.executable, HERE / "app.py", way, base, str(at_once), str(count)]
    start = time.perf_counter()
    with subprocess.Popen(command, env=environment(kind), stdout=subprocess.PIPE, text=True) as app:
        app.stdout.readline()
        first = time.perf_counter() - start
        return {**json.loads(app.stdout.readline()), "first": first * 1e3}


def show(title, results):
    print(title)
    # Of the rounds the least: what else runs on the machine only ever adds.
    least = {kind: {key: min(one[key] for one in rounds) for key in COLUMNS} for kind, rounds in results.items()}
    for kind, cells in least.items():
        text = " ".join(f"{cells[key]:15.{2 if key == 'p50' else 1 if key == 'memory' else 0}f}" for key in COLUMNS)
        ratio = "" if kind == PLAIN else f"   {cells['thread'] / least[PLAIN]['thread']:.2f} x"
        print(f"  {kind:16}{text}{ratio}", flush=True)


print(f"\n{'CPU us a call':18}{' '.join(f'{name:>15}' for name in COLUMNS.values())}   its thread")
for scheme, folder in (("http", []), ("https", [TLS])):
    server, port = start_server(folder)
    for way, at_once, count in LOADS:
        if WANTED and way not in WANTED:
            continue
        kinds = [kind for kind in KINDS if kind != OTEL or way != "http_client"]
        results = {kind: [] for kind in kinds}
        for _ in range(ROUNDS):
            for kind in kinds:
                results[kind].append(run_once(kind, way, f"{scheme}://localhost:{port}", at_once, count))
        show(f"{way}, {scheme}, {at_once} at once", results)
    server.communicate()
