# Calls by pycurl, with one handle.
# SPDX-License-Identifier: Apache-2.0
import io
import sys

import pycurl

curl = pycurl.Curl()
for path, options in (("/wire/echo", {}), ("/wire/status/402", {pycurl.POSTFIELDS: "a=1"})):
    body = io.BytesIO()
    curl.reset()
    for option, value in {pycurl.URL: sys.argv[1] + path, pycurl.WRITEDATA: body, **options}.items():
        curl.setopt(option, value)
    curl.perform()
    print(curl.getinfo(pycurl.RESPONSE_CODE), body.getvalue())
curl.close()
