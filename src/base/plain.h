// plain: how far a text is what JSON writes as it stands. Most bytes of any exchange are, so they
// are looked at eight at a time.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_PLAIN_H
#define TSKL_BASE_PLAIN_H
#include "base/slice.h"

/** How many bytes `text` begins with that are printable ASCII other than '"' and '\'. */
size_t tskl_plain_length(tskl_slice text);
/** The same of the next TSKL_PLAIN_BLOCK bytes, all of which are read. */
size_t tskl_plain_in_block(const char *from);
enum { TSKL_PLAIN_BLOCK = 8 };
#endif
