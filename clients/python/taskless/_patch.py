# patch: puts a function of ours in the place of a class's own, and takes it away.
# SPDX-License-Identifier: Apache-2.0

_MISSING = object()

_undo = []


def patch(owner, name, make):
    """`make(original)` returns what to use in place of the function `name` that `owner` itself has."""
    original = vars(owner).get(name)
    if not callable(original):
        return
    replacement = make(original)
    # What a program can read of a function stays as it was.
    for key in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(replacement, key, getattr(original, key, None))
    replacement.__wrapped__ = original
    put(owner, name, replacement)


def hold(owner, *names):
    """Objects of that class may hold something of ours under these names, and have None until then."""
    for name in names:
        _undo.append((owner, name, None, _MISSING))
        setattr(owner, name, None)


def put(owner, name, replacement):
    """The same with what is ready to be put there."""
    _undo.append((owner, name, replacement, vars(owner)[name]))
    setattr(owner, name, replacement)


def undo_all():
    """Where others have put theirs on top, ours stays below it and does nothing any more."""
    while _undo:
        owner, name, replacement, original = _undo.pop()
        if vars(owner).get(name, _MISSING) is not replacement:
            continue
        if original is _MISSING:
            delattr(owner, name)
        else:
            setattr(owner, name, original)
