// A recording that several processes append to is locked; the program may have locks of its own.
// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"
#include "output/output.h"
#include "output/story.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

// What the program puts in the place of our descriptor as soon as that is locked.
static int programs = -1, reused = -1;
static bool before_it;

static void reuse(int fd) {
    dup2(programs, fd);
    reused = fd;
    programs = -1;
}

// Stands before the C library's in this program, and does the same.
int flock(int fd, int operation) {
    if (programs >= 0 && before_it) {
        // Another process has it, and the program comes in between.
        reuse(fd);
        errno = EWOULDBLOCK;
        return -1;
    }
    int done = (int)syscall(SYS_flock, fd, operation);
    if (programs >= 0) reuse(fd);
    return done;
}

static void close_output(tskl_output **output) {
    tskl_output_close(*output);
}

static void close_fd(int *fd) {
    if (*fd >= 0) close(*fd);
}

// Whether another process could have that lock now.
static bool may_lock(const char *path, int operation) {
    int CLEANUP(close_fd) fd = open(path, O_RDWR | O_CLOEXEC);
    return fd >= 0 && syscall(SYS_flock, fd, operation | LOCK_NB) == 0;
}

TEST_ONCE(har, leaves_the_programs_locks_as_they_are) {
    story *s = story_declined(t);
    CHECK(s);
    for (size_t i = 0; i < 2; i++) {
        tskl_output CLEANUP(close_output) *output = NULL;
        const char *data = tskl_test_write(t, "data", TSKL_S("precious"));
        const char *to = tskl_arena_printf(t->arena, "har:%s/%zu.har", tskl_test_folder(t), i);
        int CLEANUP(close_fd) own = open(data, O_RDWR | O_CLOEXEC);
        CHECK(to && own >= 0 && syscall(SYS_flock, own, LOCK_SH) == 0);
        CHECK_OK(
            tskl_output_open(&(tskl_config_output){.to = tskl_slice_of(to)}, &output, &t->err));
        before_it = i == 1;
        programs = own;
        tskl_log_set(TSKL_LOG_OFF, STDERR_FILENO);
        output->ops->write(output, &s->record);
        tskl_log_set(TSKL_LOG_WARN, STDERR_FILENO);
        bool lost = programs == -1 && output->failed == 1;
        bool shared = may_lock(data, LOCK_SH), kept = !may_lock(data, LOCK_EX);
        programs = -1;
        tskl_output_close(output);
        output = NULL;
        bool open_still = fcntl(reused, F_GETFD) >= 0;
        close(reused);
        CHECK_ROW(i, lost && open_still);
        CHECK_ROW(i, shared && kept); // neither given up nor made a stronger one
        CHECK_TEXT(TSKL_S("precious"), story_file(t, data));
    }
}
