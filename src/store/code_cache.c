// SPDX-License-Identifier: Apache-2.0
#include "store/code_cache.h"
#include "base/log.h"
#include "store/code_entry.h"
#include "store/code_folders.h"
#include <stdatomic.h>
#include <unistd.h>

// A damaged entry goes away, so that it is compiled again; one that is not ours to judge stays.
static tskl_status find_in(const char *folder, const char *name, tskl_code *out, tskl_error *err) {
    tskl_descriptor opened;
    TSKL_TRY(tskl_code_folder_open(folder, &opened, err));
    tskl_status status = tskl_code_entry_map(&opened, name, out, err);
    if (status == TSKL_ERR_SYNTAX) {
        tskl_log(TSKL_LOG_WARN, "code cache: %s/%s is damaged and is made again", folder, name);
        if (tskl_descriptor_is_same(&opened)) unlinkat(opened.fd, name, 0);
    }
    tskl_descriptor_close(&opened);
    return status ? tskl_context(err, status, "%s", folder) : TSKL_OK;
}

static void log_once(size_t folder, const tskl_error *why) {
    static atomic_bool said[TSKL_CODE_FOLDERS];
    if (why->status == TSKL_ERR_NOT_FOUND || why->status == TSKL_ERR_SYNTAX) return;
    if (!atomic_exchange(&said[folder], true))
        tskl_log(TSKL_LOG_WARN, "code cache: passed over: %s", why->message);
}

tskl_status tskl_code_find(const tskl_sha256 *wasm, tskl_slice key, tskl_code *out,
                           tskl_error *err) {
    char name[TSKL_CODE_NAME_MAX];
    const char *folders[TSKL_CODE_FOLDERS];
    tskl_arena arena = {0};
    *out = (tskl_code){0};
    TSKL_TRY(tskl_code_entry_name(wasm, key, name, err));
    tskl_status status = tskl_code_folders(&arena, folders, err);
    bool found = false;
    for (size_t i = 0; status == TSKL_OK && !found && i < TSKL_CODE_FOLDERS; i++) {
        tskl_error why;
        found = folders[i] && find_in(folders[i], name, out, &why) == TSKL_OK;
        if (folders[i] && !found) log_once(i, &why);
    }
    tskl_arena_reset(&arena);
    if (status || found) return status;
    return tskl_fail(err, TSKL_ERR_NOT_FOUND, "code cache: no %s", name);
}

typedef struct named_code {
    const char *name;
    tskl_slice code;
} named_code;

static tskl_status store_in(const char *folder, const void *what, tskl_error *err) {
    const named_code *entry = what;
    tskl_descriptor opened;
    TSKL_TRY(tskl_code_folder_make(folder, err));
    TSKL_TRY(tskl_code_folder_open(folder, &opened, err));
    tskl_status status = tskl_code_entry_write(&opened, entry->name, entry->code, err);
    tskl_descriptor_close(&opened);
    return status ? tskl_context(err, status, "%s", folder) : TSKL_OK;
}

tskl_status tskl_code_store(const char *folder, const tskl_sha256 *wasm, tskl_slice key,
                            tskl_slice code, tskl_error *err) {
    char name[TSKL_CODE_NAME_MAX];
    TSKL_TRY(tskl_code_entry_name(wasm, key, name, err));
    if (code.len == 0) return tskl_fail(err, TSKL_ERR_INVALID, "code cache: no code to keep");
    const named_code entry = {name, code};
    return folder ? store_in(folder, &entry, err) : tskl_code_folders_store(store_in, &entry, err);
}
