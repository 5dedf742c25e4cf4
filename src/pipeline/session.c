// SPDX-License-Identifier: Apache-2.0
#include "pipeline/session.h"
#include "base/clock.h"
#include "base/json.h"
#include "pack/shown.h"
#include "pipeline/calls.h"
#include "pipeline/result.h"

// A stream may have a hundred thousand chunks. All calls of `chunk` on one exchange may together
// take this many times what one hook may, our own work for them included, and leave this much.
enum { CHUNKS_SHARE = 10, CHUNKS_LEAVE_MAX = 8 << 20 };

enum { LOGGED_MAX = 4096 }; // bytes of a line that are looked at; fewer are shown

// What the hooks of one Pack share during one exchange.
typedef struct session {
    const tskl_pack *pack;
    tskl_module *module;
    tskl_vars *vars;
    tskl_buf variable; // the one asked for last
    tskl_calls calls;
    const tskl_run *run;
    tskl_pack_run *result;
    tskl_instance *instance;
    tskl_sandbox_host host;
    tskl_slice context;    // JSON the Pack returned last
    tskl_arena answers[2]; // the one that holds `context`, and one for the next answer
    size_t holder;
    uint32_t logged;
    int64_t waited_ns; // in requests of the Pack's own, which have a limit of theirs
} session;

static bool config_get(void *user, tskl_slice key, tskl_slice *value) {
    const session *s = user;
    const tskl_json *found = tskl_json_get(s->pack->configuration, key);
    if (!found) return false;
    *value = found->kind == TSKL_JSON_STRING || found->raw.len == 0 ? found->text : found->raw;
    return true;
}

// What another exchange left there is not in this one: it cannot be had again from a recording.
static tskl_status var_get(void *user, tskl_slice key, tskl_slice *value) {
    session *s = user;
    *s->run->varying = true;
    tskl_status status = tskl_vars_get(s->vars, key, &s->variable);
    *value = tskl_buf_slice(&s->variable);
    return status;
}

static tskl_status var_set(void *user, tskl_slice key, tskl_slice value, bool remove) {
    const session *s = user;
    *s->run->varying = true;
    if (!remove) return tskl_vars_set(s->vars, key, value);
    tskl_vars_remove(s->vars, key);
    return TSKL_OK;
}

// A service may answer otherwise the next time, or not at all.
static void http_request(void *user, tskl_sandbox_call *call) {
    session *s = user;
    int64_t start_ns = tskl_clock_cpu_ns();
    *s->run->varying = true;
    tskl_calls_make(&s->calls, call);
    s->waited_ns += tskl_clock_cpu_ns() - start_ns;
}

static void log_line(void *user, tskl_log_level level, tskl_slice message) {
    session *s = user;
    if (s->logged++ >= s->pack->limits.log_lines) return;
    message = tskl_slice_first(message, LOGGED_MAX);
    if (tskl_secrets_in(&s->run->view->secrets, message))
        message = TSKL_S("(a line with a secret of the exchange)");
    tskl_log(level, "Pack " TSKL_FMT ": " TSKL_FMT, TSKL_ARG(s->pack->manifest.name),
             TSKL_ARG(message));
}

// Time and chance belong to the exchange: the same exchange gives the same numbers anywhere.
static void prepare_host(session *s) {
    uint64_t id = tskl_slice_hash(tskl_slice_of(s->run->view->exchange->id.text));
    s->host = (tskl_sandbox_host){
        .user = s,
        .config_get = config_get,
        .log = log_line,
        .var_get = s->vars ? var_get : NULL,
        .var_set = s->vars ? var_set : NULL,
        .http_request = tskl_calls_granted(s->pack) ? http_request : NULL,
        .log_level = tskl_log_level_now(),
        .environment = s->pack->environment.items,
        .environment_count = s->pack->environment.count,
        .seed = {id, tskl_slice_hash(s->pack->manifest.name) ^ (id << 1)},
    };
}

