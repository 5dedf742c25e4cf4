#!/usr/bin/env python3
# The archive of `make dist`: the same bytes each time, and all of it works where the tree it came
# from is not. In a mount namespace, where one is permitted, the tree is gone.
# SPDX-License-Identifier: Apache-2.0
import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
INSIDE = "TSKL_DIST_INSIDE"
# What any Debian has: the C library with its parts, and the compiler's run time.
NEEDED = {"libc.so.6", "libm.so.6", "libgcc_s.so.1", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "libtaskless.so.0"}
WHOLE = ["bin/taskless", "lib/libtaskless.so", "lib/taskless/node/taskless.node", "lib/taskless/node/register.js",
         "lib/taskless/curl/lib32/libtaskless-curl.so",
         "include/taskless/observer.h", "lib/pkgconfig/taskless.pc", "share/taskless/packs/stripe/pack.wasm",
         "share/man/man1/taskless.1", "share/bash-completion/completions/taskless", "share/zsh/site-functions/_taskless",
         "share/fish/vendor_completions.d/taskless.fish", "README.md", "LICENSE", "THIRD-PARTY.txt"]
CALL = {"request": {"method": "GET", "url": "https://api.stripe.com/v1/balance", "headers": []},
        "response": {"status": 402, "content": {"text": '{"error": {"type": "card_error"}}'}}}
PROGRAM = '#include <stdio.h>\n#include <taskless/taskless.h>\nint main(void) { puts(tskl_version()); }\n'


def enter():
    """Into a mount namespace of our own. False where none is permitted."""
    if os.environ.get(INSIDE):
        return True
    apart = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    if subprocess.run([*apart, "true"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
        return False
    os.environ[INSIDE] = "1"
    os.execvp(apart[0], [*apart, sys.executable, *sys.argv])


def expect(what, condition, *seen):
    if not condition:
        sys.exit(f"not so: {what}: {seen}")


def make(build):
    path = pathlib.Path(subprocess.run([ROOT / "scripts" / "dist.sh", build], check=True, text=True,
                                       stdout=subprocess.PIPE).stdout.strip())
    return (path if path.is_absolute() else ROOT / path), path.read_bytes()


def check_archive(path):
    with tarfile.open(path) as archive:
        members = archive.getmembers()
        names = [member.name for member in members]
        expect("the names are sorted", [name.split("/") for name in names] == sorted(name.split("/") for name in names))
        expect("nobody's name is in it", all(m.uid == m.gid == 0 and not m.uname for m in members))
        expect("nobody but the owner may write", all(m.issym() or m.mode & 0o022 == 0 for m in members))
        expect("there is one time", len({member.mtime for member in members}) == 1)
        missing = [name for name in WHOLE if f"{names[0]}/{name}" not in names]
        expect("it is whole", not missing, missing)
        return names[0]


def check_files(root):
    for path in root.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        content = path.read_bytes()
        expect("no path into the tree is left", str(ROOT).encode() not in content, path)
        if not content.startswith(b"\x7fELF"):
            continue
        told = subprocess.run(["readelf", "-d", path], capture_output=True, text=True, check=True).stdout
        needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", told))
        expect("it needs what any Debian has", needed <= NEEDED, path, needed - NEEDED)
        for runpath in re.findall(r"R(?:UN)?PATH.*\[(.*)\]", told):
            expect("libraries are found beside it", runpath.startswith("$ORIGIN"), path, runpath)
    notices = (root / "THIRD-PARTY.txt").read_text()
    for part in ("wasmtime 48", "cranelift-codegen", "libsodium", "zlib", "Permission to use, copy, modify"):
        expect("the licences are told", part in notices, part)


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(402)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *words):
        pass


class Desk:
    def __init__(self, root, folder):
        self.folder = folder
        self.env = {"PATH": f"{root / 'bin'}:{os.environ['PATH']}", "HOME": str(folder)}
        (folder / "calls.har").write_text(json.dumps({"log": {"version": "1.2", "entries": [CALL]}}))

    def run(self, *words, text=""):
        done = subprocess.run(words, cwd=self.folder, env=self.env, input=text, text=True, capture_output=True,
                              timeout=120, check=False)
        expect(f"{words[:3]} works", done.returncode == 0, done.returncode, done.stdout, done.stderr)
        return done.stdout


def check_commands(desk, version):
    expect("it tells its version", desk.run("taskless", "version") == f"taskless {version}\n")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/v1/charges"
        desk.run("taskless", "run", "--output", "file:calls.ndjson", "--", "node", "-e", f"fetch('{url}').then(r => r.text())")
        server.shutdown()
    record = json.loads((desk.folder / "calls.ndjson").read_text())
    expect("a program's call is seen", record["status"] == 402 and record["packs"][0]["name"] == "core" and
           "result" not in record["packs"][0], record)
    said = desk.run("taskless", "explain", "--status", "402", text='{"error": {"type": "card_error", "code": "expired_card"}}')
    expect("an answer is explained", "card_error / expired_card" in said, said)
    record = json.loads(desk.run("taskless", "replay", "--quiet", "--format", "ndjson", "calls.har"))
    expect("a recording is replayed", record["captures"].get("stripe/class") == "declined", record)
    desk.run("taskless", "pack", "check")
    expect("a Pack is shown", desk.run("taskless", "pack", "inspect", "stripe").startswith("stripe "))


def check_library(desk, root, version):
    (desk.folder / "program.c").write_text(PROGRAM)
    desk.env["PKG_CONFIG_PATH"] = str(root / "lib" / "pkgconfig")
    flags = desk.run("pkg-config", "--cflags", "--libs", "taskless").split()
    desk.run("gcc", "program.c", "-o", "program", *flags, f"-Wl,-rpath,{root / 'lib'}")
    expect("a program is built with it", desk.run("./program") == f"{version}\n")


def main():
    apart = enter()
    build = pathlib.Path(sys.argv[1]).resolve()
    version = (ROOT / "VERSION").read_text().strip()
    path, first = make(build)
    expect("it is the same each time", make(build)[1] == first)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        with tarfile.open(path) as archive:
            archive.extractall(folder)
        # Anywhere, under any name; programs are built where the name needs no quoting.
        root = (folder / check_archive(path)).rename(folder / "any place")
        check_files(root)
        if apart:
            subprocess.run(["mount", "-t", "tmpfs", "none", ROOT], check=True)
            expect("the tree is gone", not build.exists())
        desk = folder / "desk"
        desk.mkdir(mode=0o700)
        check_commands(Desk(root, desk), version)
        root = root.rename(folder / "anywhere")
        check_library(Desk(root, desk), root, version)
    print(f"ok, {len(first)} bytes{'' if apart else ' (with the tree in place: no namespace is permitted)'}")


main()
