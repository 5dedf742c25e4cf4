"""fetching: Packs that are named by a URL: fetched once by the program, never by an application."""

import glob
import hashlib
import io
import os
import shutil
import subprocess
import tarfile
import unittest

from desk import COMPANIONS, Desk, build_folder
from rude_server import HEAD, RudeServer, make_certificates, with_length

BUILD = build_folder()


class Shop(RudeServer):
    """Serves one bundle, straight, by a number of redirects, and cut."""

    def __init__(self, bundle, wrap):
        super().__init__(wrap)
        self.bundle = bundle

    def on_pack_tgz(self, connection, *_):
        connection.sendall(with_length(self.bundle))

    def on_cut_tgz(self, connection, *_):
        connection.sendall(with_length(self.bundle)[:-10])

    def on_endless_tgz(self, connection, *_):
        self.on_endless(connection)

    def on_hops(self, connection, _, request, *__):
        left = int(request.split(" ")[1].split("?")[1])
        self.send_to(connection, f"https://127.0.0.1:{self.port}/" + (f"hops?{left - 1}" if left > 1 else "pack.tgz"))

    def on_to_http(self, connection, *_):
        self.send_to(connection, f"http://127.0.0.1:{self.port}/pack.tgz")

    @staticmethod
    def send_to(connection, url):
        head = b"HTTP/1.1 302 Found\r\nLocation: " + url.encode() + b"\r\n"
        connection.sendall(with_length(b"", head))


