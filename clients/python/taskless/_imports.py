# imports: notices that the program imports a library which makes calls; we import none of them.
# SPDX-License-Identifier: Apache-2.0
import sys

from ._guard import failed

# Module -> our module that observes it, by its function `observe`.
LIBRARIES = {
    "aiohttp": "_aiohttp",
    "http.client": "_http",
    "httpx": "_httpx",
    "httpx2": "_httpx",
    "multiprocessing.util": "_multiprocessing",
    "urllib3": "_urllib3",
}

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
        _observe(module.__name__)


class _Finder:
    """Finds nothing itself: it asks the others, and only for the libraries above."""

    def find_spec(self, name, path=None, target=None):
        if name not in LIBRARIES or name in _observed:
            return None
        for finder in sys.meta_path:
            find = None if finder is self else getattr(finder, "find_spec", None)
            spec = find(name, path, target) if find else None
            if spec is not None:
                return _watched(spec)
        return None


def _watched(spec):
    if hasattr(spec.loader, "exec_module"):
        spec.loader = _Loader(spec.loader)
    return spec


_finder = _Finder()


def start():
    """Observes what is there already, and the rest when it comes."""
    for name in LIBRARIES:
        if name in sys.modules:
            _observe(name)
    sys.meta_path.insert(0, _finder)


def stop():
    _observed.clear()
    if _finder in sys.meta_path:
        sys.meta_path.remove(_finder)


def _observe(name):
    if name in _observed:
        return
    _observed.add(name)
    try:
        ours = __import__(f"taskless.{LIBRARIES[name]}", fromlist=["observe"])
        ours.observe(sys.modules[name])
    except Exception as error:
        failed(name, error)
