// SPDX-License-Identifier: Apache-2.0
#include "recording/har_reader.h"
#include "base/plain.h"
#include <errno.h>

enum { READ_SIZE = 64 * 1024, WINDOW_MAX = TSKL_HAR_ENTRY_MAX + READ_SIZE };

// Where the reader stands: { "log": { "entries": [ ... ] } }, or between such things.
enum { BETWEEN, IN_ROOT, IN_LOG, IN_ENTRIES, IN_LINES };

void tskl_har_reader_init(tskl_har_reader *reader, tskl_byte_source source, void *user) {
    *reader = (tskl_har_reader){.line = 1, .held = SIZE_MAX};
    tskl_text_source_init(&reader->source, source, user);
    tskl_buf_init(&reader->window, WINDOW_MAX);
}

void tskl_har_reader_deinit(tskl_har_reader *reader) {
    tskl_text_source_deinit(&reader->source);
    tskl_buf_deinit(&reader->window);
}

static tskl_status fail_here(const tskl_har_reader *reader, tskl_error *err, const char *problem) {
    return tskl_fail(err, TSKL_ERR_SYNTAX, "line %u: %s", (unsigned)reader->line, problem);
}

// Drops what is done with, so that the window holds one entry and not the file.
static void slide(tskl_har_reader *reader) {
    tskl_buf *window = &reader->window;
    size_t done = reader->held < reader->at ? reader->held : reader->at;
    if (done == 0) return;
    memmove(window->ptr, window->ptr + done, window->len - done);
    window->len -= done;
    reader->at -= done;
    if (reader->held != SIZE_MAX) reader->held -= done;
}

static void let_go(tskl_har_reader *reader) {
    reader->held = SIZE_MAX;
}

