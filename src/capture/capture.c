// SPDX-License-Identifier: Apache-2.0
#include "capture/capture.h"
#include "base/number.h"
#include "base/plain.h"
#include "base/utf8.h"

enum { WHOLE_DIGITS_MAX = 20, NUMBER_ROOM = 40 };

void tskl_captures_init(tskl_captures *captures, tskl_arena *arena, const tskl_secrets *secrets) {
    *captures = (tskl_captures){.arena = arena, .secrets = secrets};
}

// How much of `text` can be taken as it stands, `room` bytes at most.
static size_t clean_length(tskl_slice text, bool is_name, size_t room) {
    size_t plain = tskl_plain_length(tskl_slice_first(text, room));
    size_t slash = is_name ? tskl_slice_find(tskl_slice_first(text, plain), '/') : SIZE_MAX;
    return slash < plain ? slash : plain;
}

// `text` as UTF-8, without slashes where it is a name, cut at a character before `max` bytes.
// False: no memory.
static bool clean(tskl_arena *arena, tskl_slice text, size_t max, bool is_name, tskl_slice *out) {
    // U+FFFD takes three bytes in place of one.
    size_t room = text.len > max / 3 ? max : text.len * 3;
    tskl_buf buf = {.ptr = tskl_arena_take(arena, room), .room = room, .cap = room};
    *out = (tskl_slice){NULL, 0};
    if (!buf.ptr) return false;
    while (text.len && !buf.failed) {
        size_t plain = clean_length(text, is_name, room - buf.len);
        tskl_buf_add(&buf, tskl_slice_first(text, plain));
        text = tskl_slice_from(text, plain);
        if (text.len == 0) break;
        uint32_t character;
        size_t len = tskl_utf8_next(text, &character);
        if (len == 0)
            tskl_buf_add(&buf, TSKL_UTF8_REPLACEMENT);
        else if (!is_name || character != '/')
            tskl_buf_add(&buf, tskl_slice_first(text, len));
        text = tskl_slice_from(text, len ? len : 1);
    }
    *out = tskl_buf_slice(&buf);
    return true;
}

// Digits stay as they are where a double would lose some of them: ids are 64 bits long.
static bool is_whole(tskl_slice number) {
    if (tskl_slice_starts(number, TSKL_S("-"))) number = tskl_slice_from(number, 1);
    for (size_t i = 0; i < number.len; i++)
        if (number.ptr[i] < '0' || number.ptr[i] > '9') return false;
    return number.len <= WHOLE_DIGITS_MAX;
}

// The number in its shortest form. `*out` stays empty where no double can hold it.
static bool shorten(tskl_arena *arena, tskl_slice number, tskl_slice *out) {
    char room[NUMBER_ROOM];
    double value;
    *out = (tskl_slice){NULL, 0};
    if (tskl_slice_equal(number, TSKL_S("-0"))) number = TSKL_S("0");
    if (is_whole(number)) return tskl_arena_copy(arena, number, out);
    if (!tskl_number_parse(number, &value)) return true;
    tskl_buf text = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
    tskl_number_add(&text, value);
    return tskl_arena_copy(arena, tskl_buf_slice(&text), out);
}

// Makes the capture of one member. `name` stays empty where it is not to be kept. False: no memory.
static bool make(const tskl_captures *captures, const tskl_json *member, tskl_capture *out) {
    tskl_arena *arena = captures->arena;
    *out = (tskl_capture){.kind = member->kind, .text = member->text};
    // Looked for before anything is cut: part of a secret is one as well.
    if (tskl_secrets_in(captures->secrets, member->key) ||
        tskl_secrets_in(captures->secrets, member->text))
        return true;
    bool room = true;
    if (member->kind == TSKL_JSON_STRING)
        room = clean(arena, member->text, TSKL_CAPTURE_STRING_MAX, false, &out->text);
    else if (member->kind == TSKL_JSON_NUMBER)
        room = shorten(arena, member->text, &out->text);
    else if (member->kind == TSKL_JSON_BOOL)
        room = tskl_arena_copy(arena, member->text, &out->text);
    else
        return true; // null, an array, an object: no value of a capture
    if (member->kind != TSKL_JSON_STRING && out->text.len == 0) return room;
    return room && clean(arena, member->key, TSKL_CAPTURE_NAME_MAX, true, &out->name);
}

static tskl_capture *find(const tskl_captures *captures, tskl_slice pack, tskl_slice name) {
    for (size_t i = captures->count; i-- > 0;)
        if (tskl_slice_equal(captures->items[i].name, name) &&
            tskl_slice_equal(captures->items[i].pack, pack))
            return &captures->items[i];
    return NULL;
}

static size_t count_of(const tskl_captures *captures, tskl_slice pack) {
    size_t count = 0;
    for (size_t i = 0; i < captures->count; i++)
        count += tskl_slice_equal(captures->items[i].pack, pack);
    return count;
}

static bool append(tskl_captures *captures, const tskl_capture *capture) {
    if (captures->count == captures->room) {
        size_t room = captures->room ? captures->room * 2 : 16;
        tskl_capture *more = tskl_arena_array(captures->arena, tskl_capture, room);
        if (!more) return false;
        if (captures->count) memcpy(more, captures->items, captures->count * sizeof *more);
        captures->items = more;
        captures->room = room;
    }
    captures->items[captures->count++] = *capture;
    return true;
}

static bool is_declared(const tskl_captures *captures, tskl_slice name) {
    for (size_t i = 0; captures->only && i < captures->only_count; i++)
        if (tskl_slice_equal(captures->only[i], name)) return true;
    return !captures->only;
}

tskl_status tskl_captures_add(tskl_captures *captures, tskl_slice pack, const tskl_json *object,
                              size_t limit, tskl_error *err) {
    if (!object || object->kind != TSKL_JSON_OBJECT) return TSKL_OK;
    size_t count = count_of(captures, pack), seen = 0;
    for (const tskl_json *member = object->first; member; member = member->next) {
        tskl_capture capture = {.kind = TSKL_JSON_NULL};
        // Past the limit a name may still replace a value, but a flood of them is not looked at.
        bool looked_at = seen++ < 2 * limit && is_declared(captures, member->key);
        bool room = !looked_at || make(captures, member, &capture);
        tskl_capture *known = capture.name.len ? find(captures, pack, capture.name) : NULL;
        capture.pack = pack;
        if (capture.name.len == 0 || (!known && count == limit)) {
            captures->withheld++;
        } else if (known) {
            *known = capture;
        } else {
            room = append(captures, &capture);
            count++;
        }
        if (!room)
            return tskl_fail(err, TSKL_ERR_NOMEM, "no room for captures of " TSKL_FMT,
                             TSKL_ARG(pack));
    }
    return TSKL_OK;
}
