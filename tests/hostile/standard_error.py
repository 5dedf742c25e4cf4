"""standard_error: full, without a reader, closed, or become something else, beside a configuration that is bad:
a program of each runtime behaves byte for byte as without taskless."""

import fcntl
import http.server
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import unittest

from desk import build_folder

BUILD = os.path.abspath(build_folder())
CLIENTS = os.path.join(BUILD, "lib", "taskless")
HANGS_AFTER_S = 60
DATABASE = b"pages of a database"

# Each makes a call that fails, says how that went, and ends with a code of its own. With a file named it
# closes descriptor 2 first, so that the file becomes descriptor 2, and puts its own bytes there.
PROGRAMS = {
    "python": ["python3", "-c", """
import http.client, os, sys
place, file = sys.argv[1], sys.argv[2:]
if file:
    os.close(2)
    assert os.open(file[0], os.O_WRONLY | os.O_CREAT) == 2
    os.write(2, b"pages of a database")
call = http.client.HTTPConnection(place)
call.request("GET", "/python")
print(call.getresponse().status, flush=True)
sys.exit(3)
"""],
    "node": ["node", "-e", """
const fs = require('node:fs');
const [place, file] = process.argv.slice(1);
if (file) {
  fs.closeSync(2);
  if (fs.openSync(file, 'w') !== 2) process.exit(9);
  fs.writeSync(2, 'pages of a database');
}
require('node:http').get(`http://${place}/node`, { agent: false }, (answer) => {
  answer.resume();
  answer.on('end', () => { console.log(answer.statusCode); process.exitCode = 3; });
});
"""],
    "ruby": ["ruby", "-e", """
require "net/http"
place, file = ARGV
if file
  $stderr.reopen(file, "w") # which alone makes it another file: Ruby never closes descriptor 2
  $stderr.syswrite("pages of a database")
end
puts Net::HTTP.get_response(URI("http://#{place}/ruby")).code
$stdout.flush
exit!(3)
"""],
    # Where descriptor 2 is closed, curl's first file or socket is descriptor 2.
    "curl": ["sh", "-c", 'exec curl --silent --fail --max-time 50 "http://$1/curl"', "sh"],
}
BY_HAND = {
    "python": {"PYTHONPATH": f"{CLIENTS}/python"},
    "node": {"NODE_OPTIONS": f"--require {CLIENTS}/node/register.js"},
    "ruby": {"RUBYOPT": f"-r{CLIENTS}/ruby/taskless/auto"},
    "curl": {"LD_PRELOAD": f"{CLIENTS}/curl/$LIB/libtaskless-curl.so"},
}
CONFIGURATIONS = {"bad": "nonsense: [\n", "of another version": "version: 999\n",
                  "with a key that is unknown": "version: 1\nobserv: {}\n", "good": "version: 1\n"}


class Server:
    """Answers each call with 500, and knows what it was sent."""

    def __enter__(self):
        seen = self.seen = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                seen.append((self.path, sorted(self.headers.items())))
                self.send_response(500)
                self.send_header("content-length", "2")
                self.end_headers()
                self.wfile.write(b"no")

            def log_message(self, *ignored):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.place = "127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *ignored):
        self.server.shutdown()
        self.server.server_close()


def full_pipe():
    reader, writer = os.pipe()
    flags = fcntl.fcntl(writer, fcntl.F_GETFL)
    fcntl.fcntl(writer, fcntl.F_SETFL, flags | os.O_NONBLOCK)
    for size in (4096, 1):
        try:
            while True:
                os.write(writer, b"x" * size)
        except BlockingIOError:
            pass
    fcntl.fcntl(writer, fcntl.F_SETFL, flags)
    return [reader, writer], writer


def pipe_without_reader():
    reader, writer = os.pipe()
    os.close(reader)
    return [writer], writer


def nothing():
    null = os.open(os.devnull, os.O_WRONLY)
    return [null], null


# Of standard error: what it is, and what the program does with it.
KINDS = {"full": (full_pipe, False, False), "without a reader": (pipe_without_reader, False, False),
         "closed": (nothing, True, False), "another file": (nothing, False, True)}


def start(command, env, folder, kind):
    """What the program came to, as its user and its server see it."""
    make, closed, reused = KINDS[kind]
    descriptors, standard_error = make()
    file = os.path.join(folder, "database")
    if os.path.exists(file):
        os.remove(file)

    def prepare():
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        if closed:
            os.close(2)

    with Server() as server:
        process = subprocess.Popen([*command, server.place, *([file] if reused else [])], env=env, cwd=folder,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=standard_error,
                                   preexec_fn=prepare)
        try:
            out, _ = process.communicate(timeout=HANGS_AFTER_S)
            code = process.returncode
        except subprocess.TimeoutExpired:
            process.kill()
            out, _ = process.communicate()
            code = "hangs"
        requests = [(path, [pair for pair in headers if pair[0].lower() != "host"]) for path, headers in server.seen]
    for descriptor in descriptors:
        os.close(descriptor)
    content = None
    if os.path.exists(file):
        with open(file, "rb") as opened:
            content = opened.read()
    return {"code": code, "out": out, "requests": requests, "file": content}


class StandardError(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="taskless-stderr-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)

    def environment(self, **more):
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {**keep, "TASKLESS_CACHE": os.path.join(self.folder, "cache"), **more}

    def check(self, runtime, kind, ways):
        plain = start(PROGRAMS[runtime], self.environment(), self.folder, kind)
        self.assertNotEqual(plain["code"], "hangs")
        if kind == "another file":
            self.assertTrue(plain["file"].startswith(DATABASE), plain)
        for way, (command, env) in ways.items():
            for name, text in CONFIGURATIONS.items():
                with self.subTest(f"{runtime}, standard error {kind}, {way}, configuration {name}"):
                    with open(os.path.join(self.folder, "taskless.yaml"), "w", encoding="utf-8") as file:
                        file.write(text)
                    self.assertEqual(start(command, env, self.folder, kind), plain)
                    os.remove(os.path.join(self.folder, "taskless.yaml"))


def add(runtime, kind):
    def test(self):
        program = PROGRAMS[runtime]
        run = [os.path.join(BUILD, "bin", "taskless"), "run", "--", *program]
        self.check(runtime, kind, {"loaded by hand": (program, self.environment(**BY_HAND[runtime])),
                                   "taskless run": (run, self.environment())})

    setattr(StandardError, f"test_{runtime}_{kind.replace(' ', '_')}", test)


for a_runtime in PROGRAMS:
    for a_kind in KINDS:
        if (a_runtime, a_kind) != ("curl", "another file"):  # which it opens by itself alone
            add(a_runtime, a_kind)

if __name__ == "__main__":
    unittest.main(verbosity=2)
