# taskless: what a program that loads the client by hand holds.
# SPDX-License-Identifier: Apache-2.0
"""Observes the calls that this program makes to other services.

    import taskless.auto                       # by what TASKLESS_* and taskless.yaml say
    taskless.load(outputs="file:calls.ndjson") # the same by hand
"""
from . import _client

__all__ = ["add", "load", "shutdown"]


def load(*, directory=None, config=None, outputs=None):
    """Begins to observe: True from then on, False when it cannot, which is said on standard error.

    directory: where Packs lie; config: taskless.yaml or .json; outputs: as TASKLESS_OUTPUT. What is
    left out is taken from TASKLESS_*, then taskless.yaml. Never raises.
    """
    return _client.start(directory, config, outputs)


def add(manifest, wasm, configuration=None):
    """Adds one Pack from memory: manifest and configuration as dict, JSON text or bytes.

    Raises ValueError, which names what is wrong with it. False when nothing is observed.
    """
    problem = _client.add(_as_json(manifest), wasm, _as_json(configuration))
    if problem:
        raise ValueError(f"taskless: {problem}")
    return problem is None


def shutdown(*, timeout_ms=_client.EXIT_MS):
    """Stops observing; True when all that had ended was written in that time. Calls under way count
    as aborted."""
    return _client.stop(timeout_ms) == 0


def _as_json(value):
    if value is None or isinstance(value, (str, bytes, bytearray, memoryview)):
        return value or ""
    import json

    return json.dumps(value)
