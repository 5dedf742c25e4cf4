#!/usr/bin/env python3
# Writes BUILD/python/taskless-VERSION-cp39-abi3-linux_MACHINE.whl, or one in the folder that is named
# second: client, library, program and Packs, for `pip install FILE` without network or compiler. The
# same build gives the same bytes.
# SPDX-License-Identifier: Apache-2.0
import base64
import hashlib
import pathlib
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
# What the program and the library are, below the package, laid out as they are installed.
TREE = "taskless/_tree"
EPOCH = (1980, 1, 1, 0, 0, 0)

METADATA = """\
Metadata-Version: 2.1
Name: taskless
Version: {version}
Summary: Says why calls to other people's services fail, in the services' own words
License: Apache-2.0
Requires-Python: >=3.9
Description-Content-Type: text/markdown

"""
WHEEL = """\
Wheel-Version: 1.0
Generator: taskless
Root-Is-Purelib: false
Tag: {tag}
"""
# Installed as a program; pip writes the first line anew.
SCRIPT = """\
#!python
import os
import sys

import taskless

program = os.path.join(os.path.dirname(taskless.__file__), "_tree", "bin", "taskless")
os.execv(program, [program, *sys.argv[1:]])
"""


def unpack(build, work):
    """The package for npm holds what a wheel has to, a tree without links that runs anywhere; but for
    the client, which is Python's here."""
    archive = work / "package.tgz"
    subprocess.run([ROOT / "scripts/npm-package.sh", build, archive], check=True, stdout=subprocess.DEVNULL)
    with tarfile.open(archive) as tar:
        tar.extractall(work)
    package, client = work / "package", work / "package/lib/taskless/python"
    subprocess.run(["cmake", "--install", build, "--prefix", work / "installed"], check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(package / "lib/taskless/node", ignore_errors=True)
    shutil.copytree(work / "installed/lib/taskless/python", client)
    subprocess.run(["strip", client / "taskless/_taskless.abi3.so"], check=True)
    return package


def collect(package, version, tag):
    """Name in the wheel -> (content, whether it is run)."""
    files = {}
    for top in ("bin", "lib", "share"):
        for path in sorted((package / top).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                files[f"{TREE}/{path.relative_to(package)}"] = (path.read_bytes(), path.stat().st_mode & 0o100 != 0)
    client = package / "lib/taskless/python/taskless"
    for path in sorted([*client.glob("*.py"), *client.glob("*.so")]):
        files[f"taskless/{path.name}"] = (path.read_bytes(), False)
    readme = (ROOT / "clients/python/README.md").read_text()
    info = f"taskless-{version}.dist-info"
    files[f"taskless-{version}.data/scripts/taskless"] = (SCRIPT.encode(), True)
    files[f"{info}/METADATA"] = ((METADATA.format(version=version) + readme).encode(), False)
    files[f"{info}/WHEEL"] = (WHEEL.format(tag=tag).encode(), False)
    for name in ("LICENSE", "THIRD-PARTY.txt"):
        files[f"{info}/licenses/{name}"] = ((package / name).read_bytes(), False)
    return files


def digest(content):
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def write(file, files, version):
    record = f"taskless-{version}.dist-info/RECORD"
    lines = [f"{name},sha256={digest(content)},{len(content)}\n" for name, (content, _) in files.items()]
    files = {**files, record: ("".join([*lines, f"{record},,\n"]).encode(), False)}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as wheel:
        for name, (content, is_run) in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if is_run else 0o100644) << 16
            wheel.writestr(entry, content)


def main():
    build = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build").resolve()
    folder = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else build / "python"
    version = (ROOT / "VERSION").read_text().strip()
    tag = f"cp39-abi3-linux_{platform.machine()}"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"taskless-{version}-{tag}.whl"
    with tempfile.TemporaryDirectory() as work:
        files = collect(unpack(build, pathlib.Path(work)), version, tag)
    write(file, files, version)
    print(f"{file}: {file.stat().st_size / 1e6:.1f} MB")


main()
