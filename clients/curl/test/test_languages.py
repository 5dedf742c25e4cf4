# languages: programs that reach libcurl from PHP, Python and Ruby, each in a way of its own.
# SPDX-License-Identifier: Apache-2.0
import unittest

from support.newest import PYTHON
from support.scenario import TESTS, add_cases

PROGRAMS = TESTS / "programs"
# Name -> what its records say in short, and the command.
CASES = {
    # PHP opens its modules so that nothing that is preloaded stands before what they bring along.
    "php": (["GET /wire/echo?one 200 done", "GET /wire/echo?two 200 done", "GET /x ECONNREFUSED failed"],
            "php", PROGRAMS / "calls.php", "{HTTP}/wire/echo"),
    # Its libcurl is GnuTLS's, which no other part of the program sees.
    "pycurl": (["GET /wire/echo 200 done", "POST /wire/status/402 402 done"],
               "/usr/bin/python3", PROGRAMS / "calls_pycurl.py", "{HTTP}"),
    # A libcurl without versions.
    "pycurl_newest": (["GET /wire/echo 200 done", "POST /wire/status/402 402 done"],
                      PYTHON, PROGRAMS / "calls_pycurl.py", "{HTTP}"),
    # What ctypes and Ruby's ffi call is looked up, not linked.
    "ctypes": (["GET /wire/empty 204 done"], "/usr/bin/python3", PROGRAMS / "calls_ctypes.py", "{HTTP}/wire/empty"),
    "typhoeus": (["GET /wire/echo?a 200 done", "GET /wire/echo?b 200 done", "POST /x ECONNREFUSED failed"],
                 "/usr/bin/ruby", PROGRAMS / "calls.rb", "{HTTP}/wire/echo"),
}


class Languages(unittest.TestCase):
    pass


add_cases(Languages, CASES, order=sorted)

if __name__ == "__main__":
    unittest.main()
