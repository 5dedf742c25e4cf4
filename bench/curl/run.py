# run: the same program over libcurl plain and under taskless, in turns; prints a table.
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import resource
import subprocess
import sys
import time

APP, TLS, CLIENT, CONFIG = sys.argv[1:]
HERE = pathlib.Path(__file__).resolve().parent
ROUNDS = 4
STARTS = 200
PLAIN, TASKLESS = KINDS = ("plain", "taskless")
LOADS = ((1, 4000), (50, 4000))  # how many at once, how many calls
COLUMNS = {"thread": "its thread", "process": "all threads", "p50": "p50 ms", "first": "first answer ms", "memory": "memory MB"}


def environment(kind):
    more = {"SSL_CERT_FILE": f"{TLS}/cert.pem", "TASKLESS_CONFIG": CONFIG}
    return {**os.environ, **more, **({"LD_PRELOAD": CLIENT} if kind == TASKLESS else {})}


def run_once(kind, base, at_once, count):
    start = time.perf_counter()
    with subprocess.Popen([APP, base, str(at_once), str(count)], env=environment(kind), stdout=subprocess.PIPE, text=True) as app:
        app.stdout.readline()
        first = time.perf_counter() - start
        return {**json.loads(app.stdout.read().splitlines()[-1]), "first": first * 1e3}


def show(title, results):
    print(title)
    # Of the rounds the least: what else runs on the machine only ever adds.
    least = {kind: {key: min(one[key] for one in rounds) for key in COLUMNS} for kind, rounds in results.items()}
    for kind, cells in least.items():
        text = " ".join(f"{cells[key]:15.{2 if key == 'p50' else 1}f}" for key in COLUMNS)
        ratio = "" if kind == PLAIN else f"   {cells['thread'] / least[PLAIN]['thread']:.2f} x"
        print(f"  {kind:16}{text}{ratio}", flush=True)


def processor_s():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def start_us(kind, command):
    """What starting a program costs, its end included."""
    before = processor_s()
    for _ in range(STARTS):
        subprocess.run(command, env=environment(kind), stdout=subprocess.DEVNULL, check=True)
    return (processor_s() - before) / STARTS * 1e6


print(f"\n{'CPU us a call':18}{' '.join(f'{name:>15}' for name in COLUMNS.values())}   its thread")
for scheme, folder in (("http", []), ("https", [TLS])):
    server = subprocess.Popen(["node", HERE.parent / "node/server.mjs", *folder], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
    base = f"{scheme}://localhost:{int(server.stdout.readline())}"
    for at_once, count in LOADS:
        results = {kind: [] for kind in KINDS}
        for _ in range(ROUNDS):
            for kind in KINDS:
                results[kind].append(run_once(kind, base, at_once, count))
        show(f"libcurl, {scheme}, {at_once} at once", results)
    server.communicate()
print("\nCPU us to start a program that makes no call")
for name, command in (("true", ["/bin/true"]), ("curl --version", ["curl", "--version"])):
    least = {kind: min(start_us(kind, command) for _ in range(ROUNDS)) for kind in KINDS}
    print(f"  {name:16}{least[PLAIN]:15.0f} plain {least[TASKLESS]:10.0f} taskless")
