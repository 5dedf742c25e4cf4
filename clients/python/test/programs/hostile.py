# hostile: calls that a Pack is shown, by a program that watches over its own faults.
# SPDX-License-Identifier: Apache-2.0
import faulthandler
import http.client
import os
import sys
import time
from urllib.parse import urlsplit

from say import HTTP, say

connection = http.client.HTTPConnection(urlsplit(HTTP).netloc)
# After the client was loaded: its handlers are the last to be installed.
faulthandler.enable()
for _ in range(3):
    connection.request("POST", "/wire/status/402", body=b"card=4242", headers={"authorization": "Bearer sk_test_123456789"})
    say(connection.getresponse().read() != b"")
say(faulthandler.is_enabled())

# Packs that run for as long as they may take longer than the end of a program waits.
records = os.environ.get("TASKLESS_OUTPUT", "").partition("file:")[2].partition(",")[0]
deadline = time.monotonic() + 60
while records and time.monotonic() < deadline:
    if os.path.exists(records) and len(open(records).readlines()) == 3:
        break
    time.sleep(0.01)
sys.exit(42)
