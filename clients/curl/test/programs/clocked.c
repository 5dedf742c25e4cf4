// clocked: what the end of a program waits for, by clocks that show what a slow machine or a
// stopped process would see. The functions here stand in for the C library's, for the file that is
// preloaded alone. `clocked WAY URL READING`: READING is the end to read from of the full pipe that
// records go to; what was in it goes to standard output. SPDX-License-Identifier: Apache-2.0
#include <curl/curl.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { CALLS = 3, TURN = 10, STEP_MS = 100, STOP_MS = 60000, MS_NS = 1000000 };

static const char *way = "";
static int reading, ended, asked;
static long ahead_ms, worked_ms;

static int is_ours(const void *caller) {
    Dl_info info;
    return dladdr(caller, &info) && strstr(info.dli_fname, "libtaskless-curl.so") != NULL;
}

// What there is, and no more: from here on there is room.
static void drain(void) {
    char part[4096];
    ssize_t got;
    fcntl(reading, F_SETFL, O_NONBLOCK);
    while ((got = read(reading, part, sizeof part)) > 0)
        if (write(STDOUT_FILENO, part, (size_t)got) != got) abort();
}

// What has happened by the time that ours asks again.
static void pass(void) {
    asked++;
    if (asked < TURN && strcmp(way, "starved") == 0) ahead_ms += STEP_MS;
    if (asked != TURN) return;
    if (strcmp(way, "stopped") == 0) {
        raise(SIGSTOP);
        ahead_ms += STOP_MS;
    }
    drain();
}

__attribute__((visibility("default"))) int clock_gettime(clockid_t clock, struct timespec *now) {
    int result = (int)syscall(SYS_clock_gettime, clock, now);
    if (!ended || !is_ours(__builtin_return_address(0))) return result;
    long more_ms = 0;
    if (clock == CLOCK_MONOTONIC) {
        pass();
        more_ms = ahead_ms;
    } else if (clock == CLOCK_PROCESS_CPUTIME_ID) {
        more_ms = ++worked_ms; // it works, however little
    }
    now->tv_sec += more_ms / 1000;
    now->tv_nsec += more_ms % 1000 * MS_NS;
    if (now->tv_nsec >= 1000 * MS_NS) {
        now->tv_sec++;
        now->tv_nsec -= 1000 * MS_NS;
    }
    return result;
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    way = argv[1];
    reading = atoi(argv[3]);
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, argv[2]);
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    for (int i = 0; i < CALLS; i++)
        if (curl_easy_perform(easy) != CURLE_OK) return 3;
    curl_easy_cleanup(easy);
    ended = 1;
    return 0;
}