class Fetching(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.desk = self.enterContext(Desk(BUILD))
        for name in COMPANIONS:
            self.desk.add_pack(name, wasm_of="behaves")
        self.desk.add_pack("far", wasm_of="behaves")
        self.bundle = self.bundle_of("far")
        self.digest = "sha256:" + hashlib.sha256(self.bundle).hexdigest()
        self.certificates = make_certificates(self.desk.path("certificates"))
        self.shop = self.enterContext(Shop(self.bundle, self.certificates.wrap))
        self.configure("pack.tgz")

    def bundle_of(self, name):
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as archive:
            for file in ("manifest.json", "pack.wasm"):
                archive.add(self.desk.path("packs", name, file), arcname=file)
        shutil.rmtree(self.desk.path("packs", name))
        return packed.getvalue()

    def configure(self, path, digest=None, **entry):
        url = f"https://127.0.0.1:{self.shop.port}/{path}"
        far = {"name": "far", "from": url, "digest": digest or self.digest, **entry}
        self.desk.configure([COMPANIONS[0], far, COMPANIONS[1]])

    def environment(self):
        return self.desk.environment(SSL_CERT_FILE=self.certificates.authority, HOME=self.desk.folder)

    def taskless(self, *arguments, env=None):
        return subprocess.run([self.desk.program, *arguments], env=env or self.environment(), cwd=self.desk.folder,
                              capture_output=True, text=True, timeout=120, check=False)

    def stored(self):
        return glob.glob(os.path.join(self.desk.cache, "packs", "*"))

    def check_runs(self):
        result = self.desk.run("declined", env=self.desk.environment())
        self.assertTrue(result.is_untouched(), result)
        self.assertIs(result.records[0]["captures"]["far/post"], True)

    def check_left_out(self, *says):
        """The reason is told with the Pack's name and where it is from; nothing is kept; the others are there."""
        result = self.taskless("compile")
        self.assertNotEqual(result.returncode, 0)
        line = next(line for line in result.stderr.splitlines() if "far" in line)
        for text in (f"https://127.0.0.1:{self.shop.port}", *says):
            self.assertIn(text, line)
        self.assertTrue(line.isprintable())
        self.assertEqual(self.stored(), [])
        self.assertIn("after: ", result.stdout)

    def test_is_done_once_and_needs_no_network_afterwards(self):
        self.assertEqual(self.taskless("compile").returncode, 0)
        self.assertEqual([os.path.basename(path) for path in self.stored()], [self.digest.replace(":", "-") + ".tgz"])
        self.check_runs()
        result = self.taskless("compile")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("far: was compiled before", result.stdout)
        self.assertEqual(self.shop.paths, ["/pack.tgz"])

    def test_is_done_before_a_program_starts(self):
        result = self.taskless("run", "--", "sh", "-c", "ls $TASKLESS_CACHE/packs; exit 7")
        self.assertEqual((result.returncode, result.stderr), (7, ""))
        self.assertEqual(result.stdout, self.digest.replace(":", "-") + ".tgz\n")
        self.check_runs()

    def test_a_program_starts_without_what_cannot_be_had(self):
        self.configure("gone.tgz")
        result = self.taskless("run", "--", "sh", "-c", "exit 7")
        self.assertEqual(result.returncode, 7)
        self.assertIn(f"Pack far is left out: https://127.0.0.1:{self.shop.port}: the server answered 404",
                      result.stderr)

    def test_is_never_done_by_an_application(self):
        self.desk.compile()
        shutil.rmtree(self.desk.path("cache", "packs"), ignore_errors=True)
        before = len(self.shop.paths)
        result = self.desk.run("declined", env=self.environment())
        self.assertTrue(result.is_untouched(), result)
        self.assertIn("Pack far is left out: ", result.log)
        self.assertIn("it is not fetched yet: run taskless compile", result.log)
        self.assertIs(result.records[0]["captures"]["after/post"], True)
        self.assertEqual(len(self.shop.paths), before)

    def test_follows_five_redirects_to_https(self):
        self.configure("hops?5")
        self.assertEqual(self.taskless("compile").returncode, 0)
        self.check_runs()

    def test_follows_no_sixth_redirect(self):
        self.configure("hops?6")
        self.check_left_out("Maximum (5) redirects followed")

    def test_follows_no_redirect_to_http(self):
        self.configure("to-http")
        self.check_left_out('"http"')

    def test_keeps_no_other_bundle(self):
        self.configure("pack.tgz", digest="sha256:" + "0" * 64)
        self.check_left_out(self.digest, "0" * 64)

    def test_keeps_no_part_of_a_bundle(self):
        self.configure("cut.tgz")
        self.check_left_out()

    def test_takes_no_more_than_a_bundle_may_have(self):
        self.configure("endless.tgz")
        self.check_left_out("it has more than 36 MiB")

    def test_does_not_show_what_may_be_secret_in_a_url(self):
        self.configure("gone.tgz?token=secret")
        self.check_left_out("the server answered 404; try again, or name a pack.tgz on disk")
        result = self.taskless("compile")
        self.assertNotIn("secret", result.stdout + result.stderr)

    def test_verifies_who_answers(self):
        result = self.taskless("compile", env=self.desk.environment())
        self.assertEqual(result.returncode, 4, result)
        self.assertIn("far: https://127.0.0.1", result.stderr)
        self.assertIn("SSL certificate problem", result.stderr)
        self.assertEqual(self.shop.paths, [])

    def test_is_done_again_where_the_kept_bundle_is_damaged(self):
        self.assertEqual(self.taskless("compile").returncode, 0)
        (path,) = self.stored()
        os.truncate(path, 100)
        result = self.taskless("compile")
        self.assertEqual(result.returncode, 0, result)
        self.check_runs()
        self.assertEqual(len(self.shop.paths), 2)

    def test_also_fills_a_folder_that_is_named(self):
        folder = self.desk.path("image")
        self.assertEqual(self.taskless("compile", "--cache", folder).returncode, 0)
        shutil.rmtree(self.desk.cache)
        os.rename(folder, self.desk.cache)
        self.check_runs()

    def test_leaves_no_temporary_file(self):
        self.taskless("compile")
        self.assertEqual(len(self.stored()), 1)
        self.assertEqual([p for p in os.listdir(os.path.join(self.desk.cache, "packs")) if p.startswith(".")], [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
