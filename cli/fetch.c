// SPDX-License-Identifier: Apache-2.0
#include "fetch.h"
#include "config/pack_entry.h"
#include "net/download.h"
#include "prepare.h"
#include "say.h"
#include "store/bundle_store.h"
#include "store/package.h"

enum { TIMEOUT_MS = 60 * 1000 };

static tskl_status download(const tskl_config_pack *entry, const tskl_target *target,
                            tskl_arena *arena, tskl_slice *out, tskl_error *err) {
    tskl_buf file;
    tskl_buf_init(&file, TSKL_PACKAGE_BUNDLE_MAX);
    tskl_remark("fetching " TSKL_FMT " from %s", TSKL_ARG(tskl_pack_label(entry)), target->label);
    tskl_status status = tskl_download(target, TIMEOUT_MS, &file, err);
    if (status == TSKL_OK && !tskl_arena_copy(arena, tskl_buf_slice(&file), out))
        status = tskl_fail(err, TSKL_ERR_NOMEM, "no room for a Pack");
    tskl_buf_deinit(&file);
    return status;
}

// What was fetched is kept where it is looked for, and in `folder`: an image is made there.
static tskl_status keep(const tskl_sha256 *digest, tskl_slice bundle, const char *folder,
                        tskl_arena *arena, tskl_error *err) {
    tskl_slice ignored;
    if (folder) TSKL_TRY(tskl_bundle_store(folder, digest, bundle, err));
    if (tskl_bundle_find(NULL, digest, arena, &ignored, NULL) == TSKL_OK) return TSKL_OK;
    return tskl_bundle_store(NULL, digest, bundle, err);
}

static tskl_status explain(tskl_status status, const tskl_target *target, tskl_error *err) {
    size_t len = strlen(err->message);
    bool network = status == TSKL_ERR_NETWORK || status == TSKL_ERR_TIMEOUT;
    if (network)
        snprintf(err->message + len, sizeof err->message - len,
                 "; try again, or name a pack.tgz on disk");
    return tskl_context(err, status, "%s", target->label);
}

static tskl_status fetch(const tskl_config_pack *entry, const tskl_sha256 *digest,
                         const char *folder, tskl_arena *arena, tskl_error *err) {
    tskl_target target;
    tskl_slice bundle;
    tskl_status status = tskl_bundle_find(NULL, digest, arena, &bundle, err);
    if (status == TSKL_OK && !folder) return TSKL_OK;
    if (status == TSKL_ERR_NOT_FOUND) {
        TSKL_TRY(tskl_target_parse(entry->from, arena, &target, err));
        status = download(entry, &target, arena, &bundle, err);
        if (status == TSKL_OK) status = keep(digest, bundle, folder, arena, err);
        return status ? explain(status, &target, err) : TSKL_OK;
    }
    return status ? status : keep(digest, bundle, folder, arena, err);
}

tskl_status tskl_fetch_pack(const tskl_config_pack *entry, const char *folder, tskl_error *err) {
    tskl_sha256 digest;
    tskl_arena arena = {0};
    if (!tskl_pack_entry_is_url(entry)) return TSKL_OK;
    TSKL_TRY(tskl_pack_entry_check_url(entry, &digest, err));
    tskl_status status = fetch(entry, &digest, folder, &arena, err);
    tskl_arena_reset(&arena);
    return status;
}
