// SPDX-License-Identifier: Apache-2.0
#include "doctor/probe.h"
#include "base/clock.h"
#include "base/env.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUTPUT_MAX = 64 * 1024, PIECE = 4096, WAIT_MS = 50 };

const char *tskl_probe_find(const char *name, tskl_arena *arena) {
    tskl_slice rest = tskl_slice_of(tskl_env_lookup("PATH"));
    while (rest.len) {
        tskl_slice folder = tskl_slice_split(&rest, ':');
        char *path = tskl_arena_printf(arena, TSKL_FMT "/%s", TSKL_ARG(folder), name);
        if (path && folder.len && access(path, X_OK) == 0) return path;
    }
    return NULL;
}

// In a group of its own, so that all that it starts can be ended with it.
static void become(char *const argv[], char *const environment[], int output) {
    int nothing = open("/dev/null", O_RDONLY);
    setpgid(0, 0);
    dup2(nothing, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    execve(argv[0], argv, environment);
    _exit(127);
}

// Until the output ends, which is when nobody has it open any more, or the time does.
static void read_output(int fd, int64_t until_us, tskl_probe *out) {
    char piece[PIECE];
    for (;;) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        int found = poll(&ready, 1, WAIT_MS);
        out->timed_out = tskl_clock_steady_us() > until_us;
        if (out->timed_out) return;
        if (found <= 0) continue;
        ssize_t got = read(fd, piece, sizeof piece);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return;
        tskl_buf_add(&out->output, tskl_slice_make(piece, (size_t)got));
    }
}

static void wait_for(pid_t pid, tskl_probe *out) {
    int status = 0;
    if (out->timed_out) kill(-pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    if (WIFEXITED(status)) out->exit_code = WEXITSTATUS(status);
}

bool tskl_probe_run(char *const argv[], char *const environment[], unsigned timeout_ms,
                    tskl_probe *out) {
    int ends[2];
    *out = (tskl_probe){.exit_code = -1};
    tskl_buf_init(&out->output, OUTPUT_MAX);
    if (pipe2(ends, O_CLOEXEC)) return false;
    pid_t pid = fork();
    if (pid == 0) become(argv, environment, ends[1]);
    close(ends[1]);
    if (pid > 0) {
        setpgid(pid, pid);
        read_output(ends[0], tskl_clock_steady_us() + (int64_t)timeout_ms * 1000, out);
        wait_for(pid, out);
    }
    close(ends[0]);
    return pid > 0;
}
