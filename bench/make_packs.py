#!/usr/bin/env python3
"""make_packs.py FOLDER: folders of Packs that differ in how many they are and how they name their hosts. None of
them is for a host that bench_begin calls, and none is ever compiled."""
import base64
import json
import os
import sys

WASM = bytes.fromhex("0061736d010000000105016000017f03020100070801" "04706f7374" "0000" "0a0601040041000b")
HARD = "((a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q|r|s|t|u|v|w|x|y|z|.)*)*q"


def put(folder, number, manifest):
    place = f"{folder}/p{number}"
    os.makedirs(place, exist_ok=True)
    with open(place + "/manifest.json", "w") as file:
        json.dump({"name": f"p{number}", "version": "1", **manifest}, file)
    if "module" not in manifest:
        with open(place + "/pack.wasm", "wb") as file:
            file.write(WASM)


def hosts(number):
    return {"schema": "pre2", "hosts": [f"api.s{number}.test", f"*.s{number}.example", f"*.t{number}.test:8443"]}


def expressions(domains):
    return {"schema": "pre1", "permissions": {"domains": domains}, "module": base64.b64encode(WASM).decode()}


def main(folder):
    put(folder + "/1 Pack", 0, hosts(0))
    for i in range(256):
        put(folder + "/256 Packs", i, hosts(i))
        put(folder + "/256 with expressions", i, expressions([rf"api\.s{i}\.test", rf"(.+\.)?t{i}\.example"]))
    put(folder + "/1 with 1,024 hard patterns", 0, expressions([HARD + str(i) for i in range(1024)]))


main(sys.argv[1])
