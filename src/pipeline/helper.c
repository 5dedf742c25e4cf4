// SPDX-License-Identifier: Apache-2.0
#include "pipeline/helper.h"
#include "base/confine.h"
#include "base/descriptor.h"
#include "base/generation.h"
#include "base/log.h"
#include "base/slice.h"
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char library_folder[PATH_MAX];

static void find_library(void) {
    Dl_info info;
    char path[PATH_MAX];
    // Something static: a program may have functions of the same names as our public ones.
    tskl_generation_hold(); // of the loader's lock
    bool found = dladdr(library_folder, &info) != 0;
    tskl_generation_release();
    if (!found || !realpath(info.dli_fname, path)) return;
    char *slash = strrchr(path, '/');
    if (!slash) return;
    *slash = 0;
    memcpy(library_folder, path, strlen(path) + 1);
}

const char *tskl_library_folder(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, find_library);
    return library_folder;
}

// Whoever is process 1 or a subreaper would be handed the helper when it ends.
static bool would_adopt(void) {
    int subreaper = 0;
    return getpid() == 1 || (prctl(PR_GET_CHILD_SUBREAPER, &subreaper) == 0 && subreaper);
}

// The Wasm as a descriptor: no path that could change under the helper.
static tskl_descriptor wasm_descriptor(tskl_slice wasm) {
    int fd = (int)syscall(SYS_memfd_create, "taskless-pack", MFD_CLOEXEC);
    tskl_descriptor file = tskl_descriptor_of(tskl_descriptor_raise(fd, TSKL_DESCRIPTOR_BRIEF));
    size_t at = 0;
    while (file.fd >= 0 && at < wasm.len) {
        errno = EBADF;
        ssize_t wrote = tskl_descriptor_is_same(&file)
                            ? tskl_descriptor_write_at(&file, tskl_slice_from(wasm, at), (off_t)at)
                            : -1;
        if (wrote <= 0) break;
        at += (size_t)wrote;
    }
    if (at == wasm.len) return file;
    int why = errno;
    tskl_descriptor_close(&file);
    errno = why;
    return (tskl_descriptor){.fd = -1};
}

static void default_signals(void) {
    sigset_t none;
    struct sigaction standard = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &standard, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

// The second process. After a fork of a program with threads only calls that take no lock are
// safe; all of these are.
static void run_helper(const tskl_descriptor *wasm, char *const argv[]) {
    char *const environment[] = {NULL};
    // Now nobody else can close it. Before, the program could, and have its own file there.
    if (!tskl_descriptor_is_same(wasm)) _exit(127);
    setsid();
    default_signals();
    tskl_confine_descriptors(wasm->fd, -1, -1);
    tskl_confine_resources();
    execve(argv[0], argv, environment);
    _exit(127);
}

// The first process ends at once with exit signal 0, so that neither a SIGCHLD nor a wait(-1) of
// the application meets it; the second is then a child of init.
static int fork_twice(const tskl_descriptor *wasm, char *const argv[]) {
    int status;
    pid_t first = (pid_t)syscall(SYS_clone, 0, NULL, NULL, NULL, NULL);
    if (first == 0) {
        pid_t second = (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
        if (second == 0) run_helper(wasm, argv);
        _exit(second < 0);
    }
    if (first < 0) return -1;
    while (waitpid(first, &status, __WCLONE) < 0)
        if (errno != EINTR) return -1;
    return status == 0 ? 0 : -1;
}

// A signal that arrives in between must not run the application's handlers in a process that is
// not the application.
static int fork_unseen(const tskl_descriptor *wasm, char *const argv[]) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int started = fork_twice(wasm, argv);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

#ifdef TSKL_TESTING
const char *tskl_helper_program;
#else
static const char *const tskl_helper_program = NULL;
#endif

// Beside the library, never by PATH.
static tskl_status find_program(char program[PATH_MAX + 32], tskl_error *err) {
    const char *folder = tskl_library_folder();
    if (tskl_helper_program)
        snprintf(program, PATH_MAX + 32, "%s", tskl_helper_program);
    else
        snprintf(program, PATH_MAX + 32, "%s/../bin/taskless", folder);
    if (folder[0] && access(program, X_OK) == 0) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_UNAVAILABLE, "%s is missing: run taskless compile once",
                     program);
}

tskl_status tskl_helper_start(tskl_slice wasm, const char *cache_folder, tskl_error *err) {
    char program[PATH_MAX + 32], cache[PATH_MAX];
    if (would_adopt())
        return tskl_fail(err, TSKL_ERR_UNAVAILABLE,
                         "no helper in process 1 or a subreaper: run taskless compile once");
    if (!cache_folder || !tskl_slice_to_cstr(tskl_slice_of(cache_folder), cache, sizeof cache))
        return tskl_fail(err, TSKL_ERR_UNAVAILABLE, "there is no folder to keep compiled code in");
    TSKL_TRY(find_program(program, err));
    tskl_descriptor file = wasm_descriptor(wasm);
    if (file.fd < 0)
        return tskl_fail(err, TSKL_ERR_UNAVAILABLE, "memfd_create: %s", strerror(errno));
    char *const argv[] = {program,   "compile", "--stdin",    "--quiet",
                          "--cache", cache,     "--no-limit", NULL};
    int started = fork_unseen(&file, argv);
    tskl_descriptor_close(&file);
    if (started == 0) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_UNAVAILABLE,
                     "no process for the helper: run taskless compile once");
}
