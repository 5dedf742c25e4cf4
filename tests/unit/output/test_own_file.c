// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "output/output.h"
#include "output/own_file.h"
#include "output/story.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { NOBODY = 65534, FDS = 4096 };

static void close_fd(int *fd) {
    if (*fd >= 0) close(*fd);
}

static void close_output(tskl_output **output) {
    tskl_output_close(*output);
}

static tskl_status open_for_appending(const char *path, tskl_own_file *out, tskl_error *err) {
    return tskl_own_file_open(tskl_slice_of(path), O_WRONLY | O_APPEND, out, err);
}

TEST(own_file, is_opened_again_when_the_program_has_closed_it) {
    tskl_own_file CLEANUP(tskl_own_file_close) file = TSKL_OWN_FILE_NONE;
    const char *path = tskl_test_write(t, "calls", TSKL_S("")),
               *data = tskl_test_write(t, "data", TSKL_S("precious"));
    CHECK(*path && *data);
    CHECK_OK(open_for_appending(path, &file, &t->err));
    int number = file.to.fd, CLEANUP(close_fd) programs = open(data, O_RDWR | O_CLOEXEC);
    CHECK(programs >= 0 && dup2(programs, number) == number);
    CHECK_OK(tskl_own_file_check(&file, &t->err));
    CHECK(file.to.fd != number && tskl_descriptor_write(&file.to, TSKL_S("ours\n")) == 5);
    CHECK_TEXT(TSKL_S("precious"), story_file(t, data));
    CHECK_TEXT(TSKL_S("ours\n"), story_file(t, path));
    tskl_own_file_close(&file);
    CHECK(fcntl(number, F_GETFD) >= 0);
    close(number);
}

TEST(own_file, is_given_up_where_its_path_leads_elsewhere_by_then) {
    tskl_own_file CLEANUP(tskl_own_file_close) file = TSKL_OWN_FILE_NONE;
    const char *path = tskl_test_write(t, "calls", TSKL_S(""));
    const char *kept = tskl_arena_printf(t->arena, "%s.1", path);
    CHECK(*path && kept);
    for (int i = 0; i < 2; i++) {
        CHECK_OK(open_for_appending(path, &file, &t->err));
        CHECK(rename(path, kept) == 0);
        if (i == 1) CHECK(*tskl_test_write(t, "calls", TSKL_S("new")));
        close(file.to.fd);
        CHECK_STATUS(TSKL_ERR_MISMATCH, tskl_own_file_check(&file, &t->err));
        tskl_own_file_close(&file);
        CHECK(i == 1 || access(path, F_OK) != 0); // none is made in its place
        if (i == 0) CHECK(rename(kept, path) == 0);
    }
    CHECK_TEXT(TSKL_S("new"), story_file(t, path));
}

TEST(own_file, has_one_name_where_others_may_write) {
    const char *folder = tskl_test_folder(t), *real = tskl_test_write(t, "real", TSKL_S("x"));
    const char *link_path = tskl_arena_printf(t->arena, "%s/calls", folder);
    CHECK(*real && link_path && link(real, link_path) == 0);
    static const struct {
        mode_t mode;
        tskl_status status;
    } rows[] = {
        {0700, TSKL_OK}, {0755, TSKL_OK}, {01777, TSKL_ERR_UNTRUSTED}, {0770, TSKL_ERR_UNTRUSTED}};
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_own_file CLEANUP(tskl_own_file_close) file = TSKL_OWN_FILE_NONE;
        CHECK(chmod(folder, rows[i].mode) == 0);
        tskl_status status = open_for_appending(link_path, &file, &t->err);
        CHECK(chmod(folder, 0700) == 0);
        CHECK_ROW(i, status == rows[i].status);
    }
}

TEST(own_file, is_nobody_elses_of_whatever_kind) {
    if (geteuid() != 0) SKIP("only root can give a file away");
    const char *fifo = tskl_arena_printf(t->arena, "%s/fifo", tskl_test_folder(t)),
               *device = tskl_arena_printf(t->arena, "%s/device", tskl_test_folder(t)),
               *plain = tskl_test_write(t, "plain", TSKL_S("x"));
    CHECK(fifo && device && *plain && mkfifo(fifo, 0666) == 0);
    bool has_device = mknod(device, S_IFCHR | 0666, makedev(1, 3)) == 0;
    int CLEANUP(close_fd) reader = open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    const char *const paths[] = {fifo, plain, device};
    for (size_t i = 0; i < TSKL_COUNT(paths) - !has_device; i++) {
        tskl_own_file CLEANUP(tskl_own_file_close) file = TSKL_OWN_FILE_NONE;
        CHECK_ROW(i, chown(paths[i], NOBODY, NOBODY) == 0);
        CHECK_ROW(i, open_for_appending(paths[i], &file, &t->err) == TSKL_ERR_UNTRUSTED);
    }
    CHECK_HAS(t->err.message, "another user");
}

