# wrappers: `taskless run` is told nothing of what a command starts, and each call is seen once.
# SPDX-License-Identifier: Apache-2.0
import json
import unittest

from support.scenario import add_cases, folder, run

NODE = "fetch('URL?node').then((r) => r.text()).then(() => 0)"
PYTHON = "import urllib.request; urllib.request.urlopen('URL?python').read()"
RUBY = "require 'net/http'; Net::HTTP.get(URI('URL?ruby'))"
CURL = "curl -sS -o /dev/null URL?curl"


def seen(*whom):
    return [f"GET /wire/empty?{who} 204 done" for who in whom]


def here(text):
    return text.replace("URL", "{HTTP}/wire/empty")


def write(name, text):
    """A file of the program's, which finds the server by a variable."""
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text.replace("URL", "$HTTP/wire/empty"))
    return file


SCRIPT = write("all.sh", f"""#!/bin/sh
node -e "{NODE}"
/usr/bin/python3 -c "{PYTHON}"
ruby -e "{RUBY}"
{CURL}
""")
SCRIPT.chmod(0o755)
PACKAGE = write("npm/package.json", json.dumps({"name": "it", "version": "1.0.0", "scripts": {
    "prestart": CURL, "start": f'node -e "{NODE}" && npm run --silent deeper', "deeper": f'/usr/bin/python3 -c "{PYTHON}"'}}))
write("bundle/Gemfile", "source 'https://rubygems.org'\n")
write("bundle/app.rb", "require 'net/http'\nNet::HTTP.get(URI(ENV.fetch('HTTP') + '/wire/empty?ruby'))\n"
      "system('sh', '-c', 'curl -sS -o /dev/null \"$HTTP/wire/empty?curl\"')\n")
write("web/app.py", """import os, signal, threading, urllib.request

def call(name):
    urllib.request.urlopen(os.environ["HTTP"] + "/wire/empty?" + name).read()

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        call("startup")
        os.system("curl -sS -o /dev/null '" + os.environ["HTTP"] + "/wire/empty?curl'")
        await send({"type": "lifespan.startup.complete"})
        os.kill(os.getpid(), signal.SIGTERM)
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
""")

# Name -> what its records say in short, and the command.
CASES = {
    "script": (seen("node", "python", "ruby", "curl"), SCRIPT),
    "npm": (seen("curl", "node", "python"), "npm", "--prefix", folder / "npm", "start", "--silent"),
    "bundle": (seen("ruby", "curl"), "env", "-C", folder / "bundle", "bundle", "exec", "ruby", "app.rb"),
    "uvicorn": (seen("startup", "curl"), "uvicorn", "--app-dir", folder / "web", "--port", "0", "--log-level", "error",
                "app:app"),
    "child_of_child": (seen("curl"), "/usr/bin/python3", "-c",
                       here(f"import subprocess; subprocess.run(['sh', '-c', '{CURL}; true'])")),
    "xargs": (seen("one", "two"), "sh", "-c", here("printf 'one\\ntwo\\n' | xargs -I% curl -sS -o /dev/null URL?%")),
    "env": (seen("curl"), "env", "-u", "NOTHING", "nice", "timeout", "60", *here(CURL).split()),
}


class Wrappers(unittest.TestCase):
    def test_twice(self):
        both = run("{TASKLESS}", "run", "--", *here(CURL).split(), on=True)
        self.assertEqual(both.briefs, seen("curl"))


add_cases(Wrappers, CASES)

if __name__ == "__main__":
    unittest.main()
