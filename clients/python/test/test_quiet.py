# quiet: what the client says of itself never stops the program, wherever its standard error leads.
# SPDX-License-Identifier: Apache-2.0
import os
import signal
import subprocess
import unittest

from support.scenario import CLIENT, PYTHON, folder, plain_environment

BAD = folder / "quiet"
BAD.mkdir()
(BAD / "taskless.yaml").write_text("nonsense: [\n")
CODE = "import taskless.auto, sys; sys.exit(3)"
# Loaded, with a good configuration, and then unable to do what it is asked for.
LATER = "import os; os.execv(__import__('sys').executable, ['python', '-I', '-c', 'raise SystemExit(3)'])"
WAIT_S = 60


def full_pipe():
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    for size in (4096, 1):
        try:
            while True:
                os.write(writer, b"x" * size)
        except BlockingIOError:
            pass
    os.set_blocking(writer, True)
    return reader, writer


def no_reader():
    reader, writer = os.pipe()
    os.close(reader)
    return None, writer


class Quiet(unittest.TestCase):
    def end_of(self, code, cwd, stderr):
        env = {**plain_environment(), "PYTHONPATH": str(CLIENT), "PYTHONDONTWRITEBYTECODE": "1"}
        process = subprocess.Popen([PYTHON, "-c", code], cwd=cwd, env=env, stdin=subprocess.DEVNULL, stderr=stderr,
                                   preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_DFL))
        try:
            return process.wait(WAIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return "hangs"

    def test_a_full_pipe_and_one_without_a_reader(self):
        for code in (CODE, LATER):
            for make in (full_pipe, no_reader):
                with self.subTest(code=code, pipe=make.__name__):
                    reader, writer = make()
                    self.assertEqual(self.end_of(code, BAD, writer), 3)
                    os.close(writer)
                    if reader is not None:
                        os.close(reader)

    def test_what_has_become_standard_error_is_not_written_to(self):
        """Closed, and opened anew for a file of the program's own, before the client is loaded."""
        file = folder / "quiet.own"
        code = (f"import os, sys; os.close(2); os.open({str(file)!r}, os.O_WRONLY | os.O_CREAT); os.write(2, b'mine');"
                f"sys.path.insert(0, {str(CLIENT)!r}); import taskless.auto, taskless; taskless.load(); os._exit(3)")
        env = {**plain_environment(), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run([PYTHON, "-c", code], cwd=BAD, env={**env, "PYTHONPATH": str(CLIENT)}, check=False,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 3)
        self.assertEqual(file.read_bytes(), b"mine")


if __name__ == "__main__":
    unittest.main()
