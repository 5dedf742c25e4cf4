// SPDX-License-Identifier: Apache-2.0
#include "pipeline/runner.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/json.h"
#include "pack/shown.h"
#include "pipeline/helper.h"
#include "store/code_cache.h"
#include <stdio.h>

enum { LOOK_AGAIN_US = 250000 }; // how often the cache is asked for code that is being made

// What the hooks of one Pack share during one exchange.
typedef struct session {
    tskl_runner *runner;
    const tskl_run *run;
    tskl_instance *instance;
    tskl_sandbox_host host;
    tskl_slice context; // JSON the Pack returned last
    uint32_t logged;
    tskl_pack_run *result;
} session;

tskl_status tskl_runner_new(tskl_pack *pack, tskl_runner **out, tskl_error *err) {
    tskl_runner *runner = *out = tskl_new(tskl_runner);
    if (!runner) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a Pack");
    runner->pack = pack;
    pthread_mutex_init(&runner->lock, NULL);
    return TSKL_OK;
}

void tskl_runner_free(tskl_runner *runner) {
    if (!runner) return;
    tskl_module_free(runner->module);
    pthread_mutex_destroy(&runner->lock);
    tskl_free(runner);
}

static void say_hopeless(tskl_runner *runner, const tskl_error *err) {
    runner->hopeless = true;
    tskl_log(TSKL_LOG_WARN, "Pack " TSKL_FMT " is off: %s", TSKL_ARG(runner->pack->manifest.name),
             err->message);
}

// Asks for the code to be made, once. False: it can never be had here.
static bool ask_helper(tskl_runner *runner) {
    tskl_arena arena = {0};
    tskl_error err = {0};
    if (runner->asked) return true;
    runner->asked = true;
    if (tskl_helper_start(runner->pack->wasm, tskl_code_folder(&arena), &err) != TSKL_OK)
        say_hopeless(runner, &err);
    tskl_arena_reset(&arena);
    return !runner->hopeless;
}

// With the lock held: loads the code if it is there by now.
static bool load_module(tskl_runner *runner, tskl_engine *engine) {
    tskl_code code;
    tskl_error err = {0};
    int64_t now = tskl_clock_steady_us();
    if (runner->module) return true;
    if (runner->hopeless || now < runner->next_look_us) return false;
    runner->next_look_us = now + LOOK_AGAIN_US;
    tskl_status status = tskl_code_find(&runner->pack->digest, tskl_engine_key(), &code, &err);
    if (status != TSKL_OK) return ask_helper(runner) && false;
    status = tskl_module_load(engine, code.bytes, &runner->module, &err);
    tskl_code_unmap(&code);
    if (status != TSKL_OK) say_hopeless(runner, &err);
    if (status == TSKL_OK) tskl_pack_forget_wasm(runner->pack);
    return status == TSKL_OK;
}

tskl_status tskl_runner_prepare(tskl_runner *runner, tskl_error *err) {
    tskl_code code;
    tskl_error ignored;
    if (tskl_code_find(&runner->pack->digest, tskl_engine_key(), &code, &ignored) == TSKL_OK) {
        tskl_code_unmap(&code);
        return TSKL_OK;
    }
    pthread_mutex_lock(&runner->lock);
    ask_helper(runner);
    pthread_mutex_unlock(&runner->lock);
    return tskl_fail(err, TSKL_ERR_UNAVAILABLE, "Pack " TSKL_FMT " is being compiled",
                     TSKL_ARG(runner->pack->manifest.name));
}

static bool config_get(void *user, tskl_slice key, tskl_slice *value) {
    const session *s = user;
    const tskl_json *found = tskl_json_get(s->runner->pack->configuration, key);
    if (!found) return false;
    *value = found->kind == TSKL_JSON_STRING || found->raw.len == 0 ? found->text : found->raw;
    return true;
}

static void log_line(void *user, tskl_log_level level, tskl_slice message) {
    session *s = user;
    if (s->logged++ >= s->runner->pack->limits.log_lines) return;
    tskl_log(level, "Pack " TSKL_FMT ": " TSKL_FMT, TSKL_ARG(s->runner->pack->manifest.name),
             TSKL_ARG(message));
}

