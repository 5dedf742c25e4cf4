# connections: counts those that a program makes. Where it makes some and no call is seen, something
# else than the observed libraries makes its calls, which is said at its end (native/shared.c).
# SPDX-License-Identifier: Apache-2.0
from ._patch import patch
from ._taskless import connected

# Ports at which nobody expects an answer of HTTP: mail, names, directories, databases, caches, queues.
OTHERS = frozenset((21, 22, 25, 53, 110, 143, 389, 465, 587, 636, 853, 993, 995, 1433, 1521, 1883, 3306, 5432, 5671,
                    5672, 6379, 6380, 6432, 8883, 9042, 9092, 11211, 27017, 33060))


def observe(module):
    """`module` is socket, or that of asyncio's loops."""
    loop = getattr(module, "BaseSelectorEventLoop", None)
    if loop is not None:
        patch(loop, "sock_connect", _wrap_sock_connect)
    else:
        patch(module, "create_connection", _wrap_create_connection)


def _count(address):
    # Those of the same machine by a path have no port.
    if type(address) is tuple and len(address) > 1 and address[1] not in OTHERS:
        connected()


def _wrap_create_connection(original):
    def create_connection(*args, **kwargs):
        made = original(*args, **kwargs)
        _count(args[0] if args else kwargs.get("address"))
        return made

    return create_connection


def _wrap_sock_connect(original):
    async def sock_connect(self, sock, address, *args, **kwargs):
        await original(self, sock, address, *args, **kwargs)
        _count(address)

    return sock_connect
