# calls_libcurl: hands the calls to examples/libcurl/fetch, in the form that it takes them.
# SPDX-License-Identifier: Apache-2.0
import base64
import json
import os
import sys
import tempfile


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        stories = []
        for number, line in enumerate(sys.stdin):
            call = json.loads(line)
            words = [f"{call['method']} {call['url']}", *(f"{name}: {value}" if value else f"{name};" for name, value in call["headers"])]
            if call["body"]:
                body = os.path.join(folder, f"{number}.body")
                with open(body, "wb") as file:
                    file.write(base64.b64decode(call["body"]))
                words.append(f"@{body}")
            stories.append("\n".join(words) + "\n")
        calls = os.path.join(folder, "calls.txt")
        with open(calls, "w", encoding="utf-8") as file:
            file.write("\n".join(stories))
        if os.spawnl(os.P_WAIT, program, program, "--cacert", os.environ["SSL_CERT_FILE"], "--calls", calls):
            sys.exit("the program failed")


main()
