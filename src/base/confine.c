// A compiler's work on hostile Wasm has no bound of its own: 368 KB of it can take minutes and
// gigabytes. The kernel's limits hold whatever the compiler does.
// SPDX-License-Identifier: Apache-2.0
#include "base/confine.h"
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    NICEST = 19,
    ADDRESSES_PER_BYTE = 4, // address space, of which little is touched
    DESCRIPTORS_TRIED = 1024,
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
// A sanitizer maps terabytes, and counts as the program's own memory.
static const bool memory_limited = false;
#else
static const bool memory_limited = true;
#endif

// One that is lower already is somebody's word, and stays.
static void set_limit(int resource, rlim_t value) {
    struct rlimit now, limit = {value, value};
    if (getrlimit(resource, &now) != 0) return;
    if (now.rlim_max < limit.rlim_max) limit.rlim_max = now.rlim_max;
    if (now.rlim_cur < limit.rlim_cur) limit.rlim_cur = now.rlim_cur;
    setrlimit(resource, &limit);
}

static void offer_to_the_kernel(void) {
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd < 0) return;
    ssize_t ignored __attribute__((unused)) = write(fd, "1000", 4);
    close(fd);
}

void tskl_confine_resources(void) {
    const rlim_t bytes = (rlim_t)TSKL_CONFINED_MIB << 20;
    setpriority(PRIO_PROCESS, 0, NICEST);
    offer_to_the_kernel();
    if (memory_limited) {
        set_limit(RLIMIT_AS, bytes * ADDRESSES_PER_BYTE);
        set_limit(RLIMIT_DATA, bytes);
    }
    set_limit(RLIMIT_CPU, TSKL_CONFINED_SECONDS);
    set_limit(RLIMIT_CORE, 0);
    alarm(TSKL_CONFINED_SECONDS);
}

// Above the three that get a new meaning, so that none of them is overwritten before it is used.
static int above_standard(int fd) {
    return fcntl(fd, F_DUPFD, STDERR_FILENO + 1);
}

static void close_all_from(int first) {
    if (syscall(SYS_close_range, (unsigned)first, ~0u, 0u) == 0) return;
    for (int fd = first; fd < DESCRIPTORS_TRIED; fd++) close(fd);
}

void tskl_confine_descriptors(int in, int out, int err) {
    const int wanted[] = {in, out, err};
    int sources[3], nowhere = open("/dev/null", O_RDWR);
    for (size_t i = 0; i < 3; i++) sources[i] = above_standard(wanted[i] < 0 ? nowhere : wanted[i]);
    for (int i = 0; i < 3; i++) dup2(sources[i], i);
    close_all_from(STDERR_FILENO + 1);
}