static tskl_log_level log_level(void) {
    for (int level = TSKL_LOG_TRACE; level > TSKL_LOG_OFF; level--)
        if (tskl_log_wants((tskl_log_level)level)) return (tskl_log_level)level;
    return TSKL_LOG_OFF;
}

static tskl_result result_of(tskl_outcome_kind kind) {
    static const tskl_result results[] = {
        [TSKL_OUTCOME_OK] = TSKL_RESULT_ok,
        [TSKL_OUTCOME_TRAP] = TSKL_RESULT_trap,
        [TSKL_OUTCOME_TIME] = TSKL_RESULT_time,
        [TSKL_OUTCOME_MEMORY] = TSKL_RESULT_memory,
        [TSKL_OUTCOME_STACK] = TSKL_RESULT_stack,
        [TSKL_OUTCOME_OUTPUT] = TSKL_RESULT_output,
        [TSKL_OUTCOME_ABI] = TSKL_RESULT_abi,
        [TSKL_OUTCOME_EXIT] = TSKL_RESULT_exit,
        [TSKL_OUTCOME_ERROR] = TSKL_RESULT_error,
        [TSKL_OUTCOME_REFUSED] = TSKL_RESULT_refused,
        [TSKL_OUTCOME_ROOM] = TSKL_RESULT_unavailable,
    };
    return results[kind];
}

static bool failed(session *s, const char *hook, tskl_result result, tskl_slice detail) {
    s->result->hook = hook;
    s->result->result = result;
    s->result->detail = detail;
    if (result == TSKL_RESULT_time || result == TSKL_RESULT_unavailable) *s->run->varying = true;
    return false;
}

// Takes what a hook wrote: its captures, and the context for the next hook.
static bool take_answer(session *s, const char *hook, tskl_slice output) {
    const tskl_json *answer;
    tskl_error err = {0};
    tskl_slice text;
    if (tskl_slice_trim(output).len == 0) return true;
    // The output lies in the guest's memory and dies with the next hook; captures outlive it.
    if (!tskl_arena_copy(s->run->arena, output, &text))
        return failed(s, hook, TSKL_RESULT_unavailable, TSKL_S("out of memory"));
    if (tskl_json_parse(text, s->run->arena, &answer, &err) != TSKL_OK) {
        tskl_arena_copy(s->run->arena, tskl_slice_of(err.message), &text);
        return failed(s, hook, TSKL_RESULT_json, text);
    }
    if (answer->kind != TSKL_JSON_OBJECT)
        return failed(s, hook, TSKL_RESULT_json, TSKL_S("the output is not an object"));
    const tskl_json *context = tskl_json_get(answer, TSKL_S("context"));
    if (context) s->context = context->raw;
    const tskl_json *capture = tskl_json_get(answer, TSKL_S("capture"));
    if (!capture || capture->kind == TSKL_JSON_NULL) return true;
    if (capture->kind != TSKL_JSON_OBJECT)
        return failed(s, hook, TSKL_RESULT_json, TSKL_S("capture is not an object"));
    if (tskl_captures_add(s->run->captures, s->runner->pack->manifest.name, capture,
                          s->runner->pack->limits.captures, &err) != TSKL_OK)
        return failed(s, hook, TSKL_RESULT_unavailable, TSKL_S("out of memory"));
    return true;
}

static bool call_hook(session *s, const char *hook, const tskl_shown_call *call, int64_t now_us) {
    tskl_slice output;
    tskl_buf_clear(s->run->input);
    tskl_shown_add(s->run->input, s->runner->pack, s->run->view, call);
    if (s->run->input->failed)
        return failed(s, hook, TSKL_RESULT_memory, TSKL_S("the exchange is too large to show"));
    s->host.now_us = now_us;
    tskl_outcome outcome = tskl_instance_call(s->instance, hook, tskl_buf_slice(s->run->input),
                                              s->run->arena, &output);
    if (outcome.kind != TSKL_OUTCOME_OK)
        return failed(s, hook, result_of(outcome.kind), outcome.detail);
    return take_answer(s, hook, output);
}

