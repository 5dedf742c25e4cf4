# tool: curl itself, plain and observed.
# SPDX-License-Identifier: Apache-2.0
import unittest

from support.scenario import add_cases

ECHO = "{HTTP}/wire/echo"


def curl(*words):
    return ("curl", "-sS", *words)


# Name -> what its records say in short, and the command.
CASES = {
    "get": (["GET /wire/echo?a=1 200 done"], *curl(ECHO + "?a=1")),
    "https": (["GET /wire/echo 200 done"], *curl("--cacert", "{CA}", "{HTTPS}/wire/echo")),
    "post": (["POST /wire/echo 200 done"], *curl("-d", "a=1", ECHO)),
    "put_expect": (["PUT /wire/echo 200 done"], *curl("-T", "{CA}", "-H", "expect: 100-continue", ECHO)),
    "put_chunked": (["PUT /wire/echo 200 done"], *curl("-T", "{CA}", "-H", "transfer-encoding: chunked", ECHO)),
    "notfound": (["DELETE /wire/status/404 404 done"], *curl("-X", "DELETE", "{HTTP}/wire/status/404")),
    "head": (["HEAD /wire/gzip 200 done"], *curl("-I", "{HTTP}/wire/gzip")),
    "empty": (["GET /wire/empty 204 done"], *curl("-i", "{HTTP}/wire/empty")),
    "compressed": (["GET /wire/gzip 200 done"], *curl("--compressed", "{HTTP}/wire/gzip")),
    "chunked": (["GET /wire/chunked 200 done"], *curl("-i", "{HTTP}/wire/chunked")),
    "raw": (["GET /wire/chunked 200 done"], *curl("--raw", "{HTTP}/wire/chunked")),
    "early": (["GET /wire/early 200 done"], *curl("-i", "{HTTP}/wire/early")),
    "redirect": (["GET /wire/redirect/chunked 302 done", "GET /wire/chunked 200 done"],
                 *curl("-L", "{HTTP}/wire/redirect/chunked")),
    "redirect_to_nobody": (["GET /wire/redirect/x//127.0.0.1:1/x 302 done"], *curl("{HTTP}/wire/redirect/x//127.0.0.1:1/x")),
    "retry": (["GET /wire/once 503 done", "GET /wire/once 200 done"],
              *curl("--retry", "1", "--retry-delay", "1", "{HTTP}/wire/once")),
    "fail": (["GET /wire/status/402 402 aborted"], *curl("-f", "{HTTP}/wire/status/402")),
    "fail_with_body": (["GET /wire/status/402 402 done"], *curl("--fail-with-body", "{HTTP}/wire/status/402")),
    "refused": (["GET /x ECONNREFUSED failed"], *curl("http://127.0.0.1:1/x")),
    "badname": (["GET /x ENOTFOUND failed"], *curl("http://no-such-host.invalid/x")),
    "untrusted": (["GET /x UNABLE_TO_GET_ISSUER_CERT_LOCALLY failed"], *curl("{HTTPS}/x")),
    "reset": (["GET /wire/reset ECONNRESET failed"], *curl("{HTTP}/wire/reset")),
    "cut": (["GET /wire/cut 200 failed"], *curl("{HTTP}/wire/cut")),
    "timeout": (["GET /wire/hang ETIMEDOUT failed"], *curl("-m", "1", "{HTTP}/wire/hang")),
    "too_large": (["GET /wire/size/50000 200 aborted"], *curl("--max-filesize", "10", "{HTTP}/wire/size/50000")),
    "bypass": ([], *curl("-H", "x-tskl-bypass: 1", ECHO)),
    "bypass_refused": ([], *curl("-H", "x-tskl-bypass: 1", "http://127.0.0.1:1/x")),
    "other_schemes": ([], *curl("file:///dev/null", "ftp://127.0.0.1:1/x")),
    "large": (["GET /wire/size/16000000 200 done"], *curl("{HTTP}/wire/size/16000000")),
    "kept_open": (["GET /wire/echo?n=1 200 done", "GET /wire/echo?n=2 200 done", "GET /wire/echo?n=3 200 done"],
                  *curl(ECHO + "?n=[1-3]")),
    "bad_url": ([], *curl("http://[")),
}


class Tool(unittest.TestCase):
    pass


add_cases(Tool, CASES)

if __name__ == "__main__":
    unittest.main()
