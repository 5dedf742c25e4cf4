// Whoever wrote a Pack decides how much work its Wasm is for the compiler. So the program starts
// itself once more, as `compile --stdin --stdout`, where the kernel counts memory and time; the
// Wasm and the native code pass in files of memory, which need no folder and no name.
// SPDX-License-Identifier: Apache-2.0
#include "limited_compiler.h"
#include "base/confine.h"
#include "compiler.h"
#include "say.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_MAX = 4096 }; // of what the compiler says is wrong

// What one compilation hands over and takes back.
typedef struct desk {
    int wasm, code, words;
} desk;

static bool limits_lifted;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // of what follows
static pthread_cond_t reaped = PTHREAD_COND_INITIALIZER;
static pid_t compiling; // 0: nothing
static bool cancelled;

void tskl_limited_compile_lift(void) {
    limits_lifted = true;
}

void tskl_limited_compile_cancel(void) {
    pthread_mutex_lock(&lock);
    cancelled = true;
    if (compiling) kill(compiling, SIGKILL);
    while (compiling) pthread_cond_wait(&reaped, &lock);
    pthread_mutex_unlock(&lock);
}

static bool write_whole(int fd, tskl_slice bytes) {
    while (bytes.len) {
        ssize_t written = write(fd, bytes.ptr, bytes.len);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes = tskl_slice_from(bytes, (size_t)written);
    }
    return lseek(fd, 0, SEEK_SET) == 0;
}

static tskl_status open_desk(tskl_slice wasm, desk *out, tskl_error *err) {
    out->wasm = memfd_create("wasm", MFD_CLOEXEC);
    out->code = memfd_create("code", MFD_CLOEXEC);
    out->words = memfd_create("words", MFD_CLOEXEC);
    bool opened = out->wasm >= 0 && out->code >= 0 && out->words >= 0;
    if (opened && write_whole(out->wasm, wasm)) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_UNAVAILABLE, "no memory for the compiler's input: %s",
                     strerror(errno));
}

static void close_desk(const desk *d) {
    const int all[] = {d->wasm, d->code, d->words};
    for (size_t i = 0; i < TSKL_COUNT(all); i++)
        if (all[i] >= 0) close(all[i]);
}

// Between fork and exec, with other threads that may hold any lock.
static void become_compiler(const desk *d, const char *program, char *const argv[]) {
    char *const environment[] = {NULL};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    tskl_confine_descriptors(d->wasm, d->code, d->words);
    tskl_confine_resources();
    execve(program, argv, environment);
    _exit(127);
}

static tskl_status start(const desk *d, bool portable, pid_t *out, tskl_error *err) {
    static char *const host[] = {"taskless", "compile", "--stdin", "--stdout", "--no-limit", NULL};
    static char *const any[] = {"taskless",   "compile", "--stdin",  "--stdout",
                                "--no-limit", "--cpu",   "baseline", NULL};
    // Not "/proc/self/exe" itself, which in a shell's trace or `ps` names nobody.
    char program[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);
    if (len < 0) return tskl_fail(err, TSKL_ERR_UNAVAILABLE, "/proc/self/exe: %s", strerror(errno));
    program[len] = 0;
    pthread_mutex_lock(&lock);
    *out = cancelled ? -1 : fork();
    if (*out == 0) become_compiler(d, program, portable ? any : host);
    if (*out > 0) compiling = *out;
    pthread_mutex_unlock(&lock);
    if (*out > 0) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_UNAVAILABLE, "the compiler could not be started: %s",
                     cancelled ? "it was cancelled" : strerror(errno));
}

// Waits without taking the result, so that nobody can take the number for another process's.
static int finish(pid_t pid) {
    siginfo_t info;
    int status = 0;
    while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR) {}
    pthread_mutex_lock(&lock);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    compiling = 0;
    pthread_cond_broadcast(&reaped);
    pthread_mutex_unlock(&lock);
    return status;
}

static tskl_slice read_words(const desk *d, char room[WORDS_MAX]) {
    ssize_t len = pread(d->words, room, WORDS_MAX, 0);
    tskl_slice words = tskl_slice_trim(tskl_slice_make(room, len > 0 ? (size_t)len : 0));
    tskl_slice line = tskl_slice_line(&words), prefix = TSKL_S("taskless: ");
    return tskl_slice_starts(line, prefix) ? tskl_slice_from(line, prefix.len) : line;
}

static tskl_status fail_by_limit(const char *what, tskl_error *err) {
    return tskl_fail(err, TSKL_ERR_LIMIT,
                     "compiling it takes more than %s; `taskless compile --no-limit` lifts that "
                     "limit, for a Pack that you trust",
                     what);
}

// The compiler hears itself that it gets no more memory, says so and aborts; where all of the
// machine's is gone the kernel ends it.
static bool ran_out_of_memory(int status, tskl_slice words) {
    return tskl_slice_search(words, TSKL_S("memory allocation of")) != SIZE_MAX ||
           tskl_slice_search(words, TSKL_S("(os error 12)")) != SIZE_MAX ||
           (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && !cancelled);
}

static tskl_status judge(int status, tskl_slice words, tskl_error *err) {
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return TSKL_OK;
    if (ran_out_of_memory(status, words)) return fail_by_limit("1 GiB of memory", err);
    if (WIFEXITED(status) && words.len)
        return tskl_fail(err, TSKL_ERR_INVALID, TSKL_FMT, TSKL_ARG(words));
    if (WIFEXITED(status))
        return tskl_fail(err, TSKL_ERR_UNAVAILABLE, "the compiler could not be run (exit %d)",
                         WEXITSTATUS(status));
    int number = WTERMSIG(status);
    if (number == SIGXCPU || number == SIGALRM) return fail_by_limit("60 s", err);
    if (cancelled) return tskl_fail(err, TSKL_ERR_UNAVAILABLE, "compiling it was cancelled");
    return tskl_fail(err, TSKL_ERR_BUG, "the compiler ended by signal %d: " TSKL_FMT, number,
                     TSKL_ARG(words));
}

static tskl_status take_code(const desk *d, tskl_buf *code, tskl_error *err) {
    off_t size = lseek(d->code, 0, SEEK_END);
    char *room = size > 0 ? tskl_buf_reserve(code, (size_t)size) : NULL;
    if (size <= 0) return tskl_fail(err, TSKL_ERR_BUG, "the compiler wrote no code");
    if (!room) return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (native code)");
    for (off_t at = 0; at < size;) {
        ssize_t got = pread(d->code, room + at, (size_t)(size - at), at);
        if (got <= 0) return tskl_fail(err, TSKL_ERR_IO, "the code: %s", strerror(errno));
        at += got;
    }
    code->len += (size_t)size;
    return TSKL_OK;
}

static tskl_status compile_at(const desk *d, bool portable, tskl_buf *code, tskl_error *err) {
    char room[WORDS_MAX];
    pid_t pid = -1;
    TSKL_TRY(start(d, portable, &pid, err));
    int status = finish(pid);
    TSKL_TRY(judge(status, read_words(d, room), err));
    return take_code(d, code, err);
}

tskl_status tskl_limited_compile(tskl_slice wasm, bool portable, tskl_buf *code, tskl_error *err) {
    if (limits_lifted)
        return portable ? tskl_compile_portable(wasm, code, err) : tskl_compile(wasm, code, err);
    desk d;
    tskl_status status = open_desk(wasm, &d, err);
    if (status == TSKL_OK) status = compile_at(&d, portable, code, err);
    close_desk(&d);
    return status;
}
