# git: clones and pushes over HTTP, by files and by git's own program.
# SPDX-License-Identifier: Apache-2.0
import http.server
import os
import shutil
import subprocess
import unittest
import urllib.parse

from support import services
from support.scenario import folder, plain_environment, run

BACKEND = os.path.join(subprocess.run(["git", "--exec-path"], capture_output=True, text=True, check=True).stdout.strip(),
                       "git-http-backend")
ENV = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a",
       "GIT_COMMITTER_EMAIL": "a@b", "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z"}


def git(*words, cwd=folder):
    return subprocess.run(["git", *words], cwd=cwd, env={**plain_environment(), **ENV}, check=True, capture_output=True, text=True).stdout


class Files(services.Quiet, http.server.SimpleHTTPRequestHandler):
    """A repository as any web server has it."""

    protocol_version = "HTTP/1.0"

    def __init__(self, *args):
        super().__init__(*args, directory=folder / "served")


class Backend(services.Quiet):
    """The program that git brings along for the same."""

    def do_POST(self):
        path, _, query = self.path.partition("?")
        length = self.headers.get("content-length")
        env = {**plain_environment(), **ENV, "GIT_PROJECT_ROOT": str(folder / "served"), "GIT_HTTP_EXPORT_ALL": "1",
               "PATH_INFO": urllib.parse.unquote(path), "QUERY_STRING": query, "REQUEST_METHOD": self.command,
               "CONTENT_TYPE": self.headers.get("content-type", ""), "CONTENT_LENGTH": length or "",
               "HTTP_CONTENT_ENCODING": self.headers.get("content-encoding", ""), "REMOTE_USER": "a",
               "GIT_PROTOCOL": self.headers.get("git-protocol", "")}
        said = subprocess.run([BACKEND], env=env, input=self.rfile.read(int(length or 0)), capture_output=True).stdout
        head, _, body = said.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        self.answer(int(headers.pop("Status", "200 OK").split()[0]), body, **headers)

    do_GET = do_POST


class Git(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        served = folder / "served"
        git("init", "-q", "--bare", "-b", "main", served / "it.git")
        git("clone", "-q", served / "it.git", "first")
        (folder / "first/file").write_text("one\n")
        git("add", "file", cwd=folder / "first")
        git("commit", "-qm", "one", cwd=folder / "first")
        git("push", "-q", "origin", "HEAD:main", cwd=folder / "first")
        git("update-server-info", cwd=served / "it.git")
        git("config", "http.receivepack", "true", cwd=served / "it.git")

    def clone(self, url, on):
        shutil.rmtree(folder / "clone", ignore_errors=True)
        seen = run("git", "clone", "-q", f"{url}/it.git", "clone", on=on, env=ENV)
        self.assertEqual((seen.outside["code"], seen.outside["err"]), (0, ""))
        self.assertEqual((folder / "clone/file").read_text(), "one\n")
        return [record["status"] for record in seen.records], [brief.split("/it.git")[1] for brief in seen.briefs]

    def test_clone_by_files(self):
        url = services.start(Files)
        self.assertEqual(self.clone(url, False), ([], []))
        statuses, briefs = self.clone(url, True)
        self.assertEqual(briefs[0], "/info/refs?service=git-upload-pack 200 done")
        self.assertEqual(statuses.count(200), 5)

    def test_clone_and_push_by_the_program(self):
        url = services.start(Backend)
        self.assertEqual(self.clone(url, True)[1][:2], ["/info/refs?service=git-upload-pack 200 done", "/git-upload-pack 200 done"])
        for n in (1, 2):
            git("commit", "-q", "--allow-empty", "-m", str(n), cwd=folder / "clone")
            seen = run("git", "-C", "clone", "push", "-q", f"{url}/it.git", f"HEAD:branch{n}", on=n == 2, env=ENV)
            self.assertEqual((seen.outside["code"], seen.outside["err"]), (0, ""))
        self.assertEqual([brief.split("/it.git")[1] for brief in seen.briefs],
                         ["/info/refs?service=git-receive-pack 200 done", "/git-receive-pack 200 done"])
        self.assertEqual(git("rev-parse", "branch2", cwd=folder / "served/it.git"), git("rev-parse", "HEAD", cwd=folder / "clone"))


if __name__ == "__main__":
    unittest.main()
