// SPDX-License-Identifier: Apache-2.0
#include "base/buf.h"
#include "harness.h"
#include "recording/text_source.h"
#include "recording/transcript.h"
#include <zlib.h>

/** Gives a text in steps of so many bytes. */
typedef struct steps {
    tskl_slice left;
    size_t step;
} steps;

static int64_t give(void *user, char *room, size_t size) {
    steps *s = user;
    tskl_slice part = tskl_slice_first(s->left, s->step < size ? s->step : size);
    if (part.len) memcpy(room, part.ptr, part.len);
    s->left = tskl_slice_from(s->left, part.len);
    return (int64_t)part.len;
}

/** All of it, at most `size` bytes at a time. */
static tskl_status read_whole(tskl_slice from, size_t step, size_t size, tskl_buf *out,
                              tskl_error *err) {
    steps source = {from, step};
    tskl_text_source text;
    tskl_status status = TSKL_OK;
    tskl_text_source_init(&text, give, &source);
    for (size_t got = 1; status == TSKL_OK && got;) {
        char *room = tskl_buf_reserve(out, size);
        if (!room) status = TSKL_ERR_NOMEM;
        if (room) status = tskl_text_source_read(&text, room, size, &got, err);
        if (status == TSKL_OK) out->len += got;
    }
    tskl_text_source_deinit(&text);
    return status;
}

static tskl_slice packed(tskl_slice plain, tskl_arena *arena) {
    z_stream stream = {0};
    size_t room = plain.len + 128; // it may grow by its head and end
    char *to = tskl_arena_take(arena, room);
    if (!to || deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return (tskl_slice){NULL, 0};
    stream.next_in = (unsigned char *)(uintptr_t)plain.ptr;
    stream.avail_in = (unsigned)plain.len;
    stream.next_out = (unsigned char *)to;
    stream.avail_out = (unsigned)room;
    deflate(&stream, Z_FINISH);
    room = stream.total_out;
    deflateEnd(&stream);
    return tskl_slice_make(to, room);
}

TEST(text_source, gives_utf8_whatever_the_form) {
    static const struct {
        tskl_slice text, plain;
    } rows[] = {
        {TSKL_LIT(""), TSKL_LIT("")},
        {TSKL_LIT("a"), TSKL_LIT("a")},
        {TSKL_LIT("{\"a\":1}"), TSKL_LIT("{\"a\":1}")},
        {TSKL_LIT("\xef\xbb\xbf{}"), TSKL_LIT("{}")},
        {TSKL_LIT("\xff\xfe{\0}\0"), TSKL_LIT("{}")},
        {TSKL_LIT("\xfe\xff\0{\0}"), TSKL_LIT("{}")},
        {TSKL_LIT("{\0\"\0\xe9\0\x3d\xd8\x00\xde\"\0"), TSKL_LIT("{\"\xc3\xa9\xf0\x9f\x98\x80\"")},
        {TSKL_LIT("\0{\0\"\0\xe9\xd8\x3d\xde\x00"), TSKL_LIT("{\"\xc3\xa9\xf0\x9f\x98\x80")},
        // Half a pair, and half a unit at the end.
        {TSKL_LIT("\xff\xfe"
                  "a\0\x3d\xd8"),
         TSKL_LIT("a\xef\xbf\xbd")},
        {TSKL_LIT("\xff\xfe"
                  "a\0b"),
         TSKL_LIT("a\xef\xbf\xbd")},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        for (size_t step = 1; step < 8; step++)
            for (int pack = 0; pack < 2; pack++) {
                tskl_slice text = pack ? packed(rows[i].text, t->arena) : rows[i].text;
                char room[256];
                tskl_buf out = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
                CHECK(text.ptr);
                CHECK_OK(read_whole(text, step, 16, &out, &t->err));
                CHECK_SAY(tskl_slice_equal(rows[i].plain, tskl_buf_slice(&out)), "row %zu, %zu, %d",
                          i, step, pack);
            }
}

TEST(text_source, joins_what_was_packed_by_parts) {
    char room[256];
    tskl_buf out = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
    tskl_slice one = packed(TSKL_S("one "), t->arena), two = packed(TSKL_S("two"), t->arena);
    CHECK(one.ptr && two.ptr);
    char *both = tskl_arena_take(t->arena, one.len + two.len + 3);
    CHECK(both);
    memcpy(both, one.ptr, one.len);
    memcpy(both + one.len, two.ptr, two.len);
    memset(both + one.len + two.len, 0, 3); // padding
    CHECK_OK(read_whole(tskl_slice_make(both, one.len + two.len + 3), 5, 16, &out, &t->err));
    CHECK_TEXT(TSKL_S("one two"), tskl_buf_slice(&out));
}

TEST(text_source, says_where_gzip_is_damaged) {
    tskl_slice whole = packed(TSKL_S("a text of some length"), t->arena);
    char room[256];
    tskl_buf out = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
    CHECK(whole.ptr);
    CHECK_STATUS(TSKL_ERR_SYNTAX,
                 read_whole(tskl_slice_first(whole, whole.len - 9), 7, 16, &out, &t->err));
    CHECK_HAS(t->err.message, "ends too early");
    CHECK_STATUS(TSKL_ERR_SYNTAX,
                 read_whole(TSKL_S("\x1f\x8b\x08junkjunkjunk"), 7, 16, &out, &t->err));
    CHECK_HAS(t->err.message, "damaged");
}

/** The same packed text over and over. */
typedef struct bomb {
    tskl_slice packed;
    size_t at;
} bomb;

static int64_t give_bomb(void *user, char *room, size_t size) {
    bomb *b = user;
    tskl_slice part = tskl_slice_first(tskl_slice_from(b->packed, b->at), size);
    memcpy(room, part.ptr, part.len);
    b->at = (b->at + part.len) % b->packed.len;
    return (int64_t)part.len;
}

TEST_ONCE(text_source, gives_up_a_bomb) {
    enum { MIB = 1 << 20 };
    static char room[MIB];
    tskl_text_source text;
    tskl_status status = TSKL_OK;
    size_t got = 1, total = 0;
    memset(room, ' ', sizeof room);
    bomb b = {packed(tskl_slice_make(room, sizeof room), t->arena), 0};
    CHECK(b.packed.ptr);
    tskl_text_source_init(&text, give_bomb, &b);
    for (; status == TSKL_OK && got && total < (size_t)1024 * MIB; total += got)
        status = tskl_text_source_read(&text, room, sizeof room, &got, &t->err);
    tskl_text_source_deinit(&text);
    CHECK(status == TSKL_ERR_LIMIT && total < (size_t)300 * MIB);
    CHECK_HAS(t->err.message, "times its size");
}

TEST(transcript, tells_a_status_line_by_its_beginning) {
    static const struct {
        const char *text;
        bool is;
    } rows[] = {
        {"HTTP/1.1 402 Payment Required", true},
        {"HTTP/2 402", true},
        {"HTTP/2 402\n", true},
        {"HTTP/1.1 402\r\nx: y", true},
        {"HTTP/1.1 40", false},
        {"HTTP/1.1 4022", false},
        {"HTTP/ 402", false},
        {"HTTP/1.1402", false},
        {"http/1.1 402", false},
        {"HTTP/HTTP/1.1 402", false},
        {"HTTP/111111111111 200", false},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK_ROW(i, tskl_is_status_line(tskl_slice_of(rows[i].text)) == rows[i].is);
}
