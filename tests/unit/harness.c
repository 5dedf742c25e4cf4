// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
// cmocka wants the four above first.
#include <cmocka.h>

static tskl_test_entry *entries;
static bool failing_allocations, failed;
static const char *skipped; // why
static char failure[32768];
static size_t allocations_left;
static bool refused_one;

void tskl_test_register(tskl_test_entry *entry) {
    entry->next = entries;
    entries = entry;
}

void tskl_test_failed(tskl_test *t, const char *file, int line, const char *format, ...) {
    (void)t;
    if (failing_allocations || failed) return;
    failed = true;
    int used = snprintf(failure, sizeof failure, "%s:%d: ", file, line);
    va_list args;
    va_start(args, format);
    vsnprintf(failure + used, sizeof failure - (size_t)used, format, args);
    va_end(args);
}

const char *tskl_test_folder(tskl_test *t) {
    if (!t->folder[0]) {
        snprintf(t->folder, sizeof t->folder, "/tmp/taskless-test-XXXXXX");
        if (!mkdtemp(t->folder)) abort();
    }
    return t->folder;
}

const char *tskl_test_write(tskl_test *t, const char *name, tskl_slice content) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", tskl_test_folder(t), name);
    FILE *file = fopen(path, "wb");
    if (!file) abort();
    if (content.len && fwrite(content.ptr, 1, content.len, file) != content.len) abort();
    if (fclose(file)) abort();
    chmod(path, 0600);
    const char *kept = tskl_arena_cstr(t->arena, tskl_slice_of(path));
    return kept ? kept : "";
}

int tskl_test_in_child(int (*story)(void)) {
    int status;
    pid_t child = fork();
    if (child == 0) _exit(story());
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
    return WEXITSTATUS(status);
}

static void remove_folder(tskl_test *t) {
    char command[128];
    if (!t->folder[0]) return;
    snprintf(command, sizeof command, "rm -rf '%s'", t->folder);
    if (system(command)) fprintf(stderr, "%s stays behind\n", t->folder);
}

static bool refuse_in_turn(void) {
    if (refused_one || allocations_left-- > 0) return false;
    refused_one = true;
    return true;
}

// One run of a test's body; false when it left memory behind.
static bool run_body(const tskl_test_entry *entry) {
    tskl_alloc_begin();
    tskl_arena arena = {0};
    tskl_test t = {.arena = &arena};
    entry->run(&t);
    skipped = t.skipped;
    tskl_arena_reset(&arena);
    remove_folder(&t);
    return entry->once || tskl_alloc_live() == 0;
}

static bool run_with_failing_allocations(const tskl_test_entry *entry, size_t *at) {
    bool clean = true;
    failing_allocations = true;
    tskl_alloc_refuses = refuse_in_turn;
    for (*at = 0, refused_one = true; clean && refused_one; ++*at) {
        allocations_left = *at;
        refused_one = false;
        clean = run_body(entry);
    }
    tskl_alloc_refuses = NULL;
    failing_allocations = false;
    return clean;
}

static void run_entry(void **state) {
    const tskl_test_entry *entry = *state;
    failed = false;
    bool clean = run_body(entry);
    if (failed) fail_msg("%s", failure);
    if (!clean) fail_msg("memory was left behind");
    if (skipped) {
        print_message("%s: skipped: %s\n", entry->group, skipped);
        skip();
    }
    size_t at = 0;
    if (!entry->once && !run_with_failing_allocations(entry, &at))
        fail_msg("memory was left behind when allocation %zu failed", at);
}

int main(int argc, char **argv) {
    const char *wanted = argc > 1 ? argv[1] : "";
    size_t count = 0, at = 0;
    for (tskl_test_entry *entry = entries; entry; entry = entry->next) count++;
    struct CMUnitTest *tests = calloc(count + 1, sizeof *tests);
    char (*names)[160] = calloc(count + 1, sizeof *names);
    if (!tests || !names) return 1;
    for (tskl_test_entry *entry = entries; entry; entry = entry->next) {
        snprintf(names[at], sizeof *names, "%s %s", entry->group, entry->name);
        for (char *c = names[at]; *c; c++)
            if (*c == '_') *c = ' ';
        if (!strstr(names[at], wanted)) continue;
        tests[at] = (struct CMUnitTest){names[at], run_entry, NULL, NULL, entry};
        at++;
    }
    // Registered in reverse: told in the order of the files.
    for (size_t i = 0; i < at / 2; i++) {
        struct CMUnitTest swapped = tests[i];
        tests[i] = tests[at - 1 - i];
        tests[at - 1 - i] = swapped;
    }
    int failures = _cmocka_run_group_tests("unit", tests, at, NULL, NULL);
    free(tests);
    free(names);
    return failures ? 1 : 0;
}
