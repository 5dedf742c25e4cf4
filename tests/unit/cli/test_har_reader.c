// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "recording/har_reader.h"
#include <errno.h>

/** Gives a text in steps of so many bytes, then ends or fails. */
typedef struct steps {
    tskl_slice left;
    size_t step;
    bool fails;
} steps;

static int64_t give(void *user, char *room, size_t size) {
    steps *s = user;
    tskl_slice part = tskl_slice_first(s->left, s->step < size ? s->step : size);
    if (part.len == 0 && s->fails) {
        errno = EIO;
        return -1;
    }
    memcpy(room, part.ptr, part.len);
    s->left = tskl_slice_from(s->left, part.len);
    return (int64_t)part.len;
}

#define READ(reader, text, step_)                                                                  \
    steps source = {.left = (text), .step = (step_)};                                              \
    CLEANUP(tskl_har_reader_deinit) tskl_har_reader reader;                                        \
    tskl_har_reader_init(&reader, give, &source)

static const char har[] =
    "\xef\xbb\xbf{\"x\": [\"log\", {\"entries\": [1]}], \"log\":\n"
    "{ \"pages\": [{}], \"entries\" : [\n"
    " {\"a\": \"}]\\\"\"}, {\"b\":[{}, 2]}\n, 7 , {}], \"version\":\"1.2\"} }\n";

TEST(har_reader, cuts_entries_however_the_bytes_come) {
    static const char *const entries[] = {"{\"a\": \"}]\\\"\"}", "{\"b\":[{}, 2]}", "7", "{}"};
    for (size_t step = 1; step < sizeof har; step += 3) {
        READ(reader, tskl_slice_of(har), step);
        tskl_har_piece piece;
        bool more;
        for (size_t i = 0; i < TSKL_COUNT(entries); i++) {
            CHECK_OK(tskl_har_reader_next(&reader, &piece, &more, &t->err));
            CHECK(more && piece.number == i + 1 && piece.line == (i < 2 ? 3 : 4));
            CHECK_TEXT(tskl_slice_of(entries[i]), piece.text);
        }
        CHECK_OK(tskl_har_reader_next(&reader, &piece, &more, &t->err));
        CHECK(!more && reader.source.taken == sizeof har - 1);
    }
}

TEST(har_reader, says_where_a_file_is_no_har) {
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"", "line 1: this is not a recording"},
        {"<html>", "line 1: this is not a recording"},
        {"{\n\"log\": {}}", "line 2: this is not a recording: it has no log.entries"},
        {"{\"log\": {\"entries\": {}}}", "it has no log.entries"},
        {"{\"log\": {\"entries\": [\n{\"a\": 1", "line 2: the file ends too early"},
        {"{\"log\": {\"entries\": [\n", "line 2: the file ends too early"},
        {"{\"log\": {\"entries\": []}", "the file ends too early"},
        {"{\"log\": {\"entries\": []}}\nx", "line 2: there is unexpected data"},
        {"{\"error\": {\"code\": 1}}", "it has no log.entries"},
        {"{\"log\": {\"entries\": [}]}}", "this is not JSON"},
        {"{\"log\" {}}", "':'"},
        {"{log: {}}", "this is not JSON"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        READ(reader, tskl_slice_of(rows[i].text), 1000);
        tskl_har_piece piece;
        bool more = true;
        tskl_status status = TSKL_OK;
        while (status == TSKL_OK && more)
            status = tskl_har_reader_next(&reader, &piece, &more, &t->err);
        CHECK_ROW(i, status == TSKL_ERR_SYNTAX);
        CHECK_HAS(t->err.message, rows[i].message);
    }
}

