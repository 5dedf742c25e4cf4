// SPDX-License-Identifier: Apache-2.0
#include "base/generation.h"
#include "harness.h"
#include "net/errand.h"
#include <fcntl.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GENEROUS_MS = 30000 };

// An errand that notes what it finds, and may be held up until it is let go.
typedef struct probe {
    tskl_errand errand;
    bool here, opened, entered, over;
    int own_descriptor; // of a file that the thread opened
    sigset_t blocked;
    bool held;
} probe;

static sem_t gate;
static atomic_int freed;
static int program_descriptor;

static void run_probe(tskl_errand *errand) {
    probe *p = (probe *)errand;
    p->here = tskl_errand_is_here();
    p->opened = fcntl(program_descriptor, F_GETFD) >= 0;
    p->own_descriptor = open("/dev/null", O_RDONLY);
    pthread_sigmask(SIG_BLOCK, NULL, &p->blocked);
    p->entered = tskl_errand_enter(errand);
    if (p->entered) tskl_errand_leave(errand);
    if (p->held) sem_wait(&gate);
    p->over = tskl_errand_is_over(errand);
}

static void free_probe(tskl_errand *errand) {
    tskl_free(errand);
    atomic_fetch_add(&freed, 1);
}

static probe *new_probe(bool held) {
    probe *p = tskl_new(probe);
    if (!p) return NULL;
    p->errand.run = run_probe;
    p->errand.free = free_probe;
    p->held = held;
    return p;
}

static void wait_for_threads(void) {
    const struct timespec a_while = {.tv_nsec = 1000000};
    while (atomic_load(&tskl_errand_threads)) nanosleep(&a_while, NULL);
}

static void let_go(int *count) {
    for (; *count > 0; --*count) sem_post(&gate);
    wait_for_threads();
}

static void close_fd(int *fd) {
    if (*fd >= 0) close(*fd);
}

static void drop(probe **p) {
    if (*p) tskl_errand_drop(&(*p)->errand);
}

TEST(errand, has_nothing_of_the_programs) {
    atomic_store(&freed, 0);
    int CLEANUP(close_fd) descriptor = program_descriptor = fcntl(STDERR_FILENO, F_DUPFD, 3);
    CHECK(descriptor >= 3);
    probe *p CLEANUP(drop) = new_probe(false);
    CHECK(p);
    CHECK_OK(tskl_errand_wait(&p->errand, GENEROUS_MS, &t->err));
    CHECK(p->here && !tskl_errand_is_here());
    CHECK(!p->opened && fcntl(program_descriptor, F_GETFD) >= 0);
    CHECK(p->own_descriptor == 3); // no number is taken there but those that mean standard error
    CHECK(sigismember(&p->blocked, SIGPIPE) && sigismember(&p->blocked, SIGTERM));
    CHECK(p->entered && !p->over);
}

TEST_ONCE(errand, is_left_behind_when_it_is_late) {
    int held CLEANUP(let_go) = 1;
    sem_init(&gate, 0, 0);
    atomic_store(&freed, 0);
    probe *p = new_probe(true);
    CHECK(p);
    CHECK_STATUS(TSKL_ERR_TIMEOUT, tskl_errand_wait(&p->errand, 50, &t->err));
    CHECK(atomic_load(&p->errand.abandoned)); // the thread holds it until it is let go
    let_go(&held);
    CHECK(atomic_load(&freed) == 1);
}

TEST_ONCE(errand, is_not_begun_where_too_many_are_under_way) {
    int held CLEANUP(let_go) = 0;
    sem_init(&gate, 0, 0);
    atomic_store(&freed, 0);
    for (; held < TSKL_ERRANDS_MAX; held++) {
        probe *late = new_probe(true);
        CHECK(late);
        CHECK_STATUS(TSKL_ERR_TIMEOUT, tskl_errand_wait(&late->errand, 1, &t->err));
    }
    probe *p CLEANUP(drop) = new_probe(false);
    CHECK(p);
    CHECK_STATUS(TSKL_ERR_UNAVAILABLE, tskl_errand_wait(&p->errand, GENEROUS_MS, &t->err));
    CHECK_HAS(t->err.message, "8 requests are under way already");
    CHECK(!tskl_errand_is_here());
    let_go(&held);
}

// All slots are taken in the parent; in the child they are free, and no thread there is an errand.
TEST_ONCE(errand, is_forgotten_in_a_fork) {
    int held CLEANUP(let_go) = 0, status = 1;
    tskl_generation_watch();
    sem_init(&gate, 0, 0);
    atomic_store(&freed, 0);
    for (; held < TSKL_ERRANDS_MAX; held++) {
        probe *late = new_probe(true);
        CHECK(late);
        CHECK_STATUS(TSKL_ERR_TIMEOUT, tskl_errand_wait(&late->errand, 1, &t->err));
    }
    pid_t child = fork();
    if (child == 0) {
        probe *p = new_probe(false);
        bool well = p && !tskl_errand_is_here() &&
                    tskl_errand_wait(&p->errand, GENEROUS_MS, NULL) == TSKL_OK && p->here;
        _exit(well ? 0 : 1);
    }
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    let_go(&held);
    CHECK(status == 0);
}

// In a child that ends: how far its errand had come when all functions for the end had run.
static atomic_bool end_is_looked_at, came_back;

__attribute__((destructor)) static void look_at_end(void) {
    if (atomic_load(&end_is_looked_at)) _exit(atomic_load(&came_back) ? 7 : 1);
}

static void run_until_the_end(tskl_errand *errand) {
    const struct timespec a_while = {.tv_nsec = 5000000};
    if (!tskl_errand_enter(errand)) return;
    sem_post(&gate);
    while (!tskl_errand_is_over(errand)) nanosleep(&a_while, NULL);
    nanosleep(&a_while, NULL); // what it takes to clean up
    atomic_store(&came_back, true);
    tskl_errand_leave(errand);
}

static void *wait_for_errand(void *errand) {
    if (tskl_errand_wait(errand, GENEROUS_MS, NULL) == TSKL_OK) tskl_errand_drop(errand);
    return NULL;
}

static void end_in_the_midst_of_it(void) {
    pthread_t thread;
    sem_init(&gate, 0, 0);
    probe *p = new_probe(false);
    if (!p) _exit(2);
    p->errand.run = run_until_the_end;
    if (pthread_create(&thread, NULL, wait_for_errand, &p->errand)) _exit(3);
    sem_wait(&gate);
    atomic_store(&end_is_looked_at, true);
    exit(4);
}

TEST_ONCE(errand, is_waited_for_when_the_process_ends) {
    int status = 1;
    tskl_generation_watch();
    pid_t child = fork();
    if (child == 0) end_in_the_midst_of_it();
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    CHECK_SAY(WIFEXITED(status) && WEXITSTATUS(status) == 7, "status %x", (unsigned)status);
}
