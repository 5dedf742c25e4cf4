"""consent: a repository brings its own configuration, which gives its own Pack a host and a secret. Nothing of that
happens before the user has agreed, and not for long after one of its files has changed."""

import http.server
import json
import os
import pty
import re
import shutil
import subprocess
import threading
import unittest

from desk import HERE, Desk, build_folder

BUILD = build_folder()
FIELDS = [{"name": name, "type": "string", "default": ""} for name in ("request", "times", "bytes")]
ANSWER = 'HTTP/1.1 401 Unauthorized\r\ncontent-type: application/json\r\n\r\n{"error": {"message": "in confidence"}}'
HAR = {"log": {"version": "1.2", "entries": [{
    "startedDateTime": "2026-09-21T14:13:20.000Z", "time": 5,
    "request": {"method": "GET", "url": "https://api.example.com/v1/x", "headers": []},
    "response": {"status": 402, "headers": [], "content": {"text": "{}"}}}]}}
NOBODY = 12345  # a user and a group that no machine knows
AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
as_root = unittest.skipUnless(os.geteuid() == 0, "only root can be other users")


def read(*names):
    with open(os.path.join(*names), "rb") as file:
        return file.read()


def said_of(done):
    """Our own lines; records stand among them."""
    return [line for line in done.stderr.splitlines() if line.startswith("taskless: ")]


class Counter(http.server.BaseHTTPRequestHandler):
    seen = 0

    def do_GET(self):  # pylint: disable=invalid-name
        Counter.seen += 1
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *ignored):  # pylint: disable=arguments-differ
        pass


class Repository(Desk):
    """A folder `repo` with a taskless.json and the Pack `requests`, and a home beside it."""

    def __init__(self, port):
        super().__init__(BUILD)
        self.port = port

    def __enter__(self):
        super().__enter__()
        os.makedirs(self.path("home"))
        self.add_repository("repo")
        self.write("one.har", json.dumps(HAR))
        return self

    def add_repository(self, name):
        here = f"127.0.0.1:{self.port}"
        built = os.path.join(self.build, "hostile", "requests")
        manifest = json.loads(read(built, "manifest.json"))
        manifest.update(fields=FIELDS, methods=["post"], permissions={"body": True, "hosts": [here]})
        self.write(f"{name}/requests/manifest.json", json.dumps(manifest))
        self.write(f"{name}/requests/pack.wasm", read(built, "pack.wasm"))
        entry = {"name": "requests", "from": "./requests", "allow": {"hosts": [here]}, "limits": {"wall_ms": 60000},
                 "configuration": {"request": json.dumps({"url": f"http://{here}/", "headers": {}}), "times": "1"}}
        self.write(f"{name}/taskless.json", json.dumps(
            {"version": 1, "shipped": False, "packs": [entry], "limits": {"wall_ms": 60000}}))
        return self.path(name)

    def environment(self, **more):
        made = {**super().environment(), "HOME": self.path("home"), **more}
        if "TASKLESS_CONFIG" not in more:
            del made["TASKLESS_CONFIG"]
        return {name: value for name, value in made.items() if value is not None}

    def taskless(self, *words, folder="repo", text=None, program=None, **variables):
        return subprocess.run([program or self.program, *words], cwd=self.path(folder), input=text, text=True,
                              env=self.environment(**variables), capture_output=True, timeout=120, check=False)

    def calls(self, *words, **how):
        """How many calls the Pack made while that ran."""
        before = Counter.seen
        done = self.taskless(*words, **how)
        return Counter.seen - before, done

    def run_program(self, *options, **how):
        return self.calls("run", *options, "--", *self.command("declined"), **how)


class Story(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Counter)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()

    def setUp(self):
        self.repo = Repository(self.server.server_address[1]).__enter__()
        self.addCleanup(self.repo.__exit__)

    def check_calls(self, expected, got, what=""):
        calls, done = got
        self.assertEqual(expected, calls, f"{what}\n{done.stdout}\n{done.stderr}")
        return done

    def agree(self, **how):
        done = self.repo.taskless("trust", "--yes", **how)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        return done

