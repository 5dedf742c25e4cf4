// SPDX-License-Identifier: Apache-2.0
#include "recording/har_body.h"
#include "base/base64.h"

enum { HEADERS_MAX = 1024 * 1024 };

// One header of a list, or one member of an object that some tools write in its place.
static void take_header(const tskl_json *headers, const tskl_json *item, tskl_slice *name,
                        tskl_slice *value) {
    bool list = headers->kind == TSKL_JSON_ARRAY;
    bool plain = item->kind == TSKL_JSON_STRING || item->kind == TSKL_JSON_NUMBER;
    *name = list ? tskl_json_get_string(item, TSKL_S("name")) : item->key;
    *value = list ? tskl_har_text(item, "value") : plain ? item->text : TSKL_S("");
}

tskl_status tskl_har_read_headers(tskl_har_reading *r, const tskl_json *headers, tskl_slice *out) {
    tskl_buf lines;
    tskl_slice name, value;
    size_t size = 0;
    *out = (tskl_slice){NULL, 0};
    if (!headers || (headers->kind != TSKL_JSON_ARRAY && headers->kind != TSKL_JSON_OBJECT))
        return TSKL_OK;
    // A value with line ends repeats its name, so the room is counted, not guessed.
    for (const tskl_json *header = headers->first; header; header = header->next) {
        take_header(headers, header, &name, &value);
        size_t lines_in_value = 1 + tskl_slice_count(value, '\n') + tskl_slice_count(value, '\r');
        size += value.len + lines_in_value * (name.len + sizeof ": \r\n");
        if (size <= HEADERS_MAX) continue;
        tskl_har_note_only(r, header, "more than 1 MiB of headers are left out");
        return TSKL_OK;
    }
    tskl_buf_init(&lines, size);
    lines.ptr = size ? tskl_arena_take(r->arena, size) : NULL;
    lines.room = size;
    if (size && !lines.ptr) return tskl_har_nomem(r);
    for (const tskl_json *header = headers->first; header; header = header->next) {
        take_header(headers, header, &name, &value);
        tskl_call_add_header(&lines, name, value);
    }
    *out = tskl_buf_slice(&lines);
    return TSKL_OK;
}

// Base64 as it should be: base64url's two other letters, and padding that was left away.
static bool settle_base64(tskl_slice text, tskl_arena *arena, tskl_slice *out) {
    char *room = tskl_arena_take(arena, text.len + 3);
    size_t len = 0, digits = 0;
    *out = (tskl_slice){room, 0};
    if (!room) return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        room[len++] = (char)(c == '-' ? '+' : c == '_' ? '/' : c);
        digits += (c < 0 || c > ' ') && c != '=';
    }
    bool padded = tskl_slice_ends(tskl_slice_trim(text), TSKL_S("="));
    for (; !padded && digits % 4 > 1; digits++) room[len++] = '=';
    out->len = len;
    return true;
}

static tskl_status read_base64(tskl_har_reading *r, const tskl_json *holder, tskl_slice *out,
                               bool *lost) {
    tskl_slice settled;
    if (!settle_base64(*out, r->arena, &settled)) return tskl_har_nomem(r);
    tskl_status status = tskl_base64_decode(settled, r->arena, out, NULL);
    if (status == TSKL_OK) return TSKL_OK;
    if (status == TSKL_ERR_NOMEM) return tskl_har_nomem(r);
    *out = (tskl_slice){NULL, 0};
    *lost = true;
    tskl_har_note_only(r, holder, "a body is not the base64 that it should be and is left out");
    return TSKL_OK;
}

tskl_status tskl_har_read_body(tskl_har_reading *r, const tskl_json *holder, const char *coding,
                               tskl_slice *out, bool *lost) {
    const tskl_json *text = tskl_har_member(holder, "text");
    *out = (tskl_slice){NULL, 0};
    *lost = false;
    if (!text || text->kind == TSKL_JSON_NULL) return TSKL_OK;
    // Some tools put the JSON itself there: it is the body as well as they know it.
    *out = text->kind == TSKL_JSON_STRING ? text->text : text->raw;
    if (!tskl_slice_equal_nocase(tskl_slice_trim(tskl_har_text(holder, coding)), TSKL_S("base64")))
        return TSKL_OK;
    return read_base64(r, holder, out, lost);
}

static void add_form_text(tskl_buf *form, tskl_slice text) {
    static const char hex[] = "0123456789ABCDEF", plain[] = "*-._";
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z', digit = c >= '0' && c <= '9';
        if (letter || digit || (c && strchr(plain, c)))
            tskl_buf_byte(form, (char)c);
        else if (c == ' ')
            tskl_buf_byte(form, '+');
        else
            tskl_buf_add(form, (tskl_slice){(char[]){'%', hex[c >> 4], hex[c & 15]}, 3});
    }
}

// Firefox keeps a form as its fields, without the text that was sent.
tskl_status tskl_har_read_form(tskl_har_reading *r, const tskl_json *fields, tskl_slice *out) {
    tskl_buf form;
    size_t size = 0;
    *out = (tskl_slice){NULL, 0};
    if (!fields || fields->kind != TSKL_JSON_ARRAY) return TSKL_OK;
    for (const tskl_json *field = fields->first; field; field = field->next)
        size += (tskl_har_text(field, "name").len + tskl_har_text(field, "value").len) * 3 + 2;
    tskl_buf_init(&form, size);
    form.ptr = size ? tskl_arena_take(r->arena, size) : NULL;
    form.room = size;
    if (size && !form.ptr) return tskl_har_nomem(r);
    for (const tskl_json *field = fields->first; field; field = field->next) {
        if (form.len) tskl_buf_byte(&form, '&');
        add_form_text(&form, tskl_har_text(field, "name"));
        tskl_buf_byte(&form, '=');
        add_form_text(&form, tskl_har_text(field, "value"));
    }
    *out = tskl_buf_slice(&form);
    return TSKL_OK;
}
