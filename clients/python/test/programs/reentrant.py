# reentrant: objects of the program that do something to the very call that reads them. BUFFERS is where a
# class with a buffer is found; without it Python itself has to let one have it (3.12 and later). Run with an
# allocator that shows what was freed.
# SPDX-License-Identifier: Apache-2.0
import gc
import os
import sys

sys.path.insert(0, os.environ["TASKLESS_CLIENT"])
import taskless

HEAD = b"GET /path HTTP/1.1\r\naccept: x\r\n\r\n"
hold = []


def litter(size):
    """Fills what was freed just now."""
    gc.collect()
    hold.extend("https://" + "Z" * (size - 8 - len(str(n))) + str(n) for n in range(300))


class Own:
    def __init__(self, act, data):
        self.act, self.data = act, data

    def __buffer__(self, flags):
        self.act()
        return memoryview(self.data)

    def __release_buffer__(self, view):
        self.act()


def Buffer(act, data=HEAD):
    return kind(act, data)


class Pairs:
    def __init__(self, act):
        self.act = act

    def __iter__(self):
        self.act()
        yield "name", Buffer(self.act, b"value")


def calls(native):
    """Each way in which a call may be ended or begun while it is read."""
    for size in (200, 5000, 20_000):
        origin = "https://" + "a" * (size - 8)

        def fresh():
            return native.expect("".join(["https://", "a" * (size - 8)]), 0)

        for act in ("close", "sent", "begin", "eof"):
            call = fresh()

            def now():
                if act == "close":
                    call.close()
                elif act == "sent":
                    call.sent(HEAD)
                elif act == "begin":
                    call.begin("GET", origin + "/other", [])
                else:
                    call.eof()
                litter(size)

            call.sent(Buffer(now))
            call.response(200, Pairs(now))
            call.received(Buffer(now, b"body"))
            call.fail(Buffer(now, b"CODE"), Buffer(now, b"words"), True)
            call.close()
            call = fresh()
            call.begin(Buffer(now, b"GET"), Buffer(now, origin.encode()), Pairs(now))
            call.close()
            hold.clear()
    # What is not told yet is kept: of nothing that only iterates is anything taken.
    call = fresh()
    call.sent(HEAD)
    parts = iter([1, 2, 3])
    call.received(parts)
    print(list(parts))
    # A Pack whose parts stop the client.
    problem = native.add(Buffer(taskless.shutdown, b"{}"), b"", "")
    print(problem)


def reader():
    """The object that reads a body goes while it says that reading failed."""
    import http.client
    import io

    class Socket:
        def makefile(self, mode):
            return io.BufferedReader(Raw())

        def sendall(self, data):
            pass

        def close(self):
            pass

    class Raw(io.RawIOBase):
        parts = [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"]

        def readable(self):
            return True

        def readinto(self, room):
            if not self.parts:
                response.fp.close()
                del response.fp
                gc.collect()
                raise ConnectionResetError(104, "by the program")
            part = self.parts.pop()
            room[:len(part)] = part
            return len(part)

    connection = http.client.HTTPConnection("127.0.0.1", 1)
    connection.sock = Socket()
    connection.request("GET", "/reader")
    response = connection.getresponse()
    try:
        response.read()
    except Exception as error:
        print(type(error).__name__)


kind = Own
if "BUFFERS" in os.environ:
    sys.path.insert(0, os.environ["BUFFERS"])
    import buffers

    kind = buffers.Buffer

print(taskless.load(outputs="file:" + os.environ["RECORDS"], config=os.environ["CONFIG"]))
reader()
hidden = {"folder": os.path.join(os.environ["TASKLESS_CLIENT"], "taskless")}
exec(open(os.path.join(hidden["folder"], "_hidden.py")).read(), hidden)
calls(hidden["load"]("_taskless"))
