// SPDX-License-Identifier: Apache-2.0
#include "recording/har_reader.h"
#include "base/plain.h"
#include <errno.h>

enum { READ_SIZE = 64 * 1024, WINDOW_MAX = TSKL_HAR_ENTRY_MAX + READ_SIZE };

// Where the reader stands: { "log": { "entries": [ ... ] } }.
enum { BEFORE_ALL, IN_ROOT, IN_LOG, IN_ENTRIES, AFTER_ALL };

void tskl_har_reader_init(tskl_har_reader *reader, tskl_har_source source, void *user) {
    *reader = (tskl_har_reader){.source = source, .user = user, .line = 1};
    tskl_buf_init(&reader->window, WINDOW_MAX);
}

void tskl_har_reader_deinit(tskl_har_reader *reader) {
    tskl_buf_deinit(&reader->window);
}

static tskl_status fail_here(const tskl_har_reader *reader, tskl_error *err, const char *problem) {
    return tskl_fail(err, TSKL_ERR_SYNTAX, "line %u: %s", (unsigned)reader->line, problem);
}

// Drops what is done with, so that the window holds one entry and not the file.
static void slide(tskl_har_reader *reader) {
    tskl_buf *window = &reader->window;
    if (reader->at == 0) return;
    memmove(window->ptr, window->ptr + reader->at, window->len - reader->at);
    window->len -= reader->at;
    reader->at = 0;
}

static tskl_status fill(tskl_har_reader *reader, tskl_error *err) {
    slide(reader);
    char *room = tskl_buf_reserve(&reader->window, READ_SIZE);
    if (!room) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a HAR entry");
    int64_t got = reader->source(reader->user, room, READ_SIZE);
    if (got < 0) return tskl_fail(err, TSKL_ERR_IO, "reading failed: %s", strerror(errno));
    reader->window.len += (size_t)got;
    reader->passed += (uint64_t)got;
    reader->ended = got == 0;
    return TSKL_OK;
}

// The next byte that is not white space, left where it is; -1 at the end of the file.
static tskl_status peek(tskl_har_reader *reader, int *byte, tskl_error *err) {
    *byte = -1;
    for (;;) {
        for (; reader->at < reader->window.len; reader->at++) {
            char c = reader->window.ptr[reader->at];
            if (c == '\n') reader->line++;
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
            *byte = (unsigned char)c;
            return TSKL_OK;
        }
        if (reader->ended) return TSKL_OK;
        TSKL_TRY(fill(reader, err));
    }
}

/** How far into a value the reader is: enough to find its end, whatever stands inside. */
typedef struct nesting {
    size_t depth;
    bool in_string, escaped;
} nesting;

// Moves over string content, which is most of any HAR, up to and with its closing quote.
static size_t pass_string(nesting *n, tskl_slice bytes, size_t i) {
    for (; i < bytes.len; i++) {
        if (n->escaped) {
            n->escaped = false;
            continue;
        }
        i += tskl_plain_length(tskl_slice_from(bytes, i));
        if (i == bytes.len) break;
        if (bytes.ptr[i] == '\\') n->escaped = true;
        if (bytes.ptr[i] == '"') {
            n->in_string = false;
            return i + 1;
        }
    }
    return i;
}

