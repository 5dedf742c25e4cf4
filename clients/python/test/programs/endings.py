# endings: a call, and right after it the end of the process, by ways that run nothing of Python's.
# SPDX-License-Identifier: Apache-2.0
import os
import sys
import urllib.request

from say import HTTP


def call(query="main"):
    with urllib.request.urlopen(f"{HTTP}/wire/echo?{query}") as answer:
        answer.read()


def leave():
    call()
    os._exit(3)


def leave_children():
    for n in range(5):
        if os.fork() == 0:
            call(n)
            os._exit(0)
        os.wait()


def abort():
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    call()
    os.abort()


def become():
    call()
    os.execvp("echo", ["echo", "another program"])


def become_with_environment():
    call()
    os.execle(sys.executable, sys.executable, "-c", "import os; print(sorted(os.environ))", {"ONLY": "this"})


def pool():
    import multiprocessing

    with multiprocessing.get_context("fork").Pool(2) as workers:
        workers.map(call, range(4))
        workers.close()
        workers.join()


def spawned_with_exit():
    """By its name, from another process."""
    import multiprocessing

    process = multiprocessing.get_context("spawn").Process(target=os._exit, args=(5,))
    process.start()
    process.join()
    print(process.exitcode)


def fork_without_calls():
    """A child that does nothing but end tells nothing, and nothing twice."""
    call()
    for _ in range(3):
        if os.fork() == 0:
            os._exit(0)
        os.wait()


if __name__ == "__main__":
    globals()[sys.argv[1]]()
