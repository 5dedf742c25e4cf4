"""bombs: Wasm that is little to send and much to compile."""


def leb(number):
    out = b""
    while True:
        byte, number = number & 127, number >> 7
        out += bytes([byte | (128 if number else 0)])
        if not number:
            return out


def section(kind, body):
    return bytes([kind]) + leb(len(body)) + body


def module(body):
    """One function, exported as `post`."""
    code = leb(1) + leb(len(body)) + body
    return (b"\0asm\1\0\0\0" + section(1, b"\1\x60\0\1\x7f") + section(3, b"\1\0")
            + section(7, b"\1\4post\0\0") + section(10, code))


def many_locals(blocks, count):
    """Blocks that all read and write many variables: what lives where is a large table."""
    body = leb(1) + leb(count) + b"\x7e"
    for i in range(blocks):
        body += b"\x03\x40\x20" + leb(i % count) + b"\x20" + leb(i * 7 % count) + b"\x7c\x21"
        body += leb(i * 13 % count) + b"\x41\0\x0d\0\x0b"
    return module(body + b"\x41\0\x0b")


def many_branches(count):
    """One block left from many places."""
    return module(b"\0\x02\x40" + b"\x41\0\x0d\0" * count + b"\x0b\x41\0\x0b")


HARMLESS = module(b"\0\x41\0\x0b")
BOMBS = {"locals": many_locals(20000, 49000), "wider": many_locals(40000, 30000),
         "branches": many_branches(1900000)}
