# newest: a newer libcurl than the system's, which pycurl's wheel has beside it.
# SPDX-License-Identifier: Apache-2.0
import pathlib
import subprocess

from support.scenario import BUILD, folder

PYTHON = (BUILD / "clients/curl/test-packages").read_text().strip()
LIBRARIES = folder / "newest"


def ask(code):
    return subprocess.run([PYTHON, "-c", f"import pycurl, os; print({code})"], capture_output=True, text=True, check=True).stdout.strip()


VERSION = ask("pycurl.version_info()[1]")
BESIDE = pathlib.Path(ask("pycurl.__path__[0] if hasattr(pycurl, '__path__') else os.path.dirname(pycurl.__file__)"))
LIBRARIES.mkdir()
for file in next(BESIDE.parent.rglob("pycurl.libs")).iterdir():
    (LIBRARIES / file.name).symlink_to(file)
    if file.name.startswith("libcurl-"):
        (LIBRARIES / "libcurl.so.4").symlink_to(file)
