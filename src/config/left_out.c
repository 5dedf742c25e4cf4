// left_out: people mend a whole tree once, or not at all. So all that is at fault is gathered
// first, and one command is made of it.
// SPDX-License-Identifier: Apache-2.0
#include "config/left_out.h"
#include "base/buf.h"
#include "config/discover.h"
#include "config/pack_entry.h"
#include "store/package.h"
#include "store/trust.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { FAULTS_MAX = 256, COMMAND_MAX = 16 * 1024 };

struct tskl_faults {
    tskl_config *config;
    tskl_slice paths[FAULTS_MAX]; // at fault, each once
    size_t count;
    bool owned, shared; // another owns some; others may write some
    tskl_slice base;    // the folder that all of it lies in: what is above it is shared with others
    size_t title_room;
};

static tskl_status nomem(tskl_error *err) {
    return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (what is left out)");
}

tskl_faults *tskl_faults_new(tskl_config *config) {
    tskl_faults *faults = tskl_arena_new(&config->arena, tskl_faults);
    if (faults) faults->config = config;
    return faults;
}

static bool is_below(tskl_slice path, tskl_slice folder) {
    if (folder.len == 1) return true; // "/"
    return tskl_slice_starts(path, folder) &&
           (path.len == folder.len || path.ptr[folder.len] == '/');
}

static tskl_slice folder_of(tskl_slice path) {
    while (path.len > 1 && path.ptr[path.len - 1] != '/') path.len--;
    return path.len > 1 ? tskl_slice_first(path, path.len - 1) : path;
}

static tskl_slice common_folder(tskl_slice folder, tskl_slice path) {
    while (folder.len > 1 && !is_below(path, folder)) folder = folder_of(folder);
    return folder;
}

static void add_fault(tskl_faults *f, const tskl_trust_fault *fault) {
    tskl_slice path = tskl_slice_of(fault->path);
    f->owned = f->owned || fault->owned;
    f->shared = f->shared || !fault->owned;
    for (size_t i = 0; i < f->count; i++)
        if (tskl_slice_equal(f->paths[i], path)) return;
    if (f->count < FAULTS_MAX) f->paths[f->count++] = path;
}

static void add_faults_of(tskl_faults *f, const char *path) {
    tskl_trust_fault found[TSKL_TRUST_FAULTS_MAX];
    size_t count = tskl_trust_faults(path, &f->config->arena, found);
    for (size_t i = 0; i < count; i++) add_fault(f, &found[i]);
}

// The working folder is what a person mends as a whole, where all of it lies there.
static bool widen_base(tskl_faults *f, const char *path) {
    char real[PATH_MAX], here[PATH_MAX];
    if (!realpath(path, real)) return true; // gone meanwhile
    tskl_slice folder = folder_of(tskl_slice_of(real));
    if (f->base.len == 0 && getcwd(here, sizeof here) && is_below(folder, tskl_slice_of(here)))
        folder = tskl_slice_of(here);
    if (f->base.len) {
        f->base = common_folder(f->base, folder);
        return true;
    }
    return tskl_arena_copy(&f->config->arena, folder, &f->base);
}

static bool add_title(tskl_faults *f, tskl_slice title) {
    tskl_texts *titles = &f->config->left_out.titles;
    if (titles->count == f->title_room) {
        size_t room = 2 * f->title_room + 8;
        tskl_slice *items = tskl_arena_array(&f->config->arena, tskl_slice, room);
        if (!items) return false;
        if (titles->count) memcpy(items, titles->items, titles->count * sizeof *items);
        titles->items = items;
        f->title_room = room;
    }
    return tskl_arena_copy(&f->config->arena, title, &titles->items[titles->count]) &&
           ++titles->count;
}

tskl_status tskl_faults_add(tskl_faults *f, tskl_slice title, const char *path, tskl_error *err) {
    if (!add_title(f, title) || !widen_base(f, path)) return nomem(err);
    add_faults_of(f, path);
    for (size_t i = 0; i < TSKL_PACKAGE_FILES; i++) {
        const char *file =
            tskl_arena_printf(&f->config->arena, "%s/%s", path, tskl_package_files[i].name);
        if (!file) return nomem(err);
        add_faults_of(f, file);
    }
    return TSKL_OK;
}

// What cannot be read for another reason is said when it is read.
static bool is_untrusted(const char *path) {
    bool foreign;
    return tskl_trust_check_foreign(path, &foreign, NULL) == TSKL_ERR_UNTRUSTED;
}

static bool has_untrusted(const char *path, tskl_arena *arena) {
    bool found = is_untrusted(path);
    for (size_t i = 0; !found && i < TSKL_PACKAGE_FILES; i++) {
        const char *file = tskl_arena_printf(arena, "%s/%s", path, tskl_package_files[i].name);
        found = file && is_untrusted(file);
    }
    return found;
}

