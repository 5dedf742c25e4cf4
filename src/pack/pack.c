// SPDX-License-Identifier: Apache-2.0
#include "pack/pack.h"
#include "base/alloc.h"
#include "base/base64.h"
#include "config/pack_entry.h"
#include "exchange/exchange.h"
#include "net/address.h"
#include "pack/permissions.h"
#include "store/bundle_store.h"

static tskl_status check_code(const char *what, tskl_slice wasm, tskl_error *err) {
    static const tskl_slice header = {"\0asm\1\0\0\0", 8};
    if (wasm.len == 0) return tskl_fail(err, TSKL_ERR_NOT_FOUND, "%s is missing", what);
    if (!tskl_slice_starts(wasm, tskl_slice_first(header, 4)))
        return tskl_fail(err, TSKL_ERR_SYNTAX, "%s is not WebAssembly", what);
    if (!tskl_slice_starts(wasm, header))
        return tskl_fail(
            err, TSKL_ERR_UNSUPPORTED,
            "%s is a component (WASI preview 2), not a module: build it for WASI preview 1 (wasm32-wasip1)",
            what);
    return TSKL_OK;
}

// What a bundle holds and the manifest does not name would be trusted for nothing.
static tskl_status check_bundled(const tskl_manifest *manifest, const tskl_package *package,
                                 tskl_error *err) {
    for (size_t i = 0; i < package->module_count; i++) {
        bool named = false;
        for (size_t j = 0; j < manifest->module_count; j++)
            named = named || tskl_slice_equal(package->modules[i].name, manifest->modules[j].name);
        if (!named)
            return tskl_fail(err, TSKL_ERR_SYNTAX,
                             TSKL_FMT ".wasm has no place in the bundle: its manifest does not "
                                      "name it",
                             TSKL_ARG(package->modules[i].name));
    }
    return TSKL_OK;
}

static tskl_status find_module(tskl_pack *pack, const tskl_package *package,
                               const tskl_manifest_module *wanted, tskl_error *err) {
    tskl_pack_module *module = &pack->modules[pack->module_count];
    bool valid = tskl_sha256_parse(wanted->digest, &module->digest); // the manifest's check
    module->name = wanted->name;
    if (!valid) return tskl_fail(err, TSKL_ERR_BUG, "a digest that is none");
    TSKL_TRY(tskl_package_find_module(package, module->name, &module->digest, &pack->wasm_arena,
                                      &module->wasm, err));
    TSKL_TRY(check_code("it", module->wasm, err));
    pack->module_count++;
    return TSKL_OK;
}

static tskl_status find_modules(tskl_pack *pack, const tskl_package *package, tskl_error *err) {
    TSKL_TRY(check_bundled(&pack->manifest, package, err));
    for (size_t i = 0; i < pack->manifest.module_count; i++) {
        const tskl_manifest_module *wanted = &pack->manifest.modules[i];
        tskl_status status = find_module(pack, package, wanted, err);
        if (status) return tskl_context(err, status, "module " TSKL_FMT, TSKL_ARG(wanted->name));
    }
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

static tskl_status check_entry(tskl_pack *pack, const tskl_package *package,
                               const tskl_config_pack *entry, tskl_error *err) {
    if (!entry) return TSKL_OK;
    tskl_slice name = pack->manifest.name;
    if (entry->name.len && !tskl_slice_equal(entry->name, name))
        return tskl_fail(err, TSKL_ERR_MISMATCH, "its manifest calls it \"" TSKL_FMT "\"",
                         TSKL_ARG(name));
    tskl_status status = check_digest(pack, package, entry->digest, err);
    if (status) pack->fault_line = entry->digest_line;
    return status;
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
                                     &pack->configuration_json, &pack->fault_line, err));
    return tskl_json_parse(pack->configuration_json, &pack->arena, &pack->configuration, err);
}

static void set_limits(tskl_pack *pack, const tskl_config_pack *entry, const tskl_config *config) {
    static const tskl_limits usual = TSKL_LIMITS_DEFAULT, most = TSKL_LIMITS_CAP;
    tskl_limits limits = tskl_limits_or(pack->manifest.limits, usual);
    if (entry) limits = tskl_limits_or(entry->limits, limits);
    pack->limits = tskl_limits_within(limits, config ? config->caps : most);
}

// Under schema `pre1` the code stands in the manifest, or beside it as always.
static tskl_status find_code(tskl_pack *pack, tskl_error *err) {
    tskl_slice module = pack->manifest.module;
    if (module.len && pack->wasm.len)
        return tskl_fail(err, TSKL_ERR_INVALID,
                         "manifest: module: pack.wasm is there too: only one");
    if (module.len) {
        tskl_status status = tskl_base64_decode(module, &pack->wasm_arena, &pack->wasm, err);
        if (status) return tskl_context(err, status, "manifest: module");
        return check_code("manifest: module", pack->wasm, err);
    }
    if (pack->wasm.len == 0 && pack->manifest.source.len)
        return tskl_fail(err, TSKL_ERR_UNSUPPORTED,
                         "manifest: url: without a digest nothing is fetched: put the code beside "
                         "the manifest as pack.wasm, or into it as module");
    return check_code("pack.wasm", pack->wasm, err);
}