bool tskl_session_failed(const tskl_run *run, tskl_pack_run *result, const char *hook,
                         tskl_result how, tskl_slice detail) {
    // An error message is the guest's own words, as a capture is.
    if (tskl_secrets_in(&run->view->secrets, detail))
        detail = TSKL_S("withheld: it has a secret of the exchange");
    result->hook = hook;
    result->result = how;
    result->detail = detail;
    if (how == TSKL_RESULT_time || how == TSKL_RESULT_unavailable) *run->varying = true;
    return false;
}

static bool failed(session *s, const char *hook, tskl_result how, tskl_slice detail) {
    return tskl_session_failed(s->run, s->result, hook, how, detail);
}

static bool no_memory(session *s, const char *hook) {
    return failed(s, hook, TSKL_RESULT_unavailable, TSKL_S("out of memory"));
}

// The output lies in the guest's memory and dies with the next hook; the context outlives it. What
// captures need is copied by them.
static bool parse_answer(session *s, const char *hook, tskl_slice output, const tskl_json **out) {
    tskl_arena *arena = &s->answers[1 - s->holder];
    tskl_error err = {0};
    tskl_slice text;
    tskl_arena_reuse(arena);
    if (!tskl_arena_copy(arena, output, &text)) return no_memory(s, hook);
    tskl_status status = tskl_json_parse(text, arena, out, &err);
    if (status == TSKL_ERR_NOMEM) return no_memory(s, hook);
    if (status != TSKL_OK) {
        tskl_arena_copy(s->run->arena, tskl_slice_of(err.message), &text);
        return failed(s, hook, TSKL_RESULT_json, text);
    }
    if ((*out)->kind == TSKL_JSON_OBJECT) return true;
    return failed(s, hook, TSKL_RESULT_json, TSKL_S("the output is not an object"));
}

// Takes what a hook wrote: its captures, and the context for the next hook.
static bool take_answer(session *s, const char *hook, tskl_slice output) {
    const tskl_json *answer;
    if (tskl_slice_trim(output).len == 0) return true;
    if (!parse_answer(s, hook, output, &answer)) return false;
    const tskl_json *context = tskl_json_get(answer, TSKL_S("context"));
    if (context) {
        s->context = context->raw;
        s->holder = 1 - s->holder;
    }
    const tskl_json *capture = tskl_json_get(answer, TSKL_S("capture"));
    if (!capture || capture->kind == TSKL_JSON_NULL) return true;
    if (capture->kind != TSKL_JSON_OBJECT)
        return failed(s, hook, TSKL_RESULT_json, TSKL_S("capture is not an object"));
    const tskl_manifest *manifest = &s->pack->manifest;
    s->run->captures->only = manifest->captures_given ? manifest->captures.items : NULL;
    s->run->captures->only_count = manifest->captures.count;
    tskl_status status = tskl_captures_add(s->run->captures, s->pack->manifest.name, capture,
                                           s->pack->limits.captures, NULL);
    return status == TSKL_OK || no_memory(s, hook);
}

// What the host does for a Pack (it writes its input, reads its answer, looks for secrets in its
// captures and lines) is the Pack's own time: it could make the host work for it else.
static bool has_time_left(session *s, const char *hook, int64_t start_ns) {
    int64_t taken_ns = tskl_clock_cpu_ns() - start_ns - s->waited_ns;
    uint32_t most_ms = s->pack->limits.time_ms;
    if (taken_ns <= (int64_t)most_ms * 1000000) return true;
    char *detail =
        tskl_arena_printf(s->run->arena, "it made the host work for more than %u ms", most_ms);
    return failed(s, hook, TSKL_RESULT_time, tskl_slice_of(detail));
}

static bool call_hook(session *s, const char *hook, const tskl_shown_call *call, int64_t now_us) {
    tskl_slice output;
    int64_t start_ns = tskl_clock_cpu_ns();
    s->waited_ns = 0;
    tskl_buf_clear(s->run->input);
    tskl_shown_add(s->run->input, s->pack, s->run->view, call);
    if (s->run->input->failed)
        return failed(s, hook, TSKL_RESULT_memory, TSKL_S("the exchange is too large to show"));
    s->host.now_us = now_us;
    tskl_outcome outcome = tskl_instance_call(s->instance, hook, tskl_buf_slice(s->run->input),
                                              s->run->arena, &output);
    if (outcome.kind != TSKL_OUTCOME_OK)
        return failed(s, hook, tskl_result_of(outcome.kind), outcome.detail);
    return take_answer(s, hook, output) && has_time_left(s, hook, start_ns);
}

