# reader: what http.client reads a response from, which tells a call what was read.
# SPDX-License-Identifier: Apache-2.0
from io import BufferedReader

from ._ending import fail
from ._guard import failed


class Reader(BufferedReader):
    """Before `call` is set, and after it is over, a BufferedReader like any other."""

    call = None

    def read(self, size=-1, /):
        return self._telling(BufferedReader.read, size)

    def read1(self, size=-1, /):
        if self.call is None:
            return BufferedReader.read1(self, size)
        part = self._watched(BufferedReader.read1, size)
        self._tell(part, ended=not part and size != 0)
        return part

    def readline(self, size=-1, /):
        if self.call is None:
            return BufferedReader.readline(self, size)
        part = self._watched(BufferedReader.readline, size)
        self._tell(part, ended=not part and size != 0)
        return part

    def readinto(self, buffer, /):
        return self._filling(BufferedReader.readinto, buffer, all_of_it=True)

    def readinto1(self, buffer, /):
        return self._filling(BufferedReader.readinto1, buffer, all_of_it=False)

    def close(self):
        call, self.call = self.call, None
        if call is not None:
            call.close()
        return BufferedReader.close(self)

    def _telling(self, read, size):
        if self.call is None:
            return read(self, size)
        part = self._watched(read, size)
        # Only the end of the connection lets it return less than was asked for.
        to_the_end = size is None or size < 0
        self._tell(part, ended=to_the_end or (part is not None and len(part) < size))
        return part

    def _filling(self, read, buffer, all_of_it):
        if self.call is None:
            return read(self, buffer)
        count = self._watched(read, buffer)
        if count is not None:
            room = memoryview(buffer).cast("B")
            self._tell(room[:count], ended=count < (len(room) if all_of_it else min(1, len(room))))
        return count

    def _watched(self, read, argument):
        try:
            return read(self, argument)
        except BaseException as error:
            self._failed(error)
            raise

    def _failed(self, error):
        try:
            call, self.call = self.call, None
            if call is not None:
                fail(call, error)
        except Exception as problem:
            failed("http.client body", problem)

    def _tell(self, part, ended):
        try:
            call = self.call
            if call is None or part is None:
                return
            call.received(part)
            if ended:
                call.eof()
            if call.over:
                self.call = None
        except Exception as error:
            failed("http.client body", error)


# As the class whose place it takes is called.
Reader.__name__ = Reader.__qualname__ = BufferedReader.__name__
