// SPDX-License-Identifier: Apache-2.0
#include "kit/kit_steps.h"
#include "input.h"
#include "say.h"
#include "store/write.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { COPY_MAX = 64 * 1024 * 1024, NOT_RUN = 127 };

// What a program says belongs to whoever watches: standard output is the command's own.
static void become(char *const argv[], const char *folder, char *const environment[]) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL); // what we hold back is meant for it too
    dup2(STDERR_FILENO, STDOUT_FILENO);
    if (!folder || chdir(folder) == 0) execve(argv[0], argv, environment);
    dprintf(STDERR_FILENO, "%s: %s\n", argv[0], strerror(errno));
    _exit(NOT_RUN);
}

tskl_status tskl_run_program(char *const argv[], const char *folder, char *const environment[],
                             int *code, tskl_error *err) {
    int status = 0;
    *code = NOT_RUN;
    fflush(stderr);
    pid_t pid = fork();
    if (pid == 0) become(argv, folder, environment);
    if (pid < 0) return tskl_fail(err, TSKL_ERR_IO, "no process: %s", strerror(errno));
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    *code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return TSKL_OK;
}

static bool is_plain(const char *word) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_=+./,:@%";
    return *word && word[strspn(word, plain)] == 0;
}

void tskl_show_command(char *const argv[]) {
    for (size_t i = 0; argv[i]; i++) {
        if (is_plain(argv[i])) {
            fprintf(stderr, "%s%s", i ? " " : "+ ", argv[i]);
            continue;
        }
        fputs(i ? " '" : "+ '", stderr);
        for (const char *c = argv[i]; *c; c++)
            if (*c == '\'')
                fputs("'\\''", stderr);
            else
                fputc(*c, stderr);
        fputc('\'', stderr);
    }
    fputc('\n', stderr);
}

static bool is_all_sources(tskl_slice word) {
    return tskl_slice_equal(word, TSKL_S("@sources@"));
}

static tskl_status make_argv(const tskl_kit_job *job, const tskl_texts *run, tskl_arena *arena,
                             char ***out, tskl_error *err) {
    size_t count = 0, room = run->count + 1;
    for (size_t i = 0; i < run->count; i++)
        if (is_all_sources(run->items[i])) room += job->sources.count;
    char **argv = tskl_arena_array(arena, char *, room);
    *out = argv;
    if (!argv) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a command");
    for (size_t i = 0; i < run->count; i++) {
        const char *word = NULL;
        bool all = is_all_sources(run->items[i]);
        if (!all) TSKL_TRY(tskl_kit_words_expand(job->words, run->items[i], arena, &word, err));
        if (!all) argv[count++] = (char *)word;
        for (size_t n = 0; all && n < job->sources.count; n++)
            argv[count++] = (char *)job->sources.items[n].ptr; // zero-ended, as paths are
    }
    return TSKL_OK;
}

static bool sets(const tskl_json *environment, const char *variable) {
    const char *equals = strchr(variable, '=');
    return equals &&
           tskl_json_get(environment, tskl_slice_make(variable, (size_t)(equals - variable)));
}

static tskl_status make_environment(const tskl_kit_job *job, const tskl_json *set,
                                    tskl_arena *arena, char ***out, tskl_error *err) {
    size_t count = 0, kept = 0;
    while (environ[count]) count++;
    *out = tskl_arena_array(arena, char *, count + (set ? set->count : 0) + 1);
    if (!*out) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for an environment");
    for (size_t i = 0; i < count; i++)
        if (!sets(set, environ[i])) (*out)[kept++] = environ[i];
    for (const tskl_json *value = set ? set->first : NULL; value; value = value->next) {
        const char *text;
        if (value->kind != TSKL_JSON_STRING) continue; // null: it is taken away
        TSKL_TRY(tskl_kit_words_expand(job->words, value->text, arena, &text, err));
        (*out)[kept++] = tskl_arena_printf(arena, TSKL_FMT "=%s", TSKL_ARG(value->key), text);
    }
    return TSKL_OK;
}

static tskl_status run_step(const tskl_kit_job *job, const tskl_kit_way *way,
                            const tskl_kit_step *step, tskl_arena *arena, tskl_error *err) {
    char **argv, **environment;
    const char *folder = job->project;
    int code;
    if (step->in.len) TSKL_TRY(tskl_kit_words_expand(job->words, step->in, arena, &folder, err));
    TSKL_TRY(make_argv(job, &step->run, arena, &argv, err));
    TSKL_TRY(make_environment(job, step->environment, arena, &environment, err));
    if (job->verbose)
        tskl_show_command(argv);
    else
        tskl_remark(TSKL_FMT " with " TSKL_FMT, TSKL_ARG(step->say), TSKL_ARG(way->name));
    TSKL_TRY(tskl_run_program(argv, folder, environment, &code, err));
    if (code == 0) return TSKL_OK;
    if (code == NOT_RUN)
        return tskl_fail(err, TSKL_ERR_NOT_FOUND, TSKL_FMT " failed: %s could not be run",
                         TSKL_ARG(step->say), argv[0]);
    return tskl_fail(err, TSKL_ERR_INVALID,
                     TSKL_FMT " failed (" TSKL_FMT ", exit %d): mend what it says above, and build "
                              "again",
                     TSKL_ARG(step->say), TSKL_ARG(way->name), code);
}

// The target's folder has to be there; the file appears whole.
static tskl_status copy_file(const char *from, const char *to, tskl_arena *arena, tskl_error *err) {
    tskl_slice bytes;
    const char *slash = strrchr(to, '/');
    if (!slash) return tskl_fail(err, TSKL_ERR_INVALID, "copy: %s is no whole path", to);
    const char *folder = tskl_arena_cstr(arena, tskl_slice_make(to, (size_t)(slash - to)));
    if (!folder) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a path");
    TSKL_TRY(tskl_input_file(from, COPY_MAX, arena, &bytes, err));
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return tskl_fail(err, TSKL_ERR_IO, "%s: %s", folder, strerror(errno));
    tskl_descriptor in = tskl_descriptor_of(fd);
    tskl_status status = tskl_store_write(&in, slash + 1, &bytes, 1, err);
    close(fd);
    return status ? tskl_context(err, status, "%s", to) : TSKL_OK;
}

static tskl_status copy_step(const tskl_kit_job *job, const tskl_kit_step *step, tskl_arena *arena,
                             tskl_error *err) {
    const char *from, *to;
    TSKL_TRY(tskl_kit_words_expand(job->words, step->copy.items[0], arena, &from, err));
    TSKL_TRY(tskl_kit_words_expand(job->words, step->copy.items[1], arena, &to, err));
    if (job->verbose) fprintf(stderr, "+ cp %s %s\n", from, to);
    return copy_file(from, to, arena, err);
}

tskl_status tskl_kit_steps_run(const tskl_kit_job *job, const tskl_kit_way *way, tskl_error *err) {
    tskl_arena arena = {0};
    tskl_status status = TSKL_OK;
    for (size_t i = 0; i < way->step_count && status == TSKL_OK; i++) {
        const tskl_kit_step *step = &way->steps[i];
        status = step->run.count ? run_step(job, way, step, &arena, err)
                                 : copy_step(job, step, &arena, err);
        tskl_arena_reuse(&arena);
    }
    tskl_arena_reset(&arena);
    return status;
}
