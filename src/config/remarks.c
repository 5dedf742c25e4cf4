// remarks: one line each, so that a program's own output stays readable.
// SPDX-License-Identifier: Apache-2.0
#include "config/remarks.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "config/consent.h"
#include "config/left_out.h"
#include <limits.h>
#include <stdlib.h>

enum { LIST_MAX = 360, ITEM_MAX = 100, PATH_SHOWN_MAX = 300 };

/** A list of things in words: "a, b and 3 more". */
typedef struct list {
    tskl_buf text;
    char room[LIST_MAX + ITEM_MAX + 32];
    size_t more;
} list;

static void list_init(list *l) {
    // On the stack: a cap below its room keeps it from ever growing.
    l->text = (tskl_buf){.ptr = l->room, .room = sizeof l->room, .cap = sizeof l->room - 1};
    l->more = 0;
}

static void list_add(list *l, const char *before, tskl_slice item) {
    tskl_slice shown = tskl_utf8_whole(tskl_slice_first(item, ITEM_MAX - 32));
    if (l->text.len + ITEM_MAX > LIST_MAX) {
        l->more++;
        return;
    }
    tskl_buf_printf(&l->text, "%s%.24s" TSKL_FMT "%s", l->text.len ? ", " : "", before,
                    TSKL_ARG(shown), shown.len < item.len ? "..." : "");
}

static const char *list_end(list *l) {
    if (l->more) tskl_buf_printf(&l->text, " and %zu more", l->more);
    return tskl_buf_cstr(&l->text);
}

static const char *left_out_line(const tskl_config *config, tskl_arena *arena) {
    const tskl_left_out *out = &config->left_out;
    list titles;
    list_init(&titles);
    for (size_t i = 0; i < out->titles.count; i++) list_add(&titles, "", out->titles.items[i]);
    const char *named = list_end(&titles), *verb = out->titles.count == 1 ? "is" : "are";
    bool fits = strlen(named) + strlen(out->mend) + 100 < TSKL_REMARK_BYTES;
    return tskl_arena_printf(arena, "%s %s left out, since %s: %s%s", named, verb, out->why,
                             fits ? "" : "`taskless doctor` names the command that mends it",
                             fits ? out->mend : "");
}

static const char *foreign_line(const tskl_config *config, tskl_arena *arena) {
    return tskl_arena_printf(
        arena,
        "%s belongs to another user, and this is root: its Packs run without grants, and "
        "compiled code from there is not used",
        config->path && strlen(config->path) < PATH_SHOWN_MAX ? config->path : "this folder");
}

const char *tskl_remark_consent(const tskl_config *config, tskl_arena *arena) {
    char real[PATH_MAX];
    const char *word =
        config->path && realpath(config->path, real) ? tskl_shell_word(real, arena) : NULL;
    bool fits = word && strlen(word) < PATH_SHOWN_MAX;
    return tskl_arena_printf(arena,
                             "run `taskless trust`; for images, CI and services set "
                             "TASKLESS_CONFIG=%s",
                             fits ? word : "PATH");
}

static void list_ask(list *asks, const tskl_config_ask *ask) {
    static const char *const before[] = {"calls to ", "variable ", "output ", "Pack ", "log to "};
    list_add(asks, before[ask->kind], ask->kind == TSKL_ASK_FETCH ? ask->pack : ask->what);
}

static const char *waits_line(const tskl_config *config, tskl_arena *arena) {
    const char *ways = tskl_remark_consent(config, arena);
    list asks;
    list_init(&asks);
    for (size_t i = 0; i < config->ask_count; i++)
        if (!config->asks[i].given) list_ask(&asks, &config->asks[i]);
    if (!ways) return NULL;
    return tskl_arena_printf(
        arena, "%s %s, and what it asks for waits for your consent (%s): %s",
        strlen(config->path) < PATH_SHOWN_MAX ? config->path : "the configuration",
        config->consent_broken ? "or a Pack of it has changed since you agreed to it"
                               : "was found here, not named",
        list_end(&asks), ways);
}

const char *tskl_remark_withheld(const tskl_config *config, tskl_arena *arena) {
    list grants;
    if (config->withheld_count == 0) return NULL;
    list_init(&grants);
    for (size_t i = 0; i < config->withheld_count; i++) list_ask(&grants, &config->withheld[i]);
    return tskl_arena_printf(arena,
                             "Packs are given no hosts and no secrets here (%s); in a live run, "
                             "as under `taskless run`, they are",
                             list_end(&grants));
}

static const char *replaced_line(const tskl_config *config, tskl_arena *arena) {
    list packs;
    list_init(&packs);
    for (size_t i = 0; i < config->replaced.count; i++)
        list_add(&packs, "", config->replaced.items[i]);
    return tskl_arena_printf(arena, "in place of what comes with taskless: %s", list_end(&packs));
}

size_t tskl_remarks(const tskl_config *config, tskl_arena *arena,
                    const char *lines[TSKL_REMARKS_MAX]) {
    const struct {
        bool wanted;
        const char *(*line)(const tskl_config *config, tskl_arena *arena);
    } rows[TSKL_REMARKS_MAX] = {
        {config->left_out.titles.count, left_out_line},
        {config->foreign && config->source != TSKL_SOURCE_OWN, foreign_line},
        {config->waiting, waits_line},
        {config->replaced.count, replaced_line},
    };
    size_t count = 0;
    for (size_t i = 0; i < TSKL_REMARKS_MAX; i++) {
        const char *line = rows[i].wanted ? rows[i].line(config, arena) : NULL;
        if (line) lines[count++] = line;
    }
    return count;
}
