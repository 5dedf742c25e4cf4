# A call by addresses that are looked up.
# SPDX-License-Identifier: Apache-2.0
import ctypes
import sys

URL = 10002

curl = ctypes.CDLL("libcurl.so.4")
curl.curl_easy_init.restype = ctypes.c_void_p
handle = ctypes.c_void_p(curl.curl_easy_init())
print(curl.curl_easy_setopt(handle, URL, ctypes.c_char_p(sys.argv[1].encode())), curl.curl_easy_perform(handle))
curl.curl_easy_cleanup(handle)
