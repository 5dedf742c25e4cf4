#!/usr/bin/env python3
# Writes the licences of what is inside the library, the program and the kits and is not ours: the
# engine's crates, as cargo knows them, the C libraries that are linked in, and script languages.
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
LIBRARIES = [("libsodium", "libsodium-dev", "ISC"), ("zlib", "zlib1g-dev", "Zlib"),
             ("wasi-libc, in the kits' engines", "wasi-libc", "MIT and others")]
# Of the kits' engines: what it is, where it is built, the crate that has its source in C, the file in
# it with its licence.
LANGUAGES = [("QuickJS, in the kits' engines", "pdk/js/engine", "rquickjs-sys", "quickjs/LICENSE", "MIT"),
             ("Lua, in the kits' engines", "pdk/lua/engine", "lua-src", "lua-5.4.9/lua.h", "MIT")]


def metadata(folder, *options):
    tried = []
    for cargo in ("cargo", "/usr/bin/cargo"):
        try:
            done = subprocess.run([cargo, "metadata", "--locked", "--format-version", "1", *options],
                                  cwd=ROOT / folder, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            continue
        if done.returncode == 0:
            return json.loads(done.stdout)
        tried.append(done.stderr)
    sys.exit(f"notices: cargo does not tell what {folder} is made of\n" + "\n".join(tried))


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


def language_text(folder, crate, file):
    """A file of a licence, or the comment in a source that has it."""
    paths = [package["manifest_path"] for package in metadata(folder)["packages"] if package["name"] == crate]
    text = (pathlib.Path(paths[0]).parent / file).read_text(errors="replace")
    found = re.search(r"^\* (Copyright \(C\).*?)^\*{10,}", text, re.M | re.S)
    return re.sub(r"^\* ?", "", found[1], flags=re.M).strip() if found else text.strip()


def main():
    # Of the program's engine, which is the larger of the two.
    crates = linked_in(metadata("engine", "--features", "compiler", "--filter-platform",
                                f"{os.uname().machine}-unknown-linux-gnu"))
    print("What is inside libtaskless and the program taskless, besides taskless itself.\n")
    print(f"{'part':<40} licence\n{LINE}")
    for crate in crates:
        print(f"{crate['name'] + ' ' + crate['version']:<40} {crate['license']}")
    print(f"{'the Rust standard library':<40} MIT OR Apache-2.0")
    for name, *_, licence in LIBRARIES + LANGUAGES:
        print(f"{name:<40} {licence}")

    # One text is shared by many: it stands once, below the names of all that it is for.
    texts = {}
    for crate in crates:
        for name, text in texts_of(crate):
            texts.setdefault(text, []).append(f"{crate['name']} {crate['version']} ({name})")
    for name, package, _ in LIBRARIES:
        texts.setdefault(library_text(package), []).append(name)
    for name, folder, crate, file, _ in LANGUAGES:
        texts.setdefault(language_text(folder, crate, file), []).append(name)
    for text, names in texts.items():
        print(f"\n{LINE}\n" + "\n".join(names) + f"\n{LINE}\n\n{text}")


main()
