// An application: it makes calls, does its own things with signals and children, and ends with an
// exit code of its own. What hostile Packs must not change is what this program looks at itself.
// SPDX-License-Identifier: Apache-2.0
//
//     app [--subreaper] [--no-stderr] [--reuse-stderr FILE] [--pause MS] [--list-inherited]
//         [--mappings-left N] TIMES CALL...
//
// Reports each call TIMES times, and once more after a pause, and prints each record it is handed.
// A call is a file:
//
//     METHOD URL
//     name: value
//                        (an empty line, and the body up to a line "===")
//     STATUS             (or "failed CODE MESSAGE")
//     name: value
//                        (an empty line, and the body up to the end)
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <taskless/taskless.h>
#include <unistd.h>

enum { OWN_EXIT_CODE = 42, FLUSH_MS = 60000, MOST_CALLS = 16, SIGNALS = 64 };

typedef struct message {
    char *line; // the first one
    char *headers;
    tskl_slice body;
} message;

typedef struct scripted_call {
    message request, response;
} scripted_call;

static pthread_mutex_t print_lock = PTHREAD_MUTEX_INITIALIZER;

static void print_record(void *user, tskl_slice line) {
    (void)user;
    pthread_mutex_lock(&print_lock);
    printf("%.*s\n", (int)line.len, line.ptr);
    pthread_mutex_unlock(&print_lock);
}

static void give_up(const char *what) {
    fprintf(stderr, "application: %s: %s\n", what, strerror(errno));
    exit(1);
}

static char *read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) give_up(path);
    long size = ftell(file);
    char *text = malloc((size_t)size + 1);
    if (!text) give_up(path);
    rewind(file);
    text[fread(text, 1, (size_t)size, file)] = 0;
    fclose(file);
    return text;
}

// "a: b\nc: d\n" as it is on the wire.
static char *with_line_ends(const char *headers) {
    char *made = malloc(strlen(headers) * 2 + 1), *to = made;
    if (!made) give_up("headers");
    for (; *headers; headers++) {
        if (*headers == '\n') *to++ = '\r';
        *to++ = *headers;
    }
    *to = 0;
    return made;
}

static message parse_message(char *text) {
    char *body = strstr(text, "\n\n"), *headers = strchr(text, '\n');
    message made = {text, NULL, {"", 0}};
    if (body) {
        body[1] = 0;
        made.body = (tskl_slice){body + 2, strlen(body + 2)};
    }
    made.headers = with_line_ends(headers ? headers + 1 : "");
    if (headers) *headers = 0;
    return made;
}

static scripted_call parse_call(const char *path) {
    char *text = read_file(path), *response = strstr(text, "\n===\n");
    if (!response) give_up(path);
    *response = 0;
    // The line end before "===" belongs to the divider.
    return (scripted_call){parse_message(text), parse_message(response + 5)};
}

static tskl_slice slice_of(const char *text) {
    return (tskl_slice){text, strlen(text)};
}

static void report_answer(tskl_exchange *exchange, const message *response) {
    char code[64] = "", text[256] = "";
    if (sscanf(response->line, "failed %63s %255[^\n]", code, text) > 0) {
        tskl_exchange_end_take(exchange, 0, TSKL_FAILED, slice_of(code), slice_of(text));
        return;
    }
    tskl_exchange_response(exchange, 0, atoi(response->line), slice_of(response->headers));
    tskl_exchange_received(exchange, 0, response->body);
    tskl_exchange_end_take(exchange, 0, TSKL_DONE, slice_of(""), slice_of(""));
}

static void report(tskl_observer *observer, const scripted_call *call) {
    const char *space = strchr(call->request.line, ' ');
    unsigned wants;
    tskl_request request = {.size = sizeof request, .headers = slice_of(call->request.headers)};
    if (!space) give_up(call->request.line);
    request.method = (tskl_slice){call->request.line, (size_t)(space - call->request.line)};
    request.url = slice_of(space + 1);
    tskl_exchange *exchange = tskl_exchange_begin(observer, &request, &wants);
    tskl_exchange_sent(exchange, 0, call->request.body);
    report_answer(exchange, &call->response);
}

static void report_all(tskl_observer *observer, const scripted_call *calls, int count) {
    for (int i = 0; i < count; i++) report(observer, &calls[i]);
}

static void read_handlers(struct sigaction handlers[SIGNALS]) {
    memset(handlers, 0, SIGNALS * sizeof *handlers);
    for (int i = 1; i < SIGNALS; i++) sigaction(i, NULL, &handlers[i]);
}

