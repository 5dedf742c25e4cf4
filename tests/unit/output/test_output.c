// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"
#include "config/outputs.h"
#include "output/output.h"
#include "output/story.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void close_output(tskl_output **output) {
    tskl_output_close(*output);
}

static void close_fd(int *fd) {
    if (*fd >= 0) close(*fd);
}

static tskl_status open_named(const char *to, tskl_format format, tskl_output **out,
                              tskl_error *err) {
    tskl_config_output spec = {.to = tskl_slice_of(to), .format = format};
    int fd;
    if (tskl_output_parse_fd(spec.to, &fd)) spec.given = tskl_descriptor_of(fd);
    return tskl_output_open(&spec, out, err);
}

// What the format makes of a decline in a file.
static tskl_slice written(tskl_test *t, tskl_format format) {
    tskl_output CLEANUP(close_output) *output = NULL;
    const char *path = tskl_arena_printf(t->arena, "%s/%d", tskl_test_folder(t), (int)format);
    const char *to = tskl_arena_printf(t->arena, "file:%s", path ? path : "");
    story *s = story_declined(t);
    if (!path || !to || !s || open_named(to, format, &output, &t->err) != TSKL_OK)
        return (tskl_slice){0};
    output->ops->write(output, &s->record);
    return story_file(t, path);
}