static bool ends_scalar(char c) {
    return c == ',' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// Moves over as much of a value as `bytes` has; `*ended` when that is all of it.
static size_t pass_bytes(nesting *n, tskl_slice bytes, uint32_t *line, bool *ended) {
    *ended = false;
    for (size_t i = 0; i < bytes.len;) {
        char c = bytes.ptr[i];
        bool closes = c == '}' || c == ']';
        if (n->in_string) {
            i = pass_string(n, bytes, i);
            *ended = !n->in_string && n->depth == 0;
        } else if (n->depth == 0 && (closes || ends_scalar(c))) {
            *ended = true;
            return i;
        } else {
            n->in_string = c == '"';
            if (c == '\n') ++*line;
            if (c == '{' || c == '[') n->depth++;
            if (closes) *ended = --n->depth == 0;
            i++;
        }
        if (*ended) return i;
    }
    return bytes.len;
}

// Moves over the value at `at`. A kept one stands in the window there, `*len` bytes long.
static tskl_status pass_value(tskl_har_reader *reader, bool kept, size_t *len, bool *too_large,
                              tskl_error *err) {
    nesting n = {0};
    *len = 0;
    *too_large = false;
    for (bool ended;;) {
        tskl_slice rest = tskl_slice_from(tskl_buf_slice(&reader->window), reader->at + *len);
        *len += pass_bytes(&n, rest, &reader->line, &ended);
        if (!ended && reader->ended) return fail_here(reader, err, "the file ends too early");
        if (*len > TSKL_HAR_ENTRY_MAX) *too_large = kept;
        if (!kept || *too_large) {
            kept = false;
            reader->at += *len;
            *len = 0;
        }
        if (ended) return TSKL_OK;
        TSKL_TRY(fill(reader, err));
    }
}

// The byte that opens the next place on the way to the entries, where `key` (with its quotes) leads
// there; else 0.
static int opens_way(const tskl_har_reader *reader, tskl_slice key) {
    static const struct {
        unsigned place;
        const char *key;
        int opens;
    } way[] = {{IN_ROOT, "\"log\"", '{'}, {IN_LOG, "\"entries\"", '['}};
    for (size_t i = 0; i < TSKL_COUNT(way); i++)
        if (way[i].place == reader->place && tskl_slice_equal(tskl_slice_of(way[i].key), key))
            return way[i].opens;
    return 0;
}

// One member of the objects above the entries; all that lies beside the way is passed over.
static tskl_status pass_member(tskl_har_reader *reader, tskl_error *err) {
    size_t len;
    bool too_large;
    int byte;
    TSKL_TRY(pass_value(reader, true, &len, &too_large, err));
    int opens = opens_way(reader, tskl_slice_make(reader->window.ptr + reader->at, len));
    reader->at += len;
    TSKL_TRY(peek(reader, &byte, err));
    if (byte != ':') return fail_here(reader, err, "a name has no ':' behind it");
    reader->at++;
    TSKL_TRY(peek(reader, &byte, err));
    if (!opens || byte != opens) return pass_value(reader, false, &len, &too_large, err);
    reader->at++;
    reader->place++;
    reader->began = reader->place == IN_ENTRIES;
    return TSKL_OK;
}

// Text editors put a mark before UTF-8.
static tskl_status pass_mark(tskl_har_reader *reader, tskl_error *err) {
    static const tskl_slice mark = {"\xef\xbb\xbf", 3};
    while (reader->window.len < mark.len && !reader->ended) TSKL_TRY(fill(reader, err));
    if (tskl_slice_starts(tskl_buf_slice(&reader->window), mark)) reader->at += mark.len;
    return TSKL_OK;
}

static tskl_status enter_root(tskl_har_reader *reader, int byte, tskl_error *err) {
    if (byte != '{') return fail_here(reader, err, "this is no HAR: it does not begin with '{'");
    reader->at++;
    reader->place = IN_ROOT;
    return TSKL_OK;
}

static tskl_status pass_in_object(tskl_har_reader *reader, int byte, tskl_error *err) {
    if (byte == '"') return pass_member(reader, err);
    if (byte == '}') reader->place = reader->place == IN_LOG ? IN_ROOT : AFTER_ALL;
    if (byte != ',' && byte != '}')
        return fail_here(reader, err, byte < 0 ? "the file ends too early" : "this is not JSON");
    reader->at++;
    return TSKL_OK;
}

static tskl_status finish(const tskl_har_reader *reader, int byte, tskl_error *err) {
    if (byte >= 0) return fail_here(reader, err, "something stands behind the HAR");
    if (!reader->began) return fail_here(reader, err, "this is no HAR: it has no log.entries");
    return TSKL_OK;
}

static tskl_status take_entry(tskl_har_reader *reader, tskl_har_piece *piece, tskl_error *err) {
    size_t len;
    *piece = (tskl_har_piece){.number = ++reader->number, .line = reader->line};
    TSKL_TRY(pass_value(reader, true, &len, &piece->too_large, err));
    if (!piece->too_large) piece->text = tskl_slice_make(reader->window.ptr + reader->at, len);
    reader->at += len;
    return TSKL_OK;
}

static tskl_status pass_in_list(tskl_har_reader *reader, int byte, tskl_har_piece *piece,
                                bool *taken, tskl_error *err) {
    if (byte < 0) return fail_here(reader, err, "the file ends too early");
    if (byte == '}') return fail_here(reader, err, "this is not JSON");
    *taken = byte != ',' && byte != ']';
    if (*taken) return take_entry(reader, piece, err);
    if (byte == ']') reader->place = IN_LOG;
    reader->at++;
    return TSKL_OK;
}

tskl_status tskl_har_reader_next(tskl_har_reader *reader, tskl_har_piece *piece, bool *more,
                                 tskl_error *err) {
    *piece = (tskl_har_piece){0};
    *more = false;
    if (reader->place == BEFORE_ALL) TSKL_TRY(pass_mark(reader, err));
    for (int byte; !*more;) {
        TSKL_TRY(peek(reader, &byte, err));
        switch (reader->place) {
        case BEFORE_ALL: TSKL_TRY(enter_root(reader, byte, err)); break;
        case IN_ROOT:
        case IN_LOG: TSKL_TRY(pass_in_object(reader, byte, err)); break;
        case IN_ENTRIES: TSKL_TRY(pass_in_list(reader, byte, piece, more, err)); break;
        default: return finish(reader, byte, err);
        }
    }
    return TSKL_OK;
}
