// SPDX-License-Identifier: Apache-2.0
#include "pipeline/runner.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "pipeline/helper.h"
#include "store/code_cache.h"
#include <assert.h>

enum { LOOK_AGAIN_US = 250000 }; // how often the cache is asked for code that is being made

tskl_status tskl_runner_new(tskl_pack *pack, tskl_asked *asked, tskl_runner **out,
                            tskl_error *err) {
    tskl_runner *runner = *out = tskl_new(tskl_runner);
    if (!runner) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a Pack");
    runner->pack = pack;
    runner->asked = asked;
    pthread_mutex_init(&runner->lock, NULL);
    tskl_status status = pack->vars_granted ? tskl_vars_new(&runner->vars, err) : TSKL_OK;
    if (status == TSKL_OK) return TSKL_OK;
    tskl_runner_free(runner);
    *out = NULL;
    return status;
}

void tskl_runner_free(tskl_runner *runner) {
    if (!runner) return;
    tskl_module_free(runner->module);
    tskl_vars_free(runner->vars);
    pthread_mutex_destroy(&runner->lock);
    tskl_free(runner);
}

// What follows runs with the lock held.

static void note_why(tskl_runner *runner, const tskl_error *why) {
    runner->why = *why;
    tskl_log(TSKL_LOG_WARN, "Pack " TSKL_FMT " is off: %s", TSKL_ARG(runner->pack->manifest.name),
             why->message);
}

// Code for this very processor is faster; what an image brings was made for any.
static bool find_code(const tskl_sha256 *wasm, tskl_code *out) {
    tskl_status status = tskl_code_find(wasm, tskl_engine_key(), out, NULL);
    if (status == TSKL_ERR_NOT_FOUND)
        status = tskl_code_find(wasm, tskl_engine_portable_key(), out, NULL);
    return status == TSKL_OK;
}

static bool is_compiled(const tskl_sha256 *wasm) {
    tskl_code code;
    if (!find_code(wasm, &code)) return false;
    tskl_code_unmap(&code);
    return true;
}

// Unless another Pack with this module has had one started.
static tskl_status start_helper(tskl_runner *runner, const tskl_pack_module *module, int64_t now_us,
                                tskl_error *err) {
    if (module->wasm.len == 0) // forgotten when it was compiled
        return tskl_fail(err, TSKL_ERR_UNAVAILABLE,
                         "its compiled code is gone: run taskless compile once");
    if (tskl_asked_before(runner->asked, &module->digest, now_us)) return TSKL_OK;
    tskl_arena arena = {0};
    tskl_status status = tskl_helper_start(module->wasm, tskl_code_folder(&arena), err);
    tskl_arena_reset(&arena);
    if (status) tskl_asked_forget(runner->asked, &module->digest);
    return status;
}

static tskl_status start_helpers(tskl_runner *runner, int64_t now_us, tskl_error *err) {
    for (size_t i = 0; i < tskl_pack_module_count(runner->pack); i++) {
        tskl_pack_module module = tskl_pack_module_at(runner->pack, i);
        if (!is_compiled(&module.digest)) TSKL_TRY(start_helper(runner, &module, now_us, err));
    }
    return TSKL_OK;
}

// Asks for the code to be made, once. A helper that fails has nobody to say so to: it is known by
// the time after which none is left. The cache is looked at all the same: somebody may compile it.
static void ask_helper(tskl_runner *runner, int64_t now_us) {
    tskl_error err = {0};
    bool late = runner->asked_us && now_us - runner->asked_us > TSKL_HELPER_SECONDS * 1000000ll;
    if (runner->why.status || (runner->asked_us && !late)) return;
    if (late)
        tskl_fail(&err, TSKL_ERR_UNAVAILABLE, "no code came of it: taskless compile says why");
    else if (start_helpers(runner, now_us, &err) == TSKL_OK)
        runner->asked_us = now_us;
    if (err.status) note_why(runner, &err);
}

// One module, unless another Pack has it loaded. NOT_FOUND: it is not compiled.
static tskl_status load_part(const tskl_pack_module *module, tskl_engine *engine, tskl_part **out,
                             tskl_error *err) {
    tskl_code code;
    *out = tskl_part_find(engine, &module->digest);
    if (*out) return TSKL_OK;
    if (!find_code(&module->digest, &code)) return TSKL_ERR_NOT_FOUND;
    tskl_status status = tskl_part_load(engine, &module->digest, code.bytes, out, err);
    tskl_code_unmap(&code);
    return status;
}

// The Pack's own module is the last one.
static tskl_status load_parts(tskl_runner *runner, tskl_engine *engine, tskl_error *err) {
    static_assert(TSKL_PACKAGE_MODULES + 1 == TSKL_MODULE_PARTS, "what fits a Pack can be linked");
    tskl_link links[TSKL_MODULE_PARTS];
    size_t count = tskl_pack_module_count(runner->pack), loaded = 0;
    tskl_status status = TSKL_OK;
    for (; status == TSKL_OK && loaded < count; loaded++) {
        tskl_pack_module module = tskl_pack_module_at(runner->pack, loaded);
        links[loaded].name = module.name;
        status = load_part(&module, engine, &links[loaded].part, err);
    }
    if (status == TSKL_OK)
        status = tskl_module_link(links[count - 1].part, links, count - 1, &runner->module, err);
    while (loaded > 0) tskl_part_release(links[--loaded].part);
    return status;
}

