// calls: calls libcurl in the ways that programs do, one way for each name.
// SPDX-License-Identifier: Apache-2.0
#include <curl/curl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 8, CALLS_EACH = 20, HANDLES = 12 };

static const char *base; // of the server

static const char *url_of(const char *path) {
    static _Thread_local char url[256];
    snprintf(url, sizeof url, "%s%s", strstr(path, "://") ? "" : base, path);
    return url;
}

static size_t count_body(char *data, size_t one, size_t size, void *user) {
    (void)data;
    *(size_t *)user += size;
    return one * size;
}

static size_t drop_body(char *data, size_t one, size_t size, void *user) {
    (void)data;
    (void)user;
    return one * size;
}

static CURL *handle(const char *path, size_t *received) {
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, url_of(path));
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, received ? count_body : drop_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, received);
    return easy;
}

static void say(const char *what, CURL *easy, CURLcode code) {
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    printf("%s: %d, %ld\n", what, code, status);
}

// One handle after another life: reset, and copied, also in the midst of what it was told.
static void reuse(void) {
    size_t received = 0;
    CURL *easy = handle("/wire/echo?first", &received);
    say("first", easy, curl_easy_perform(easy));
    curl_easy_setopt(easy, CURLOPT_URL, url_of("/wire/echo?second"));
    CURL *copy = curl_easy_duphandle(easy);
    say("second", easy, curl_easy_perform(easy));
    curl_easy_reset(easy);
    curl_easy_setopt(easy, CURLOPT_URL, url_of("/wire/empty"));
    say("after reset", easy, curl_easy_perform(easy));
    say("copy", copy, curl_easy_perform(copy));
    curl_easy_cleanup(easy);
    say("copy again", copy, curl_easy_perform(copy));
    curl_easy_cleanup(copy);
    printf("%zu bytes\n", received);
}

static int on_debug(CURL *easy, curl_infotype kind, char *data, size_t size, void *user) {
    (void)data;
    if (kind == CURLINFO_HEADER_OUT || kind == CURLINFO_DATA_IN)
        printf("%s: %d, %zu bytes, %s handle\n", (const char *)user, kind, size, easy ? "a" : "no");
    return 0;
}

// The program has a debug function of its own: it is called as often as without us.
static void debug(void) {
    CURL *easy = handle("/wire/empty", NULL);
    curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug);
    curl_easy_setopt(easy, CURLOPT_DEBUGDATA, "quiet");
    say("quiet", easy, curl_easy_perform(easy));
    curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(easy, CURLOPT_DEBUGDATA, "verbose");
    say("verbose", easy, curl_easy_perform(easy));
    CURL *copy = curl_easy_duphandle(easy);
    curl_easy_setopt(easy, CURLOPT_VERBOSE, 0L);
    say("quiet again", easy, curl_easy_perform(easy));
    curl_easy_setopt(copy, CURLOPT_URL, url_of("/wire/size/100"));
    say("copy", copy, curl_easy_perform(copy));
    curl_easy_setopt(copy, CURLOPT_DEBUGFUNCTION, NULL);
    FILE *file = tmpfile();
    curl_easy_setopt(copy, CURLOPT_STDERR, file);
    say("to a file", copy, curl_easy_perform(copy));
    printf("%d\n", ftell(file) > 0);
    curl_easy_cleanup(copy);
    curl_easy_cleanup(easy);
    fclose(file);
}

// Its buffer for errors is its own, and another's is never seen.
static void errors(void) {
    char message[CURL_ERROR_SIZE] = "";
    CURL *easy = handle("http://127.0.0.1:1/x", NULL);
    say("without", easy, curl_easy_perform(easy));
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, message);
    say("with", easy, curl_easy_perform(easy));
    printf("%d\n", message[0] != 0);
    curl_easy_cleanup(easy);
}

static void read_messages(CURLM *multi, int *ended) {
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &left));) {
        if (message->msg != CURLMSG_DONE) continue;
        char *name = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &name);
        *ended += message->data.result == CURLE_OK ? 1 : 100;
        curl_multi_remove_handle(multi, message->easy_handle);
        curl_easy_cleanup(message->easy_handle);
    }
}

static void add_all(CURLM *multi) {
    char path[64];
    for (int i = 0; i < HANDLES; i++) {
        snprintf(path, sizeof path, i % 3 ? "/wire/echo?%d" : "/wire/size/%d", i * 1000);
        curl_multi_add_handle(multi, handle(i == 7 ? "http://127.0.0.1:1/x" : path, NULL));
    }
}

static void multi_poll(void) {
    CURLM *multi = curl_multi_init();
    int running = 1, ended = 0;
    add_all(multi);
    while (running) {
        curl_multi_perform(multi, &running);
        curl_multi_poll(multi, NULL, 0, 100, NULL);
        read_messages(multi, &ended);
    }
    printf("ended: %d\n", ended);
    curl_multi_cleanup(multi);
}

