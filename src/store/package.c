// SPDX-License-Identifier: Apache-2.0
#include "store/package.h"
#include "base/buf.h"
#include "store/trust.h"
#include <errno.h>
#include <sys/stat.h>

const tskl_package_file tskl_package_files[TSKL_PACKAGE_FILES] = {
    {"config.json", offsetof(tskl_package, configuration), TSKL_PACKAGE_TEXT_MAX},
    {"manifest.json", offsetof(tskl_package, manifest), TSKL_PACKAGE_MANIFEST_MAX},
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
    tskl_status status = tskl_trust_read_foreign(path, file->max, arena, into, &out->foreign, err);
    return status == TSKL_ERR_NOT_FOUND ? TSKL_OK : status;
}

// Where its further modules may lie.
static bool note_places(const char *path, bool is_folder, tskl_arena *arena, tskl_package *out) {
    const char *slash = strrchr(path, '/');
    if (is_folder) {
        out->folder = tskl_arena_cstr(arena, tskl_slice_of(path));
        out->shared = tskl_arena_printf(arena, "%s/../modules", path);
        return out->folder && out->shared;
    }
    out->shared =
        tskl_arena_printf(arena, "%.*smodules", slash ? (int)(slash + 1 - path) : 0, path);
    return out->shared != NULL;
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
    bool foreign = false;
    tskl_status status =
        tskl_trust_read_foreign(path, TSKL_PACKAGE_BUNDLE_MAX, &packed, &bytes, &foreign, err);
    if (status == TSKL_OK) {
        status = tskl_package_unpack(bytes, arena, out, err);
        out->foreign = foreign;
        if (status) tskl_context(err, status, "%s", path);
    }
    tskl_arena_reset(&packed);
    return status;
}

tskl_status tskl_package_read(const char *path, tskl_arena *arena, tskl_package *out,
                              tskl_error *err) {
    struct stat st;
    *out = (tskl_package){0};
    bool foreign = false;
    TSKL_TRY(tskl_trust_check_foreign(path, &foreign, err));
    if (stat(path, &st)) return tskl_fail(err, TSKL_ERR_IO, "%s: %s", path, strerror(errno));
    tskl_status status = S_ISDIR(st.st_mode) ? read_folder(path, arena, out, err)
                                             : read_bundle(path, arena, out, err);
    if (status == TSKL_OK && !note_places(path, S_ISDIR(st.st_mode), arena, out))
        status = tskl_fail(err, TSKL_ERR_NOMEM, "%s: no room for it", path);
    out->foreign = out->foreign || foreign;
    if (status) *out = (tskl_package){0};
    return status;
}

static void add_part(tskl_buf *text, const char *kind, tskl_slice name, tskl_slice part) {
    tskl_buf_printf(text, "%s " TSKL_FMT " %s\n", kind, TSKL_ARG(name), tskl_sha256_of(part).hex);
}

tskl_sha256 tskl_package_digest(const tskl_package *package) {
    enum { TEXT_MAX = 4096 };
    char room[TEXT_MAX];
    // On the stack: a cap below its room keeps it from ever growing.
    tskl_buf text = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
    tskl_slice none = {NULL, 0};
    add_part(&text, "manifest", none, package->manifest);
    add_part(&text, "configuration", none, package->configuration);
    add_part(&text, "wasm", none, package->wasm);
    for (size_t i = 0; i < package->module_count; i++)
        add_part(&text, "module", package->modules[i].name, package->modules[i].wasm);
    return tskl_sha256_of(tskl_buf_slice(&text));
}

// The file FOLDER/NAME.wasm; `*wasm` stays as it was where there is none.
static tskl_status read_module(const char *folder, tskl_slice name, tskl_arena *arena,
                               tskl_slice *wasm, tskl_error *err) {
    tskl_slice found;
    if (!folder || wasm->ptr) return TSKL_OK;
    const char *path = tskl_arena_printf(arena, "%s/" TSKL_FMT ".wasm", folder, TSKL_ARG(name));
    if (!path) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a path");
    bool foreign; // its digest was given by the manifest
    tskl_status status =
        tskl_trust_read_foreign(path, TSKL_PACKAGE_WASM_MAX, arena, &found, &foreign, err);
    if (status == TSKL_OK) *wasm = found;
    return status == TSKL_ERR_NOT_FOUND ? TSKL_OK : status;
}

tskl_status tskl_package_find_module(const tskl_package *package, tskl_slice name,
                                     const tskl_sha256 *digest, tskl_arena *arena, tskl_slice *wasm,
                                     tskl_error *err) {
    tskl_slice found = {NULL, 0};
    *wasm = found;
    for (size_t i = 0; i < package->module_count; i++)
        if (tskl_slice_equal(package->modules[i].name, name)) found = package->modules[i].wasm;
    TSKL_TRY(read_module(package->folder, name, arena, &found, err));
    TSKL_TRY(read_module(package->shared, tskl_slice_of(digest->hex), arena, &found, err));
    if (!found.ptr)
        return tskl_fail(err, TSKL_ERR_NOT_FOUND,
                         TSKL_FMT ".wasm is missing, and so is modules/%s.wasm", TSKL_ARG(name),
                         digest->hex);
    tskl_sha256 real = tskl_sha256_of(found);
    if (!tskl_sha256_equal(&real, digest))
        return tskl_fail(err, TSKL_ERR_MISMATCH, TSKL_FMT ".wasm is sha256:%s, not sha256:%s",
                         TSKL_ARG(name), real.hex, digest->hex);
    *wasm = found;
    return TSKL_OK;
}
