// SPDX-License-Identifier: Apache-2.0
#include "base/generation.h"
#include "harness.h"
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { FORKS = 300, DEADLINE_S = 10 };

// Asks for the time of day again and again, as an output for a terminal does.
static void *ask_for_the_time(void *arg) {
    atomic_bool *stop = arg;
    while (!atomic_load(stop)) {
        time_t now = 0;
        struct tm local;
        tskl_generation_hold();
        localtime_r(&now, &local);
        tskl_generation_release();
    }
    return NULL;
}

// In the child the application asks for it as well.
static bool child_gets_the_time(void) {
    pid_t child = fork();
    int status = -1;
    if (child == 0) {
        time_t now = 0;
        struct tm local;
        alarm(DEADLINE_S);
        localtime_r(&now, &local);
        _exit(0);
    }
    return waitpid(child, &status, 0) == child && status == 0;
}

TEST_ONCE(generation, leaves_no_lock_of_the_c_library_held_in_a_child) {
    atomic_bool stop = false;
    pthread_t thread;
    size_t fine = 0;
    tskl_generation_watch();
    CHECK(pthread_create(&thread, NULL, ask_for_the_time, &stop) == 0);
    while (fine < FORKS && child_gets_the_time()) fine++;
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
    CHECK_SAY(fine == FORKS, "child %zu hung", fine);
}

TEST_ONCE(generation, is_another_one_in_a_child) {
    tskl_generation_watch();
    unsigned ours = tskl_generation();
    int status = -1;
    pid_t child = fork();
    if (child == 0) _exit(tskl_generation() == ours);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(tskl_generation() == ours);
}

TEST_ONCE(generation, may_be_held_by_the_thread_that_forks) {
    tskl_generation_watch();
    tskl_generation_hold();
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        tskl_generation_hold(); // free again there
        tskl_generation_release();
        _exit(0);
    }
    tskl_generation_release();
    CHECK(waitpid(child, &status, 0) == child && status == 0);
}