class Consent(Story):
    """What waits, until when, and who is asked."""

    def test_nothing_is_given_before_and_one_line_says_so(self):
        done = self.check_calls(0, self.repo.run_program())
        self.assertEqual(42, done.returncode)
        self.assertIn("application: done", done.stdout)
        lines = said_of(done)
        self.assertEqual(1, len(lines), done.stderr)
        for part in ("taskless.json was found here", f"127.0.0.1:{self.repo.port}", "`taskless trust`",
                     f"TASKLESS_CONFIG={self.repo.path('repo')}/taskless.json"):
            self.assertIn(part, lines[0])
        doctor = self.repo.taskless("doctor")
        self.assertIn("waits for your consent", " ".join(doctor.stdout.split()))

    def test_it_is_given_after_consent_also_inside_an_application(self):
        self.agree()
        self.assertNotIn("waits", self.check_calls(1, self.repo.run_program()).stderr)
        before = Counter.seen
        subprocess.run(self.repo.command("declined"), cwd=self.repo.path("repo"), env=self.repo.environment(),
                       capture_output=True, timeout=60, check=False)
        self.assertEqual(1, Counter.seen - before)

    def test_a_name_is_the_users_word(self):
        file = self.repo.path("repo", "taskless.json")
        self.check_calls(1, self.repo.run_program("--config", file))
        self.check_calls(1, self.repo.run_program(TASKLESS_CONFIG=file))
        words = ("explain", "--url", "https://api.example.com/", "--config", file)
        self.assertGreater(self.repo.calls(*words, text=ANSWER)[0], 0)

    def test_a_recording_makes_no_pack_call_out_whichever_configuration_it_is(self):
        file = self.repo.path("repo", "taskless.json")
        explain = ("explain", "--url", "https://api.example.com/")
        own = self.repo.path("home", ".config", "taskless")
        for words, more in ((("replay", "--config", file, "../one.har"), {}),
                            (("replay", "../one.har"), {"TASKLESS_CONFIG": file}),
                            (explain, {"TASKLESS_CONFIG": file})):
            self.check_withheld(words, **more)
        self.repo.add_repository("home/.config/taskless")
        os.unlink(file)
        os.makedirs(self.repo.path("repo", ".git"))
        self.check_calls(1, self.repo.run_program())
        for words in (("replay", "../one.har"), explain):
            self.check_withheld(words)
        # Where nothing is left out nothing is said.
        shutil.rmtree(own)
        self.assertNotIn("are given no hosts", self.repo.taskless("replay", "../one.har").stderr)

    def check_withheld(self, words, **more):
        done = self.check_calls(0, self.repo.calls(*words, text=ANSWER, **more), words)
        lines = [line for line in said_of(done) if "Packs are given no hosts" in line]
        self.assertEqual(1, len(lines), done.stderr)
        self.assertIn(f"(calls to 127.0.0.1:{self.repo.port})", lines[0])
        self.assertIn("`taskless run`", lines[0])

    def test_run_does_not_make_it_the_users_word_for_the_program(self):
        done = self.repo.taskless("run", "--", "env")
        self.assertNotIn("TASKLESS_CONFIG", done.stdout)
        self.assertIn(f"TASKLESS_FOUND={self.repo.path('repo')}/taskless.json", done.stdout)
        # Nor for a program that is run in there once more, or goes to another folder.
        again = (self.repo.program, "run", "--", *self.repo.command("declined"))
        self.check_calls(0, self.repo.calls("run", "--", *again))
        shell = ["sh", "-c", 'cd / && exec "$@"', "sh", *self.repo.command("declined")]
        self.check_calls(0, self.repo.calls("run", "--", *shell))
        self.agree()
        self.check_calls(1, self.repo.calls("run", "--", *shell))

    def test_some_commands_never_give_it(self):
        self.agree()
        self.check_calls(0, self.repo.calls("replay", "../one.har"))
        self.check_calls(0, self.repo.calls("explain", "--url", "https://api.example.com/", text=ANSWER))
        case = {"about": "x", "request": {"method": "GET", "url": "https://api.example.com/x"},
                "response": {"status": 402, "body": {}}, "expect": {}}
        self.repo.write("repo/requests/cases/a.json", json.dumps(case))
        self.check_calls(0, self.repo.calls("pack", "check", "requests"))
        self.check_calls(0, self.repo.calls("pack", "inspect", "requests"))

    def test_each_file_that_was_agreed_to_counts(self):
        self.agree()
        for name, changed in (("requests/pack.wasm", b"\0\2\1x"), ("requests/manifest.json", b" "),
                              ("taskless.json", b"\n"), ("requests/config.json", b"{}")):
            path = self.repo.path("repo", name)
            old = read(path) if os.path.exists(path) else None
            self.repo.write(f"repo/{name}", (old or b"") + changed)
            done = self.check_calls(0, self.repo.run_program(), name)
            self.assertIn("has changed since you agreed", done.stderr)
            if old is None:
                os.unlink(path)
            else:
                self.repo.write(f"repo/{name}", old)
            self.check_calls(1, self.repo.run_program(), f"{name} as it was")

    def test_the_file_of_variables_counts_where_secrets_come_from_it(self):
        path = self.repo.path("repo", "taskless.json")
        config = json.loads(read(path))
        config["packs"][0]["allow"] = {"environment": ["A_SECRET"]}
        self.repo.write("repo/taskless.json", json.dumps(config))
        self.repo.write("repo/.env", "A_SECRET=one\n")
        self.agree(TASKLESS_ENV=".env")
        self.assertEqual("", self.repo.taskless("run", "--", "true", TASKLESS_ENV=".env").stderr)
        self.repo.write("repo/.env", "A_SECRET=two\n")
        self.assertIn("has changed", self.repo.taskless("run", "--", "true", TASKLESS_ENV=".env").stderr)

    def test_a_file_that_is_named_to_trust_is_looked_at_from_its_folder(self):
        file = self.repo.path("repo", "taskless.json")
        os.rename(self.repo.path("repo", "requests"), self.repo.path("repo", "moved"))
        self.repo.write("repo/taskless.json", read(file).replace(b'"from": "./requests", ', b""))
        os.makedirs(self.repo.path("repo", ".taskless"))
        os.rename(self.repo.path("repo", "moved"), self.repo.path("repo", ".taskless", "requests"))
        done = self.repo.taskless("trust", "--yes", file, folder="home")
        self.assertEqual(0, done.returncode, done.stderr)
        self.check_calls(1, self.repo.run_program())
        self.repo.write("repo/other.json", read(file))
        done = self.repo.taskless("trust", "--yes", self.repo.path("repo", "other.json"), folder="home")
        self.assertEqual(3, done.returncode)
        self.assertIn("--config", done.stderr)

    def test_the_same_content_elsewhere_is_another_file(self):
        self.agree()
        shutil.copytree(self.repo.path("repo"), self.repo.path("copy"))
        self.check_calls(0, self.repo.run_program(folder="copy"))
        self.check_calls(1, self.repo.run_program())

    def test_it_is_found_up_to_the_repositorys_root_and_no_further(self):
        os.makedirs(self.repo.path("repo", "a", "b"))
        self.assertIn("TASKLESS_FOUND=-", self.repo.taskless("run", "--", "env", folder="repo/a/b").stdout)
        os.makedirs(self.repo.path("repo", "a", ".git"))
        self.assertIn("TASKLESS_FOUND=-", self.repo.taskless("run", "--", "env", folder="repo/a/b").stdout)
        os.rename(self.repo.path("repo", "a", ".git"), self.repo.path("repo", ".git"))
        done = self.check_calls(0, self.repo.run_program(folder="repo/a/b"))
        self.assertIn("was found here", done.stderr)
        self.agree(folder="repo/a/b")
        self.check_calls(1, self.repo.run_program(folder="repo/a"))

    def test_the_users_own_folder_is_the_users_word(self):
        os.makedirs(self.repo.path("home", ".config"))
        os.rename(self.repo.path("repo"), self.repo.path("home", ".config", "taskless"))
        os.makedirs(self.repo.path("repo"))
        self.check_calls(1, self.repo.run_program())
        self.check_calls(0, self.repo.run_program(XDG_CONFIG_HOME=self.repo.path("repo")))

    def test_it_is_listed_and_taken_back(self):
        self.assertEqual("", self.repo.taskless("trust", "--list").stdout)
        self.agree()
        file = self.repo.path("repo", "taskless.json")
        self.assertEqual(f"{file}\n", self.repo.taskless("trust", "--list").stdout)
        consent = self.repo.path("home", ".local/state/taskless/trust")
        self.assertEqual(0o700, os.stat(consent).st_mode & 0o777)
        self.assertEqual([0o600], [entry.stat().st_mode & 0o777 for entry in os.scandir(consent)])
        self.assertEqual(0, self.repo.taskless("trust", "--revoke").returncode)
        self.check_calls(0, self.repo.run_program())
        self.assertEqual(1, self.repo.taskless("trust", "--revoke").returncode)
        # One whose folder is gone.
        self.agree()
        os.rename(self.repo.path("repo"), self.repo.path("moved"))
        self.assertEqual(f"{file}  (is gone)\n", self.repo.taskless("trust", "--list", folder="home").stdout)
        self.assertEqual(0, self.repo.taskless("trust", "--revoke", file, folder="home").returncode)
        self.assertEqual("", self.repo.taskless("trust", "--list", folder="home").stdout)

    def ask(self, answer):
        """What `taskless trust` says on a terminal to which that is typed."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.repo.path("repo"))
            os.execve(self.repo.program, ["taskless", "trust"], self.repo.environment(TERM="dumb"))
        said = b""
        typed = False
        while True:
            try:
                part = os.read(terminal, 4096)
            except OSError:
                break
            said += part
            if not part:
                break
            if b"[y/N]" in said and not typed:
                os.write(terminal, answer)
                typed = True
        os.close(terminal)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said.decode()

    def test_a_person_is_shown_it_and_asked(self):
        for answer, expected in ((b"\n", 1), (b"n\n", 1), (b"\x04", 1), (b"y\n", 0)):
            code, said = self.ask(answer)
            self.assertEqual(expected, code, said)
            self.assertIn(f"Pack requests may call 127.0.0.1:{self.repo.port}", said)
        self.check_calls(1, self.repo.run_program())

    def test_nobody_is_asked_where_nobody_is(self):
        done = self.repo.taskless("trust", text="y\n")
        self.assertEqual(1, done.returncode)
        self.assertIn("--yes", done.stderr)
        self.check_calls(0, self.repo.run_program())

    def test_what_is_shown_hides_nothing_of_itself(self):
        self.repo.write("repo/taskless.json", json.dumps(
            {"version": 1, "shipped": False, "packs": [], "outputs": [{"to": "file:/x/\x1b[2K\u202ey"}]}))
        done = self.repo.taskless("trust")
        self.assertIn("file:/x/\\u{1b}[2K\\u{202e}y", done.stdout)

    def test_consent_is_kept_where_the_variables_say_or_nowhere(self):
        self.agree(XDG_STATE_HOME=self.repo.path("state"))
        self.check_calls(0, self.repo.run_program())
        self.check_calls(1, self.repo.run_program(XDG_STATE_HOME=self.repo.path("state")))
        self.agree(XDG_STATE_HOME="state")  # a relative one is passed over
        self.assertFalse(os.path.exists(self.repo.path("repo", "state")))
        self.check_calls(1, self.repo.run_program())
        for home in (None, "relative"):
            done = self.repo.taskless("trust", "--yes", HOME=home)
            self.assertEqual(4, done.returncode, done.stdout)
            self.assertIn("TASKLESS_CONFIG=PATH", done.stderr)
            self.check_calls(0, self.repo.run_program(HOME=home))
        # One that takes nothing, not even from root.
        done = self.repo.taskless("trust", "--yes", HOME="/proc/none")
        self.assertEqual(4, done.returncode, done.stdout)
        self.assertIn("TASKLESS_CONFIG=PATH", done.stderr)

    def test_consent_counts_only_from_where_nobody_else_may_write(self):
        self.agree()
        kept = self.repo.path("home", ".local/state/taskless")
        os.chmod(kept, 0o777)
        self.check_calls(0, self.repo.run_program())
        os.chmod(kept, 0o700)
        os.makedirs(self.repo.path("open"))
        os.rename(kept, self.repo.path("open", "taskless"))
        os.symlink(self.repo.path("open", "taskless"), kept)
        self.check_calls(1, self.repo.run_program(), "a link to a folder of one's own")
        os.chmod(self.repo.path("open"), 0o777)
        self.check_calls(0, self.repo.run_program(), "a link to a folder of everybody's")

    @as_root
    def test_another_users_consent_is_none(self):
        self.agree()
        folder = self.repo.path("home", ".local/state/taskless/trust")
        for name in os.listdir(folder):
            os.chown(os.path.join(folder, name), NOBODY, NOBODY)
        self.check_calls(0, self.repo.run_program())

    def test_a_pack_that_takes_a_shipped_ones_place_is_named_once(self):
        os.unlink(self.repo.path("repo", "taskless.json"))
        shutil.copytree(os.path.join(BUILD, "packs", "stripe"), self.repo.path("repo", ".taskless", "stripe"))
        for root, _, files in os.walk(self.repo.path("repo", ".taskless")):
            for name in [root, *(os.path.join(root, file) for file in files)]:
                os.chmod(name, 0o755)
        done = self.repo.taskless("run", "--", *self.repo.command("declined", times=2))
        self.assertEqual(1, done.stderr.count("in place of what comes with taskless: stripe (.taskless/stripe)"))
        names = [pack["name"] for pack in json.loads(done.stdout.splitlines()[0])["packs"]]
        self.assertIn("core", names)  # the others stay
        self.repo.write("repo/taskless.yaml", "shipped: false\n")
        done = self.repo.taskless("run", "--", *self.repo.command("declined"))
        self.assertNotIn("in place of", done.stderr)
        self.assertNotIn("packs", json.loads(done.stdout.splitlines()[0]))

    def test_a_bad_pack_is_named_once(self):
        self.repo.write("repo/requests/manifest.json", "{")
        done = self.repo.taskless("run", "--", *self.repo.command("declined"))
        self.assertEqual(42, done.returncode)
        self.assertEqual(1, done.stderr.count("Pack requests is left out"), done.stderr)
        self.repo.write("repo/one.har", json.dumps(HAR))
        self.assertEqual(1, self.repo.taskless("replay", "one.har").stderr.count("Pack requests is left out"))

    def test_an_output_elsewhere_waits_and_the_usual_one_stands_in(self):
        os.makedirs(self.repo.path("repo", "logs"))
        os.symlink(self.repo.path("home"), self.repo.path("repo", "out"))
        for name, waits in (("../home/.bashrc", True), ("out/x", True), (".git/config", True), ("logs/x", False)):
            self.repo.write("repo/taskless.json", json.dumps(
                {"version": 1, "shipped": False, "packs": [], "outputs": [{"to": f"file:{name}", "format": "ndjson"}]}))
            done = self.repo.taskless("replay", "../one.har")
            self.assertEqual(waits, "run `taskless trust`" in done.stderr, done.stderr)
            self.assertEqual(waits, "api.example.com" in done.stdout)
        self.assertEqual([], os.listdir(self.repo.path("home")))
        self.assertTrue(os.path.exists(self.repo.path("repo", "logs", "x")))

    def test_a_pack_by_url_is_not_fetched_before(self):
        far = {"name": "far", "from": f"http://127.0.0.1:{self.repo.port}/far.tgz", "digest": "sha256:" + "0" * 64}
        config = {"version": 1, "shipped": False, "packs": [far]}
        self.repo.write("repo/taskless.json", json.dumps(config))
        for words in (("run", "--", "true"), ("compile",), ("replay", "../one.har"), ("explain",)):
            self.check_calls(0, self.repo.calls(*words, text=ANSWER), words)
        self.agree()
        self.check_calls(1, self.repo.calls("compile"))


class Ownership(Story):
    """Whose files they are, and who else may write them."""

    def give_away(self, *names, user=NOBODY):
        for name in names:
            for root, folders, files in os.walk(self.repo.path(name)):
                for entry in [root, *(os.path.join(root, other) for other in folders + files)]:
                    os.lchown(entry, user, user)

    @as_root
    def test_root_in_another_users_folder_goes_on_without_grants(self):
        self.give_away("repo")
        done = self.check_calls(0, self.repo.run_program())
        self.assertEqual(42, done.returncode)
        self.assertEqual(1, done.stderr.count("belongs to another user"), done.stderr)
        record = json.loads(done.stdout.splitlines()[0])
        self.assertEqual("refused", record["packs"][-1]["result"], record)
        # Their word is the user's once the user names it.
        file = self.repo.path("repo", "taskless.json")
        done = self.check_calls(1, self.repo.run_program(TASKLESS_CONFIG=file))
        self.assertNotIn("belongs to another user", done.stderr)

    @as_root
    def test_root_never_loads_another_users_code(self):
        # For root the system's folder is next: it is another one here, and empty.
        apart = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /var/cache && exec "$@"', "sh"]
        if subprocess.run([*apart, "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("no namespace of its own is permitted here")
        self.repo.taskless("compile", TASKLESS_CACHE="code")
        code = self.repo.path("repo", "code")
        self.give_away("repo")
        before = {entry.name: entry.stat().st_mtime_ns for entry in os.scandir(code)}
        self.assertTrue(before)
        program = subprocess.run([*apart, *self.repo.command("declined")], cwd=self.repo.path("repo"), text=True,
                                 env=self.repo.environment(TASKLESS_CACHE="code"), capture_output=True, timeout=60,
                                 check=False)
        self.assertIn("code cache: passed over: ", program.stderr)
        self.assertIn("belongs to user 12345", program.stderr)
        results = {pack["name"]: pack.get("result") for pack in json.loads(program.stdout.splitlines()[0])["packs"]}
        self.assertEqual("unavailable", results["requests"])
        self.assertEqual(before, {entry.name: entry.stat().st_mtime_ns for entry in os.scandir(code)})

    @as_root
    def test_roots_consent_holds_for_what_was_there(self):
        self.give_away("repo")
        self.agree()
        self.check_calls(1, self.repo.run_program())
        with open(self.repo.path("repo", "requests", "pack.wasm"), "ab") as file:
            file.write(b"\0\2\1x")
        self.check_calls(0, self.repo.run_program())

    @as_root
    def test_roots_file_that_the_user_cannot_write_is_the_users_word(self):
        os.chmod(self.repo.folder, 0o755)
        self.give_away("home")
        program = self.installed()
        image = [*AS_NOBODY, program, "run", "--", *self.repo.command("declined")]
        before = Counter.seen
        subprocess.run(image, cwd=self.repo.path("repo"), env=self.repo.environment(TASKLESS_CACHE=None),
                       capture_output=True, timeout=120, check=False)
        self.assertEqual(1, Counter.seen - before)
        # Where the folder is the user's own, another file could stand there any time.
        os.chown(self.repo.path("repo"), NOBODY, NOBODY)
        before = Counter.seen
        subprocess.run(image, cwd=self.repo.path("repo"), env=self.repo.environment(TASKLESS_CACHE=None),
                       capture_output=True, timeout=120, check=False)
        self.assertEqual(0, Counter.seen - before)

    def installed(self):
        """The program as it is installed: the build may lie where other users cannot go."""
        prefix = self.repo.path("prefix")
        subprocess.run(["cmake", "--install", BUILD, "--prefix", prefix], capture_output=True, check=True)
        shutil.copytree(os.path.join(BUILD, "hostile"), self.repo.path("hostile"))
        self.repo.app = self.repo.path("hostile", "app")
        self.repo.library = os.path.join(prefix, "lib")
        os.makedirs(self.repo.path("calls"))
        shutil.copy(os.path.join(HERE, "calls", "declined.call"), self.repo.path("calls"))
        self.repo.command = lambda call, times=1: [self.repo.app, str(times), self.repo.path("calls", f"{call}.call")]
        return os.path.join(prefix, "bin", "taskless")

    @as_root
    def test_a_users_private_group_is_nobody_else(self):
        # As npm, pip and tar leave their trees under a umask of 002, program and all.
        os.chmod(self.repo.folder, 0o755)
        program = self.installed()
        self.give_away("repo", "home", "prefix")
        subprocess.run(["chmod", "-R", "g+w", self.repo.path("repo"), self.repo.path("prefix")], check=True)
        command = [*AS_NOBODY, program, "run", "--", *self.repo.command("declined")]
        done = subprocess.run(command, cwd=self.repo.path("repo"), env=self.repo.environment(TASKLESS_CACHE=None),
                              capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(42, done.returncode, done.stderr)
        self.assertNotIn("left out", done.stderr)
        self.assertIn("was found here", done.stderr)

    @as_root
    def test_the_packages_own_tree_is_trusted_as_one(self):
        program = self.installed()
        os.unlink(self.repo.path("repo", "taskless.json"))
        subprocess.run(["chgrp", "-R", str(NOBODY), self.repo.path("prefix", "share")], check=True)
        subprocess.run(["chmod", "-R", "g+w", self.repo.path("prefix", "share")], check=True)
        done = self.repo.taskless("run", "--", *self.repo.command("declined"), program=program)
        self.assertEqual([], said_of(done))
        self.assertIn("core", [pack["name"] for pack in json.loads(done.stdout.splitlines()[0])["packs"]])

    def test_one_command_mends_all_that_is_left_out(self):
        self.repo.add_repository("repo/.taskless/x")  # a folder with a Pack in it
        os.rename(self.repo.path("repo", ".taskless", "x", "requests"), self.repo.path("repo", ".taskless", "requests"))
        shutil.rmtree(self.repo.path("repo", ".taskless", "x"))
        for name in ("taskless.json", ".taskless/requests", ".taskless/requests/pack.wasm", "."):
            os.chmod(self.repo.path("repo", name), 0o777)
        done = self.repo.taskless("run", "--", *self.repo.command("declined"))
        self.assertEqual(42, done.returncode)
        lines = said_of(done)
        self.assertEqual(1, len(lines), done.stderr)
        self.assertEqual(1, lines[0].count("taskless.json"))
        command = re.search(r"chmod -R go-w \S+$", lines[0])
        self.assertTrue(command, lines[0])
        subprocess.run(["sh", "-c", command[0]], check=True)
        self.assertNotIn("left out", self.repo.taskless("run", "--", "true").stderr)

    def test_trust_says_why_a_file_cannot_be_agreed_to(self):
        os.chmod(self.repo.path("repo", "taskless.json"), 0o666)
        done = self.repo.taskless("trust", "--yes")
        self.assertEqual(3, done.returncode)
        self.assertEqual(1, len(said_of(done)), done.stderr)
        self.assertIn("taskless.json is left out, since others may write it: chmod -R go-w ", done.stderr)
        os.chmod(self.repo.path("repo", "taskless.json"), 0o644)
        self.agree()

    def test_a_long_path_cuts_no_command(self):
        deep = "repo/" + "/".join(["d" * 100] * 3)
        os.makedirs(self.repo.path(deep))
        shutil.copy(self.repo.path("repo", "taskless.json"), self.repo.path(deep))
        os.chmod(self.repo.path(deep, "taskless.json"), 0o666)
        done = self.repo.taskless("run", "--", "echo", "ran", folder=deep)
        self.assertEqual("ran\n", done.stdout)
        self.assertIn(f"chmod -R go-w {self.repo.path(deep)}/taskless.json\n", done.stderr)
        said = self.repo.taskless("compile", "--config", "taskless.json", folder=deep).stderr
        self.assertNotRegex(said, r"chmod go-w \S*(?<!taskless\.json)\n")


if __name__ == "__main__":
    unittest.main()
