// values: JavaScript values as slices, read into memory that one environment keeps for it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_NODE_VALUES_H
#define TSKL_NODE_VALUES_H
#include <node_api.h>
#include <stdbool.h>
#include <taskless/base.h>

/** Room for one text, used again for the next. Free with tskl_text_deinit. */
typedef struct tskl_text {
    char *ptr;
    size_t capacity;
} tskl_text;

typedef enum tskl_encoding { TSKL_LATIN1, TSKL_UTF8 } tskl_encoding;

/**
 * Reads the string `value` into `text`; the slice lives until `text` is used again and has a zero
 * behind it. False, with an empty slice, when it is no string or there is no memory.
 */
bool tskl_text_read(napi_env env, napi_value value, tskl_encoding encoding, tskl_text *text,
                    tskl_slice *out);

void tskl_text_deinit(tskl_text *text);

/** The bytes of a Buffer or another view, borrowed from it. False when `value` is neither. */
bool tskl_bytes_read(napi_env env, napi_value value, tskl_slice *out);

/** Body bytes: of a view, or of a string as UTF-8. */
bool tskl_body_read(napi_env env, napi_value value, tskl_text *text, tskl_slice *out);

/** As above; or a number: how many bytes a body has that is not wanted, {NULL, length}. */
bool tskl_part_read(napi_env env, napi_value value, tskl_text *text, tskl_slice *out);

/** A number from JavaScript as it is meant here; 0 when it is none. */
uint32_t tskl_value_uint32(napi_env env, napi_value value);
#endif
