# paths: what a program can see of where its modules come from.
# SPDX-License-Identifier: Apache-2.0
import sys

print(sys.path, "sitecustomize" in sys.modules, sys.flags)
