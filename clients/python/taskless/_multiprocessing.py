# multiprocessing: its children end without what a Python does at its end.
# SPDX-License-Identifier: Apache-2.0
from . import _client
from ._guard import failed


def observe(module):
    """`module` is multiprocessing.util, which has its own list of what is done at the end. A child
    empties that list when it begins."""
    _register(module)
    module.register_after_fork(_flush, lambda _: _register(module))


def _register(module):
    try:
        module.Finalize(None, _flush, exitpriority=-1000)
    except Exception as error:
        failed("multiprocessing", error)


def _flush():
    _client.flush(_client.EXIT_MS)
