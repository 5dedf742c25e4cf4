// SPDX-License-Identifier: Apache-2.0
#include "exchange/decode.h"
#include "harness.h"
#include <zlib.h>

enum { CAP = 100000, GZIP = 31, ZLIB = 15, RAW = -15 };

static const char plain_text[] = "hello hello hello hello\n";
static const unsigned char in_brotli[] = {0x1b, 0x17, 0x00, 0xf8, 0x8d, 0x94, 0x6e, 0xde,
                                          0x44, 0x55, 0x86, 0xd6, 0x0a, 0x20, 0x6c, 0x6f,
                                          0x4a, 0x11, 0x79, 0xe2, 0x80, 0xae, 0x16};
static const unsigned char in_zstd[] = {0x28, 0xb5, 0x2f, 0xfd, 0x24, 0x18, 0x6d, 0x00, 0x00,
                                        0x38, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x20, 0x0a, 0x01,
                                        0x00, 0x99, 0x4b, 0x11, 0xa8, 0x7c, 0x2e, 0xa8};

static tskl_slice deflated(tskl_test *t, tskl_slice plain, int window_bits) {
    z_stream stream = {0};
    size_t room = plain.len + 100;
    unsigned char *out = tskl_arena_take(t->arena, room);
    if (!out) return (tskl_slice){NULL, 0};
    deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
    stream.next_in = (unsigned char *)(uintptr_t)plain.ptr;
    stream.avail_in = (unsigned)plain.len;
    stream.next_out = out;
    stream.avail_out = (unsigned)room;
    deflate(&stream, Z_FINISH);
    deflateEnd(&stream);
    return tskl_slice_make(out, stream.total_out);
}

// That many bytes, which repeat themselves after `period` of them.
static tskl_slice run_of(tskl_test *t, size_t len, unsigned period) {
    char *run = tskl_arena_take(t->arena, len);
    for (size_t i = 0; run && i < len; i++) run[i] = (char)(i % period * 31);
    return (tskl_slice){run, run ? len : 0};
}

static tskl_slice joined(tskl_test *t, tskl_slice a, tskl_slice b) {
    char *both = tskl_arena_take(t->arena, a.len + b.len);
    if (!both || !a.ptr || !b.ptr) return (tskl_slice){NULL, 0};
    memcpy(both, a.ptr, a.len);
    memcpy(both + a.len, b.ptr, b.len);
    return (tskl_slice){both, a.len + b.len};
}

static tskl_body body_of(tskl_slice bytes) {
    return (tskl_body){.kept = {.ptr = (char *)(uintptr_t)bytes.ptr, .len = bytes.len},
                       .passed = bytes.len,
                       .wanted = true};
}

static tskl_status decode(tskl_test *t, tskl_slice bytes, const char *coding, size_t cap,
                          tskl_decoded *out) {
    tskl_body body = body_of(bytes);
    return tskl_decode(&body, tskl_slice_of(coding), cap, t->arena, out, &t->err);
}

TEST(decode, undoes_every_coding) {
    struct {
        const char *coding;
        tskl_slice bytes;
    } rows[] = {
        {"gzip", deflated(t, tskl_slice_of(plain_text), GZIP)},
        {"X-GZIP", deflated(t, tskl_slice_of(plain_text), GZIP)},
        {"deflate", deflated(t, tskl_slice_of(plain_text), ZLIB)},
        {"deflate", deflated(t, tskl_slice_of(plain_text), RAW)},
        {"br", tskl_slice_make(in_brotli, sizeof in_brotli)},
        {" zstd ", tskl_slice_make(in_zstd, sizeof in_zstd)},
        {"identity", tskl_slice_of(plain_text)},
        {"", tskl_slice_of(plain_text)},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_decoded out;
        CHECK_OK(decode(t, rows[i].bytes, rows[i].coding, CAP, &out));
        CHECK_ROW(i, !out.failed && !out.truncated);
        CHECK_TEXT(tskl_slice_of(plain_text), out.bytes);
    }
}

