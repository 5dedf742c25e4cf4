// taskless_pdk: all that a Pack in C is written with: its input, a JSON reader, what it answers.
// SPDX-License-Identifier: Apache-2.0
//
// A Pack is a few hooks. Each says what it wants of its input, captures some of it and is done:
//
//     #include "taskless_pdk.h"
//
//     enum { RESPONSE, HEADERS, REQUEST_ID, BODY, ERROR, TYPE, CODE, WANTED };
//     static const char *const wanted[WANTED] = {
//         [RESPONSE] = "response",
//         [HEADERS] = " headers",
//         [REQUEST_ID] = "  x-request-id",
//         [BODY] = " body",
//         [ERROR] = "  error",
//         [TYPE] = "   type",
//         [CODE] = "   code",
//     };
//
//     TSKL_HOOK(post) {
//         tskl_json in[WANTED];
//         tskl_input(wanted, in, WANTED);
//         tskl_capture("error.type", in[TYPE]);
//         tskl_capture("error.code", in[CODE]);
//         tskl_capture("request_id", in[REQUEST_ID]);
//         return tskl_done();
//     }
//
// What a service sends is never what its manual says, so nothing in here fails: a member that is
// not there, is null, is of another type or was cut off is *absent*. An absent value may be given
// to every function; looking into it finds nothing and capturing it does nothing.
//
// There is no C library. One hook has the machine for itself: what it allocates is gone with it.
#ifndef TASKLESS_PDK_H
#define TASKLESS_PDK_H
#include "taskless_words.h"

#ifdef __cplusplus
#error "taskless_pdk.h is C; a Pack in C++ includes it from a C file of its own"
#endif

// Writing what was found.

// A hook's output is written as it goes, in memory set aside by tskl_input: it begins at tskl_out,
// stands at tskl_to and may not reach tskl_last. When it did, it is not sent.
static char *tskl_out, *tskl_to, *tskl_last;

TSKL_SHARED void tskl_put(const char *bytes, size_t count) {
    size_t room = (size_t)(tskl_last - tskl_to);
    if (count > room) count = room;
    __builtin_memcpy(tskl_to, bytes, count); // one instruction of Wasm
    tskl_to += count;
}

/** Writes what ends at a zero. */
TSKL_SHARED void tskl_puts(const char *text) {
    size_t count = 0;
    while (text[count]) count++;
    tskl_put(text, count);
}

/** Writes `"prefix` and `name":`, behind a comma where one is needed. */
TSKL_SHARED void tskl_put_name(const char *prefix, const char *name) {
    tskl_puts(tskl_to[-1] == '{' ? "\"" : ",\"");
    tskl_puts(prefix);
    tskl_puts(name);
    tskl_puts("\":");
}

enum { TSKL_STRING_MAX = 16384 }; // a longer string is no answer to anything

/** Writes a member if its value is a string, a number or a boolean: whole, not empty, not too long;
 *  as it stands. */
TSKL_SHARED void tskl_put_value(const char *prefix, const char *name, tskl_json value) {
    const char *at = value.at, *end = tskl_skip(at);
    bool is_some = *at == '"' ? at[1] != '"' : *at == 't' || *at == 'f' || tskl_is_number(value);
    if (!is_some || !*end || end - at > TSKL_STRING_MAX) return;
    tskl_put_name(prefix, name);
    tskl_put(at, (size_t)(end - at));
}

/** Writes a whole number. */
TSKL_SHARED void tskl_put_count(uint64_t count) {
    char digits[20], *end = digits + sizeof digits, *at = end;
    do *--at = (char)('0' + count % 10);
    while (count /= 10);
    tskl_put(at, (size_t)(end - at));
}

/** Captures a value as it stands. Nothing when it is absent, null, empty, an object or an array.
 *  `name` is the Pack's own: letters, digits, dots. */
