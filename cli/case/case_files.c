// SPDX-License-Identifier: Apache-2.0
#include "case/case_files.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { DEPTH_MAX = 8, FILES_MAX = 100000 };

static tskl_slice last_part(tskl_slice path) {
    size_t at = path.len;
    while (at > 0 && path.ptr[at - 1] != '/') at--;
    return tskl_slice_from(path, at);
}

tskl_slice tskl_case_name(const char *path) {
    tskl_slice name = last_part(tskl_slice_of(path));
    if (tskl_slice_ends(name, TSKL_S(".json"))) name.len -= sizeof ".json" - 1;
    return name;
}

// "stripe" of ".../stripe/cases".
static tskl_slice home_of(tskl_slice folder) {
    while (folder.len && folder.ptr[folder.len - 1] == '/') folder.len--;
    if (!tskl_slice_ends(folder, TSKL_S("/cases"))) return (tskl_slice){NULL, 0};
    return last_part(tskl_slice_first(folder, folder.len - (sizeof "/cases" - 1)));
}

static tskl_status add_file(tskl_case_files *files, const char *path, tskl_slice home,
                            tskl_error *err) {
    if (files->count == FILES_MAX) return tskl_fail(err, TSKL_ERR_LIMIT, "too many cases");
    if (files->count == files->room) {
        size_t room = files->room ? files->room * 2 : 64;
        tskl_case_file *more = tskl_arena_array(&files->arena, tskl_case_file, room);
        if (!more) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the cases");
        if (files->count) memcpy(more, files->items, files->count * sizeof *more);
        files->items = more;
        files->room = room;
    }
    tskl_slice kept;
    if (!tskl_arena_copy(&files->arena, home, &kept))
        return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the cases");
    files->items[files->count++] = (tskl_case_file){path, kept};
    return TSKL_OK;
}

static tskl_status add_below(tskl_case_files *files, const char *folder, tskl_slice home, int depth,
                             tskl_error *err);

// A Pack's own files, where a folder of whole Packs is searched.
static bool is_of_pack(tskl_slice name) {
    return tskl_slice_equal(name, TSKL_S("manifest.json")) ||
           tskl_slice_equal(name, TSKL_S("config.json"));
}

static tskl_status add_entry(tskl_case_files *files, const char *folder, const char *name,
                             tskl_slice home, int depth, tskl_error *err) {
    struct stat st;
    const char *path = tskl_arena_printf(&files->arena, "%s/%s", folder, name);
    if (!path) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the cases");
    if (stat(path, &st) != 0) return tskl_fail(err, TSKL_ERR_IO, "%s: %s", path, strerror(errno));
    if (S_ISDIR(st.st_mode)) return add_below(files, path, home, depth + 1, err);
    bool is_case =
        tskl_slice_ends(tskl_slice_of(name), TSKL_S(".json")) && !is_of_pack(tskl_slice_of(name));
    return is_case ? add_file(files, path, home, err) : TSKL_OK;
}

static int is_shown(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

static tskl_status add_below(tskl_case_files *files, const char *folder, tskl_slice home, int depth,
                             tskl_error *err) {
    struct dirent **entries;
    tskl_status status = TSKL_OK;
    if (depth > DEPTH_MAX) return TSKL_OK;
    if (home.len == 0) home = home_of(tskl_slice_of(folder));
    int count = scandir(folder, &entries, is_shown, by_bytes);
    if (count < 0)
        return tskl_fail(err, errno == ENOENT ? TSKL_ERR_NOT_FOUND : TSKL_ERR_IO, "%s: %s", folder,
                         strerror(errno));
    for (int i = 0; i < count; i++) {
        if (status == TSKL_OK)
            status = add_entry(files, folder, entries[i]->d_name, home, depth, err);
        free(entries[i]);
    }
    free(entries);
    return status;
}

tskl_status tskl_case_files_add(tskl_case_files *files, const char *folder, tskl_slice home,
                                tskl_error *err) {
    return add_below(files, folder, home, 0, err);
}

void tskl_case_files_deinit(tskl_case_files *files) {
    tskl_arena_reset(&files->arena);
    *files = (tskl_case_files){0};
}
