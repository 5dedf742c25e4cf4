// Where the system refuses a thread its own descriptors: filters of containers do.
// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "net/errand.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GENEROUS_MS = 30000, UNSEEN = 100 };

typedef struct probe {
    tskl_errand errand;
    bool ran, sees_programs;
    int own_descriptor;
} probe;

static void run_probe(tskl_errand *errand) {
    probe *p = (probe *)errand;
    p->ran = true;
    p->sees_programs = fcntl(UNSEEN, F_GETFD) >= 0;
    p->own_descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void free_probe(tskl_errand *errand) {
    tskl_free(errand);
}

// From now on these calls answer EPERM, as in a container with an older filter.
static bool forbid(long one, long other) {
    struct sock_filter steps[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)one, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)other, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
    };
    struct sock_fprog filter = {TSKL_COUNT(steps), steps};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}

// What an errand finds, in a process of its own, whose exit code it is.
static int found(long one, long other, bool may_share) {
    if (!forbid(one, other)) return 70;
    probe *p = tskl_new(probe);
    if (!p || dup2(STDIN_FILENO, UNSEEN) != UNSEEN) return 71;
    p->errand =
        (tskl_errand){.run = run_probe, .free = free_probe, .may_share_descriptors = may_share};
    tskl_status status = tskl_errand_wait(&p->errand, GENEROUS_MS, NULL);
    if (status == TSKL_ERR_UNAVAILABLE) return p->ran ? 72 : 1;
    if (status != TSKL_OK || !p->ran) return 73;
    return p->sees_programs ? 2 : p->own_descriptor == 3 ? 0 : 74;
}

TEST_ONCE(errand, is_apart_or_not_done_where_calls_are_forbidden) {
    const struct {
        long one, other;
        bool may_share;
        int answer;
    } rows[] = {
        {SYS_close_range, SYS_close_range, false, 0},
        {SYS_close_range, SYS_unshare, false, 1},
        {SYS_close_range, SYS_unshare, true, 2},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        int status = -1;
        pid_t child = fork();
        if (child == 0) _exit(found(rows[i].one, rows[i].other, rows[i].may_share));
        CHECK_ROW(i, child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status));
        CHECK_SAY(WEXITSTATUS(status) == rows[i].answer, "row %zu: %d", i, WEXITSTATUS(status));
    }
}
