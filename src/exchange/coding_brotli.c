// br, by a library that is opened when the first such body comes.
// SPDX-License-Identifier: Apache-2.0
#include "base/alloc.h"
#include "base/lazy.h"
#include "exchange/coding.h"
#include <brotli/decode.h>

typedef struct brotli {
    __typeof__(BrotliDecoderCreateInstance) *create;
    __typeof__(BrotliDecoderDecompressStream) *decompress;
    __typeof__(BrotliDecoderGetErrorCode) *error_code;
    __typeof__(BrotliDecoderDestroyInstance) *destroy;
} brotli;

typedef struct decoder {
    brotli library;
    BrotliDecoderState *state;
} decoder;

static tskl_status load(brotli *library, tskl_error *err) {
    static const char *const names[] = {
        "BrotliDecoderCreateInstance", "BrotliDecoderDecompressStream", "BrotliDecoderGetErrorCode",
        "BrotliDecoderDestroyInstance"};
    void *found[TSKL_COUNT(names)];
    TSKL_TRY(tskl_lazy_load(TSKL_LAZY_BROTLI, names, found, TSKL_COUNT(names), err));
    memcpy(library, found, sizeof found); // ISO C has no cast from data to function
    return TSKL_OK;
}

static void *brotli_alloc(void *user, size_t size) {
    (void)user;
    return tskl_alloc(size);
}

static void brotli_free(void *user, void *ptr) {
    (void)user;
    tskl_free(ptr);
}

static tskl_status open_brotli(tskl_slice body, void **state, tskl_error *err) {
    (void)body;
    brotli library;
    *state = NULL;
    TSKL_TRY(load(&library, err));
    decoder *d = tskl_new(decoder);
    if (d) d->state = library.create(brotli_alloc, brotli_free, NULL);
    if (!d || !d->state) {
        tskl_free(d);
        return tskl_fail(err, TSKL_ERR_NOMEM, "no room for brotli");
    }
    d->library = library;
    *state = d;
    return TSKL_OK;
}

static bool lacks_memory(const decoder *d) {
    BrotliDecoderErrorCode code = d->library.error_code(d->state);
    return code <= BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES &&
           code >= BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES;
}

static tskl_coding_step feed(void *state, tskl_slice input, tskl_buf *out) {
    decoder *d = state;
    const uint8_t *next_in = (const uint8_t *)input.ptr;
    for (;;) {
        tskl_coding_step step;
        size_t room;
        uint8_t *to = (uint8_t *)tskl_coding_room(out, &room, &step);
        if (!to) return step;
        size_t left = room;
        BrotliDecoderResult result =
            d->library.decompress(d->state, &input.len, &next_in, &left, &to, NULL);
        out->len += room - left;
        if (result == BROTLI_DECODER_RESULT_SUCCESS) return TSKL_CODING_END;
        // It may want input while output still waits for room.
        if (result == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT && left > 0) return TSKL_CODING_MORE;
        if (result == BROTLI_DECODER_RESULT_ERROR)
            return lacks_memory(d) ? TSKL_CODING_NOMEM : TSKL_CODING_BAD;
    }
}

static void close_brotli(void *state) {
    decoder *d = state;
    d->library.destroy(d->state);
    tskl_free(d);
}

const tskl_coding tskl_coding_brotli = {open_brotli, feed, close_brotli, false};