TEST(decode, undoes_several_codings_the_last_one_first) {
    tskl_decoded out;
    tskl_slice bytes = deflated(t, tskl_slice_make(in_brotli, sizeof in_brotli), GZIP);
    CHECK_OK(decode(t, bytes, "br, identity, gzip", CAP, &out));
    CHECK_TEXT(tskl_slice_of(plain_text), out.bytes);
}

TEST(decode, copies_nothing_where_there_is_no_coding) {
    tskl_decoded out;
    CHECK_OK(decode(t, tskl_slice_of(plain_text), "", CAP, &out));
    CHECK(out.bytes.ptr == plain_text);
}

TEST(decode, fails_of_codings_it_does_not_know) {
    tskl_decoded out;
    CHECK_OK(decode(t, tskl_slice_of(plain_text), "aws-chunked", CAP, &out));
    CHECK(out.failed && out.bytes.len == 0);
    CHECK_OK(decode(t, tskl_slice_of(plain_text), "gzip,gzip,gzip,gzip,gzip", CAP, &out));
    CHECK(out.failed);
}

TEST(decode, fails_of_what_is_not_in_the_coding_it_claims) {
    static const char *const codings[] = {"gzip", "deflate", "br", "zstd"};
    for (size_t i = 0; i < TSKL_COUNT(codings); i++) {
        tskl_decoded out;
        CHECK_OK(decode(t, TSKL_S("{\"error\":\"plain\"}"), codings[i], CAP, &out));
        CHECK_ROW(i, out.failed && out.bytes.len == 0 && out.arrival_count == 0);
    }
}

TEST(decode, takes_an_empty_body_in_any_coding) {
    tskl_decoded out;
    CHECK_OK(decode(t, TSKL_S(""), "gzip", CAP, &out));
    CHECK(!out.failed && !out.truncated && out.bytes.len == 0);
    CHECK_OK(decode(t, TSKL_S(""), "unknown", CAP, &out));
    CHECK(!out.failed);
}

TEST(decode, stops_at_the_cap) {
    tskl_slice plain = run_of(t, 5000, 251);
    CHECK(plain.ptr);
    for (size_t cap = 4999; cap <= 5001; cap++) {
        tskl_decoded out;
        CHECK_OK(decode(t, deflated(t, plain, GZIP), "gzip", cap, &out));
        CHECK_ROW(cap, out.truncated == (cap < 5000) && !out.failed);
        CHECK_ROW(cap, out.bytes.len == (cap < 5000 ? cap : 5000));
    }
}

TEST(decode, stops_at_a_hundred_times_the_input) {
    tskl_slice bytes = deflated(t, run_of(t, 1000000, 1), GZIP);
    tskl_decoded out;
    CHECK_OK(decode(t, bytes, "gzip", 10000000, &out));
    CHECK(out.truncated && out.bytes.len == 100 * bytes.len);
    CHECK_OK(decode(t, deflated(t, bytes, GZIP), "gzip, gzip", 10000000, &out));
    CHECK(out.truncated && out.bytes.len < 100 * bytes.len);
}

TEST(decode, goes_as_far_as_a_cut_body_goes) {
    tskl_slice whole = deflated(t, tskl_slice_of(plain_text), GZIP);
    for (size_t len = 1; len < whole.len; len++) {
        tskl_body body = body_of(tskl_slice_first(whole, len));
        tskl_decoded out;
        CHECK_OK(tskl_decode(&body, TSKL_S("gzip"), CAP, t->arena, &out, &t->err));
        CHECK_ROW(len, out.truncated && !out.failed);
        CHECK_ROW(len, tskl_slice_starts(tskl_slice_of(plain_text), out.bytes));
    }
}

TEST(decode, says_of_a_body_that_was_cut_that_it_was) {
    tskl_body body = body_of(tskl_slice_of(plain_text));
    body.truncated = true;
    tskl_decoded out;
    CHECK_OK(tskl_decode(&body, TSKL_S(""), CAP, t->arena, &out, &t->err));
    CHECK(out.truncated && out.bytes.len > 0);
}