static inline void tskl_capture(const char *name, tskl_json value) {
    tskl_put_value("", name, value);
}

/** Captures what tskl_pick found: the values from `first` up to `end`, each under `prefix` and the
 *  name it was found by. */
TSKL_SHARED void tskl_capture_all(const char *prefix, const char *const *wanted,
                                  const tskl_json *values, size_t first, size_t end) {
    for (size_t i = first; i < end; i++) tskl_put_value(prefix, tskl_name(wanted[i]), values[i]);
}

/** Captures one of a Pack's own words: ASCII, nothing in it that JSON escapes. */
TSKL_SHARED void tskl_capture_word(const char *name, const char *word) {
    tskl_put_name("", name);
    tskl_puts("\"");
    tskl_puts(word);
    tskl_puts("\"");
}

TSKL_SHARED void tskl_capture_bool(const char *name, bool value) {
    tskl_put_name("", name);
    tskl_puts(value ? "true" : "false");
}

/** Captures a whole number; one below 0, which in this kit means "not known", is left out. */
TSKL_SHARED void tskl_capture_count(const char *name, int64_t count) {
    if (count < 0) return;
    tskl_put_name("", name);
    tskl_put_count((uint64_t)count);
}

/** Captures a plain text that ends at a zero. What JSON would have to escape becomes a space. */
static inline void tskl_capture_text(const char *name, const char *text) {
    tskl_put_name("", name);
    tskl_puts("\"");
    while (*text) {
        int length = *text == '"' || *text == '\\' ? 0 : tskl_clean_length(text);
        tskl_put(length ? text : " ", length ? (size_t)length : 1);
        text += length ? length : 1;
    }
    tskl_puts("\"");
}

static bool tskl_keeping;

/** Writes what a context begins with, behind the captures. */
TSKL_SHARED void tskl_begin_keeping(void) {
    if (!tskl_keeping) tskl_puts("},\"context\":{");
    tskl_keeping = true;
}

/** Keeps a value in this Pack's context: the next hook of the same exchange finds it in its input
 *  under `context`. Done last: captures stand before. What one hook keeps takes the place of all
 *  that was kept before. */
static inline void tskl_keep(const char *name, tskl_json value) {
    tskl_begin_keeping();
    tskl_put_value("", name, value);
}

/** Keeps what tskl_pick found, in the same shape: so that it is picked from the context in the same
 *  way as from where it was first. */
static inline void tskl_keep_all(const char *const *wanted, const tskl_json *values, size_t count) {
    size_t depth = 0, next_depth = 0;
    tskl_begin_keeping();
    for (size_t i = 0; i < count; i++) {
        const char *name = tskl_name(wanted[i]);
        depth = (size_t)(name - wanted[i]);
        next_depth = i + 1 < count ? (size_t)(tskl_name(wanted[i + 1]) - wanted[i + 1]) : 0;
        if (next_depth <= depth)
            tskl_put_value("", name, values[i]);
        else
            tskl_put_name("", name), tskl_puts("{");
        for (; depth > next_depth; depth--) tskl_puts("}");
    }
}

/** Captures `ok` and `class`. They come first in the order of captures. */
static inline void tskl_capture_class(const tskl_verdict *verdict) {
    tskl_capture_bool("ok", !verdict->class);
    if (verdict->class)
        tskl_capture_word("class", (const char *)&tskl_class_words + verdict->class);
}

/** Captures `retry.advice` and `retry.after_ms`. They follow `error.*`. */
static inline void tskl_capture_retry(const tskl_verdict *verdict) {
    if (verdict->advice)
        tskl_capture_word("retry.advice", (const char *)&tskl_advice_words + verdict->advice);
    if (verdict->advice == TSKL_ADVICE_AFTER)
        tskl_capture_count("retry.after_ms", verdict->after_ms);
}

// A hook's input and output.

enum { TSKL_OUT_ROOM = 32768 }; // for a Pack's own words; what it copies is no more than the input

