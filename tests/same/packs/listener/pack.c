// listener: says what `chunk` is shown of a stream: how many pieces, and a digest of them that
// tells where each ends. SPDX-License-Identifier: Apache-2.0
#include "witness.h"

enum { CHUNK, CONTEXT, COUNT, LOW, HIGH, WANTED };
static const char *const wanted[WANTED] = {
    [CHUNK] = "chunk", [CONTEXT] = "context", [COUNT] = " count", [LOW] = " low", [HIGH] = " high",
};

// A whole number of a context; its halves, for a digest is larger than what JSON numbers keep.
static uint64_t half(tskl_json value) {
    return (uint64_t)tskl_count(value, 0);
}

static void keep_count(const char *name, uint64_t count) {
    tskl_begin_keeping();
    tskl_put_name("", name);
    tskl_put_count(count);
}

TSKL_HOOK(chunk) {
    tskl_json in[WANTED];
    tskl_input(wanted, in, WANTED);
    uint64_t count = half(in[COUNT]) + 1, hash = half(in[HIGH]) << 32 | half(in[LOW]);
    if (count == 1) hash = witness_seed;
    // With its quotes, so that the same bytes in other pieces come to another digest.
    hash = witness_digest(hash, in[CHUNK].at, (size_t)(tskl_skip(in[CHUNK].at) - in[CHUNK].at));
    keep_count("count", count);
    keep_count("low", hash & 0xffffffff);
    keep_count("high", hash >> 32);
    return tskl_done();
}

TSKL_HOOK(post) {
    tskl_json in[WANTED];
    tskl_input(wanted, in, WANTED);
    tskl_put_name("", "pieces");
    tskl_puts("\"");
    witness_put_digest(half(in[HIGH]) << 32 | half(in[LOW]), (size_t)half(in[COUNT]));
    tskl_puts("\"");
    return tskl_done();
}
