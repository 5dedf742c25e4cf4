# patch: puts a function of ours in the place of a class's own, and takes it away.
# SPDX-License-Identifier: Apache-2.0

_undo = []
# Which functions of which classes are ours by now; the list above keeps the classes alive.
_placed = set()


def patch(owner, name, make):
    """`make(original)` returns what to use in place of the function `name` that `owner` itself has.
    Once: a library that is loaded again may come with classes that it had before."""
    original = vars(owner).get(name)
    if (id(owner), name) in _placed or not _fits(original, make):
        return
    replacement = make(original)
    # What a program can read of a function stays as it was.
    for key in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(replacement, key, getattr(original, key, None))
    replacement.__wrapped__ = original
    put(owner, name, replacement)


def patch_all(*wanted):
    """The same with several of (owner, name, make): all of them, or none and False where one is not there
    or takes other arguments."""
    if not all(_fits(vars(owner).get(name), make) for owner, name, make in wanted):
        return False
    for one in wanted:
        patch(*one)
    return True


def _fits(original, make):
    """False where ours could not be called as the original is: it names an argument that the original
    knows by another name, by which the library may give it."""
    if not callable(original):
        return False
    code = getattr(original, "__code__", None)
    if code is None or code.co_flags & _ANY:
        return True
    ours = make(original).__code__
    names = ours.co_varnames[ours.co_varnames[:1] == ("self",):ours.co_argcount]
    first = ours.co_argcount - len(names)
    return code.co_varnames[first:code.co_argcount][:len(names)] == names


def put(owner, name, replacement):
    """The same with what is ready to be put there."""
    _undo.append((owner, name, replacement, vars(owner)[name]))
    _placed.add((id(owner), name))
    setattr(owner, name, replacement)


def undo_all():
    """Where others have put theirs on top, ours stays below it and does nothing any more."""
    _placed.clear()
    while _undo:
        owner, name, replacement, original = _undo.pop()
        if vars(owner).get(name) is replacement:
            setattr(owner, name, original)


def takes(function, *names):
    """False of a function that is known to take other arguments than `self` and these. Others' ones
    around it do not say what they take, and pass on what they are given."""
    code = getattr(function, "__code__", None)
    return code is None or bool(code.co_flags & _ANY) or code.co_varnames[1:code.co_argcount] == names


# That a function takes *args, as its code says it.
_ANY = 0x04