/**
 * Begins a hook, taking what is wanted of its input (see tskl_pick). There is:
 *
 *  - requestId
 *  - request{url domain path method headers{...} body}
 *  - response{status headers{...} body}: in `post`, and without the body in `chunk`
 *  - error{kind code message}: in `post`, where no whole response came
 *  - chunk, done: in `chunk`, a piece of the body in base64; the last one is empty
 *  - context{...}: what this Pack kept
 *  - environment{...}, configuration{...}: what was granted; what was set, or the defaults
 *  - time{start end}: in milliseconds since the epoch
 *  - truncated: where not all of a body is there
 *
 * A body is JSON where it was JSON; where it was not, or was cut off, it is a string (tskl_unwrap).
 */
static inline void tskl_input(const char *const *wanted, tskl_json *values, size_t count) {
    static char nothing[16]; // for when memory is out
    size_t length = (size_t)extism_input_length(), room = 2 * length + TSKL_OUT_ROOM;
    tskl_heap_reset();
    char *text = tskl_alloc(room);
    if (!text) text = nothing, room = sizeof nothing;
    if (text == nothing || length < 8) length = 0;
    for (size_t at = 0; at < length; at += 8) {
        // The last eight bytes overlap those before: behind the end there is nothing to load.
        size_t from = at + 8 > length ? length - 8 : at;
        tskl_store64(text + from, extism_input_load_u64(from));
    }
    tskl_store64(text + length, 0);
    tskl_pick((tskl_json){text}, wanted, values, count);
    tskl_out = tskl_to = text + length + 8;
    tskl_last = text + room;
    tskl_keeping = false;
    tskl_puts("{\"capture\":{");
}

/** A switch of the configuration; `otherwise` when it is not set. */
static inline bool tskl_switch(tskl_json value, bool otherwise) {
    return *value.at ? *value.at == 't' : otherwise;
}

/** Ends a hook with what was captured and kept: `return tskl_done();` */
static inline int32_t tskl_done(void) {
    tskl_puts("}}");
    size_t length = (size_t)(tskl_to - tskl_out);
    extism_handle block = tskl_to < tskl_last ? extism_alloc(length + 8) : 0;
    if (!block) return 0;
    for (size_t at = 0; at < length; at += 8)
        extism_store_u64(block + at, tskl_load64(tskl_out + at));
    extism_output_set(block, length);
    return 0;
}

/** Puts a text into the host's memory. Whoever is given the block takes it. */
static inline extism_handle tskl_give(const char *text) {
    uint64_t length = 0;
    while (text[length]) length++;
    extism_handle block = extism_alloc(length);
    for (uint64_t at = 0; block && at < length; at++)
        extism_store_u8(block + at, (unsigned char)text[at]);
    return block;
}

/** Ends a hook as failed, saying why: `return tskl_fail("...");` Only for faults of the Pack
 * itself: a failed call is what a Pack is there to explain. */
static inline int32_t tskl_fail(const char *why) {
    extism_error_set(tskl_give(why));
    return 1;
}

/** A line for the log, seen by who writes the Pack: tskl_log(extism_log_info, "..."); */
static inline void tskl_log(void (*level)(extism_handle), const char *line) {
    extism_handle block = tskl_give(line);
    if (block) level(block);
}

/** The value Extism's own configuration has for a key; "" when it has none. A Pack of taskless
 *  reads `in.configuration`; this is for plugins that are used elsewhere too. */
static inline const char *tskl_extism_config(const char *key) {
    extism_handle block = extism_config_get(tskl_give(key));
    uint64_t length = block ? extism_length(block) : 0;
    char *text = length ? tskl_text_alloc((size_t)length) : NULL;
    if (!text) return "";
    for (uint64_t i = 0; i < length; i++) text[i] = (char)extism_load_u8(block + i);
    extism_free(block);
    return text;
}
#endif
