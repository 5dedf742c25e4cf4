# modules: which modules are loaded when a program begins.
# SPDX-License-Identifier: Apache-2.0
import sys

print(*sorted(sys.modules))