/** A loop of the program's own: what to wait for, and until when. */
typedef struct loop {
    struct pollfd sockets[64];
    size_t count;
    long timeout_ms;
} loop;

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *its) {
    loop *l = user;
    size_t at = 0;
    (void)easy;
    (void)its;
    while (at < l->count && l->sockets[at].fd != fd) at++;
    if (what == CURL_POLL_REMOVE) {
        if (at < l->count) l->sockets[at] = l->sockets[--l->count];
        return 0;
    }
    if (at == l->count) l->count++;
    short events =
        (short)((what & CURL_POLL_IN ? POLLIN : 0) | (what & CURL_POLL_OUT ? POLLOUT : 0));
    l->sockets[at] = (struct pollfd){.fd = fd, .events = events};
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *user) {
    (void)multi;
    ((loop *)user)->timeout_ms = timeout_ms;
    return 0;
}

static void multi_socket(void) {
    loop l = {.timeout_ms = -1};
    CURLM *multi = curl_multi_init();
    int running = HANDLES, ended = 0;
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, &l);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, &l);
    add_all(multi);
    while (running) {
        int timeout = l.timeout_ms < 0 || l.timeout_ms > 100 ? 100 : (int)l.timeout_ms;
        struct pollfd ready[64];
        memcpy(ready, l.sockets, sizeof ready);
        size_t count = l.count;
        if (poll(ready, count, timeout) == 0)
            curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
        for (size_t i = 0; i < count; i++) {
            int mask = (ready[i].revents & (POLLIN | POLLHUP | POLLERR) ? CURL_CSELECT_IN : 0) |
                       (ready[i].revents & POLLOUT ? CURL_CSELECT_OUT : 0);
            if (mask) curl_multi_socket_action(multi, ready[i].fd, mask, &running);
        }
        read_messages(multi, &ended);
    }
    printf("ended: %d\n", ended);
    curl_multi_cleanup(multi);
}

// Handles that are taken back: before libcurl did anything for them, in the midst of an answer, and
// after their end without a question how that was.
static void removed(void) {
    CURLM *multi = curl_multi_init();
    size_t received = 0;
    CURL *early = handle("/wire/echo?early", NULL), *amid = handle("/wire/sse/50", &received);
    CURL *hanging = handle("/wire/hang", NULL), *late = handle("/wire/echo?late", NULL);
    CURL *failed = handle("http://127.0.0.1:1/x", NULL),
         *hidden = handle("http://127.0.0.1:1/y", NULL);
    struct curl_slist *headers = curl_slist_append(NULL, "x-tskl-bypass: 1");
    int running;
    curl_easy_setopt(hidden, CURLOPT_HTTPHEADER, headers);
    curl_multi_add_handle(multi, early);
    curl_multi_remove_handle(multi, early);
    for (CURL **at = (CURL *[]){amid, hanging, late, failed, hidden, NULL}; *at; at++)
        curl_multi_add_handle(multi, *at);
    do {
        curl_multi_perform(multi, &running);
        curl_multi_poll(multi, NULL, 0, 100, NULL);
    } while (received == 0 || running > 2);
    // Nothing of the transfer needs them any more.
    memset(headers->data, '#', strlen(headers->data));
    curl_slist_free_all(headers);
    for (CURL **at = (CURL *[]){amid, hanging, late, failed, hidden, NULL}; *at; at++)
        curl_multi_remove_handle(multi, *at);
    say("late", late, CURLE_OK);
    say("amid, on its own", amid,
        (curl_easy_setopt(amid, CURLOPT_URL, url_of("/wire/empty")), curl_easy_perform(amid)));
    curl_easy_setopt(amid, CURLOPT_URL, url_of("/wire/never"));
    curl_multi_add_handle(multi, amid);
    curl_multi_remove_handle(multi, amid);
    for (CURL **at = (CURL *[]){early, amid, hanging, late, failed, hidden, NULL}; *at; at++)
        curl_easy_cleanup(*at);
    curl_multi_cleanup(multi);
}

static size_t refuse_body(char *data, size_t one, size_t size, void *user) {
    (void)data;
    (void)one;
    (void)size;
    (void)user;
    return 0;
}

static int stop(void *user, curl_off_t down, curl_off_t now, curl_off_t up, curl_off_t sent) {
    (void)user;
    (void)down;
    (void)up;
    (void)sent;
    return now > 0;
}

static void aborted(void) {
    CURL *easy = handle("/wire/flood", NULL);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, refuse_body);
    say("write", easy, curl_easy_perform(easy));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop_body);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, stop);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    say("progress", easy, curl_easy_perform(easy));
    curl_easy_cleanup(easy);
}

static void *call_often(void *arg) {
    long failures = 0;
    (void)arg;
    CURL *easy = handle("/wire/empty", NULL);
    for (int i = 0; i < CALLS_EACH; i++) failures += curl_easy_perform(easy) != CURLE_OK;
    curl_easy_cleanup(easy);
    return (void *)failures;
}