TEST(decode, reads_members_one_after_another_and_passes_over_padding) {
    static const char *const padding[] = {"", "\0\0\0\0", "junk", "\x1fjunk", "junk\x1f\x8b\x08"};
    tskl_slice one = deflated(t, TSKL_S("one "), GZIP), two = deflated(t, TSKL_S("two"), GZIP);
    for (size_t i = 0; i < TSKL_COUNT(padding); i++) {
        tskl_decoded out;
        tskl_slice bytes = joined(t, one, two), pad = {padding[i], i == 1 ? 4 : strlen(padding[i])};
        CHECK_OK(decode(t, joined(t, bytes, pad), "gzip", CAP, &out));
        CHECK_ROW(i, !out.failed);
        CHECK_TEXT(TSKL_S("one two"), out.bytes);
    }
}

TEST(decode, reads_zstd_frames_one_after_another) {
    tskl_slice frame = tskl_slice_make(in_zstd, sizeof in_zstd);
    tskl_decoded out;
    CHECK_OK(decode(t, joined(t, frame, frame), "zstd", CAP, &out));
    CHECK(!out.failed && !out.truncated && out.bytes.len == 2 * strlen(plain_text));
}

TEST(decode, refuses_zstd_windows_that_http_does_not_allow) {
    static const unsigned char window_of_128_mib[] = {0x28, 0xb5, 0x2f, 0xfd, 0x00,
                                                      0x88, 0x01, 0x00, 0x00};
    tskl_decoded out;
    CHECK_OK(
        decode(t, tskl_slice_make(window_of_128_mib, sizeof window_of_128_mib), "zstd", CAP, &out));
    CHECK(out.failed);
}

TEST(decode, tells_when_each_decoded_byte_came) {
    tskl_slice bytes =
        joined(t, deflated(t, TSKL_S("one "), GZIP), deflated(t, TSKL_S("two"), GZIP));
    size_t first = deflated(t, TSKL_S("one "), GZIP).len;
    tskl_arrival arrivals[] = {{5, 10}, {first, 20}, {first + 1, 30}, {bytes.len, 40}};
    tskl_body body = body_of(bytes);
    body.arrivals = arrivals;
    body.arrival_count = TSKL_COUNT(arrivals);
    tskl_decoded out;
    CHECK_OK(tskl_decode(&body, TSKL_S("gzip"), CAP, t->arena, &out, &t->err));
    CHECK_TEXT(TSKL_S("one two"), out.bytes);
    CHECK(out.arrival_count == 2);
    CHECK(out.arrivals[0].upto == 4 && out.arrivals[0].time_us == 20);
    CHECK(out.arrivals[1].upto == 7 && out.arrivals[1].time_us == 40);
}

TEST(decode, gives_the_same_bytes_however_they_came) {
    static const char *const codings[] = {"gzip", "deflate", "br", "zstd"};
    tskl_slice bytes[] = {
        deflated(t, tskl_slice_of(plain_text), GZIP), deflated(t, tskl_slice_of(plain_text), ZLIB),
        tskl_slice_make(in_brotli, sizeof in_brotli), tskl_slice_make(in_zstd, sizeof in_zstd)};
    for (size_t i = 0; i < TSKL_COUNT(codings); i++) {
        tskl_arrival arrivals[100];
        tskl_body body = body_of(bytes[i]);
        body.arrivals = arrivals;
        for (size_t at = 0; at < bytes[i].len; at++)
            arrivals[body.arrival_count++] = (tskl_arrival){at + 1, (int64_t)at};
        tskl_decoded out;
        CHECK_OK(tskl_decode(&body, tskl_slice_of(codings[i]), CAP, t->arena, &out, &t->err));
        CHECK_TEXT(tskl_slice_of(plain_text), out.bytes);
        CHECK_ROW(i, out.arrivals[out.arrival_count - 1].upto == out.bytes.len);
    }
}