static bool has(const session *s, const char *hook, tskl_method method) {
    unsigned methods = s->pack->manifest.methods;
    return (methods == 0 || (methods & method)) && tskl_module_has(s->module, hook);
}

static bool chunks_may_go_on(session *s, int64_t start_ns, size_t start_held) {
    uint64_t most_ms = (uint64_t)s->pack->limits.time_ms * CHUNKS_SHARE;
    uint64_t taken_ns = (uint64_t)(tskl_clock_cpu_ns() - start_ns);
    if (taken_ns > most_ms * 1000000) {
        char *detail = tskl_arena_printf(s->run->arena, "its chunks took more than %llu ms in all",
                                         (unsigned long long)most_ms);
        return failed(s, "chunk", TSKL_RESULT_time, tskl_slice_of(detail));
    }
    if (s->run->arena->held - start_held > CHUNKS_LEAVE_MAX)
        return failed(s, "chunk", TSKL_RESULT_output, TSKL_S("its chunks gave too many captures"));
    return true;
}

static bool run_chunks(session *s, const tskl_exchange *exchange) {
    tskl_chunks chunks;
    int64_t start_ns = tskl_clock_cpu_ns();
    if (tskl_view_chunks(s->run->view, s->run->mask, &chunks, NULL) != TSKL_OK)
        return no_memory(s, "chunk");
    size_t start_held = s->run->arena->held;
    // The last one is empty and says that the body is done.
    for (size_t i = 0; i <= chunks.count; i++) {
        const tskl_chunk *chunk = i < chunks.count ? &chunks.items[i] : NULL;
        tskl_shown_call call = {TSKL_METHOD_CHUNK, s->context, chunk, s->run->attempt};
        if (!call_hook(s, "chunk", &call, chunk ? chunk->time_us : exchange->end_us) ||
            !chunks_may_go_on(s, start_ns, start_held))
            return false;
    }
    return true;
}

static bool has_chunks(const session *s) {
    const tskl_view_message *response = &s->run->view->response;
    return s->pack->body_granted && !s->pack->errors_only && response->body_kept &&
           has(s, "chunk", TSKL_METHOD_CHUNK) &&
           (!s->pack->chunks_streams_only || tskl_chunks_is_stream(response->content_type));
}

static bool run_hooks(session *s) {
    const tskl_exchange *exchange = s->run->view->exchange;
    if (has(s, "pre", TSKL_METHOD_PRE)) {
        tskl_shown_call call = {TSKL_METHOD_PRE, s->context, NULL, s->run->attempt};
        if (!call_hook(s, "pre", &call, exchange->start_us)) return false;
    }
    if (has_chunks(s) && !run_chunks(s, exchange)) return false;
    if (!has(s, "post", TSKL_METHOD_POST)) return true;
    tskl_shown_call call = {TSKL_METHOD_POST, s->context, NULL, s->run->attempt};
    return call_hook(s, "post", &call, exchange->end_us);
}

void tskl_session_run(const tskl_pack *pack, tskl_module *module, tskl_vars *vars,
                      const tskl_run *run, tskl_pack_run *result) {
    const tskl_limits *limits = &pack->limits;
    const tskl_sandbox_limits sandbox = {limits->time_ms, limits->wall_ms, limits->memory_mib,
                                         limits->output_kib};
    session s = {.pack = pack, .module = module, .vars = vars, .run = run, .result = result};
    tskl_buf_init(&s.variable, TSKL_VARS_MAX);
    tskl_calls_init(&s.calls, pack);
    prepare_host(&s);
    if (tskl_instance_open(module, &s.host, &sandbox, &s.instance, NULL) == TSKL_OK)
        run_hooks(&s);
    else
        no_memory(&s, "pre");
    tskl_instance_close(s.instance);
    tskl_buf_deinit(&s.variable);
    tskl_calls_deinit(&s.calls);
    for (size_t i = 0; i < TSKL_COUNT(s.answers); i++) tskl_arena_reset(&s.answers[i]);
}