static tskl_status fill(tskl_har_reader *reader, tskl_error *err) {
    size_t got;
    if (reader->held != SIZE_MAX && reader->window.len - reader->held > TSKL_HAR_ENTRY_MAX) {
        reader->overflowed = true;
        let_go(reader);
    }
    slide(reader);
    char *room = tskl_buf_reserve(&reader->window, READ_SIZE);
    if (!room) return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (reading a recording)");
    TSKL_TRY(tskl_text_source_read(&reader->source, room, READ_SIZE, &got, err));
    reader->window.len += got;
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
    bool line_in_string; // a line ended inside one, which JSON does not allow
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
        if (bytes.ptr[i] == '\n') n->line_in_string = true;
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

// What follows the first line of the held object; empty where no line does. More of it is read
// where that is needed to tell.
static tskl_slice next_line(tskl_har_reader *reader, tskl_slice *line) {
    for (;;) {
        tskl_slice next = {NULL, 0};
        *line = next;
        if (reader->held == SIZE_MAX) return next;
        next = tskl_slice_from(tskl_buf_slice(&reader->window), reader->held);
        *line = tskl_slice_split(&next, '\n');
        if (next.len > 1 || reader->ended || fill(reader, NULL) != TSKL_OK) return next;
    }
}

// Whether the held object is but a line that was cut: other ones follow it.
static bool is_damaged_line(tskl_har_reader *reader) {
    tskl_slice line;
    return reader->held != SIZE_MAX && !reader->began &&
           tskl_slice_starts(next_line(reader, &line), TSKL_S("{\""));
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
        if (n.line_in_string && is_damaged_line(reader))
            return fail_here(reader, err, "a string is not ended");
        n.line_in_string = false;
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
static int opens_way(const tskl_har_reader *reader, tskl_slice key, unsigned *to) {
    static const struct {
        unsigned place;
        const char *key;
        int opens;
        unsigned to;
    } way[] = {{IN_ROOT, "\"log\"", '{', IN_LOG},
               {IN_LOG, "\"entries\"", '[', IN_ENTRIES},
               {IN_ROOT, "\"entries\"", '[', IN_ENTRIES}};
    for (size_t i = 0; i < TSKL_COUNT(way); i++) {
        *to = way[i].to;
        if (way[i].place == reader->place && tskl_slice_equal(tskl_slice_of(way[i].key), key))
            return way[i].opens;
    }
    return 0;
}

// Members by which an object is taken for an entry, or for a record.
static bool is_of_entry(tskl_slice key) {
    static const char *const names[] = {"\"request\"", "\"response\"", "\"startedDateTime\"",
                                        "\"v\""};
    for (size_t i = 0; i < TSKL_COUNT(names); i++)
        if (tskl_slice_equal(tskl_slice_of(names[i]), key)) return true;
    return false;
}

static void enter_list(tskl_har_reader *reader) {
    reader->list_in = reader->place;
    reader->place = IN_ENTRIES;
    reader->began = reader->listed = reader->entered = true;
    let_go(reader);
}

// One member of the objects above the entries; all that lies beside the way is passed over.
static tskl_status pass_member(tskl_har_reader *reader, tskl_error *err) {
    size_t len;
    bool too_large;
    int byte;
    unsigned to;
    TSKL_TRY(pass_value(reader, true, &len, &too_large, err));
    tskl_slice key = tskl_slice_make(reader->window.ptr + reader->at, len);
    int opens = opens_way(reader, key, &to);
    if (reader->place == IN_ROOT && is_of_entry(key)) reader->looks_right = true;
    reader->at += len;
    TSKL_TRY(peek(reader, &byte, err));
    if (byte != ':') return fail_here(reader, err, "a name has no ':' behind it");
    reader->at++;
    TSKL_TRY(peek(reader, &byte, err));
    if (!opens || byte != opens) return pass_value(reader, false, &len, &too_large, err);
    reader->at++;
    if (to == IN_ENTRIES)
        enter_list(reader);
    else
        reader->place = to;
    return TSKL_OK;
}

static void begin_root(tskl_har_reader *reader) {
    reader->held = reader->at++;
    reader->held_line = reader->line;
    reader->looks_right = reader->overflowed = reader->entered = false;
    reader->place = IN_ROOT;
}

static tskl_status begin_value(tskl_har_reader *reader, int byte, tskl_error *err) {
    if (byte == '{') {
        begin_root(reader);
        return TSKL_OK;
    }
    if (byte != '[')
        return fail_here(reader, err,
                         reader->began ? "there is unexpected data after the recording"
                                       : "this is not a recording: it does not begin with '{'");
    reader->at++;
    enter_list(reader);
    return TSKL_OK;
}

// Whether what was read of the held object is a line by itself: then each further line is one
// entry, and a line that is damaged costs no other.
static tskl_status see_lines(tskl_har_reader *reader, bool *lines, tskl_error *err) {
    while (reader->at == reader->window.len && !reader->ended) TSKL_TRY(fill(reader, err));
    tskl_slice rest = tskl_slice_from(tskl_buf_slice(&reader->window), reader->at);
    bool line_ends = rest.len == 0 || rest.ptr[0] == '\n' || rest.ptr[0] == '\r';
    *lines = line_ends && reader->line == reader->held_line;
    return TSKL_OK;
}

// An object of its own is complete: it is an entry, unless the list of entries was in it.
static tskl_status end_root(tskl_har_reader *reader, tskl_har_piece *piece, bool *taken,
                            tskl_error *err) {
    bool lines;
    reader->place = BETWEEN;
    if (reader->entered) return TSKL_OK;
    // Where further lines follow, next() takes it for one bad entry among them.
    if (!reader->looks_right && !reader->began)
        return fail_here(reader, err, "this is not a recording: it has no log.entries");
    size_t len = reader->at - reader->held;
    TSKL_TRY(see_lines(reader, &lines, err));
    *piece = (tskl_har_piece){.number = ++reader->number, .line = reader->held_line};
    piece->too_large = reader->overflowed || reader->held == SIZE_MAX;
    if (!piece->too_large) piece->text = tskl_slice_make(reader->window.ptr + reader->held, len);
    let_go(reader);
    if (lines) reader->place = IN_LINES;
    reader->began = *taken = true;
    return TSKL_OK;
}

static tskl_status pass_in_object(tskl_har_reader *reader, int byte, tskl_har_piece *piece,
                                  bool *taken, tskl_error *err) {
    if (byte == '"') return pass_member(reader, err);
    if (byte != ',' && byte != '}')
        return fail_here(reader, err, byte < 0 ? "the file ends too early" : "this is not JSON");
    reader->at++;
    if (byte == ',') return TSKL_OK;
    if (reader->place == IN_ROOT) return end_root(reader, piece, taken, err);
    reader->place = IN_ROOT;
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
    if (byte == ']') reader->place = reader->list_in;
    reader->at++;
    return TSKL_OK;
}

// One line, whatever is in it.
static tskl_status take_line(tskl_har_reader *reader, tskl_har_piece *piece, tskl_error *err) {
    size_t len = 0;
    *piece = (tskl_har_piece){.number = ++reader->number, .line = reader->line};
    for (size_t end = SIZE_MAX; end == SIZE_MAX;) {
        tskl_slice rest = tskl_slice_from(tskl_buf_slice(&reader->window), reader->at + len);
        end = tskl_slice_find(rest, '\n');
        len += end == SIZE_MAX ? rest.len : end;
        if (len > TSKL_HAR_ENTRY_MAX) piece->too_large = true;
        if (piece->too_large) {
            reader->at += len;
            len = 0;
        }
        if (end == SIZE_MAX && reader->ended) break;
        if (end == SIZE_MAX) TSKL_TRY(fill(reader, err));
    }
    if (!piece->too_large)
        piece->text = tskl_slice_trim(tskl_slice_make(reader->window.ptr + reader->at, len));
    reader->at += len;
    return TSKL_OK;
}

// The first line of several is damaged, as where a log was cut: the lines behind it are not.
// False: it does not look so.
static bool take_damaged_line(tskl_har_reader *reader, tskl_har_piece *piece) {
    tskl_slice line;
    if (!is_damaged_line(reader)) return false;
    (void)next_line(reader, &line);
    *piece = (tskl_har_piece){.text = line, .number = ++reader->number, .line = reader->held_line};
    reader->at = reader->held + line.len;
    reader->line = reader->held_line;
    reader->place = IN_LINES;
    reader->began = true;
    let_go(reader);
    return true;
}

static tskl_status step(tskl_har_reader *reader, int byte, tskl_har_piece *piece, bool *taken,
                        tskl_error *err) {
    switch (reader->place) {
    case IN_ROOT:
    case IN_LOG: return pass_in_object(reader, byte, piece, taken, err);
    case IN_ENTRIES: return pass_in_list(reader, byte, piece, taken, err);
    case IN_LINES: *taken = true; return take_line(reader, piece, err);
    default: return begin_value(reader, byte, err);
    }
}

tskl_status tskl_har_reader_next(tskl_har_reader *reader, tskl_har_piece *piece, bool *more,
                                 tskl_error *err) {
    *piece = (tskl_har_piece){0};
    *more = false;
    for (int byte; !*more;) {
        tskl_status status = peek(reader, &byte, err);
        bool over = byte < 0 && (reader->place == BETWEEN || reader->place == IN_LINES);
        if (status == TSKL_OK && over && reader->began) return TSKL_OK;
        if (status == TSKL_OK && over)
            return fail_here(reader, err, "this is not a recording: there is nothing in it");
        if (status == TSKL_OK) status = step(reader, byte, piece, more, err);
        if (status == TSKL_ERR_SYNTAX && take_damaged_line(reader, piece))
            *more = true;
        else
            TSKL_TRY(status);
    }
    return TSKL_OK;
}
