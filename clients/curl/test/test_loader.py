# loader: what is preloaded is small, and kinds of programs that have no use for it run on untouched.
# SPDX-License-Identifier: Apache-2.0
import os
import pathlib
import shutil
import subprocess
import unittest

from support.scenario import CLIENT, CONFIG, PROGRAMS, TASKLESS, TESTS, compare, folder, plain_environment, run, server

KB = 1024
FILE = CLIENT / "lib/x86_64-linux-gnu/libtaskless-curl.so"
GNUTLS = "/usr/lib/x86_64-linux-gnu/libcurl-gnutls.so.4"
OURS = "curl_easy_cleanup curl_easy_duphandle curl_easy_perform curl_easy_reset curl_easy_setopt curl_multi_add_handle " \
       "curl_multi_info_read curl_multi_remove_handle dlopen dlsym"


def build(name, *words, compiler="gcc"):
    """A program or a library of this folder's programs, in the test's folder."""
    file = folder / name
    subprocess.run([compiler, "-o", file, *words], cwd=TESTS / "programs", check=True)
    return file


def without_remarks(outside):
    """`taskless run` says beforehand that it cannot see such a program."""
    lines = outside["err"].splitlines(True)
    return {**outside, "err": "".join(line for line in lines if not line.startswith("taskless: "))}


class Loader(unittest.TestCase):
    def test_it_is_small_and_needs_the_c_library_alone(self):
        stripped = folder / "stripped.so"
        subprocess.run(["strip", "-o", stripped, FILE], check=True)
        self.assertLess(stripped.stat().st_size, 30 * KB)
        dynamic = subprocess.run(["readelf", "-d", stripped], capture_output=True, text=True, check=True).stdout
        self.assertEqual([line.split("[")[1] for line in dynamic.splitlines() if "NEEDED" in line], ["libc.so.6]"])

    def test_it_shows_nothing_but_what_it_stands_before(self):
        symbols = subprocess.run(["nm", "-D", "--defined-only", FILE], capture_output=True, text=True, check=True).stdout
        names = {line.split()[2].split("@")[0] for line in symbols.splitlines() if line.split()[1] != "A"}
        self.assertEqual(" ".join(sorted(names)), OURS)

    def test_what_was_preloaded_stays_and_a_second_run_adds_nothing(self):
        env = {**plain_environment(), "LD_PRELOAD": "libm.so.6 libdl.so.2"}
        once = [TASKLESS, "run", "--config", CONFIG, "--"]
        for command in (once, [*once, *once]):
            said = subprocess.run([*command, "sh", "-c", "echo $LD_PRELOAD"], env=env, capture_output=True, text=True)
            self.assertEqual((said.stdout, said.stderr), (f"libm.so.6 libdl.so.2:{CLIENT}/$LIB/{FILE.name}\n", ""))

    def test_a_program_without_libcurl_loads_no_library_of_ours(self):
        seen = run("cat", "/proc/self/maps", on=True)
        self.assertIn(FILE.name, seen.outside["out"])
        self.assertNotIn("libtaskless.so", seen.outside["out"])

    def test_32_bits(self):
        program = build("thirty_two", "-m32", "-nostdlib", "-no-pie", "thirty_two.S",
                        "-Wl,--dynamic-linker=/lib/ld-linux.so.2,--no-as-needed", CLIENT / "lib32" / FILE.name)
        self.assertEqual(compare(self, [], program, tidy=without_remarks).outside["code"], 32)

    def test_static(self):
        self.assertEqual(compare(self, [], "busybox", "echo", "static").outside["out"], "static\n")

    def test_musl(self):
        source = folder / "musl.c"
        source.write_text('#include <stdio.h>\nint main(void) { return puts("musl") < 0; }\n')
        program = build("musl", source, compiler="musl-gcc")
        self.assertEqual(compare(self, [], program, tidy=without_remarks).outside["out"], "musl\n")

    def test_address_sanitizer(self):
        source = folder / "asan.c"
        source.write_text('#include <stdio.h>\nint main(void) { return puts("asan") < 0; }\n')
        program = build("asan", "-fsanitize=address", source)
        self.assertEqual(compare(self, [], program).outside["out"], "asan\n")

    @unittest.skipUnless(os.geteuid() == 0, "only root can give programs away")
    def test_setuid(self):
        program = folder / "setuid"
        shutil.copy(shutil.which("env"), program)
        os.chown(program, 65534, 65534)
        program.chmod(0o4755)
        folder.chmod(0o755)
        said = run(program, on=True).outside
        self.assertEqual((said["code"], without_remarks(said)["err"]), (0, ""))
        self.assertIn("more rights", said["err"])

    def test_two_libcurls(self):
        call = ["two.c", "-lcurl"]
        other = build("other.so", "-shared", "-fPIC", "two.c", GNUTLS)
        seen = compare(self, ["GET /x UNABLE_TO_GET_ISSUER_CERT_LOCALLY failed",
                              "GET /x CURLE_PEER_FAILED_VERIFICATION failed"] * 2,
                       build("two", *call), "{HTTPS}/x", other)
        self.assertEqual(seen.outside["out"].count("60 OpenSSL\nSSL certificate problem"), 2)
        self.assertEqual(seen.outside["out"].count("60 GnuTLS\nserver certificate verification failed"), 2)

    def test_the_loader_answers_whoever_asks(self):
        for name in ("libopened.so", "curl.so"):
            build(name, "-shared", "-fPIC", "opened.c")
        program = build("opens", "opens.c", "-rdynamic", "-Wl,-rpath,$ORIGIN")
        seen = compare(self, [], program)
        self.assertEqual(seen.outside["out"].splitlines()[:4], ["the program's", "no other", "the library's", "1"])

    def test_without_libtaskless_a_program_is_told_nothing(self):
        # There is nobody to say it safely: `taskless run` looks before it starts a program.
        alone = folder / "alone/taskless/curl"
        shutil.copytree(CLIENT, alone)
        url = f"http://127.0.0.1:{server().ready['http']}"
        said = subprocess.run([PROGRAMS / "calls", "reuse", url], text=True, capture_output=True,
                              env={**plain_environment(), "LD_PRELOAD": f"{alone}/$LIB/{FILE.name}"})
        self.assertEqual(said.returncode, 0)
        self.assertEqual(said.stdout.count(": 0, 200"), 4)
        self.assertEqual(said.stderr, "")

    def test_switched_off_it_does_nothing(self):
        seen = run("env", "TASKLESS_DISABLED=1", "curl", "-sv", "{HTTP}/wire/empty", on=True)
        self.assertEqual((seen.outside["code"], seen.records), (0, []))


if __name__ == "__main__":
    unittest.main()