static tskl_status add_pack(tskl_faults *f, tskl_config_pack *entry, tskl_error *err) {
    tskl_arena *arena = &f->config->arena;
    const char *path = tskl_arena_cstr(arena, entry->from);
    if (!path) return nomem(err);
    if (!has_untrusted(path, arena)) return TSKL_OK;
    const char *title =
        tskl_arena_printf(arena, "Pack " TSKL_FMT, TSKL_ARG(tskl_discover_name(entry, arena)));
    if (!title) return nomem(err);
    entry->left_out = true;
    entry->enabled = false;
    return tskl_faults_add(f, tskl_slice_of(title), path, err);
}

tskl_status tskl_faults_add_packs(tskl_faults *f, tskl_error *err) {
    for (size_t i = 0; i < f->config->pack_count; i++) {
        tskl_config_pack *entry = &f->config->packs[i];
        bool on_disk = entry->from.len && !tskl_pack_entry_is_remote(entry);
        if (entry->enabled && on_disk) TSKL_TRY(add_pack(f, entry, err));
    }
    return TSKL_OK;
}

const char *tskl_shell_word(const char *text, tskl_arena *arena) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "/._-+=:,@%";
    if (*text && text[strspn(text, plain)] == 0) return text;
    tskl_buf word;
    tskl_buf_init(&word, COMMAND_MAX);
    tskl_buf_byte(&word, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            tskl_buf_add(&word, TSKL_S("'\\''"));
        else
            tskl_buf_byte(&word, *text);
    }
    tskl_buf_byte(&word, '\'');
    const char *copy = word.failed ? NULL : tskl_arena_cstr(arena, tskl_buf_slice(&word));
    tskl_buf_deinit(&word);
    return copy;
}

static bool add_word(tskl_buf *command, tskl_slice path, tskl_arena *arena) {
    const char *text = tskl_arena_cstr(arena, path);
    const char *word = text ? tskl_shell_word(text, arena) : NULL;
    if (!word) return false;
    tskl_buf_byte(command, ' ');
    tskl_buf_add(command, tskl_slice_of(word));
    return true;
}

static bool is_above(const tskl_faults *f, tskl_slice path) {
    return !tskl_slice_equal(path, f->base) && is_below(f->base, path);
}

// Folders above it are mended by themselves: what else lies in them is not ours.
static bool add_above(tskl_buf *command, const tskl_faults *f, const char *verb) {
    size_t before = command->len;
    for (size_t i = 0; i < f->count; i++) {
        if (!is_above(f, f->paths[i])) continue;
        if (command->len == before) tskl_buf_printf(command, "%s", verb);
        if (!add_word(command, f->paths[i], &f->config->arena)) return false;
    }
    return true;
}

// What all faults below the base have in common, with all that lies in it.
static bool add_whole(tskl_buf *command, const tskl_faults *f, const char *verb) {
    tskl_slice whole = {NULL, 0};
    size_t below = 0;
    for (size_t i = 0; i < f->count; i++) {
        if (is_above(f, f->paths[i])) continue;
        whole = below++ ? common_folder(whole, f->paths[i]) : f->paths[i];
    }
    if (below == 0) return true;
    if (command->len) tskl_buf_add(command, TSKL_S(" && "));
    tskl_slice words = tskl_slice_of(verb), program = tskl_slice_split(&words, ' ');
    tskl_buf_printf(command, TSKL_FMT " -R " TSKL_FMT, TSKL_ARG(program), TSKL_ARG(words));
    // Of several trees without a folder of their own each is named: never "/", or all of /srv.
    if (is_above(f, whole) || whole.len <= 1) {
        bool done = true;
        for (size_t i = 0; done && i < f->count; i++)
            if (!is_above(f, f->paths[i])) done = add_word(command, f->paths[i], &f->config->arena);
        return done;
    }
    return add_word(command, whole, &f->config->arena);
}

static bool add_command(tskl_buf *command, const tskl_faults *f, const char *verb) {
    tskl_buf one;
    tskl_buf_init(&one, COMMAND_MAX);
    bool done = add_above(&one, f, verb) && add_whole(&one, f, verb) && !one.failed;
    if (command->len) tskl_buf_add(command, TSKL_S(" && "));
    tskl_buf_add(command, tskl_buf_slice(&one));
    tskl_buf_deinit(&one);
    return done;
}

static const char *make_command(const tskl_faults *f) {
    char verb[64];
    tskl_buf command;
    tskl_buf_init(&command, COMMAND_MAX);
    snprintf(verb, sizeof verb, "chown %u", (unsigned)geteuid());
    bool done = (!f->owned || add_command(&command, f, verb)) &&
                (!f->shared || add_command(&command, f, "chmod go-w"));
    const char *text = done && !command.failed
                           ? tskl_arena_cstr(&f->config->arena, tskl_buf_slice(&command))
                           : NULL;
    tskl_buf_deinit(&command);
    return text;
}

tskl_status tskl_faults_finish(tskl_faults *f, tskl_error *err) {
    tskl_left_out *out = &f->config->left_out;
    if (out->titles.count == 0) return TSKL_OK;
    bool one = out->titles.count == 1;
    if (f->owned)
        out->why = one ? "it is another user's" : "they are another user's";
    else
        out->why = one ? "others may write it" : "others may write them";
    out->mend = make_command(f);
    return out->mend ? TSKL_OK : nomem(err);
}
