# imports: notices that the program imports a library which makes calls; we import none of them.
# SPDX-License-Identifier: Apache-2.0
import sys

from ._guard import failed
from ._patch import put

# Module -> our module that observes it, by its function `observe`.
LIBRARIES = {
    "aiohttp": "_aiohttp",
    "asyncio.selector_events": "_connections",
    "eventlet.green.http.client": "_http",
    "http.client": "_http",
    "httpx": "_httpx",
    "httpx2": "_httpx",
    "socket": "_connections",
    "urllib3": "_urllib3",
    "urllib3_future": "_urllib3",
}
# What others carry within themselves, under any name: pip._vendor.urllib3.
CARRIED = ".urllib3"

PACKAGE = "taskless"

# Of Python itself: all that it finds in folders and archives goes through it.
_Finder = sys.modules["_frozen_importlib_external"].PathFinder

# Names of those that are loaded, and of what they are in.
_observed = set()


class _Loader:
    """Stands in for a loader until its module is loaded, which then never knows of it."""

    def __init__(self, loader):
        self._loader = loader

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        _loaded(module.__spec__.name, module)


def start(folder):
    """Observes what is there already, and the rest when it comes. `folder` has this package, where
    the program would not find it by itself."""
    for name, module in list(sys.modules.items()):
        if _observer_of(name):
            _loaded(name, module)
    original = vars(_Finder)["find_spec"].__func__

    def find_spec(cls, fullname, path=None, target=None):
        spec = original(cls, fullname, path, target)
        if spec is None and folder and fullname == PACKAGE:
            return original(cls, fullname, [folder], target)
        return _watched(fullname, spec)

    find_spec.__doc__ = original.__doc__
    find_spec.__module__, find_spec.__qualname__ = original.__module__, original.__qualname__
    put(_Finder, "find_spec", classmethod(find_spec))


def stop():
    _observed.clear()


def _observer_of(name):
    return LIBRARIES.get(name) or (LIBRARIES["urllib3"] if name.endswith(CARRIED) else None)


def _watched(name, spec):
    # Of a library that is observed a part may be loaded again by itself.
    if _observer_of(name) or name.partition(".")[0] in _observed:
        if hasattr(getattr(spec, "loader", None), "exec_module"):
            spec.loader = _Loader(spec.loader)
    return spec


def _loaded(name, module):
    """Each time: what is loaded again has new classes."""
    ours = _observer_of(name)
    if ours is None:
        name = name.partition(".")[0]
        ours, module = _observer_of(name), sys.modules.get(name)
        # All of it is being loaded again, and comes here itself when that is done.
        if getattr(getattr(module, "__spec__", None), "_initializing", False):
            return
    if ours is None or module is None:
        return
    try:
        __import__(ours, globals(), None, ["observe"], 1).observe(module)
        if "." not in name and name != "socket":
            _observed.add(name)
    except Exception as error:
        failed(name, error)
