// SPDX-License-Identifier: Apache-2.0
#include "pack/pack.h"
#include "base/alloc.h"
#include "base/base64.h"
#include "config/pack_entry.h"
#include "exchange/exchange.h"
#include "pack/permissions.h"

static tskl_status check_code(tskl_slice wasm, tskl_error *err) {
    static const tskl_slice header = {"\0asm\1\0\0\0", 8};
    if (wasm.len == 0) return tskl_fail(err, TSKL_ERR_NOT_FOUND, "pack.wasm is missing");
    if (!tskl_slice_starts(wasm, tskl_slice_first(header, 4)))
        return tskl_fail(err, TSKL_ERR_SYNTAX, "pack.wasm is not WebAssembly");
    if (!tskl_slice_starts(wasm, header))
        return tskl_fail(err, TSKL_ERR_UNSUPPORTED, "pack.wasm is a component, not a module");
    return TSKL_OK;
}

// A bundle is pinned whole; of a folder it is the code that a digest names.
static tskl_status check_digest(const tskl_pack *pack, const tskl_package *package,
                                tskl_slice wanted, tskl_error *err) {
    tskl_sha256 digest;
    if (wanted.len == 0) return TSKL_OK;
    if (!tskl_sha256_parse(wanted, &digest))
        return tskl_fail(err, TSKL_ERR_INVALID, "digest: expected sha256: and 64 hex digits");
    bool bundled = package->bundle.hex[0] != 0;
    if (tskl_sha256_equal(&digest, bundled ? &package->bundle : &pack->digest)) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_MISMATCH, "digest: %s is sha256:%s",
                     bundled ? "the bundle" : "pack.wasm",
                     bundled ? package->bundle.hex : pack->digest.hex);
}

static tskl_status check_entry(const tskl_pack *pack, const tskl_package *package,
                               const tskl_config_pack *entry, tskl_error *err) {
    if (!entry) return TSKL_OK;
    tskl_slice name = pack->manifest.name;
    if (entry->name.len && !tskl_slice_equal(entry->name, name))
        return tskl_fail(err, TSKL_ERR_MISMATCH, "its manifest calls it \"" TSKL_FMT "\"",
                         TSKL_ARG(name));
    return check_digest(pack, package, entry->digest, err);
}

static tskl_status read_packaged(tskl_pack *pack, tskl_slice text, const tskl_json **out,
                                 tskl_error *err) {
    *out = NULL;
    if (text.len == 0) return TSKL_OK;
    tskl_status status = tskl_arena_copy(&pack->arena, text, &text)
                             ? tskl_json_parse(text, &pack->arena, out, err)
                             : tskl_fail(err, TSKL_ERR_NOMEM, "no room for it");
    if (status == TSKL_OK) status = tskl_place_refuse_twice(*out, &pack->arena, err);
    return status ? tskl_context(err, status, "config.json") : TSKL_OK;
}

static tskl_status configure(tskl_pack *pack, tskl_slice packaged_text,
                             const tskl_config_pack *entry, tskl_error *err) {
    const tskl_json *packaged, *given = entry ? entry->configuration : NULL;
    TSKL_TRY(read_packaged(pack, packaged_text, &packaged, err));
    TSKL_TRY(tskl_manifest_configure(&pack->manifest, given, packaged, &pack->arena,
                                     &pack->configuration_json, err));
    return tskl_json_parse(pack->configuration_json, &pack->arena, &pack->configuration, err);
}

static void set_limits(tskl_pack *pack, const tskl_config_pack *entry, const tskl_config *config) {
    static const tskl_limits usual = TSKL_LIMITS_DEFAULT, most = TSKL_LIMITS_CAP;
    tskl_limits limits = tskl_limits_or(pack->manifest.limits, usual);
    if (entry) limits = tskl_limits_or(entry->limits, limits);
    pack->limits = tskl_limits_within(limits, config ? config->caps : most);
}

// `pack->wasm` is set already, in whatever arena.
static tskl_status fill(tskl_pack *pack, const tskl_package *package, const tskl_config_pack *entry,
                        const tskl_config *config, tskl_error *err) {
    TSKL_TRY(tskl_manifest_parse(package->manifest, &pack->arena, &pack->manifest, err));
    TSKL_TRY(check_code(pack->wasm, err));
    pack->digest = tskl_sha256_of(pack->wasm);
    TSKL_TRY(check_entry(pack, package, entry, err));
    set_limits(pack, entry, config);
    TSKL_TRY(configure(pack, package->configuration, entry, err));
    return tskl_permissions_grant(pack, entry, config, err);
}

