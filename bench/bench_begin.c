// bench_begin FOLDER...: what tskl_exchange_begin takes of the application with the Packs of each
// folder: for one host, for many, and for many that are as long as a host may be.
// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <taskless/observer.h>
#include <time.h>

enum { CALLS = 2000, LONG = 240 };

typedef enum hosts { ONE, MANY, MANY_LONG, WAYS } hosts;

static double cpu_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static tskl_slice text(const char *from) {
    return (tskl_slice){from, strlen(from)};
}

static void write_url(char url[400], hosts which, int call) {
    char label[LONG + 1];
    memset(label, 'a', LONG);
    label[which == MANY_LONG ? LONG : 3] = 0;
    for (int i = 60; i < LONG; i += 60)
        if (which == MANY_LONG) label[i] = '.';
    snprintf(url, 400, "https://h%d%s.example.com/v1", which == ONE ? 0 : call, label);
}

static double begin(tskl_observer *observer, hosts which, int call) {
    char url[400];
    unsigned wants;
    write_url(url, which, call);
    tskl_request request = {.size = sizeof request,
                            .method = text("GET"),
                            .url = text(url),
                            .headers = text("accept: */*\r\n")};
    double start = cpu_us();
    tskl_exchange *exchange = tskl_exchange_begin(observer, &request, &wants);
    double taken = cpu_us() - start;
    tskl_exchange_response(exchange, 0, 200, text("content-type: text/plain\r\n"));
    tskl_exchange_end_take(exchange, 0, TSKL_DONE, text(""), text(""));
    return taken;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(tskl_observer *observer, hosts which) {
    static double taken[CALLS];
    for (int i = 0; i < CALLS; i++) {
        taken[i] = begin(observer, which, i);
        // Past the bound of the queue a call is only counted.
        if (i % 512 == 511 && tskl_observer_flush(observer, 60000, NULL, NULL)) return 0;
    }
    qsort(taken, CALLS, sizeof *taken, compare);
    return taken[CALLS / 2];
}

static int measure(const char *folder) {
    tskl_observer_options options = TSKL_OBSERVER_OPTIONS_INIT;
    tskl_observer *observer;
    tskl_error err = {0};
    options.directory = folder;
    options.outputs = "file:/dev/null";
    double start = cpu_us();
    if (tskl_observer_open(&options, &observer, &err)) return puts(err.message), 1;
    double opened = cpu_us() - start;
    const char *name = strrchr(folder, '/');
    printf("  %-28s", name ? name + 1 : folder);
    for (hosts which = ONE; which < WAYS; which++) printf(" %9.1f", median(observer, which));
    printf("   %9.1f\n", opened / 1000);
    tskl_observer_close(observer, 100);
    return 0;
}

int main(int argc, char **argv) {
    printf("\nbegin of a call, in us of the application's processor time (median of %d)\n", CALLS);
    printf("  %-28s %9s %9s %9s   %9s\n", "Packs", "one host", "many", "many long", "open, ms");
    for (int i = 1; i < argc; i++)
        if (measure(argv[i])) return 1;
    return 0;
}