TEST(output, writes_the_format_it_was_asked_for) {
    static const struct {
        tskl_format format;
        const char *begins;
    } rows[] = {
        {TSKL_FORMAT_AUTO, "{\"v\":1,\"id\":"},
        {TSKL_FORMAT_NDJSON, "{\"v\":1,\"id\":"},
        {TSKL_FORMAT_STABLE, "{\"v\":1,\"method\":"},
        {TSKL_FORMAT_TASKLESS, "{\"requestId\":"},
        {TSKL_FORMAT_PRETTY, "02:15:04  402  184 ms  POST"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK_ROW(i, tskl_slice_starts(written(t, rows[i].format), tskl_slice_of(rows[i].begins)));
}

TEST(output, names_the_one_it_cannot_open) {
    static const struct {
        const char *to;
        tskl_status status;
    } rows[] = {
        {"", TSKL_ERR_INVALID},
        {"stdouts", TSKL_ERR_INVALID},
        {"fd:", TSKL_ERR_INVALID},
        {"fd:two", TSKL_ERR_INVALID},
        {"fd:99999999999", TSKL_ERR_INVALID},
        {"fd:987", TSKL_ERR_IO},
        {"file:", TSKL_ERR_INVALID},
        {"har:", TSKL_ERR_INVALID},
        {"har:/none/x.har", TSKL_ERR_IO},
        {"kafka:x", TSKL_ERR_INVALID},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_output CLEANUP(close_output) *output = NULL;
        tskl_status status = open_named(rows[i].to, TSKL_FORMAT_AUTO, &output, &t->err);
        const char *name = tskl_arena_printf(t->arena, "output \"%s\"", rows[i].to);
        CHECK_ROW(i, status == rows[i].status && !output);
        CHECK(name);
        CHECK_HAS(t->err.message, name);
    }
}

TEST(output, uses_stderr_and_stdout_as_they_are) {
    static const char *const names[] = {"stderr", "stdout"};
    for (size_t i = 0; i < TSKL_COUNT(names); i++) {
        tskl_output *output;
        CHECK_OK(open_named(names[i], TSKL_FORMAT_NDJSON, &output, &t->err));
        CHECK_TEXT(tskl_slice_of(names[i]), tskl_slice_of(output->name));
        tskl_output_close(output);
    }
    CHECK(fcntl(STDOUT_FILENO, F_GETFD) >= 0 && fcntl(STDERR_FILENO, F_GETFD) >= 0);
}

typedef struct terminal {
    int master, slave;
} terminal;

static void close_terminal(terminal *pair) {
    if (pair->slave >= 0) close(pair->slave);
    if (pair->master >= 0) close(pair->master);
}

static terminal open_terminal(void) {
    terminal pair = {posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK), -1};
    if (pair.master >= 0 && grantpt(pair.master) == 0 && unlockpt(pair.master) == 0)
        pair.slave = open(ptsname(pair.master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    return pair;
}

TEST(output, is_pretty_on_a_terminal_of_any_width) {
    tskl_output CLEANUP(close_output) *output = NULL;
    terminal CLEANUP(close_terminal) pair = open_terminal();
    CHECK(pair.slave >= 0);
    struct winsize size = {.ws_col = 50, .ws_row = 24};
    CHECK(ioctl(pair.slave, TIOCSWINSZ, &size) == 0);
    const char *to = tskl_arena_printf(t->arena, "fd:%d", pair.slave);
    story *s = story_declined(t);
    char got[4096];
    CHECK(to && s);
    CHECK_OK(open_named(to, TSKL_FORMAT_AUTO, &output, &t->err));
    output->ops->write(output, &s->record);
    ssize_t len = read(pair.master, got, sizeof got - 1);
    CHECK(len > 0);
    got[len] = 0;
    CHECK_HAS(got, "api.stri");
    CHECK(!strstr(got, "{\"v\":1"));
}

#define DECEIVES "\xe2\x80\xae\xe2\x80\x8b\xf3\xa0\x81\x81"

TEST(output, of_json_shows_a_terminal_nothing_that_deceives_and_keeps_it_in_files) {
    static const tskl_format formats[] = {TSKL_FORMAT_NDJSON, TSKL_FORMAT_STABLE,
                                          TSKL_FORMAT_TASKLESS};
    tskl_capture captures[] = {{.pack = TSKL_S("core"),
                                .name = TSKL_S("error"),
                                .kind = TSKL_JSON_STRING,
                                .text = TSKL_S("a" DECEIVES "b")}};
    tskl_captures deceptive = {.items = captures, .count = 1};
    story *s = story_declined(t);
    CHECK(s);
    s->record.captures = &deceptive;
    for (size_t i = 0; i < TSKL_COUNT(formats); i++) {
        tskl_output CLEANUP(close_output) *output = NULL, CLEANUP(close_output) *file = NULL;
        terminal CLEANUP(close_terminal) pair = open_terminal();
        const char *path = tskl_arena_printf(t->arena, "%s/%zu", tskl_test_folder(t), i),
                   *to = tskl_arena_printf(t->arena, "fd:%d", pair.slave),
                   *to_file = tskl_arena_printf(t->arena, "file:%s", path ? path : "");
        char got[4096] = {0};
        CHECK(path && to && to_file);
        CHECK_OK(open_named(to, formats[i], &output, &t->err));
        CHECK_OK(open_named(to_file, formats[i], &file, &t->err));
        output->ops->write(output, &s->record);
        file->ops->write(file, &s->record);
        CHECK(read(pair.master, got, sizeof got - 1) > 0);
        CHECK_HAS(got, "a\\u202e\\u200b\\udb40\\udc41b");
        CHECK_ROW(i, tskl_slice_search(story_file(t, path), TSKL_S("a" DECEIVES "b")) != SIZE_MAX);
    }
}

typedef struct heard {
    size_t count;
    char last[2048];
} heard;

static void hear(void *user, tskl_slice line) {
    heard *h = user;
    h->count++;
    tskl_slice_to_cstr(line, h->last, sizeof h->last);
}

TEST(output, hands_records_to_a_callback) {
    tskl_output CLEANUP(close_output) *output = NULL;
    heard h = {0};
    story *s = story_declined(t);
    CHECK(s);
    CHECK_OK(tskl_output_open_callback(hear, &h, &output, &t->err));
    output->ops->write(output, &s->record);
    output->ops->write(output, &s->record);
    CHECK(h.count == 2 && output->written == 2);
    CHECK(h.last[0] == '{' && h.last[strlen(h.last) - 1] == '}');
}

TEST(output, counts_what_is_lost_and_says_so_once) {
    tskl_output CLEANUP(close_output) *output = NULL;
    int CLEANUP(close_fd) full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    int log[2];
    char said[1024] = {0};
    story *s = story_declined(t);
    const char *to = tskl_arena_printf(t->arena, "fd:%d", full);
    CHECK(s && to && full >= 0);
    CHECK_OK(open_named(to, TSKL_FORMAT_NDJSON, &output, &t->err));
    CHECK(pipe2(log, O_CLOEXEC | O_NONBLOCK) == 0);
    tskl_log_set(TSKL_LOG_WARN, log[1]);
    for (int i = 0; i < 3; i++) output->ops->write(output, &s->record);
    tskl_log_set(TSKL_LOG_OFF, STDERR_FILENO);
    ssize_t len = read(log[0], said, sizeof said - 1);
    close(log[0]);
    close(log[1]);
    CHECK(output->failed == 3 && output->written == 0);
    CHECK(len > 0);
    CHECK_HAS(said, "records are lost: No space left on device");
    CHECK(strchr(said, '\n') == said + len - 1);
}
