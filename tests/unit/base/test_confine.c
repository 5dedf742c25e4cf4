// What a process that compiles somebody's Pack may take, as the kernel has it. Each in a child, of
// which nothing is left: 0 is well.
// SPDX-License-Identifier: Apache-2.0
#include "base/confine.h"
#include "harness.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define MIB ((rlim_t)1 << 20)

// No more than `most`; less where whoever runs the tests has less.
static bool is_limited(int resource, rlim_t most) {
    struct rlimit limit;
    return getrlimit(resource, &limit) == 0 && limit.rlim_cur <= most && limit.rlim_max <= most;
}

static bool memory_is_limited(void) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true; // a sanitizer maps terabytes
#else
    return is_limited(RLIMIT_AS, 4096 * MIB) && is_limited(RLIMIT_DATA, 1024 * MIB);
#endif
}

static bool is_offered_to_the_kernel(void) {
    char text[8] = "";
    int fd = open("/proc/self/oom_score_adj", O_RDONLY | O_CLOEXEC);
    return fd >= 0 && read(fd, text, sizeof text - 1) > 0 && atoi(text) == 1000;
}

static int confine(void) {
    tskl_confine_resources();
    if (!memory_is_limited()) return 2;
    if (!is_limited(RLIMIT_CPU, TSKL_CONFINED_SECONDS)) return 3;
    if (!is_limited(RLIMIT_CORE, 0)) return 4;
    errno = 0;
    if (getpriority(PRIO_PROCESS, 0) != 19 || errno) return 5;
    if (!is_offered_to_the_kernel()) return 6;
    // By the clock as well: a compiler that sleeps takes no processor time.
    unsigned left = alarm(0);
    return left > 0 && left <= TSKL_CONFINED_SECONDS ? 0 : 7;
}

TEST_ONCE(confine, limits_memory_time_cores_and_rank) {
    CHECK(TSKL_CONFINED_SECONDS == 60 && TSKL_CONFINED_MIB == 1024);
    int code = tskl_test_in_child(confine);
    CHECK_SAY(code == 0, "the child ended with %d", code);
}

static int confine_the_limited(void) {
    struct rlimit cpu = {7, 600}, core = {0, 0}, now;
    if (setrlimit(RLIMIT_CPU, &cpu) || setrlimit(RLIMIT_CORE, &core)) return 2;
    tskl_confine_resources();
    if (getrlimit(RLIMIT_CPU, &now) || now.rlim_cur != 7 || now.rlim_max != TSKL_CONFINED_SECONDS)
        return 3;
    return is_limited(RLIMIT_CORE, 0) ? 0 : 4;
}

TEST_ONCE(confine, raises_no_limit_that_is_lower_already) {
    int code = tskl_test_in_child(confine_the_limited);
    CHECK_SAY(code == 0, "the child ended with %d", code);
}

static int close_all_but_one(void) {
    int ends[2];
    char byte = 0;
    if (pipe(ends) || write(ends[1], "x", 1) != 1) return 2;
    if (fcntl(ends[0], F_DUPFD, 300) < 0) return 3;
    tskl_confine_descriptors(ends[0], -1, -1);
    for (int fd = 3; fd < 1024; fd++)
        if (fcntl(fd, F_GETFD) >= 0) return 4;
    if (read(0, &byte, 1) != 1 || byte != 'x') return 5;
    return write(1, "x", 1) == 1 && write(2, "x", 1) == 1 ? 0 : 6;
}

TEST_ONCE(confine, leaves_what_it_was_given_open_and_nothing_else) {
    int code = tskl_test_in_child(close_all_but_one);
    CHECK_SAY(code == 0, "the child ended with %d", code);
}

// Each takes the place of another one.
static int turn_around(void) {
    int ends[2];
    char byte = 0;
    close(0);
    close(1);
    if (pipe(ends) || ends[0] != 0 || ends[1] != 1) return 2;
    tskl_confine_descriptors(-1, ends[0], ends[1]);
    if (write(2, "y", 1) != 1) return 3;
    return read(1, &byte, 1) == 1 && byte == 'y' ? 0 : 4;
}

TEST_ONCE(confine, overwrites_none_before_it_is_used) {
    int code = tskl_test_in_child(turn_around);
    CHECK_SAY(code == 0, "the child ended with %d", code);
}
