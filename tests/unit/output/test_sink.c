// SPDX-License-Identifier: Apache-2.0
#include "output/sink.h"
#include "output/story.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// Two ends of a pipe or socket, closed with the test.
typedef struct pair {
    int read, write;
} pair;

static void close_pair(pair *p) {
    if (p->read >= 0) close(p->read);
    if (p->write >= 0) close(p->write);
}

static pair make_pipe(int flags) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | flags) != 0) abort();
    return (pair){ends[0], ends[1]};
}

static pair make_sockets(void) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) abort();
    return (pair){ends[0], ends[1]};
}

static tskl_status borrow(int fd, tskl_sink *out, tskl_error *err) {
    tskl_descriptor now = tskl_descriptor_of(fd);
    return tskl_sink_borrow(&now, out, err);
}

static bool sigpipe_is_pending(void) {
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, SIGPIPE) == 1;
}

TEST(sink, appends_to_a_file_that_only_its_owner_may_read) {
    const char *path = tskl_arena_printf(t->arena, "%s/calls.ndjson", tskl_test_folder(t));
    CHECK(path);
    for (int i = 0; i < 2; i++) {
        tskl_sink CLEANUP(tskl_sink_close) sink;
        CHECK_OK(tskl_sink_open_file(tskl_slice_of(path), &sink, &t->err));
        CHECK_OK(tskl_sink_write(&sink, TSKL_S("line\n"), &t->err));
        struct stat file;
        CHECK(fstat(sink.file.to.fd, &file) == 0 && (file.st_mode & 07777) == 0600);
        CHECK(fcntl(sink.file.to.fd, F_GETFD) & FD_CLOEXEC);
    }
    CHECK_TEXT(TSKL_S("line\nline\n"), story_file(t, path));
}

TEST(sink, refuses_what_is_no_file_of_its_own) {
    const char *folder = tskl_test_folder(t);
    const char *real = tskl_test_write(t, "real", TSKL_S("x"));
    const char *link = tskl_arena_printf(t->arena, "%s/link", folder);
    const char *below = tskl_arena_printf(t->arena, "%s/none/calls", folder);
    const char *fifo = tskl_arena_printf(t->arena, "%s/fifo", folder);
    CHECK(link && below && fifo && *real && symlink(real, link) == 0 && mkfifo(fifo, 0600) == 0);
    const struct {
        const char *path;
        tskl_status status;
    } rows[] = {
        {link, TSKL_ERR_UNTRUSTED}, {folder, TSKL_ERR_IO},  {below, TSKL_ERR_IO},
        {fifo, TSKL_ERR_IO},        {"", TSKL_ERR_INVALID},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_sink CLEANUP(tskl_sink_close) sink;
        tskl_status status = tskl_sink_open_file(tskl_slice_of(rows[i].path), &sink, &t->err);
        CHECK_ROW(i, status == rows[i].status && sink.file.to.fd == -1);
    }
    CHECK_TEXT(TSKL_S("x"), story_file(t, real));
    tskl_sink none;
    CHECK_STATUS(TSKL_ERR_IO, borrow(987, &none, &t->err));
}

TEST(sink, raises_no_signal_when_its_reader_has_gone) {
    for (int i = 0; i < 2; i++) {
        pair CLEANUP(close_pair) p = i == 0 ? make_pipe(0) : make_sockets();
        tskl_sink sink;
        CHECK_OK(borrow(p.write, &sink, &t->err));
        close(p.read);
        p.read = -1;
        errno = ENOENT;
        CHECK_STATUS(TSKL_ERR_CLOSED, tskl_sink_write(&sink, TSKL_S("line\n"), &t->err));
        CHECK(errno == ENOENT && !sigpipe_is_pending());
    }
}

TEST(sink, keeps_a_signal_that_was_waiting_before) {
    const struct timespec now = {0};
    sigset_t pipe_only, old;
    pair CLEANUP(close_pair) p = make_pipe(0);
    tskl_sink sink;
    CHECK_OK(borrow(p.write, &sink, &t->err));
    close(p.read);
    p.read = -1;
    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    sigprocmask(SIG_BLOCK, &pipe_only, &old);
    raise(SIGPIPE);
    tskl_status status = tskl_sink_write(&sink, TSKL_S("line\n"), NULL);
    bool kept = sigtimedwait(&pipe_only, NULL, &now) == SIGPIPE;
    sigprocmask(SIG_SETMASK, &old, NULL);
    CHECK(status == TSKL_ERR_CLOSED && kept);
}

TEST(sink, gives_up_on_a_reader_that_is_too_slow) {
    pair CLEANUP(close_pair) p = make_pipe(O_NONBLOCK);
    char noise[4096] = {0}, got[4096];
    tskl_sink sink;
    CHECK(fcntl(p.write, F_SETPIPE_SZ, 4096) == 4096);
    CHECK_OK(borrow(p.write, &sink, &t->err));
    CHECK(write(p.write, noise, sizeof noise) == 4096);
    CHECK_STATUS(TSKL_ERR_IO, tskl_sink_write(&sink, TSKL_S("lost\n"), &t->err));
    CHECK_HAS(t->err.message, "too slow");
    CHECK(read(p.read, got, sizeof got) == 4096);
    CHECK_OK(tskl_sink_write(&sink, TSKL_S("kept\n"), &t->err));
    CHECK(read(p.read, got, sizeof got) == 5 && memcmp(got, "kept\n", 5) == 0);
}

TEST(sink, begins_a_new_line_after_a_record_that_was_cut) {
    pair CLEANUP(close_pair) p = make_pipe(O_NONBLOCK);
    char record[6000], got[6000];
    tskl_sink sink;
    memset(record, 'x', sizeof record);
    CHECK(fcntl(p.write, F_SETPIPE_SZ, 4096) == 4096);
    CHECK_OK(borrow(p.write, &sink, &t->err));
    CHECK_STATUS(TSKL_ERR_IO,
                 tskl_sink_write(&sink, tskl_slice_make(record, sizeof record), &t->err));
    CHECK(read(p.read, got, sizeof got) == 4096);
    CHECK_OK(tskl_sink_write(&sink, TSKL_S("next\n"), &t->err));
    CHECK_OK(tskl_sink_write(&sink, TSKL_S("last\n"), &t->err));
    CHECK(read(p.read, got, sizeof got) == 11 && memcmp(got, "\nnext\nlast\n", 11) == 0);
}

TEST(sink, leaves_a_descriptor_alone_that_the_program_uses_otherwise) {
    pair CLEANUP(close_pair) p = make_pipe(0);
    pair CLEANUP(close_pair) data = {-1, -1};
    const char *path = tskl_test_write(t, "data", TSKL_S("precious"));
    tskl_sink sink;
    CHECK(*path);
    CHECK_OK(borrow(p.write, &sink, &t->err));
    data.write = open(path, O_RDWR | O_CLOEXEC);
    CHECK(data.write >= 0 && dup2(data.write, p.write) == p.write);
    CHECK_STATUS(TSKL_ERR_MISMATCH, tskl_sink_write(&sink, TSKL_S("line\n"), &t->err));
    CHECK_TEXT(TSKL_S("precious"), story_file(t, path));
    tskl_sink_close(&sink);
    CHECK(fcntl(p.write, F_GETFD) >= 0);
}
