// values: the few ways a value crosses from JavaScript; each is one or two calls of N-API.
// SPDX-License-Identifier: Apache-2.0
#include "values.h"

#include <stdlib.h>

enum {
    USUAL_TEXT = 16 * 1024,   // what is kept from one text to the next
    LARGE_TEXT = 1024 * 1024, // beyond this the room is given back after use
};

static bool reserve(tskl_text *text, size_t size) {
    // A text that needs little again lets go of what a large one needed.
    if (text->capacity > LARGE_TEXT && size <= USUAL_TEXT) tskl_text_deinit(text);
    if (size <= text->capacity) return true;
    size_t capacity = size < USUAL_TEXT ? USUAL_TEXT : size;
    char *grown = realloc(text->ptr, capacity);
    if (!grown) return false;
    *text = (tskl_text){grown, capacity};
    return true;
}

static napi_status copy_string(napi_env env, napi_value value, tskl_encoding encoding, char *buffer,
                               size_t size, size_t *length) {
    return encoding == TSKL_LATIN1 ? napi_get_value_string_latin1(env, value, buffer, size, length)
                                   : napi_get_value_string_utf8(env, value, buffer, size, length);
}

bool tskl_text_read(napi_env env, napi_value value, tskl_encoding encoding, tskl_text *text,
                    tskl_slice *out) {
    *out = (tskl_slice){0};
    size_t length = 0;
    if (!reserve(text, USUAL_TEXT)) return false;
    // Most texts fit at once. A full buffer may have cut one (UTF-8 up to 3 bytes early), so then
    // its length is asked for.
    if (copy_string(env, value, encoding, text->ptr, text->capacity, &length) != napi_ok)
        return false;
    if (length + 4 >= text->capacity) {
        if (copy_string(env, value, encoding, NULL, 0, &length) != napi_ok) return false;
        if (!reserve(text, length + 1)) return false;
        if (copy_string(env, value, encoding, text->ptr, text->capacity, &length) != napi_ok)
            return false;
    }
    *out = (tskl_slice){text->ptr, length};
    return true;
}

void tskl_text_deinit(tskl_text *text) {
    free(text->ptr);
    *text = (tskl_text){0};
}

bool tskl_bytes_read(napi_env env, napi_value value, tskl_slice *out) {
    *out = (tskl_slice){0};
    bool is_view = false;
    void *data = NULL;
    size_t length = 0;
    // Older versions of Node end the process when they are asked for the bytes of anything else.
    if (napi_is_buffer(env, value, &is_view) != napi_ok || !is_view) return false;
    if (napi_get_buffer_info(env, value, &data, &length) != napi_ok) return false;
    *out = (tskl_slice){data, length};
    return true;
}

bool tskl_body_read(napi_env env, napi_value value, tskl_text *text, tskl_slice *out) {
    return tskl_bytes_read(env, value, out) || tskl_text_read(env, value, TSKL_UTF8, text, out);
}

bool tskl_part_read(napi_env env, napi_value value, tskl_text *text, tskl_slice *out) {
    int64_t length = 0;
    if (napi_get_value_int64(env, value, &length) != napi_ok)
        return tskl_body_read(env, value, text, out);
    *out = (tskl_slice){NULL, length > 0 ? (size_t)length : 0};
    return true;
}

uint32_t tskl_value_uint32(napi_env env, napi_value value) {
    uint32_t number = 0;
    return napi_get_value_uint32(env, value, &number) == napi_ok ? number : 0;
}