TEST(har_reader, takes_entries_in_any_arrangement) {
    static const struct {
        const char *text;
        size_t count;
        bool listed;
        uint32_t last_line;
        const char *last;
    } rows[] = {
        {"{\"entries\":[{\"a\":1}\n,{\"b\":2}],\"x\":1}", 2, true, 2, "{\"b\":2}"},
        {"[{\"a\":1},\n{\"b\":2}]\n", 2, true, 2, "{\"b\":2}"},
        {"[]", 0, true, 0, ""},
        {"{\"request\":{}}", 1, false, 1, "{\"request\":{}}"},
        {"{\"v\":1}\n\n \n{\"v\":2}\r\n", 2, false, 4, "{\"v\":2}"},
        // A line that is damaged costs no other, wherever it stands.
        {"{\"v\":1}\n{\"v\":\n{\"v\":3}", 3, false, 3, "{\"v\":3}"},
        {"{\"v\":\n{\"v\":2}\n{\"v\":3}", 3, false, 3, "{\"v\":3}"},
        {"{\"v\":[\n{\"v\":2}\n{\"v\":3}", 3, false, 3, "{\"v\":3}"},
        {"{\"v\":\"\n{\"v\":2}\n{\"v\":3}", 3, false, 3, "{\"v\":3}"},
        {"{\"other\":1}\n{\"v\":2}", 2, false, 2, "{\"v\":2}"},
        // As jq writes them.
        {"{\n \"request\": {\n }\n}\n{\n \"request\": {}\n}\n", 2, false, 5,
         "{\n \"request\": {}\n}"},
        {"{\"request\":{\"log\":{\"entries\":[1,2]}}}", 1, false, 1,
         "{\"request\":{\"log\":{\"entries\":[1,2]}}}"},
        {"{\"log\":{\"entries\":[1]}}\n{\"log\":{\"entries\":[2]}}", 2, true, 2, "2"},
        {"{\"pages\":[{\"v\":1}],\"log\":{\"entries\":[7]}}", 1, true, 1, "7"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        for (size_t step = 1; step < 100; step += 13) {
            READ(reader, tskl_slice_of(rows[i].text), step);
            tskl_har_piece piece;
            char last[64] = "";
            uint32_t line = 0;
            size_t count = 0;
            for (bool more = true; more;) {
                CHECK_OK(tskl_har_reader_next(&reader, &piece, &more, &t->err));
                if (!more) break;
                CHECK_ROW(i, piece.number == ++count && !piece.too_large);
                CHECK(tskl_slice_to_cstr(piece.text, last, sizeof last));
                line = piece.line;
            }
            CHECK_SAY(count == rows[i].count, "row %zu: %zu", i, count);
            CHECK_ROW(i, reader.listed == rows[i].listed && line == rows[i].last_line);
            CHECK_TEXT(tskl_slice_of(rows[i].last), tskl_slice_of(last));
        }
}

TEST(har_reader, says_that_reading_failed) {
    READ(reader, TSKL_S("{\"log\":"), 1000);
    tskl_har_piece piece;
    bool more;
    source.fails = true;
    CHECK_STATUS(TSKL_ERR_IO, tskl_har_reader_next(&reader, &piece, &more, &t->err));
}

// Endless entries of 1 KiB, so that a file of any size needs no file.
static int64_t give_endlessly(void *user, char *room, size_t size) {
    size_t *given = user;
    static const char head[] = "{\"log\":{\"entries\":[";
    for (size_t i = 0; i < size; i++, ++*given) {
        size_t at = *given - (sizeof head - 1);
        if (*given < sizeof head - 1)
            room[i] = head[*given];
        else
            room[i] = at % 1024 == 0      ? '{'
                      : at % 1024 == 1022 ? '}'
                      : at % 1024 == 1023 ? ','
                                          : ' ';
    }
    return (int64_t)size;
}

TEST_ONCE(har_reader, holds_no_more_than_it_needs) {
    size_t given = 0;
    tskl_har_piece piece;
    bool more;
    CLEANUP(tskl_har_reader_deinit) tskl_har_reader reader;
    tskl_har_reader_init(&reader, give_endlessly, &given);
    for (size_t i = 0; i < 20000; i++) {
        CHECK_OK(tskl_har_reader_next(&reader, &piece, &more, &t->err));
        CHECK(piece.text.len == 1023);
    }
    CHECK(reader.window.room <= 256 * 1024);
}

/** One entry of `size` bytes of string, then a small one. */
typedef struct large {
    size_t given, size;
} large;

static int64_t give_large(void *user, char *room, size_t size) {
    static const char head[] = "{\"log\":{\"entries\":[\"", tail[] = "\",{\"small\":1}]}}";
    large *l = user;
    size_t total = sizeof head - 1 + l->size + sizeof tail - 1, i = 0;
    for (; i < size && l->given < total; i++, l->given++) {
        size_t at = l->given - (sizeof head - 1);
        if (l->given < sizeof head - 1)
            room[i] = head[l->given];
        else
            room[i] = at < l->size ? 'x' : tail[at - l->size];
    }
    return (int64_t)i;
}

TEST_ONCE(har_reader, passes_over_an_entry_that_is_too_large) {
    large l = {.size = 3 * (size_t)TSKL_HAR_ENTRY_MAX};
    tskl_har_piece piece;
    bool more;
    CLEANUP(tskl_har_reader_deinit) tskl_har_reader reader;
    tskl_har_reader_init(&reader, give_large, &l);
    CHECK_OK(tskl_har_reader_next(&reader, &piece, &more, &t->err));
    CHECK(more && piece.too_large && piece.text.len == 0 && piece.number == 1);
    CHECK_OK(tskl_har_reader_next(&reader, &piece, &more, &t->err));
    CHECK(more && !piece.too_large && piece.number == 2);
    CHECK_TEXT(TSKL_S("{\"small\":1}"), piece.text);
    CHECK(reader.window.room <= TSKL_HAR_ENTRY_MAX + 128 * 1024);
}
