// SPDX-License-Identifier: Apache-2.0
//
// A fork may come at any moment: while a worker holds a lock, runs a Pack, writes a record.
#include "observer/desk.h"
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Until gcc 14 a lock of AddressSanitizer's allocator stays held in a child when another thread
// allocates at the moment of the fork (glibc's does not): there the parent is idle meanwhile.
#ifdef __SANITIZE_ADDRESS__
enum { BUSY = false };
#else
enum { BUSY = true };
#endif
enum { FORKS = 300, DEADLINE_S = 20, CHILDREN = 1000000000 }; // numbers of the children's calls

typedef struct traffic {
    desk *d;
    atomic_bool stop;
    size_t reported;
} traffic;

static void *go_on(void *arg) {
    traffic *all = arg;
    while (!atomic_load(&all->stop)) desk_call(all->d, all->reported++);
    return NULL;
}

// What a child does: reports one call, and ends as a forked worker of a server does.
static void be_a_child(desk *d, size_t number) {
    size_t pending;
    d->r = (records)RECORDS_INIT;
    desk_call(d, CHILDREN + number);
    tskl_status status = tskl_observer_flush(d->observer, DEADLINE_S * 1000, &pending, NULL);
    _exit(status == TSKL_OK && d->r.count == 1 ? 0 : 1);
}

// The exit status, or -1 when the child hangs.
static int wait_for(pid_t child) {
    const struct timespec a_while = {.tv_nsec = 1000000};
    int status;
    for (int i = 0; i < DEADLINE_S * 1000; i++, nanosleep(&a_while, NULL))
        if (waitpid(child, &status, WNOHANG) == child) return status;
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    return -1;
}

// How often a line with that call stands in the file.
static void count_lines(const char *path, size_t *lines, size_t *parents, size_t *children) {
    static char line[65536];
    size_t number;
    FILE *file = fopen(path, "r");
    *lines = *parents = *children = 0;
    while (file && fgets(line, sizeof line, file)) {
        const char *url = strstr(line, "api.example.com/");
        if (!url || sscanf(url, "api.example.com/%zu", &number) != 1) continue;
        ++*lines;
        ++*(number < CHILDREN ? parents : children);
    }
    if (file) fclose(file);
}

static const char *members(tskl_test *t) {
    return tskl_arena_printf(t->arena, ",\"outputs\":[{\"to\":\"file:%s/out\",\"format\":\"%s\"}]",
                             tskl_test_folder(t), "ndjson");
}

TEST_ONCE(fork, leaves_each_process_its_own_records) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    traffic all = {.d = &d};
    pthread_t thread;
    size_t bad = 0, hung = 0, lines, parents, children;
    int last = 0;
    CHECK_OK(desk_open(&d, t, members(t)));
    CHECK_OK(desk_add(&d, t, "notes", true));
    d.r.keeps_none = true;
    atomic_store(&all.stop, !BUSY);
    CHECK(pthread_create(&thread, NULL, go_on, &all) == 0);
    for (size_t i = 0; i < FORKS; i++) {
        pid_t child = fork();
        if (child == 0) be_a_child(&d, i);
        int status = wait_for(child);
        bad += status != 0;
        if (status) last = status;
        hung += status == -1;
    }
    atomic_store(&all.stop, true);
    pthread_join(thread, NULL);
    CHECK_OK(tskl_observer_flush(d.observer, 30000, NULL, &t->err));
    count_lines(tskl_arena_printf(t->arena, "%s/out", t->folder), &lines, &parents, &children);
    CHECK_SAY(bad == 0, "%zu of %d children failed (wait status %#x), %zu of them hung", bad, FORKS,
              (unsigned)last, hung);
    CHECK_SAY(children == FORKS && parents == d.r.count,
              "%zu of children, %zu of %zu of the parent", children, parents, d.r.count);
}

TEST_ONCE(fork, ends_in_the_child_what_the_parent_began) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    CHECK_OK(desk_open(&d, t, ""));
    tskl_exchange *exchange = desk_begin(&d, 1);
    CHECK(exchange);
    pid_t child = fork();
    if (child == 0) {
        // The handle is good for nothing there, and does no harm.
        tskl_exchange_sent(exchange, 0, TSKL_S("a"));
        call_end_take(exchange, 100);
        tskl_observer_close(d.observer, 100);
        _exit(0);
    }
    CHECK(wait_for(child) == 0);
    call_end_take(exchange, 100);
    CHECK_OK(tskl_observer_flush(d.observer, 5000, NULL, &t->err));
    CHECK(d.r.count == 1);
}

static void be_a_child_with_variables(desk *d) {
    size_t pending;
    d->r = (records)RECORDS_INIT;
    desk_call(d, CHILDREN);
    tskl_status status = tskl_observer_flush(d->observer, DEADLINE_S * 1000, &pending, NULL);
    _exit(status == TSKL_OK && records_have(&d->r, "\"visits/visits\":1}") == 1 ? 0 : 1);
}

TEST_ONCE(fork, begins_without_the_variables_of_the_parent) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    CHECK_OK(desk_open_pack(&d, t, "visits", ",\"permissions\":{\"vars\":true}",
                            ",\"allow\":{\"vars\":true}"));
    for (size_t i = 0; i < 2; i++) desk_call(&d, i);
    CHECK_OK(tskl_observer_flush(d.observer, 5000, NULL, &t->err));
    pid_t child = fork();
    if (child == 0) be_a_child_with_variables(&d);
    CHECK(child > 0 && wait_for(child) == 0);
    desk_call(&d, 2);
    CHECK_OK(tskl_observer_flush(d.observer, 5000, NULL, &t->err));
    CHECK(records_have(&d.r, "\"visits/visits\":3}") == 1);
}
