// SPDX-License-Identifier: Apache-2.0
#include "prepare.h"
#include "compiler.h"
#include "config/pack_entry.h"
#include "fetch.h"
#include "limited_compiler.h"
#include "say.h"
#include "store/code_cache.h"
#include <pthread.h>
#include <signal.h>
#include <time.h>

tskl_slice tskl_pack_label(const tskl_config_pack *entry) {
    tskl_slice path = entry->from;
    if (entry->name.len) return entry->name;
    while (path.len > 1 && path.ptr[path.len - 1] == '/') path.len--;
    for (size_t slash; (slash = tskl_slice_find(path, '/')) != SIZE_MAX && slash + 1 < path.len;)
        path = tskl_slice_from(path, slash + 1);
    return path;
}

static tskl_status compile_and_store(const tskl_sha256 *digest, tskl_slice wasm,
                                     const tskl_prepare_options *options, tskl_error *err) {
    tskl_buf code;
    tskl_buf_init(&code, TSKL_PREPARED_CODE_MAX);
    tskl_slice key = options->portable ? tskl_compiler_portable_key() : tskl_compiler_key();
    tskl_status status = tskl_limited_compile(wasm, options->portable, &code, err);
    if (status == TSKL_OK)
        status = tskl_code_store(options->folder, digest, key, tskl_buf_slice(&code), err);
    tskl_buf_deinit(&code);
    return status;
}

static bool is_found(const tskl_sha256 *digest, tskl_slice key) {
    tskl_code code = {0};
    if (tskl_code_find(digest, key, &code, NULL) != TSKL_OK) return false;
    tskl_code_unmap(&code);
    return true;
}

// A folder that was named is written to in any case: it may be no place where code is looked for.
// Code for any processor serves this one too: the library takes it.
static bool is_cached(const tskl_sha256 *digest, const tskl_prepare_options *options) {
    if (options->folder) return false;
    return (!options->portable && is_found(digest, tskl_compiler_key())) ||
           is_found(digest, tskl_compiler_portable_key());
}

static tskl_status prepare(const tskl_sha256 *digest, tskl_slice wasm,
                           const tskl_prepare_options *options, tskl_prepared *how,
                           tskl_error *err) {
    *how = is_cached(digest, options) ? TSKL_PREPARED_BEFORE : TSKL_PREPARED_NOW;
    if (*how == TSKL_PREPARED_BEFORE) return TSKL_OK;
    return compile_and_store(digest, wasm, options, err);
}

tskl_status tskl_prepare_wasm(tskl_slice wasm, const tskl_prepare_options *options,
                              tskl_prepared *how, tskl_error *err) {
    tskl_sha256 digest = tskl_sha256_of(wasm);
    return prepare(&digest, wasm, options, how, err);
}

tskl_status tskl_prepare_modules(const tskl_pack *pack, const tskl_prepare_options *options,
                                 tskl_prepared *how, tskl_error *err) {
    *how = TSKL_PREPARED_BEFORE;
    for (size_t i = 0; i < tskl_pack_module_count(pack); i++) {
        tskl_pack_module module = tskl_pack_module_at(pack, i);
        tskl_prepared one;
        tskl_status status = prepare(&module.digest, module.wasm, options, &one, err);
        if (one == TSKL_PREPARED_NOW) *how = one;
        if (status && pack->module_count)
            tskl_context(err, status, "module " TSKL_FMT, TSKL_ARG(module.name));
        if (status) return status;
    }
    return TSKL_OK;
}

static bool all_cached(const tskl_pack *pack, const tskl_prepare_options *options) {
    for (size_t i = 0; i < tskl_pack_module_count(pack); i++) {
        tskl_pack_module module = tskl_pack_module_at(pack, i);
        if (!is_cached(&module.digest, options)) return false;
    }
    return true;
}

static tskl_status prepare_loaded(const tskl_pack *pack, const tskl_prepare_options *options,
                                  tskl_prepared *how, tskl_error *err) {
    if (!all_cached(pack, options))
        tskl_remark("compiling " TSKL_FMT ", once", TSKL_ARG(pack->manifest.name));
    return tskl_prepare_modules(pack, options, how, err);
}

tskl_status tskl_prepare_pack(const tskl_config_pack *entry, const tskl_config *config,
                              const tskl_prepare_options *options, tskl_prepared *how,
                              tskl_error *err) {
    tskl_pack *pack;
    *how = TSKL_PREPARED_BEFORE;
    TSKL_TRY(tskl_fetch_pack(entry, options->folder, err));
    TSKL_TRY(tskl_pack_load(entry, config, &pack, err));
    tskl_status status = prepare_loaded(pack, options, how, err);
    tskl_pack_close(pack);
    return status;
}

static bool prepare_or_complain(const tskl_config_pack *entry, const tskl_config *config) {
    static const tskl_prepare_options usual;
    tskl_pack *pack = NULL;
    tskl_prepared how;
    tskl_error err;
    tskl_status status = tskl_fetch_pack(entry, NULL, &err);
    if (status == TSKL_OK) status = tskl_pack_load(entry, config, &pack, &err);
    if (status == TSKL_OK) status = prepare_loaded(pack, &usual, &how, &err);
    if (status != TSKL_OK)
        tskl_complain("Pack " TSKL_FMT " is left out: %s", TSKL_ARG(tskl_pack_label(entry)),
                      err.message);
    tskl_pack_close(pack);
    return status == TSKL_OK;
}

// First what lies here: a server that does not answer must not keep the other Packs waiting.
size_t tskl_prepare_all(const tskl_config *config) {
    size_t failed = 0;
    for (int far = 0; far < 2; far++)
        for (size_t i = 0; i < config->pack_count; i++) {
            const tskl_config_pack *entry = &config->packs[i];
            if (entry->enabled && tskl_pack_entry_is_url(entry) == far)
                failed += !prepare_or_complain(entry, config);
        }
    return failed;
}

// A limit on the size of files must not end the program before it began: with the signal blocked
// the write fails instead, and what is pending goes with the thread.
static void *prepare_in_thread(void *config) {
    sigset_t too_large;
    sigemptyset(&too_large);
    sigaddset(&too_large, SIGXFSZ);
    pthread_sigmask(SIG_BLOCK, &too_large, NULL);
    tskl_prepare_all(config);
    return NULL;
}

bool tskl_prepare_within(const tskl_config *config, unsigned timeout_ms) {
    pthread_t thread;
    struct timespec until;
    if (pthread_create(&thread, NULL, prepare_in_thread, (void *)config) != 0) {
        tskl_prepare_all(config);
        return true;
    }
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += (time_t)(timeout_ms / 1000);
    until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    return pthread_timedjoin_np(thread, NULL, &until) == 0;
}
