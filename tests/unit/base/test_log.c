// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"
#include "harness.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

// What the log says of one message, at WARN. The log's place is the process's: it is put back.
static tskl_slice logged(tskl_test *t, tskl_log_level level, const char *message) {
    int ends[2];
    if (pipe(ends)) return TSKL_S("no pipe");
    tskl_log_set(TSKL_LOG_WARN, ends[1]);
    tskl_log(level, "%s", message);
    tskl_log_set(TSKL_LOG_WARN, STDERR_FILENO);
    close(ends[1]);
    char *room = tskl_arena_take(t->arena, 2048);
    ssize_t got = room ? read(ends[0], room, 2048) : 0;
    close(ends[0]);
    return (tskl_slice){room, got > 0 ? (size_t)got : 0};
}

TEST(log, writes_one_line_that_says_whose_it_is) {
    CHECK_TEXT(TSKL_S("taskless: pack x is bad\n"), logged(t, TSKL_LOG_WARN, "pack x is bad"));
    CHECK_TEXT(TSKL_S("taskless: ends\n"), logged(t, TSKL_LOG_ERROR, "ends"));
}

TEST(log, leaves_out_what_nobody_asked_for) {
    CHECK(logged(t, TSKL_LOG_INFO, "x").len == 0);
    CHECK(tskl_log_wants(TSKL_LOG_WARN) && !tskl_log_wants(TSKL_LOG_INFO));
}

TEST(log, escapes_what_could_deceive_a_terminal) {
    CHECK_TEXT(TSKL_S("taskless: a\\u{1b}]0;x\\u{7}\\u{a}b\n"),
               logged(t, TSKL_LOG_WARN, "a\x1b]0;x\x07\nb"));
}

TEST(log, ends_a_long_line_with_its_line_end) {
    for (size_t len = 100; len < 2400; len += 7) {
        char *message = tskl_arena_take(t->arena, len + 1);
        CHECK(message);
        memset(message, '\n', len);
        memset(message, 'a', len % 5);
        message[len] = 0;
        tskl_slice line = logged(t, TSKL_LOG_WARN, message);
        CHECK_ROW(len, line.len <= 2048 && tskl_slice_ends(line, TSKL_S("\n")));
        CHECK_ROW(len, tskl_slice_count(line, '\n') == 1);
        tskl_arena_reuse(t->arena);
    }
}

TEST(log, keeps_errno) {
    tskl_log_set(TSKL_LOG_WARN, -1);
    errno = EDOM;
    tskl_log(TSKL_LOG_ERROR, "nowhere to go");
    int after = errno;
    tskl_log_set(TSKL_LOG_WARN, STDERR_FILENO);
    CHECK(after == EDOM);
}

TEST(log, knows_its_levels_by_name) {
    tskl_log_level level;
    CHECK(tskl_log_level_parse(TSKL_S("Debug"), &level) && level == TSKL_LOG_DEBUG);
    CHECK(tskl_log_level_parse(TSKL_S("off"), &level) && level == TSKL_LOG_OFF);
    CHECK(!tskl_log_level_parse(TSKL_S("verbose"), &level));
    CHECK(!tskl_log_level_parse(TSKL_S(""), &level));
}

TEST(log, leaves_a_descriptor_alone_that_means_another_file) {
    int ends[2], other[2];
    char byte;
    CHECK(pipe(ends) == 0 && pipe2(other, O_NONBLOCK) == 0);
    tskl_log_set(TSKL_LOG_WARN, ends[1]);
    dup2(other[1], ends[1]); // as a program does that becomes a daemon
    tskl_log(TSKL_LOG_WARN, "not for a database");
    tskl_log_set(TSKL_LOG_WARN, STDERR_FILENO);
    ssize_t got = read(other[0], &byte, 1);
    for (int i = 0; i < 2; i++) {
        close(ends[i]);
        close(other[i]);
    }
    CHECK(got == -1);
}

TEST(log, survives_a_pipe_that_nobody_reads_and_one_that_is_full) {
    int ends[2];
    CHECK(pipe(ends) == 0);
    tskl_log_set(TSKL_LOG_WARN, ends[1]);
    for (int i = 0; i < 10000; i++) tskl_log(TSKL_LOG_WARN, "nobody reads this: %d", i);
    close(ends[0]);
    tskl_log(TSKL_LOG_WARN, "nor can anybody now"); // SIGPIPE would end the test
    tskl_log_set(TSKL_LOG_WARN, STDERR_FILENO);
    close(ends[1]);
}
