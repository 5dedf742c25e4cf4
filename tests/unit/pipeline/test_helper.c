// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "pipeline/helper.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// In place of the program: notes in the cache folder what it was given.
static const char reporter[] = "#!/bin/sh\n"
                               "exec >$5/report 2>&1\n"
                               "echo \"arguments: $*\"\n"
                               "ls -l /proc/$$/fd\n"
                               "tr '\\0' '\\n' </proc/$$/environ\n"
                               "cat /proc/$$/oom_score_adj /proc/$$/limits\n"
                               "cut -d' ' -f4-6,19 /proc/$$/stat\n" // parent, group, session, nice
                               "grep Sig /proc/self/status\n"       // sh blocks them while it waits
                               "echo \"input: $(cat)\"\n"
                               "mv $5/report $5/done\n";

// Signals 32 and 33, which no program can set: some launchers leave them ignored.
static const unsigned long long SIGNALS_OF_GLIBC = 3ull << 31;

static atomic_int children_seen;

static void note_child(int number) {
    (void)number;
    children_seen++;
}

// The report, or NULL when none came within 10 s.
static const char *read_report(tskl_test *t) {
    static char text[16384];
    const struct timespec a_while = {.tv_nsec = 10000000};
    const char *path = tskl_arena_printf(t->arena, "%s/done", t->folder);
    for (int i = 0; i < 1000 && access(path, R_OK) != 0; i++) nanosleep(&a_while, NULL);
    FILE *file = fopen(path, "r");
    if (!file) return NULL;
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    fclose(file);
    unlink(path);
    return text;
}

static const char *make_program(tskl_test *t) {
    const char *path = tskl_test_write(t, "reporter", tskl_slice_of(reporter));
    chmod(path, 0700);
    return path;
}

// True when this process has a child of any kind, ended or not.
static bool has_child(void) {
    return waitpid(-1, NULL, WNOHANG | __WALL) >= 0 || errno != ECHILD;
}

static void restore(int *ignored) {
    (void)ignored;
    tskl_helper_program = NULL;
    signal(SIGCHLD, SIG_DFL);
}

TEST_ONCE(helper, gets_the_wasm_and_nothing_else) {
    int guard CLEANUP(restore) = 0;
    tskl_helper_program = make_program(t);
    const char *leak = tskl_test_write(t, "leak", TSKL_S("application's"));
    int open_file = open(leak, O_RDWR), sockets[2] = {-1, -1};
    CHECK(open_file >= 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == 0);
    tskl_status status = tskl_helper_start(TSKL_S("the wasm"), t->folder, &t->err);
    const char *report = read_report(t);
    close(open_file);
    close(sockets[0]);
    close(sockets[1]);
    CHECK_OK(status);
    CHECK(report);
    CHECK_HAS(report, tskl_arena_printf(t->arena, "compile --stdin --quiet --cache %s", t->folder));
    CHECK_HAS(report, "input: the wasm");
    CHECK_HAS(report, "memfd:taskless-pack");
    CHECK(!strstr(report, "/leak") && !strstr(report, "socket:"));
    CHECK(!strstr(report, "HOME=") && !strstr(report, "PATH=/")); // sh sets PWD of itself
    CHECK_HAS(report, "\n1000\n");
    CHECK_HAS(report, "Max cpu time              60");
    CHECK_HAS(report, " 19\n");
    const char *ignored = strstr(report, "SigIgn:");
    CHECK(ignored && (strtoull(ignored + strlen("SigIgn:"), NULL, 16) & ~SIGNALS_OF_GLIBC) == 0);
    CHECK_HAS(report, "SigBlk:\t0000000000000000");
}

