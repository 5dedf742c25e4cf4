# sitecustomize: what `taskless run` has every Python load first. It starts the client and becomes the
# sitecustomize that would have been loaded without it: the next on the path, in this very module, for
# it may be another's sitecustomize that has loaded this one as the next. It leaves no trace of its
# own, and has to be read by Python 2 as well, where it does nothing else. As usercustomize it lies
# here a second time: a Python that has met another sitecustomize before this one still loads that.
# SPDX-License-Identifier: Apache-2.0


def _taskless(names):
    import os
    import sys

    name = names["__name__"]
    here = os.path.dirname(os.path.abspath(names["__file__"]))

    def is_ours(path):
        return os.path.abspath(path or os.curdir) == here

    def start():
        """Nothing is said where it cannot: what cannot be loaded cannot write without waiting either.
        `taskless run` and `taskless doctor` say it before."""
        if sys.version_info < (3, 9) or sys.implementation.name != "cpython":
            return
        if os.environ.get("TASKLESS_DISABLED", "") not in ("", "0"):
            return
        started = False
        try:
            hidden = {"folder": os.path.join(here, "taskless"), "__name__": "taskless._hidden"}
            with open(os.path.join(hidden["folder"], "_hidden.py"), "rb") as source:
                exec(compile(source.read(), "<taskless._hidden>", "exec"), hidden)
            client = hidden["client"]()
            client.package = here
            started = client.start()
        except Exception:
            pass
        # A program that loads it by hand finds it, though it observes nothing.
        if not started:
            import taskless

    def leave_path():
        """The folder stands in PYTHONPATH for the program's own children; the program needs it no
        more. What stood before it and behind it."""
        ours = [is_ours(path) for path in sys.path]
        at = ours.index(True) if True in ours else 0
        before, after = ([path for path in part if not is_ours(path)] for part in (sys.path[:at], sys.path[at:]))
        sys.path[:] = before + after
        return before, after

    def import_by_name():
        """Where there is none, the error that Python itself would have met."""
        del sys.modules[name]
        __import__(name)

    def become(spec):
        code = spec.loader.get_code(name) if hasattr(spec.loader, "get_code") else None
        if code is None:
            return import_by_name()
        names.update(__doc__=None, __spec__=spec, __loader__=spec.loader, __file__=spec.origin, __cached__=spec.cached)
        exec(code, names)

    start()
    before, after = leave_path()
    if sys.version_info < (3, 4):
        return import_by_name()
    find = sys.modules["_frozen_importlib_external"].PathFinder.find_spec
    spec = find(name, after)
    if spec is not None:
        become(spec)
    elif find(name, before) is None:
        import_by_name()


globals().pop("_taskless")(globals())
