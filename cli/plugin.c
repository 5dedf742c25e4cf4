// SPDX-License-Identifier: Apache-2.0
#include "plugin.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/thread.h"
#include "limited_compiler.h"
#include "pipeline/calls.h"
#include "pipeline/vars.h"
#include "sandbox/signal_stack.h"
#include <sys/random.h>

enum { CODE_MAX = 512 * 1024 * 1024 };

struct tskl_plugin {
    tskl_plugin_options options;
    tskl_engine *engine;
    tskl_module *module;
    tskl_instance *instance; // NULL: the next call makes one
    tskl_sandbox_host host;
    tskl_vars *vars;   // NULL: not allowed
    tskl_buf variable; // the one asked for last
    tskl_pack pack;    // stands for it where requests are made: its hosts and its limits
    tskl_calls calls;
};

static bool config_get(void *user, tskl_slice key, tskl_slice *value) {
    const tskl_plugin *plugin = user;
    // Of several with one key the last one counts, as of options.
    for (size_t i = plugin->options.configuration.count; i-- > 0;) {
        *value = plugin->options.configuration.items[i];
        if (tskl_slice_equal(tskl_slice_split(value, '='), key)) return true;
    }
    return false;
}

static tskl_status var_get(void *user, tskl_slice key, tskl_slice *value) {
    tskl_plugin *plugin = user;
    tskl_status status = tskl_vars_get(plugin->vars, key, &plugin->variable);
    *value = tskl_buf_slice(&plugin->variable);
    return status;
}

static tskl_status var_set(void *user, tskl_slice key, tskl_slice value, bool remove) {
    const tskl_plugin *plugin = user;
    if (!remove) return tskl_vars_set(plugin->vars, key, value);
    tskl_vars_remove(plugin->vars, key);
    return TSKL_OK;
}

static void http_request(void *user, tskl_sandbox_call *request) {
    tskl_plugin *plugin = user;
    tskl_calls_make(&plugin->calls, request);
}

static void log_line(void *user, tskl_log_level level, tskl_slice message) {
    (void)user;
    tskl_log(level, "plugin: " TSKL_FMT, TSKL_ARG(message));
}

static void prepare_host(tskl_plugin *plugin) {
    plugin->pack.calls = plugin->pack.calls_asked = plugin->options.hosts;
    plugin->pack.limits.wall_ms = plugin->options.limits.wall_ms;
    plugin->host = (tskl_sandbox_host){
        .user = plugin,
        .config_get = config_get,
        .log = log_line,
        .var_get = plugin->vars ? var_get : NULL,
        .var_set = plugin->vars ? var_set : NULL,
        .http_request = tskl_calls_granted(&plugin->pack) ? http_request : NULL,
        .log_level = tskl_log_level_now(),
        .environment = plugin->options.environment.items,
        .environment_count = plugin->options.environment.count,
    };
    // No exchange lends it time and chance: they are this moment's.
    if (getrandom(plugin->host.seed, sizeof plugin->host.seed, 0) < 0)
        plugin->host.seed[0] = (uint64_t)tskl_clock_wall_us();
}

static tskl_status load_part(tskl_plugin *plugin, tskl_slice wasm, tskl_part **out,
                             tskl_error *err) {
    tskl_buf code;
    tskl_sha256 digest = tskl_sha256_of(wasm);
    tskl_buf_init(&code, CODE_MAX);
    tskl_status status = tskl_limited_compile(wasm, false, &code, err);
    if (status == TSKL_OK)
        status = tskl_part_load(plugin->engine, &digest, tskl_buf_slice(&code), out, err);
    tskl_buf_deinit(&code);
    return status;
}

static tskl_status load_links(tskl_plugin *plugin, tskl_link *links, tskl_error *err) {
    for (size_t i = 0; i < plugin->options.link_count; i++) {
        const tskl_plugin_link *link = &plugin->options.links[i];
        links[i].name = link->name;
        tskl_status status = load_part(plugin, link->wasm, &links[i].part, err);
        if (status != TSKL_OK)
            return tskl_context(err, status, "module " TSKL_FMT, TSKL_ARG(link->name));
    }
    return TSKL_OK;
}

static tskl_status load(tskl_plugin *plugin, tskl_slice wasm, tskl_error *err) {
    tskl_link links[TSKL_MODULE_PARTS] = {{{NULL, 0}, NULL}};
    tskl_part *own = NULL;
    size_t count = plugin->options.link_count;
    if (count >= TSKL_MODULE_PARTS)
        return tskl_fail(err, TSKL_ERR_LIMIT, "more than %d modules", TSKL_MODULE_PARTS);
    TSKL_TRY(tskl_engine_new(&plugin->engine, err));
    tskl_status status = load_part(plugin, wasm, &own, err);
    if (status == TSKL_OK) status = load_links(plugin, links, err);
    if (status == TSKL_OK) status = tskl_module_link(own, links, count, &plugin->module, err);
    tskl_part_release(own);
    for (size_t i = 0; i < count; i++) tskl_part_release(links[i].part);
    return status;
}

tskl_status tskl_plugin_open(tskl_slice wasm, const tskl_plugin_options *options, tskl_plugin **out,
                             tskl_error *err) {
    tskl_plugin *plugin = *out = tskl_new(tskl_plugin);
    if (!plugin) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a plugin");
    plugin->options = *options;
    tskl_buf_init(&plugin->variable, TSKL_VARS_MAX);
    tskl_status status = options->vars_allowed ? tskl_vars_new(&plugin->vars, err) : TSKL_OK;
    prepare_host(plugin);
    if (status == TSKL_OK) status = load(plugin, wasm, err);
    if (status == TSKL_OK) return TSKL_OK;
    tskl_plugin_close(plugin);
    *out = NULL;
    return status;
}

static void leave_instance(tskl_plugin *plugin) {
    tskl_instance_close(plugin->instance);
    plugin->instance = NULL;
}

typedef struct task {
    void *(*run)(void *);
    void *arg;
} task;

static void *run_task(void *memory) {
    const task *t = memory;
    return tskl_with_signal_stack(t->run, t->arg);
}

bool tskl_plugin_run(void *(*run)(void *), void *arg) {
    pthread_t thread;
    task t = {run, arg};
    if (!tskl_thread_start(&thread, "tskl-plugin", run_task, &t)) return false;
    pthread_join(thread, NULL);
    return true;
}

tskl_outcome tskl_plugin_call(tskl_plugin *plugin, const char *export, tskl_slice input, bool fresh,
                              tskl_arena *arena, tskl_slice *output) {
    *output = (tskl_slice){NULL, 0};
    if (fresh) leave_instance(plugin);
    if (!plugin->instance &&
        tskl_instance_open(plugin->module, &plugin->host, &plugin->options.limits,
                           &plugin->instance, NULL) != TSKL_OK)
        return (tskl_outcome){TSKL_OUTCOME_ROOM, TSKL_S("out of memory")};
    plugin->host.now_us = tskl_clock_wall_us();
    tskl_calls_init(&plugin->calls, &plugin->pack);
    tskl_outcome outcome = tskl_instance_call(plugin->instance, export, input, arena, output);
    tskl_calls_deinit(&plugin->calls);
    if (outcome.kind != TSKL_OUTCOME_OK) leave_instance(plugin);
    return outcome;
}

void tskl_plugin_close(tskl_plugin *plugin) {
    if (!plugin) return;
    tskl_instance_close(plugin->instance);
    tskl_module_free(plugin->module);
    tskl_engine_free(plugin->engine);
    tskl_vars_free(plugin->vars);
    tskl_buf_deinit(&plugin->variable);
    tskl_free(plugin);
}
