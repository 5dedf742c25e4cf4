# taskless: what a program that loads the client by hand holds.
# SPDX-License-Identifier: Apache-2.0
"""Observes the calls that this program makes to other services.

    import taskless.auto                       # by what TASKLESS_* and taskless.yaml say
    taskless.load(outputs="file:calls.ndjson") # the same by hand
"""
import os as _os

__all__ = ["add", "load", "shutdown"]

_EXIT_MS = 200

_client = None


def _find_client():
    """None where its native file cannot be loaded: then nothing is observed, and nothing said, for
    what cannot be loaded cannot write without waiting either. `taskless doctor` says why."""
    global _client
    if _client is None and _os.environ.get("TASKLESS_DISABLED", "") in ("", "0"):
        try:
            _client = _load_client()
        except Exception:
            return None
    return _client


def _load_client():
    folder = _os.path.dirname(_os.path.abspath(__file__))
    hidden = {"folder": folder, "__name__": "taskless._hidden"}
    with open(_os.path.join(folder, "_hidden.py"), "rb") as source:
        exec(compile(source.read(), "<taskless._hidden>", "exec"), hidden)
    return hidden["client"]()


def load(*, directory=None, config=None, outputs=None):
    """Begins to observe: True from then on, False when it cannot, which is said on standard error.

    directory: where Packs lie; config: taskless.yaml or .json; outputs: as TASKLESS_OUTPUT. What is
    left out is taken from TASKLESS_*, then taskless.yaml. Never raises.
    """
    client = _find_client()
    return client is not None and client.start(directory, config, outputs)


def add(manifest, wasm, configuration=None):
    """Adds one Pack from memory: manifest and configuration as dict, JSON text or bytes.

    Raises ValueError, which names what is wrong with it. False when nothing is observed.
    """
    client = _find_client()
    if client is None:
        return False
    problem = client.add(_as_json(manifest), wasm, _as_json(configuration))
    if problem:
        raise ValueError(f"taskless: {problem}")
    return problem is None


def shutdown(*, timeout_ms=_EXIT_MS):
    """Stops observing; True when all that had ended was written in that time. Calls under way count
    as aborted."""
    client = _find_client()
    return client is None or client.stop(timeout_ms) == 0


def _as_json(value):
    if value is None or isinstance(value, (str, bytes, bytearray, memoryview)):
        return value or ""
    import json

    return json.dumps(value)