// `pack->wasm` is set already, in whatever arena.
static tskl_status fill(tskl_pack *pack, const tskl_package *package, const tskl_config_pack *entry,
                        const tskl_config *config, tskl_error *err) {
    TSKL_TRY(tskl_manifest_parse(package->manifest, &pack->arena, &pack->manifest, err));
    TSKL_TRY(find_code(pack, err));
    pack->digest = tskl_sha256_of(pack->wasm);
    TSKL_TRY(find_modules(pack, package, err));
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
    uint32_t line = entry && entry->line && pack->fault_line ? pack->fault_line
                    : entry                                  ? entry->line
                                                             : 0;
    if (line && config && config->path)
        tskl_context(err, status, "%s:%u", config->path, (unsigned)line);
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

// Its code is looked at, and kept, in an arena of the Pack.
static bool copy_code(const tskl_package *package, tskl_arena *arena, tskl_package *out) {
    *out = *package;
    bool copied = tskl_arena_copy(arena, package->wasm, &out->wasm);
    for (size_t i = 0; i < package->module_count; i++)
        copied = copied && tskl_arena_copy(arena, package->modules[i].wasm, &out->modules[i].wasm);
    return copied;
}

tskl_status tskl_pack_open(const tskl_package *package, const tskl_config_pack *entry,
                           const tskl_config *config, tskl_pack **out, tskl_error *err) {
    *out = NULL;
    tskl_package copy;
    tskl_pack *pack = tskl_new(tskl_pack);
    if (!pack || !copy_code(package, &pack->wasm_arena, &copy)) {
        tskl_pack_close(pack);
        return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a Pack");
    }
    pack->wasm = copy.wasm;
    return finish_take(pack, &copy, entry, config, out, err);
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

// Nothing is fetched here: the program does that, before another program starts.
static tskl_status read_fetched(const tskl_config_pack *entry, tskl_arena *arena, tskl_package *out,
                                tskl_error *err) {
    tskl_arena packed = {0};
    tskl_sha256 digest;
    tskl_slice bytes;
    TSKL_TRY(tskl_pack_entry_check_url(entry, &digest, err));
    tskl_status status = tskl_bundle_find(NULL, &digest, &packed, &bytes, err);
    if (status == TSKL_ERR_NOT_FOUND)
        status =
            tskl_fail(err, TSKL_ERR_UNAVAILABLE, "it is not fetched yet: run taskless compile");
    if (status == TSKL_OK) status = tskl_package_unpack(bytes, arena, out, err);
    tskl_arena_reset(&packed);
    return status;
}

static tskl_status read_entry(const tskl_config_pack *entry, tskl_arena *arena, tskl_package *out,
                              tskl_error *err) {
    *out = (tskl_package){.manifest = entry->manifest};
    if (entry->manifest.len) return TSKL_OK;
    if (entry->module.len) return read_module(entry->module, arena, out, err);
    if (tskl_pack_entry_is_url(entry)) return read_fetched(entry, arena, out, err);
    if (tskl_pack_entry_is_remote(entry))
        return tskl_fail(err, TSKL_ERR_UNSUPPORTED,
                         "this version knows no oci: registries: name a URL or a pack.tgz");
    const char *path = tskl_arena_cstr(arena, entry->from);
    if (!path) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a path");
    return tskl_package_read(path, arena, out, err);
}

// What was agreed to is a Pack's bytes: others in their place, since the configuration was read,
// are given nothing. Nor is a Pack that another user may write any time, unless those bytes were
// agreed to, or the user named that user's configuration.
static bool keeps_grants(const tskl_package *package, const tskl_config_pack *entry,
                         const tskl_config *config) {
    if (!entry->call_hosts.count && !entry->environment.count) return true;
    if (entry->agreed.hex[0]) {
        tskl_sha256 digest = tskl_package_digest(package);
        return tskl_sha256_equal(&digest, &entry->agreed);
    }
    return !package->foreign || (config && config->foreign && config->source == TSKL_SOURCE_OWN);
}

tskl_status tskl_pack_load(const tskl_config_pack *entry, const tskl_config *config,
                           tskl_pack **out, tskl_error *err) {
    *out = NULL;
    tskl_pack *pack = tskl_new(tskl_pack);
    if (!pack) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a Pack");
    tskl_package package;
    tskl_status status = read_entry(entry, &pack->wasm_arena, &package, err);
    if (status) {
        if (entry->module.len) pack->fault_line = entry->module_line;
        name_pack(pack, entry, config, status, err);
        tskl_pack_close(pack);
        return status;
    }
    pack->wasm = package.wasm;
    tskl_config_pack granted = *entry;
    if (!keeps_grants(&package, entry, config))
        granted.call_hosts = granted.environment = (tskl_texts){0};
    return finish_take(pack, &package, &granted, config, out, err);
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

size_t tskl_pack_module_count(const tskl_pack *pack) {
    return pack->module_count + 1;
}

tskl_pack_module tskl_pack_module_at(const tskl_pack *pack, size_t index) {
    if (index < pack->module_count) return pack->modules[index];
    return (tskl_pack_module){TSKL_S("main"), pack->wasm, pack->digest};
}

bool tskl_pack_may_call_literally(const tskl_pack *pack, tskl_slice host, uint16_t port) {
    return tskl_address_is_literal(host) && tskl_hostlist_names(&pack->calls, host, port);
}

void tskl_pack_forget_wasm(tskl_pack *pack) {
    // A process that is forked at this moment finds all of it, or nothing.
    tskl_arena code = pack->wasm_arena;
    pack->wasm = (tskl_slice){NULL, 0};
    for (size_t i = 0; i < pack->module_count; i++) pack->modules[i].wasm = pack->wasm;
    pack->wasm_arena = (tskl_arena){0};
    tskl_arena_reset(&code);
}