static bool has(const session *s, const char *hook, tskl_method method) {
    unsigned methods = s->runner->pack->manifest.methods;
    return (methods == 0 || (methods & method)) && tskl_module_has(s->runner->module, hook);
}

static bool run_chunks(session *s, const tskl_exchange *exchange) {
    tskl_chunks chunks;
    tskl_error err;
    if (tskl_view_chunks(s->run->view, s->run->mask, &chunks, &err) != TSKL_OK)
        return failed(s, "chunk", TSKL_RESULT_unavailable, TSKL_S("out of memory"));
    // The last one is empty and says that the body is done.
    for (size_t i = 0; i <= chunks.count; i++) {
        const tskl_chunk *chunk = i < chunks.count ? &chunks.items[i] : NULL;
        tskl_shown_call call = {TSKL_METHOD_CHUNK, s->context, chunk, s->run->attempt};
        if (!call_hook(s, "chunk", &call, chunk ? chunk->time_us : exchange->end_us)) return false;
    }
    return true;
}

static bool run_hooks(session *s) {
    const tskl_exchange *exchange = s->run->view->exchange;
    if (has(s, "pre", TSKL_METHOD_PRE)) {
        tskl_shown_call call = {TSKL_METHOD_PRE, s->context, NULL, s->run->attempt};
        if (!call_hook(s, "pre", &call, exchange->start_us)) return false;
    }
    bool has_body = s->runner->pack->body_granted && s->run->view->response.body_kept;
    if (has_body && has(s, "chunk", TSKL_METHOD_CHUNK) && !run_chunks(s, exchange)) return false;
    if (!has(s, "post", TSKL_METHOD_POST)) return true;
    tskl_shown_call call = {TSKL_METHOD_POST, s->context, NULL, s->run->attempt};
    return call_hook(s, "post", &call, exchange->end_us);
}

// Time and chance belong to the exchange: the same exchange gives the same numbers anywhere.
static void prepare_host(session *s) {
    const tskl_pack *pack = s->runner->pack;
    uint64_t id = tskl_slice_hash(tskl_slice_of(s->run->view->exchange->id.text));
    s->host = (tskl_sandbox_host){
        .user = s,
        .config_get = config_get,
        .log = log_line,
        .log_level = log_level(),
        .environment = pack->environment.items,
        .environment_count = pack->environment.count,
        .seed = {id, tskl_slice_hash(pack->manifest.name) ^ (id << 1)},
    };
}

static void run_in_instance(session *s) {
    const tskl_limits *limits = &s->runner->pack->limits;
    tskl_sandbox_limits sandbox = {limits->time_ms, limits->wall_ms, limits->memory_mib,
                                   limits->output_kib};
    tskl_error err = {0};
    prepare_host(s);
    if (tskl_instance_open(s->runner->module, &s->host, &sandbox, &s->instance, &err) != TSKL_OK)
        failed(s, "pre", TSKL_RESULT_unavailable, TSKL_S("out of memory"));
    else
        run_hooks(s);
    tskl_instance_close(s->instance);
}

// What keeps the Pack from running now, if anything does.
static bool may_run(session *s) {
    tskl_runner *runner = s->runner;
    if (!s->run->engine)
        return failed(s, "pre", TSKL_RESULT_unavailable, tskl_slice_of(s->run->engine_problem));
    pthread_mutex_lock(&runner->lock);
    bool loaded = load_module(runner, s->run->engine);
    bool rested = !tskl_breaker_lets(&runner->breaker, tskl_clock_steady_us());
    pthread_mutex_unlock(&runner->lock);
    if (!loaded)
        return failed(s, "pre", TSKL_RESULT_unavailable,
                      runner->hopeless ? TSKL_S("its code cannot be had: see the log")
                                       : TSKL_S("it is being compiled"));
    if (!rested) return true;
    *s->run->varying = true;
    return failed(s, "pre", TSKL_RESULT_rested, TSKL_S("it failed several times running"));
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
    session s = {.runner = runner, .run = run, .result = &result};
    int64_t start = tskl_clock_steady_us();
    if (may_run(&s)) run_in_instance(&s);
    result.us = tskl_clock_steady_us() - start;
    note_end(runner, &result);
    return result;
}
