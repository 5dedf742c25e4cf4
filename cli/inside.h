// inside: what a program's file says of what is in it, beyond what kind of program it is.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_INSIDE_H
#define TSKL_CLI_INSIDE_H
#include <stdbool.h>

typedef struct tskl_inside {
    bool curl;        // it is linked to libcurl itself
    bool go;          // made by Go's linker
    bool sea;         // Node.js with an application in it
    bool pex;         // a PEX: a zip of Python with a way of starting of its own
    char runtime[64]; // the library of a language that it is linked to: "libruby.so.3.1"; or empty
} tskl_inside;

/** What can be told of the file; nothing of one that cannot be read, or is of no such kind. */
tskl_inside tskl_inside_of(const char *path);
#endif
