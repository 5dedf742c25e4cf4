#!/usr/bin/env python3
# Writes the licences of what is inside the library and the program and is not ours: the engine's
# crates, as cargo knows them, and the C libraries that are linked in.
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINE = "-" * 80
LICENCE = re.compile(r"^(licen[cs]e|copying|copyright|notice|unlicense)", re.I)
# Linked in from Debian's static archives.
LIBRARIES = [("libsodium", "libsodium-dev", "ISC"), ("zlib", "zlib1g-dev", "Zlib")]


def metadata():
    """Of the program's engine, which is the larger of the two."""
    tried = []
    for cargo in ("cargo", "/usr/bin/cargo"):
        try:
            done = subprocess.run([cargo, "metadata", "--locked", "--format-version", "1", "--features", "compiler",
                                   "--filter-platform", f"{os.uname().machine}-unknown-linux-gnu"],
                                  cwd=ROOT / "engine", capture_output=True, text=True, check=False)
        except FileNotFoundError:
            continue
        if done.returncode == 0:
            return json.loads(done.stdout)
        tried.append(done.stderr)
    sys.exit("notices: cargo does not tell what the engine is made of\n" + "\n".join(tried))


def linked_in(data):
    """The crates whose code is in the engine: not what only builds it, nor macros."""
    packages = {package["id"]: package for package in data["packages"]}
    nodes = {node["id"]: node for node in data["resolve"]["nodes"]}
    seen, waiting = set(), [data["resolve"]["root"]]
    while waiting:
        at = waiting.pop()
        is_macro = any("proc-macro" in target["kind"] for target in packages[at]["targets"])
        if at in seen or is_macro:
            continue
        seen.add(at)
        waiting += [edge["pkg"] for edge in nodes[at]["deps"] if any(kind["kind"] is None for kind in edge["dep_kinds"])]
    return sorted((packages[each] for each in seen if packages[each]["source"]), key=lambda p: (p["name"], p["version"]))


def texts_of(package):
    folder = pathlib.Path(package["manifest_path"]).parent
    return [(path.name, path.read_text(errors="replace").strip())
            for path in sorted(folder.iterdir()) if path.is_file() and LICENCE.match(path.name)]


def library_text(package):
    path = pathlib.Path("/usr/share/doc", package, "copyright")
    if not path.exists():
        sys.exit(f"notices: {path} is missing: install {package} with its documentation")
    return path.read_text(errors="replace").strip()


def main():
    crates = linked_in(metadata())
    print("What is inside libtaskless and the program taskless, besides taskless itself.\n")
    print(f"{'part':<40} licence\n{LINE}")
    for crate in crates:
        print(f"{crate['name'] + ' ' + crate['version']:<40} {crate['license']}")
    print(f"{'the Rust standard library':<40} MIT OR Apache-2.0")
    for name, _, licence in LIBRARIES:
        print(f"{name:<40} {licence}")

    # One text is shared by many: it stands once, below the names of all that it is for.
    texts = {}
    for crate in crates:
        for name, text in texts_of(crate):
            texts.setdefault(text, []).append(f"{crate['name']} {crate['version']} ({name})")
    for name, package, _ in LIBRARIES:
        texts.setdefault(library_text(package), []).append(name)
    for text, names in texts.items():
        print(f"\n{LINE}\n" + "\n".join(names) + f"\n{LINE}\n\n{text}")


main()