static bool has_child(void) {
    return waitpid(-1, NULL, WNOHANG | __WALL) >= 0 || errno != ECHILD;
}

// Says what was done to the application behind its back, if anything was.
static bool is_untouched(const struct sigaction before[SIGNALS], const sigset_t *mask_before) {
    struct sigaction after[SIGNALS];
    sigset_t mask = {0};
    bool same = true;
    read_handlers(after);
    for (int i = 1; i < SIGNALS; i++) {
        if (before[i].sa_handler == after[i].sa_handler && before[i].sa_flags == after[i].sa_flags)
            continue;
        printf("application: the handler of signal %d has changed\n", i);
        same = false;
    }
    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    if (memcmp(&mask, mask_before, sizeof mask) != 0) same = !puts("application: signals blocked");
    if (has_child()) same = !puts("application: there is a child that it never made");
    return same;
}

// The descriptors that a program would have that this one starts now.
static void list_inherited(void) {
    printf("application: a child would inherit");
    for (int fd = 0; fd < 1024; fd++) {
        int flags = fcntl(fd, F_GETFD);
        if (flags >= 0 && !(flags & FD_CLOEXEC)) printf(" %d", fd);
    }
    puts("");
}

// Takes mappings until the kernel allows no more, then gives so many back.
static void leave_mappings(int count) {
    enum { PAGE = 4096, KEPT = 4096 };
    static void *taken[KEPT];
    size_t made = 0;
    for (;; made++) {
        void *pair =
            mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (pair == MAP_FAILED) break;
        taken[made % KEPT] = pair;
        if (mprotect(pair, PAGE, PROT_NONE)) break; // pages of two kinds are two mappings
    }
    for (size_t i = 1; i <= (size_t)count && i < KEPT && i <= made; i++)
        munmap(taken[(made - i) % KEPT], 2 * PAGE);
}

static int replaced_stderr = -1, pause_ms, mappings_left = -1;
static bool lists_inherited;

static int take_options(int argc, char **argv) {
    int at = 1;
    for (; at < argc && strncmp(argv[at], "--", 2) == 0; at++) {
        if (strcmp(argv[at], "--subreaper") == 0)
            prctl(PR_SET_CHILD_SUBREAPER, 1);
        else if (strcmp(argv[at], "--no-stderr") == 0) {
            int ends[2];
            if (pipe(ends)) give_up("pipe");
            dup2(ends[1], STDERR_FILENO); // a pipe that nobody reads any more
            close(ends[0]);
            close(ends[1]);
        } else if (strcmp(argv[at], "--reuse-stderr") == 0)
            replaced_stderr = open(argv[++at], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        else if (strcmp(argv[at], "--pause") == 0)
            pause_ms = atoi(argv[++at]);
        else if (strcmp(argv[at], "--mappings-left") == 0)
            mappings_left = atoi(argv[++at]);
        else if (strcmp(argv[at], "--list-inherited") == 0)
            lists_inherited = true;
    }
    return at;
}

int main(int argc, char **argv) {
    static scripted_call calls[MOST_CALLS];
    struct sigaction handlers[SIGNALS];
    sigset_t mask = {0};
    tskl_observer_options options = TSKL_OBSERVER_OPTIONS_INIT;
    tskl_observer *observer;
    tskl_error err = {0};
    size_t pending = 0;
    int at = take_options(argc, argv), times = at < argc ? atoi(argv[at++]) : 0, count = 0;
    for (; at < argc && count < MOST_CALLS; at++) calls[count++] = parse_call(argv[at]);
    options.client = "app/1";
    options.on_record = print_record;
    read_handlers(handlers);
    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    if (tskl_observer_open(&options, &observer, &err) != TSKL_OK)
        printf("application: not observed: %s\n", err.message);
    if (mappings_left >= 0) leave_mappings(mappings_left);
    if (replaced_stderr >= 0) dup2(replaced_stderr, STDERR_FILENO); // it means another file now
    for (int i = 0; i < times; i++) report_all(observer, calls, count);
    if (pause_ms) {
        usleep((useconds_t)pause_ms * 1000);
        report_all(observer, calls, count);
    }
    if (observer && tskl_observer_flush(observer, FLUSH_MS, &pending, &err) != TSKL_OK)
        printf("application: %zu records are missing\n", pending);
    if (lists_inherited) list_inherited();
    tskl_observer_close(observer, 1000);
    if (is_untouched(handlers, &mask)) puts("application: done");
    return OWN_EXIT_CODE;
}
