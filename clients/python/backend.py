# backend: how pip has the wheel made (PEP 517), from what was built beside it; TASKLESS_BUILD names the
# folder where that is not build/.
# SPDX-License-Identifier: Apache-2.0
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    build = pathlib.Path(os.environ.get("TASKLESS_BUILD", ROOT / "build"))
    if not (build / "lib/taskless/python/taskless/_taskless.abi3.so").exists():
        raise SystemExit(f"taskless: there is nothing built in {build}: run `make build` in a checkout first")
    subprocess.run([sys.executable, ROOT / "scripts/python-wheel.py", build, wheel_directory], check=True)
    return max(pathlib.Path(wheel_directory).glob("taskless-*.whl"), key=os.path.getmtime).name


def build_sdist(sdist_directory, config_settings=None):
    raise SystemExit("taskless: its parts lie all over the checkout: build a wheel instead")
