// SPDX-License-Identifier: Apache-2.0
#include "store/bundle_store.h"
#include "base/log.h"
#include "store/code_folders.h"
#include "store/package.h"
#include "store/trust.h"
#include "store/write.h"
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

enum { NAME_MAX_BYTES = 96 };

static void write_name(const tskl_sha256 *digest, char name[NAME_MAX_BYTES]) {
    snprintf(name, NAME_MAX_BYTES, "sha256-%s.tgz", digest->hex);
}

static tskl_status find_in(const char *folder, const tskl_sha256 *digest, tskl_arena *arena,
                           tskl_slice *out, tskl_error *err) {
    char path[PATH_MAX], name[NAME_MAX_BYTES];
    write_name(digest, name);
    if (snprintf(path, sizeof path, "%s/packs/%s", folder, name) >= (int)sizeof path)
        return tskl_fail(err, TSKL_ERR_NOT_FOUND, "%.80s...: too long a path", folder);
    TSKL_TRY(tskl_trust_read(path, TSKL_PACKAGE_BUNDLE_MAX, arena, out, err));
    tskl_sha256 found = tskl_sha256_of(*out);
    if (tskl_sha256_equal(&found, digest)) return TSKL_OK;
    *out = (tskl_slice){NULL, 0};
    tskl_log(TSKL_LOG_WARN, "%s is damaged and is fetched again", path);
    unlink(path);
    return tskl_fail(err, TSKL_ERR_NOT_FOUND, "%s is damaged", path);
}

static tskl_status find_anywhere(const tskl_sha256 *digest, tskl_arena *arena, tskl_slice *out,
                                 tskl_error *err) {
    const char *folders[TSKL_CODE_FOLDERS];
    tskl_error why;
    TSKL_TRY(tskl_code_folders(arena, folders, err));
    for (size_t i = 0; i < TSKL_CODE_FOLDERS; i++) {
        if (!folders[i]) continue;
        tskl_status status = find_in(folders[i], digest, arena, out, &why);
        if (status == TSKL_OK || status == TSKL_ERR_NOMEM) {
            if (status && err) *err = why;
            return status;
        }
        if (status != TSKL_ERR_NOT_FOUND)
            tskl_log(TSKL_LOG_WARN, "fetched Packs: passed over: %s", why.message);
    }
    return tskl_fail(err, TSKL_ERR_NOT_FOUND, "no bundle sha256:%s was fetched", digest->hex);
}

tskl_status tskl_bundle_find(const char *folder, const tskl_sha256 *digest, tskl_arena *arena,
                             tskl_slice *out, tskl_error *err) {
    *out = (tskl_slice){NULL, 0};
    return folder ? find_in(folder, digest, arena, out, err)
                  : find_anywhere(digest, arena, out, err);
}

typedef struct named_bundle {
    const tskl_sha256 *digest;
    tskl_slice bytes;
} named_bundle;

static tskl_status store_in(const char *folder, const void *what, tskl_error *err) {
    const named_bundle *bundle = what;
    char path[PATH_MAX], name[NAME_MAX_BYTES];
    tskl_descriptor opened;
    write_name(bundle->digest, name);
    if (snprintf(path, sizeof path, "%s/packs", folder) >= (int)sizeof path)
        return tskl_fail(err, TSKL_ERR_IO, "%.80s...: too long a path", folder);
    // The folder first, so that the system's is as readable as it has to be.
    TSKL_TRY(tskl_code_folder_make(folder, err));
    TSKL_TRY(tskl_code_folder_make(path, err));
    TSKL_TRY(tskl_code_folder_open(path, &opened, err));
    tskl_status status = tskl_store_write(&opened, name, &bundle->bytes, 1, err);
    tskl_descriptor_close(&opened);
    return status ? tskl_context(err, status, "%s", path) : TSKL_OK;
}

tskl_status tskl_bundle_store(const char *folder, const tskl_sha256 *digest, tskl_slice bundle,
                              tskl_error *err) {
    tskl_sha256 found = tskl_sha256_of(bundle);
    if (!tskl_sha256_equal(&found, digest))
        return tskl_fail(err, TSKL_ERR_MISMATCH, "it is sha256:%s, not sha256:%s", found.hex,
                         digest->hex);
    const named_bundle named = {digest, bundle};
    return folder ? store_in(folder, &named, err) : tskl_code_folders_store(store_in, &named, err);
}
