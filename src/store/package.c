// SPDX-License-Identifier: Apache-2.0
#include "store/package.h"
#include "store/trust.h"
#include <errno.h>
#include <sys/stat.h>

const tskl_package_file tskl_package_files[TSKL_PACKAGE_FILES] = {
    {"config.json", offsetof(tskl_package, configuration), TSKL_PACKAGE_TEXT_MAX},
    {"manifest.json", offsetof(tskl_package, manifest), TSKL_PACKAGE_TEXT_MAX},
    {"pack.wasm", offsetof(tskl_package, wasm), TSKL_PACKAGE_WASM_MAX},
};

tskl_status tskl_package_check(const tskl_package *package, tskl_error *err) {
    if (!package->manifest.ptr)
        return tskl_fail(err, TSKL_ERR_NOT_FOUND, "manifest.json is missing");
    // Under the older schema the code stands inside the manifest: its reader says more.
    bool older = tskl_slice_search(package->manifest, TSKL_S("\"pre1\"")) != SIZE_MAX;
    if (!package->wasm.ptr && !older)
        return tskl_fail(err, TSKL_ERR_NOT_FOUND, "pack.wasm is missing");
    return TSKL_OK;
}

static tskl_status read_file(const char *folder, const tskl_package_file *file, tskl_arena *arena,
                             tskl_package *out, tskl_error *err) {
    const char *path = tskl_arena_printf(arena, "%s/%s", folder, file->name);
    if (!path) return tskl_fail(err, TSKL_ERR_NOMEM, "%s: no room for it", folder);
    tskl_slice *into = (tskl_slice *)((char *)out + file->offset);
    tskl_status status = tskl_trust_read(path, file->max, arena, into, err);
    return status == TSKL_ERR_NOT_FOUND ? TSKL_OK : status;
}

static tskl_status read_folder(const char *path, tskl_arena *arena, tskl_package *out,
                               tskl_error *err) {
    for (size_t i = 0; i < TSKL_PACKAGE_FILES; i++)
        TSKL_TRY(read_file(path, &tskl_package_files[i], arena, out, err));
    tskl_status status = tskl_package_check(out, err);
    return status ? tskl_context(err, status, "%s", path) : TSKL_OK;
}

static tskl_status read_bundle(const char *path, tskl_arena *arena, tskl_package *out,
                               tskl_error *err) {
    tskl_arena packed = {0};
    tskl_slice bytes;
    tskl_status status = tskl_trust_read(path, TSKL_PACKAGE_BUNDLE_MAX, &packed, &bytes, err);
    if (status == TSKL_OK) {
        status = tskl_package_unpack(bytes, arena, out, err);
        if (status) tskl_context(err, status, "%s", path);
    }
    tskl_arena_reset(&packed);
    return status;
}

tskl_status tskl_package_read(const char *path, tskl_arena *arena, tskl_package *out,
                              tskl_error *err) {
    struct stat st;
    *out = (tskl_package){0};
    TSKL_TRY(tskl_trust_check(path, err));
    if (stat(path, &st)) return tskl_fail(err, TSKL_ERR_IO, "%s: %s", path, strerror(errno));
    tskl_status status = S_ISDIR(st.st_mode) ? read_folder(path, arena, out, err)
                                             : read_bundle(path, arena, out, err);
    if (status) *out = (tskl_package){0};
    return status;
}
