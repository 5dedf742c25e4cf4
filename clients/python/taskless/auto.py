# auto: importing it begins to observe.
# SPDX-License-Identifier: Apache-2.0
from . import load as _load

_load()
