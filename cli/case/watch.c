// SPDX-License-Identifier: Apache-2.0
#include "case/watch.h"
#include "base/slice.h"
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH_MAX = 16, QUIET_MS = 80, EVENTS_ROOM = 16 * 1024 };

static const uint32_t kinds = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE |
                              IN_ONLYDIR | IN_EXCL_UNLINK;

/** Folders while they are added. */
typedef struct adding {
    int fd;
    size_t count;
    bool *of_cases;
} adding;

static volatile sig_atomic_t stopped;

static void stop(int number) {
    (void)number;
    stopped = 1;
}

void tskl_watch_hold_signals(sigset_t *before) {
    sigset_t held;
    struct sigaction action = {.sa_handler = stop};
    sigemptyset(&action.sa_mask);
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    stopped = 0;
    sigprocmask(SIG_BLOCK, &held, before);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool tskl_watch_ignores(const char *name, bool builds) {
    static const char *const made[] = {"build", "target", "node_modules", "pack.tgz"};
    tskl_slice text = tskl_slice_of(name);
    if (text.len == 0 || name[0] == '.' || name[0] == '#' || tskl_slice_ends(text, TSKL_S("~")))
        return true;
    for (size_t i = 0; i < TSKL_COUNT(made); i++)
        if (strcmp(name, made[i]) == 0) return true;
    return builds && tskl_slice_ends(text, TSKL_S(".wasm"));
}

static tskl_status add_below(adding *a, const char *folder, int depth, bool cases, tskl_error *err);

static tskl_status add_entries(adding *a, DIR *dir, const char *folder, int depth, bool cases,
                               tskl_error *err) {
    char path[PATH_MAX];
    struct stat st;
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (tskl_watch_ignores(entry->d_name, false)) continue;
        int len = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (len >= (int)sizeof path || stat(path, &st) || !S_ISDIR(st.st_mode)) continue;
        bool inside = cases || strcmp(entry->d_name, "cases") == 0;
        TSKL_TRY(add_below(a, path, depth + 1, inside, err));
    }
    return TSKL_OK;
}

static tskl_status add_below(adding *a, const char *folder, int depth, bool cases,
                             tskl_error *err) {
    if (depth > DEPTH_MAX) return TSKL_OK;
    if (a->count++ == TSKL_WATCH_FOLDERS_MAX)
        return tskl_fail(err, TSKL_ERR_LIMIT, "%s: too many folders to watch", folder);
    int number = inotify_add_watch(a->fd, folder, kinds);
    if (number >= 0 && number <= TSKL_WATCH_FOLDERS_MAX) a->of_cases[number] = cases;
    if (number < 0) {
        // One that has gone meanwhile is no news.
        if (errno == ENOENT && depth > 0) return TSKL_OK;
        return tskl_fail(err, TSKL_ERR_IO, "%s cannot be watched: %s", folder, strerror(errno));
    }
    DIR *dir = opendir(folder);
    if (!dir) return TSKL_OK;
    tskl_status status = add_entries(a, dir, folder, depth, cases, err);
    closedir(dir);
    return status;
}

tskl_status tskl_watch_begin(tskl_watch *watch, char *const *folders, tskl_error *err) {
    adding a = {.fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK), .of_cases = watch->of_cases};
    tskl_status status = TSKL_OK;
    if (a.fd < 0) return tskl_fail(err, TSKL_ERR_IO, "nothing can be watched: %s", strerror(errno));
    for (size_t i = 0; folders[i] && status == TSKL_OK; i++)
        status = add_below(&a, folders[i], 0, false, err);
    // The new one sees already what the old one does: nothing falls between them.
    tskl_watch_end(watch);
    watch->fd = a.fd;
    return status;
}

void tskl_watch_end(tskl_watch *watch) {
    if (watch->fd >= 0) close(watch->fd);
    watch->fd = -1;
}

// What is there to be read: whether any of it matters, and whether all that does are cases.
static void read_events(const tskl_watch *watch, bool *matters, bool *cases_only) {
    _Alignas(struct inotify_event) char room[EVENTS_ROOM];
    ssize_t got;
    while ((got = read(watch->fd, room, sizeof room)) > 0) {
        for (const char *at = room; at < room + got;) {
            const struct inotify_event *event = (const struct inotify_event *)at;
            at += sizeof *event + event->len;
            const char *name = event->len ? event->name : "";
            bool lost = event->mask & IN_Q_OVERFLOW;
            // A file counts once it is written; until then it may be half there.
            bool empty_yet = (event->mask & IN_CREATE) && !(event->mask & IN_ISDIR);
            if (!lost && (empty_yet || tskl_watch_ignores(name, watch->builds))) continue;
            *matters = true;
            bool of_cases =
                event->wd >= 0 && event->wd <= TSKL_WATCH_FOLDERS_MAX && watch->of_cases[event->wd];
            if (lost || !of_cases) *cases_only = false;
        }
    }
}

tskl_change tskl_watch_wait(tskl_watch *watch, const sigset_t *during) {
    static const struct timespec quiet = {.tv_nsec = QUIET_MS * 1000000L};
    struct pollfd ready = {.fd = watch->fd, .events = POLLIN};
    bool matters = false, cases_only = true;
    // An editor writes several files at once: the round begins when they are all there.
    for (int found = 1; found || !matters;) {
        found = ppoll(&ready, 1, matters ? &quiet : NULL, during);
        if (stopped) return TSKL_CHANGE_STOP;
        if (found > 0) read_events(watch, &matters, &cases_only);
        if (found < 0 && errno != EINTR) return TSKL_CHANGE_STOP;
    }
    return cases_only ? TSKL_CHANGE_CASES : TSKL_CHANGE_SOURCE;
}