static void threads(void) {
    pthread_t all[THREADS];
    long failures = 0;
    for (int i = 0; i < THREADS; i++) pthread_create(&all[i], NULL, call_often, NULL);
    for (int i = 0; i < THREADS; i++) {
        void *its;
        pthread_join(all[i], &its);
        failures += (long)its;
    }
    printf("failures: %ld\n", failures);
}

// While other threads are calling, children are made which call as well.
static void forks(void) {
    pthread_t all[THREADS];
    int failed = 0;
    for (int i = 0; i < THREADS; i++) pthread_create(&all[i], NULL, call_often, NULL);
    for (int i = 0; i < 10; i++) {
        pid_t child = fork();
        int status = 0;
        if (child == 0) {
            CURL *easy = handle("/wire/echo?child", NULL);
            exit(curl_easy_perform(easy));
        }
        waitpid(child, &status, 0);
        failed += status != 0;
    }
    for (int i = 0; i < THREADS; i++) pthread_join(all[i], NULL);
    printf("failed: %d\n", failed);
}

static CURL *kept;

static void call_at_exit(void) {
    say("at exit", kept, curl_easy_perform(kept));
}

__attribute__((destructor)) static void call_at_the_very_end(void) {
    if (!kept) return;
    say("at the very end", kept, curl_easy_perform(kept));
    curl_easy_cleanup(kept);
}

static size_t leave(char *data, size_t one, size_t size, void *user) {
    (void)data;
    (void)one;
    (void)size;
    exit(*(int *)user);
}

static void ends(void) {
    kept = handle("/wire/empty", NULL);
    atexit(call_at_exit);
}

static void exits(void) {
    static int code = 42;
    CURL *easy = handle("/wire/sse/50", NULL);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, leave);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &code);
    curl_easy_perform(easy);
}

static size_t send_signal(char *data, size_t one, size_t size, void *user) {
    (void)data;
    raise(*(int *)user);
    return one * size;
}

static void end_by(int number) {
    CURL *easy = handle("/wire/sse/50", NULL);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, send_signal);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &number);
    curl_easy_perform(easy);
}

static void crashes(void) {
    end_by(SIGSEGV);
}

static void is_ended(void) {
    end_by(SIGTERM);
}

// The numbers of standard streams are those of its own files.
static void without_streams(void) {
    for (int fd = 0; fd < 3; fd++) close(fd);
    CURL *easy = handle("/wire/empty", NULL);
    if (curl_easy_perform(easy) != CURLE_OK) exit(3);
    curl_easy_cleanup(easy);
}

static int lines_of(const char *path) {
    int lines = 0;
    FILE *file = fopen(path, "r");
    for (int c; file && (c = getc(file)) != EOF;) lines += c == '\n';
    if (file) fclose(file);
    return lines;
}

// Packs that run for as long as they may take longer than the end of a program waits.
static void patient(void) {
    size_t received = 0;
    const char *output = getenv("TASKLESS_OUTPUT");
    CURL *easy = handle("/wire/status/402", &received);
    for (int i = 0; i < 3; i++) say("402", easy, curl_easy_perform(easy));
    curl_easy_cleanup(easy);
    printf("%zu bytes\n", received);
    for (int ms = 0; output && lines_of(output + strlen("file:")) < 3 && ms < 60000; ms += 10)
        usleep(10000);
}

static long resident_kb(void) {
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%*d %ld", &pages) != 1) pages = 0;
    if (file) fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

// New handles and kept ones, several thousand each; how much more is held at the end of each half.
static void memory(void) {
    for (int half = 0; half < 3; half++) {
        long before = resident_kb();
        CURL *easy = handle("/wire/empty", NULL);
        for (int i = 0; i < 2500; i++) {
            curl_easy_perform(easy);
            if (i % 2) continue;
            CURL *other = curl_easy_duphandle(easy);
            curl_easy_setopt(other, CURLOPT_URL, "http://127.0.0.1:1/x");
            curl_easy_perform(other);
            curl_easy_cleanup(other);
        }
        curl_easy_cleanup(easy);
        if (half) printf("%ld\n", resident_kb() - before);
    }
}

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        void (*run)(void);
    } ways[] = {
        {"reuse", reuse},       {"debug", debug},
        {"errors", errors},     {"multi_poll", multi_poll},
        {"removed", removed},   {"aborted", aborted},
        {"threads", threads},   {"multi_socket", multi_socket},
        {"forks", forks},       {"ends", ends},
        {"exits", exits},       {"memory", memory},
        {"patient", patient},   {"crashes", crashes},
        {"is_ended", is_ended}, {"without_streams", without_streams},
    };
    if (argc != 3) return 2;
    base = argv[2];
    curl_global_init(CURL_GLOBAL_DEFAULT);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (strcmp(ways[i].name, argv[1]) == 0) {
            ways[i].run();
            fflush(stdout);
            return 0;
        }
    return 2;
}
