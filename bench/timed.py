#!/usr/bin/env python3
"""Runs a command and writes what it took: wall and processor seconds, and KiB resident at most.

usage: timed.py FILE COMMAND...
"""
import os
import sys
import time

start = time.monotonic()
child = os.spawnvp(os.P_NOWAIT, sys.argv[2], sys.argv[2:])
_, status, used = os.wait4(child, 0)
with open(sys.argv[1], "w") as file:
    print(time.monotonic() - start, used.ru_utime + used.ru_stime, used.ru_maxrss, file=file)
sys.exit(os.waitstatus_to_exitcode(status))
