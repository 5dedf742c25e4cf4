// SPDX-License-Identifier: Apache-2.0
#include "case/check.h"
#include "case/watch.h"
#include "command.h"
#include "kit/build.h"
#include "say.h"
#include <sys/stat.h>
#include <time.h>

enum { FOLDERS_MAX = 64, LEAD_MAX = 256 };

/** Somebody's work on Packs, from one change to the next. */
typedef struct watching {
    const tskl_check_job *job;
    const tskl_config *config;
    tskl_kits kits;
    tskl_watch watch;
    char *folders[FOLDERS_MAX + 2]; // that are watched; ends with NULL
    char lead[LEAD_MAX];            // of the line under way: when, and what was built
    size_t lead_len;
} watching;

static bool is_folder(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static const tskl_kit *kit_of(const watching *w, const char *path) {
    const tskl_kit *kit, *other;
    return tskl_kits_of_project(&w->kits, path, &kit, &other) == 1 ? kit : NULL;
}

// The cases may lie elsewhere; a pack.tgz is checked once a round, but not watched.
static bool choose_folders(watching *w) {
    size_t count = 0;
    w->watch.builds = true;
    for (size_t i = 0; w->job->paths[i] && count < FOLDERS_MAX; i++) {
        if (!is_folder(w->job->paths[i])) continue;
        w->folders[count++] = w->job->paths[i];
        w->watch.builds = w->watch.builds && kit_of(w, w->job->paths[i]);
    }
    if (count && w->job->cases) w->folders[count++] = (char *)w->job->cases;
    if (count == 0) tskl_complain("--watch needs the folder of a Pack, this one or PACK_DIR");
    return count > 0;
}

static void begin_line(watching *w) {
    time_t now = time(NULL);
    struct tm parts;
    localtime_r(&now, &parts);
    w->lead_len = strftime(w->lead, sizeof w->lead, "%H:%M:%S ", &parts);
}

static void add_built(watching *w, const tskl_built *built) {
    char bytes[32];
    size_t room = sizeof w->lead - w->lead_len;
    int len = snprintf(w->lead + w->lead_len, room, " built, %s bytes; ",
                       tskl_with_commas(built->bytes, bytes));
    if (len < (int)room) w->lead_len += (size_t)len;
}

// False: the compiler, or we, have said why not.
static bool build_all(watching *w) {
    for (size_t i = 0; w->job->paths[i]; i++) {
        const tskl_build_options options = {.project = w->job->paths[i], .quiet = true};
        tskl_built built;
        tskl_error err;
        if (!kit_of(w, options.project)) continue;
        if (tskl_build(&w->kits, &options, &built, &err) == TSKL_OK) {
            add_built(w, &built);
            continue;
        }
        if (err.message[0]) tskl_complain("%s", err.message);
        return false;
    }
    return true;
}

static void round_of(watching *w, tskl_change change) {
    tskl_check_job job = *w->job;
    begin_line(w);
    job.report.lead = w->lead;
    if (change == TSKL_CHANGE_CASES || build_all(w))
        (void)tskl_check(&job, w->config);
    else
        printf("%s not built\n", w->lead);
    fflush(stdout);
}

static int watch(watching *w, const sigset_t *during) {
    tskl_error err;
    tskl_change change = TSKL_CHANGE_SOURCE;
    while (change != TSKL_CHANGE_STOP && !ferror(stdout)) {
        if (tskl_watch_begin(&w->watch, w->folders, &err) != TSKL_OK) return tskl_fail_with(&err);
        round_of(w, change);
        change = tskl_watch_wait(&w->watch, during);
    }
    return TSKL_EXIT_DONE;
}

int tskl_check_watch(const tskl_check_job *job, const tskl_config *config) {
    static watching w; // some kilobytes
    w = (watching){.job = job, .config = config, .watch = {.fd = -1}};
    sigset_t before;
    int code = TSKL_EXIT_USAGE;
    tskl_error err;
    // Without kits nothing is built; what others build is checked all the same.
    (void)tskl_kits_read(NULL, &w.kits, &err);
    tskl_watch_hold_signals(&before);
    if (choose_folders(&w)) code = watch(&w, &before);
    tskl_watch_end(&w.watch);
    tskl_kits_deinit(&w.kits);
    return code;
}