// Loads the code if it is there by now.
static bool load_module(tskl_runner *runner, tskl_engine *engine) {
    tskl_error err = {0};
    int64_t now_us = tskl_clock_steady_us();
    if (runner->module) return true;
    if (runner->refused || now_us < runner->next_look_us) return false;
    runner->next_look_us = now_us + LOOK_AGAIN_US;
    tskl_status status = load_parts(runner, engine, &err);
    if (status == TSKL_ERR_NOT_FOUND) {
        ask_helper(runner, now_us);
        return false;
    }
    runner->refused = status != TSKL_OK;
    if (runner->refused)
        note_why(runner, &err);
    else
        tskl_pack_forget_wasm(runner->pack);
    return !runner->refused;
}

static tskl_slice why_not(const tskl_runner *runner) {
    return runner->why.status ? tskl_slice_of(runner->why.message) : TSKL_S("it is being compiled");
}

// What follows takes the lock.

tskl_status tskl_runner_prepare(tskl_runner *runner, tskl_error *err) {
    bool compiled = true;
    for (size_t i = 0; compiled && i < tskl_pack_module_count(runner->pack); i++) {
        tskl_pack_module module = tskl_pack_module_at(runner->pack, i);
        compiled = is_compiled(&module.digest);
    }
    if (compiled) return TSKL_OK;
    pthread_mutex_lock(&runner->lock);
    ask_helper(runner, tskl_clock_steady_us());
    tskl_fail(err, TSKL_ERR_UNAVAILABLE, "Pack " TSKL_FMT ": " TSKL_FMT,
              TSKL_ARG(runner->pack->manifest.name), TSKL_ARG(why_not(runner)));
    pthread_mutex_unlock(&runner->lock);
    return TSKL_ERR_UNAVAILABLE;
}

// What keeps the Pack from running now, if anything does.
static bool may_run(tskl_runner *runner, const tskl_run *run, tskl_pack_run *result) {
    if (!run->engine)
        return tskl_session_failed(run, result, "pre", TSKL_RESULT_unavailable,
                                   tskl_slice_of(run->engine_problem));
    tskl_slice why = {NULL, 0};
    pthread_mutex_lock(&runner->lock);
    bool loaded = load_module(runner, run->engine);
    if (!loaded) tskl_arena_copy(run->arena, why_not(runner), &why);
    bool rested = !tskl_breaker_lets(&runner->breaker, tskl_clock_steady_us());
    pthread_mutex_unlock(&runner->lock);
    if (!loaded) return tskl_session_failed(run, result, "pre", TSKL_RESULT_unavailable, why);
    if (!rested) return true;
    *run->varying = true;
    return tskl_session_failed(run, result, "pre", TSKL_RESULT_rested,
                               TSKL_S("it failed several times running"));
}

static void note_end(tskl_runner *runner, const tskl_pack_run *result) {
    bool bad = result->result != TSKL_RESULT_ok;
    if (result->result == TSKL_RESULT_unavailable || result->result == TSKL_RESULT_rested) return;
    pthread_mutex_lock(&runner->lock);
    bool rests = tskl_breaker_note(&runner->breaker, bad, tskl_clock_steady_us());
    uint32_t rest_ms = runner->breaker.rest_ms;
    pthread_mutex_unlock(&runner->lock);
    if (rests)
        tskl_log(TSKL_LOG_WARN, "Pack " TSKL_FMT " rests for %u s: %s failed (%s): " TSKL_FMT,
                 TSKL_ARG(runner->pack->manifest.name), rest_ms / 1000, result->hook,
                 tskl_result_text(result->result), TSKL_ARG(result->detail));
    atomic_fetch_add(&runner->runs, 1);
    if (bad) atomic_fetch_add(&runner->failures, 1);
    atomic_fetch_add(&runner->spent_us, (uint64_t)result->us);
}

tskl_pack_run tskl_runner_run(tskl_runner *runner, const tskl_run *run) {
    tskl_pack_run result = {
        .name = runner->pack->manifest.name,
        .version = runner->pack->manifest.version,
        .result = TSKL_RESULT_ok,
    };
    int64_t start_us = tskl_clock_steady_us();
    if (may_run(runner, run, &result))
        tskl_session_run(runner->pack, runner->module, runner->vars, run, &result);
    result.us = tskl_clock_steady_us() - start_us;
    note_end(runner, &result);
    return result;
}

uint64_t tskl_runner_rests(tskl_runner *runner) {
    pthread_mutex_lock(&runner->lock);
    uint64_t rests = runner->breaker.rests;
    pthread_mutex_unlock(&runner->lock);
    return rests;
}