TEST_ONCE(helper, is_never_met_by_the_application) {
    static void (*const ways[])(int) = {SIG_DFL, note_child, SIG_IGN};
    int guard CLEANUP(restore) = 0;
    tskl_helper_program = make_program(t);
    for (size_t i = 0; i < TSKL_COUNT(ways); i++) {
        signal(SIGCHLD, ways[i]);
        CHECK_OK(tskl_helper_start(TSKL_S("wasm"), t->folder, &t->err));
        CHECK_ROW(i, !has_child());
        CHECK_ROW(i, read_report(t)); // it has ended by now, or is about to
        CHECK_ROW(i, !has_child() && children_seen == 0);
    }
}

TEST_ONCE(helper, reads_its_wasm_where_the_application_closed_its_first_descriptors) {
    int guard CLEANUP(restore) = 0;
    tskl_helper_program = make_program(t);
    int kept[3];
    for (int fd = 0; fd < 3; fd++) kept[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 10);
    for (int fd = 0; fd < 3; fd++) close(fd);
    tskl_status status = tskl_helper_start(TSKL_S("the wasm"), t->folder, &t->err);
    const char *report = read_report(t);
    for (int fd = 0; fd < 3; fd++) dup2(kept[fd], fd);
    for (int fd = 0; fd < 3; fd++) close(kept[fd]);
    CHECK_OK(status);
    CHECK(report);
    CHECK_HAS(report, "input: the wasm");
}

TEST_ONCE(helper, is_not_started_where_the_application_would_inherit_it) {
    int guard CLEANUP(restore) = 0;
    tskl_helper_program = make_program(t);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    tskl_status status = tskl_helper_start(TSKL_S("wasm"), t->folder, &t->err);
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    CHECK(status == TSKL_ERR_UNAVAILABLE && !has_child());
    CHECK_HAS(t->err.message, "subreaper: run taskless compile once");
}

TEST_ONCE(helper, says_what_it_lacks) {
    int guard CLEANUP(restore) = 0;
    tskl_helper_program = "/nonexistent/taskless";
    CHECK_STATUS(TSKL_ERR_UNAVAILABLE, tskl_helper_start(TSKL_S("a"), t->folder, &t->err));
    CHECK_HAS(t->err.message, "/nonexistent/taskless is missing");
    tskl_helper_program = make_program(t);
    CHECK_STATUS(TSKL_ERR_UNAVAILABLE, tskl_helper_start(TSKL_S("a"), NULL, &t->err));
    CHECK_HAS(t->err.message, "no folder");
}

// Run as a user who may have no process more. Root may always have one, so it has to be another.
static int start_without_room(const char *folder) {
    struct rlimit none = {0, 0};
    tskl_error err = {0};
    setrlimit(RLIMIT_NPROC, &none);
    if (getuid() == 0 && setuid(65534) != 0) return 2;
    tskl_status status = tskl_helper_start(TSKL_S("a"), folder, &err);
    return status == TSKL_ERR_UNAVAILABLE && strstr(err.message, "no process") ? 0 : 1;
}

TEST_ONCE(helper, does_without_where_there_is_no_process_to_be_had) {
    int guard CLEANUP(restore) = 0, status = -1;
    tskl_helper_program = "/bin/true";
    const char *folder = tskl_test_folder(t);
    pid_t child = fork();
    if (child == 0) _exit(start_without_room(folder));
    CHECK(waitpid(child, &status, 0) == child && status == 0);
}

// The application's thread must not meet SIGXFSZ for what we write.
static int start_without_files(const char *folder) {
    struct rlimit none = {0, 0};
    tskl_error err = {0};
    setrlimit(RLIMIT_FSIZE, &none);
    return tskl_helper_start(TSKL_S("a"), folder, &err) == TSKL_ERR_UNAVAILABLE ? 0 : 1;
}

TEST_ONCE(helper, does_without_where_no_file_may_be_written) {
    int guard CLEANUP(restore) = 0, status = -1;
    tskl_helper_program = "/bin/true";
    const char *folder = tskl_test_folder(t);
    pid_t child = fork();
    if (child == 0) _exit(start_without_files(folder));
    CHECK(waitpid(child, &status, 0) == child && status == 0);
}
