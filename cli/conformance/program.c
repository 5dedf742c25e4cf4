// SPDX-License-Identifier: Apache-2.0
#include "conformance/program.h"
#include "conformance/files.h"
#include "input.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    CALLS_ROOM = 64 * 1024 * 1024,
    RECORDS_MAX = 256 * 1024 * 1024,
    STEP_MS = 5,
    PATIENCE_MS = 60 * 1000,
    CANNOT_RUN = 126,
};

static tskl_status write_calls(const tskl_plan *plan, size_t group, const char *path,
                               tskl_error *err) {
    tskl_buf lines;
    tskl_buf_init(&lines, CALLS_ROOM);
    tskl_plan_add_calls(plan, group, &lines);
    tskl_status status = lines.failed ? tskl_fail(err, TSKL_ERR_NOMEM, "no room for the calls")
                                      : tskl_write_new(path, tskl_buf_slice(&lines), err);
    tskl_buf_deinit(&lines);
    return status;
}

// In the child. Standard output is the report's: what the command says goes beside it.
static void become(char **words, int calls) {
    (void)dup2(calls, STDIN_FILENO);
    (void)dup2(STDERR_FILENO, STDOUT_FILENO);
    execvp(words[0], words);
    fprintf(stderr, "taskless: %s: %s\n", words[0], strerror(errno));
    _exit(CANNOT_RUN);
}

static tskl_status judge_exit(const char *name, int how, tskl_error *err) {
    if (WIFSIGNALED(how))
        return tskl_fail(err, TSKL_ERR_IO, "%s was ended by signal %d", name, WTERMSIG(how));
    if (WEXITSTATUS(how))
        return tskl_fail(err, TSKL_ERR_IO, "%s ended with exit code %d", name, WEXITSTATUS(how));
    return TSKL_OK;
}

static tskl_status wait_for(pid_t child, const char *name, tskl_error *err) {
    const struct timespec step = {.tv_nsec = STEP_MS * 1000000L};
    int how;
    for (int waited_ms = 0; waited_ms < PATIENCE_MS; waited_ms += STEP_MS) {
        pid_t ended = waitpid(child, &how, WNOHANG);
        if (ended == child) return judge_exit(name, how, err);
        if (ended < 0 && errno != EINTR) break;
        (void)nanosleep(&step, NULL);
    }
    (void)kill(child, SIGKILL);
    (void)waitpid(child, &how, 0);
    return tskl_fail(err, TSKL_ERR_TIMEOUT, "%s did not end within a minute", name);
}

static tskl_status run_with(char **words, const char *calls, tskl_error *err) {
    int in = open(calls, O_RDONLY | O_CLOEXEC);
    if (in < 0) return tskl_fail(err, TSKL_ERR_IO, "%s: %s", calls, strerror(errno));
    pid_t child = fork();
    if (child == 0) become(words, in);
    close(in);
    if (child < 0) return tskl_fail(err, TSKL_ERR_IO, "no process: %s", strerror(errno));
    return wait_for(child, words[0], err);
}

// Where no call was observed there is no file either.
static tskl_status take_records(tskl_plan *plan, const char *path, tskl_slice *records,
                                tskl_error *err) {
    *records = (tskl_slice){NULL, 0};
    if (access(path, F_OK) != 0) return TSKL_OK;
    return tskl_input_file(path, RECORDS_MAX, &plan->arena, records, err);
}

tskl_status tskl_program_run(tskl_plan *plan, size_t group, char **words, const char *folder,
                             tskl_slice *records, tskl_error *err) {
    char config[PATH_MAX], calls[PATH_MAX], lines[PATH_MAX];
    *records = (tskl_slice){NULL, 0};
    if (!tskl_file_in(folder, "taskless.json", config) ||
        !tskl_file_in(folder, "calls.ndjson", calls) ||
        !tskl_file_in(folder, "records.ndjson", lines) || setenv("TASKLESS_CONFIG", config, 1) != 0)
        return tskl_fail(err, TSKL_ERR_LIMIT, "%s is too long a path", folder);
    tskl_status status = tskl_write_configuration(plan, group, config, lines, err);
    if (status == TSKL_OK) status = write_calls(plan, group, calls, err);
    if (status == TSKL_OK) {
        status = run_with(words, calls, err);
        tskl_error unread;
        if (take_records(plan, lines, records, &unread) != TSKL_OK && status == TSKL_OK) {
            if (err) *err = unread;
            status = unread.status;
        }
    }
    unlink(config);
    unlink(calls);
    unlink(lines);
    (void)unsetenv("TASKLESS_CONFIG");
    return status;
}