// "taskless.yaml:4: pack stripe: ...", as much of it as is known.
static tskl_status name_pack(const tskl_pack *pack, const tskl_config_pack *entry,
                             const tskl_config *config, tskl_status status, tskl_error *err) {
    tskl_slice name = entry && entry->name.len ? entry->name : pack->manifest.name;
    if (name.len == 0 && entry) name = entry->from;
    if (name.len) tskl_context(err, status, "pack " TSKL_FMT, TSKL_ARG(name));
    if (entry && entry->line && config && config->path)
        tskl_context(err, status, "%s:%u", config->path, (unsigned)entry->line);
    return status;
}

static tskl_status finish_take(tskl_pack *pack, const tskl_package *package,
                               const tskl_config_pack *entry, const tskl_config *config,
                               tskl_pack **out, tskl_error *err) {
    tskl_status status = fill(pack, package, entry, config, err);
    if (status == TSKL_OK) {
        *out = pack;
        return TSKL_OK;
    }
    name_pack(pack, entry, config, status, err);
    tskl_pack_close(pack);
    return status;
}

tskl_status tskl_pack_open(const tskl_package *package, const tskl_config_pack *entry,
                           const tskl_config *config, tskl_pack **out, tskl_error *err) {
    *out = NULL;
    tskl_pack *pack = tskl_new(tskl_pack);
    if (!pack || !tskl_arena_copy(&pack->wasm_arena, package->wasm, &pack->wasm)) {
        tskl_pack_close(pack);
        return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a Pack");
    }
    return finish_take(pack, package, entry, config, out, err);
}

// `module`: a bundle as base64.
static tskl_status read_module(tskl_slice base64, tskl_arena *arena, tskl_package *out,
                               tskl_error *err) {
    tskl_arena packed = {0};
    tskl_slice bytes;
    tskl_status status = tskl_base64_decode(base64, &packed, &bytes, err);
    if (status == TSKL_OK) status = tskl_package_unpack(bytes, arena, out, err);
    tskl_arena_reset(&packed);
    return status ? tskl_context(err, status, "module") : TSKL_OK;
}

static tskl_status read_entry(const tskl_config_pack *entry, tskl_arena *arena, tskl_package *out,
                              tskl_error *err) {
    if (entry->module.len) return read_module(entry->module, arena, out, err);
    if (tskl_pack_entry_is_remote(entry))
        return tskl_fail(err, TSKL_ERR_UNSUPPORTED,
                         "this version fetches no Packs: name a folder or a pack.tgz");
    const char *path = tskl_arena_cstr(arena, entry->from);
    if (!path) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a path");
    return tskl_package_read(path, arena, out, err);
}

tskl_status tskl_pack_load(const tskl_config_pack *entry, const tskl_config *config,
                           tskl_pack **out, tskl_error *err) {
    *out = NULL;
    tskl_pack *pack = tskl_new(tskl_pack);
    if (!pack) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a Pack");
    tskl_package package;
    tskl_status status = read_entry(entry, &pack->wasm_arena, &package, err);
    if (status) {
        name_pack(pack, entry, config, status, err);
        tskl_pack_close(pack);
        return status;
    }
    pack->wasm = package.wasm;
    return finish_take(pack, &package, entry, config, out, err);
}

void tskl_pack_close(tskl_pack *pack) {
    if (!pack) return;
    tskl_arena_reset(&pack->wasm_arena);
    tskl_arena_reset(&pack->arena);
    tskl_free(pack);
}

unsigned tskl_pack_wants(const tskl_pack *pack) {
    unsigned wants = 0;
    if (pack->request_body_wanted) wants |= TSKL_WANT_REQUEST_BODY;
    if (!pack->response_body_wanted) return wants;
    if (pack->errors_only) return wants | TSKL_WANT_ERROR_BODY;
    wants |= TSKL_WANT_RESPONSE_BODY;
    if (pack->manifest.methods & TSKL_METHOD_CHUNK) wants |= TSKL_WANT_STREAM;
    return wants;
}

bool tskl_pack_sees_response(const tskl_pack *pack, int status) {
    return pack->response_body_wanted && (status >= 400 || !pack->errors_only);
}

bool tskl_pack_may_call(const tskl_pack *pack, tskl_slice host, uint16_t port) {
    return tskl_hostlist_has(&pack->calls_asked, host, port) &&
           tskl_hostlist_has(&pack->calls, host, port);
}

void tskl_pack_forget_wasm(tskl_pack *pack) {
    // A process that is forked at this moment finds all of it, or nothing.
    tskl_arena code = pack->wasm_arena;
    pack->wasm = (tskl_slice){NULL, 0};
    pack->wasm_arena = (tskl_arena){0};
    tskl_arena_reset(&code);
}
