# ways: makes a call, by whichever way Python was told to run it.
# SPDX-License-Identifier: Apache-2.0
import os
import sys
import urllib.request


def call(who="main"):
    with urllib.request.urlopen(f"{os.environ['HTTP']}/wire/echo?{who}") as response:
        return len(response.read())


def test_call():
    """For pytest."""
    assert call() > 0


def in_child(context_name):
    import multiprocessing

    context = multiprocessing.get_context(context_name)
    with context.Pool(1) as pool:
        pool.apply(call, ("child",))
        pool.close()
        pool.join()


def traced():
    """As debuggers do: on every line of the program and of what it uses, in each of its threads."""
    import threading

    seen = set()

    def trace(frame, event, arg):
        seen.add(event)
        return trace

    threading.settrace(trace)
    sys.settrace(trace)
    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    sys.settrace(None)
    print(sorted(seen))


def daemon():
    """A thread that calls without end, while the program ends."""
    import threading

    def work():
        while True:
            call()
            started.set()

    started = threading.Event()
    for _ in range(4):
        threading.Thread(target=work, daemon=True).start()
    started.wait()


def subinterpreter():
    """Whatever they are called in this version; most programs know of none."""
    try:
        import _interpreters as interpreters
    except ImportError:
        import _xxsubinterpreters as interpreters
    own = interpreters.create()
    interpreters.run_string(own, f"import sys; sys.path[:] = {sys.path!r}\nimport ways; ways.call('inner')")
    interpreters.destroy(own)
    print(call() > 0)


if __name__ == "__main__":
    what = sys.argv[1] if len(sys.argv) > 1 else "call"
    if what in ("spawn", "forkserver", "fork"):
        in_child(what)
    else:
        globals()[what]()