TEST(own_file, is_no_socket) {
    tskl_own_file CLEANUP(tskl_own_file_close) file = TSKL_OWN_FILE_NONE;
    const char *path = tskl_arena_printf(t->arena, "%s/socket", tskl_test_folder(t));
    CHECK(path && mknod(path, S_IFSOCK | 0600, 0) == 0);
    CHECK_STATUS(TSKL_ERR_IO, open_for_appending(path, &file, &t->err));
}

// Closes what an output has opened, as a daemon does that knows nothing of it, and puts the
// program's own file or socket in its place. Returns how many numbers that were.
static int reuse(const bool before[FDS], int programs, int peer) {
    int count = 0;
    for (int fd = 3; fd < FDS; fd++)
        if (!before[fd] && fd != programs && fd != peer && fcntl(fd, F_GETFD) >= 0)
            count += dup2(programs, fd) == fd;
    return count;
}

static void close_again(const bool before[FDS]) {
    for (int fd = 3; fd < FDS; fd++)
        if (!before[fd]) close(fd);
}

static void look(bool open_now[FDS]) {
    for (int fd = 0; fd < FDS; fd++) open_now[fd] = fcntl(fd, F_GETFD) >= 0;
}

// What a program may have in the place of a number of ours, and its other end.
typedef struct own {
    int fd, peer; // -1: a file has none
} own;

static own open_own(const char *path) {
    int ends[2];
    if (path) return (own){open(path, O_RDWR | O_CLOEXEC), -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) return (own){-1, -1};
    return (own){ends[0], ends[1]};
}

static bool is_given_nothing(const own *it, const char *path, tskl_test *t) {
    char byte;
    if (path) return tskl_slice_equal(story_file(t, path), TSKL_S("precious"));
    return recv(it->peer, &byte, 1, MSG_DONTWAIT) == -1 && errno == EAGAIN;
}

static bool lift_limit(struct rlimit *old) {
    if (getrlimit(RLIMIT_NOFILE, old)) return false;
    struct rlimit limit = {FDS, old->rlim_max};
    return old->rlim_max < FDS || setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

TEST_ONCE(own_file, of_an_output_is_told_from_the_programs_in_its_place) {
    static const struct {
        const char *kind;
        bool socket;
    } rows[] = {{"file", false}, {"har", false}, {"file", true}, {"har", true}};
    static bool before[FDS];
    struct rlimit old;
    CHECK(lift_limit(&old));
    story *s = story_declined(t);
    CHECK(s);
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_output CLEANUP(close_output) *output = NULL;
        const char *data = rows[i].socket ? NULL : tskl_test_write(t, "data", TSKL_S("precious")),
                   *path = tskl_arena_printf(t->arena, "%s/calls%zu", tskl_test_folder(t), i),
                   *to = tskl_arena_printf(t->arena, "%s:%s", rows[i].kind, path);
        CHECK(path && to);
        look(before);
        CHECK_OK(
            tskl_output_open(&(tskl_config_output){.to = tskl_slice_of(to)}, &output, &t->err));
        own programs = open_own(data);
        int reused = reuse(before, programs.fd, programs.peer);
        output->ops->write(output, &s->record);
        output->ops->write(output, &s->record);
        bool written = output->written == 2 && output->failed == 0;
        tskl_output_close(output);
        output = NULL;
        bool untouched = is_given_nothing(&programs, data, t);
        close_again(before);
        CHECK_ROW(i, reused == 1 && written && untouched);
        CHECK_ROW(i, tskl_slice_search(story_file(t, path), TSKL_S("/v1/charges")) != SIZE_MAX);
    }
    CHECK(setrlimit(RLIMIT_NOFILE, &old) == 0);
}

static void *wait_for_gate(void *gate) {
    sem_wait(gate);
    return NULL;
}

TEST_ONCE(own_file, moves_far_up_only_where_that_takes_no_time) {
    struct rlimit old, limit;
    sem_t gate;
    pthread_t other;
    CHECK(getrlimit(RLIMIT_NOFILE, &old) == 0 && sem_init(&gate, 0, 0) == 0);
    limit = old;
    limit.rlim_cur = 1024;
    const char *path = tskl_test_write(t, "calls", TSKL_S(""));
    CHECK(*path && setrlimit(RLIMIT_NOFILE, &limit) == 0);
    CHECK(pthread_create(&other, NULL, wait_for_gate, &gate) == 0);
    tskl_own_file CLEANUP(tskl_own_file_close) file = TSKL_OWN_FILE_NONE;
    tskl_status status = open_for_appending(path, &file, &t->err);
    int opened = file.to.fd;
    bool checked = status == TSKL_OK && tskl_own_file_check(&file, &t->err) == TSKL_OK;
    sem_post(&gate);
    pthread_join(other, NULL);
    sem_destroy(&gate);
    setrlimit(RLIMIT_NOFILE, &old);
    CHECK(checked && opened >= 48 && opened < 768 && file.to.fd == opened);
}
