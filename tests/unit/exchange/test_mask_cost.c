// What masking costs where an answer was made to be dear. It has no steps that could be counted as
// those of the search are: each text is masked in a child that the kernel ends when it has used a
// hundred times the processor time that reading each byte a few times takes.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"
#include "exchange/view.h"
#include "harness.h"
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIZE = 2 << 20, SECONDS = 8 };

// `head`, then `unit` again and again, then `tail`: SIZE bytes in all.
static tskl_slice fill(tskl_arena *arena, const char *head, const char *unit, const char *tail) {
    size_t at = strlen(head), tail_len = strlen(tail), unit_len = strlen(unit);
    char *text = tskl_arena_take(arena, SIZE);
    if (!text) return (tskl_slice){NULL, 0};
    memcpy(text, head, at);
    for (; at + unit_len + tail_len <= SIZE; at += unit_len) memcpy(text + at, unit, unit_len);
    memcpy(text + at, tail, tail_len);
    return (tskl_slice){text, at + tail_len};
}

/** One text under way, and what is to be done with it. */
typedef struct work {
    bool (*run)(struct work *w);
    tskl_arena *arena;
    const tskl_mask_rules *rules;
    tskl_slice type, text;
} work;

// True when it was done in time.
static bool is_cheap(work *w) {
    const struct rlimit limit = {SECONDS, SECONDS};
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        bool done = setrlimit(RLIMIT_CPU, &limit) == 0 && w->run(w);
        _exit(done ? 0 : 1);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

static bool mask_body(work *w) {
    tskl_secrets secrets = {0};
    tskl_slice out;
    return tskl_mask_body(w->rules, w->type, w->text, w->arena, &out, &secrets, NULL) == TSKL_OK &&
           out.len > 0;
}

static bool mask_url(work *w) {
    tskl_secrets secrets = {0};
    tskl_slice out;
    return tskl_mask_url(NULL, w->text, w->arena, &out, &secrets, NULL) == TSKL_OK && out.len > 0;
}

static bool mask_headers(work *w) {
    tskl_secrets secrets = {0};
    tskl_headers headers;
    return tskl_headers_parse(w->text, w->arena, &headers, NULL) == TSKL_OK &&
           tskl_mask_headers(NULL, &headers, w->arena, &secrets, NULL) == TSKL_OK &&
           tskl_secrets_remember_cookies(&secrets, w->arena);
}

static bool remember_users(work *w) {
    tskl_secrets secrets = {0};
    char user[32];
    for (int i = 0; i < 100000; i++) {
        snprintf(user, sizeof user, "somebody%d", i);
        if (!tskl_secrets_add_user(&secrets, w->arena, tskl_slice_of(user))) return false;
    }
    return tskl_secrets_remember_users(&secrets, w->arena, w->text) && secrets.count > 0;
}

#define JSON "application/json"
#define FORM "application/x-www-form-urlencoded"
#define XML "application/xml"
#define PARTS "multipart/mixed"
#define TEXT "text/plain"
#define PART "--b\r\nContent-Type: multipart/mixed\r\n\r\n"

TEST_ONCE(mask_cost, of_a_body_is_in_proportion_to_it) {
    static const struct {
        const char *type, *head, *unit, *tail;
    } rows[] = {
        {FORM, "", "a=b;", "%41"},
        {FORM, "", "key=b;", "%41"},
        {FORM, "a=", "%252525", ""},
        {FORM, "", "&", "a=%41"},
        {FORM, "", "a[", "]=b%41&"},
        {TEXT, "", "key=", ""},
        {TEXT, "", "token=", ""},
        {TEXT, "", "key: ", ""},
        {TEXT, "", "\"key\": '", ""},
        {TEXT, "", "\"key\":[\"", ""},
        {TEXT, "", "- - export key=", ""},
        {TEXT, "", "a://?a=)", ""},
        {TEXT, "", "://", ""},
        {TEXT, "", "?a", ""},
        {TEXT, "", "-----BEGIN ", ""},
        {TEXT, "", "-----BEGIN PRIVATE KEY-----", ""},
        {TEXT, "", "%2525", ""},
        {JSON, "[\"a=", "\\\\\\\\\\\\\\\"", "\"]"},
        {JSON, "[\"{\\\"a\\\":", "\\\\\\\"a=", "\"]"},
        {JSON, "{\"a\":0", ",\"password\":\"value-of-it\"", "}"},
        {JSON, "{\"a\":0", ",\"value\":\"a\",\"name\":\"b\"", "}"},
        {JSON, "{\"a\":0", ",\"data\":{\"kind\":0}", "}"},
        {JSON, "{\"a\":[0", ",{\"token\":\"a\"", ""},
        {JSON, "", "{", ""},
        {"application/x-ndjson", "", "{\"a\":\n", ""},
        {"text/event-stream", "", "data: {\n", ""},
        {"text/event-stream", "", "data: a\nb\n", ""},
        {XML, "<a", " b='c'", "/>"},
        {XML, "<a ", "name=", ">"},
        {XML, "", "<a b=\"", ""},
        {XML, "", "<!--", ""},
        {XML, "", "<![CDATA[", ""},
        {XML, "", "<name>password", ""},
        {XML, "<a>", "&amp;amp;", "</a>"},
        {PARTS, "", PART, ""},
        {PARTS, "", "--b\r\nContent-Disposition: form-data; name=x\r\n", ""},
        {PARTS, PART, "name", "\r\n\r\n"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        work w = {mask_body, t->arena, NULL, tskl_slice_of(rows[i].type),
                  fill(t->arena, rows[i].head, rows[i].unit, rows[i].tail)};
        CHECK_ROW(i, w.text.ptr && is_cheap(&w));
        tskl_arena_reuse(t->arena);
    }
}

// Each further ".." of a path could multiply what is nested by its depth.
TEST_ONCE(mask_cost, of_what_is_nested_is_that_of_its_names) {
    static const char *const texts[] = {"$..a..v", "$..a..w", "$..a[*]..y", "$..*..z"};
    tskl_json_path paths[TSKL_COUNT(texts)];
    char head[512] = "";
    for (size_t i = 0; i < TSKL_COUNT(texts); i++)
        CHECK_OK(tskl_json_path_parse(tskl_slice_of(texts[i]), t->arena, &paths[i], &t->err));
    for (size_t i = 0; i < 60; i++) strcat(head, "{\"a\":");
    strcat(head, "{\"x\":0");
    tskl_mask_rules rules = {.json = paths, .json_count = TSKL_COUNT(paths)};
    work w = {mask_body, t->arena, &rules, TSKL_S(JSON), fill(t->arena, head, ",\"x\":0", "}")};
    CHECK(w.text.ptr && is_cheap(&w));
}

TEST_ONCE(mask_cost, of_a_url_is_in_proportion_to_it) {
    static const char *const units[] = {"&",       ";", "a=b;", "a=b&", "%25",
                                        "/hooks/", "@", ":",    "#a="};
    for (size_t i = 0; i < TSKL_COUNT(units); i++) {
        work w = {.run = mask_url,
                  .arena = t->arena,
                  .text = fill(t->arena, "https://api.example.com/?a=", units[i], "%41")};
        CHECK_ROW(i, w.text.ptr && is_cheap(&w));
        w.text = fill(t->arena, "https://api.example.com/", units[i], "%41");
        CHECK_ROW(i, w.text.ptr && is_cheap(&w));
        tskl_arena_reuse(t->arena);
    }
}

// 990 headers in the order in which each is put before all others, and names in Connection.
static tskl_slice many_headers(tskl_arena *arena, const char *unit) {
    tskl_slice names = fill(arena, "connection: ", unit, "\r\n");
    tskl_buf lines = {.ptr = tskl_arena_take(arena, SIZE * 2), .room = SIZE * 2};
    lines.cap = lines.room;
    if (!names.ptr || !lines.ptr) return (tskl_slice){NULL, 0};
    tskl_buf_add(&lines, names);
    for (int i = 990; i > 0; i--) tskl_buf_printf(&lines, "x%03d: b\r\n", i);
    return tskl_buf_slice(&lines);
}

TEST_ONCE(mask_cost, of_a_head_is_in_proportion_to_it) {
    static const struct {
        const char *head, *unit, *tail;
    } rows[] = {
        {"cookie: ", "a=some-value; ", "\r\n"},
        {"", "cookie: a=some-value\r\n", ""},
        {"", "set-cookie: a=some-value; path=/\r\n", ""},
        {"authorization: A ", "b=some-value,", "\r\n"},
        {"authorization: A ", "b:", "\r\n"},
        {"location: http://", "a@", "\r\n"},
        {"x: ", "\r\n y", "\r\n"},
        {"", "\r\n ", ""},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        work w = {.run = mask_headers,
                  .arena = t->arena,
                  .text = fill(t->arena, rows[i].head, rows[i].unit, rows[i].tail)};
        CHECK_ROW(i, w.text.ptr && is_cheap(&w));
        w.text = many_headers(t->arena, i % 2 ? "a," : "x500,");
        CHECK_ROW(i, w.text.ptr && is_cheap(&w));
        tskl_arena_reuse(t->arena);
    }
}

TEST_ONCE(mask_cost, of_users_is_that_of_as_many_as_are_remembered) {
    work w = {.run = remember_users,
              .arena = t->arena,
              .text = fill(t->arena, "https://", "somebody-", "")};
    CHECK(w.text.ptr && is_cheap(&w));
}
