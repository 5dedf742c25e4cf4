// SPDX-License-Identifier: Apache-2.0
#include "base/alloc.h"
#include "base/env.h"
#include "base/generation.h"
#include "base/json_writer.h"
#include "base/sized.h"
#include "config/remarks.h"
#include "exchange/url.h"
#include "net/errand.h"
#include "pipeline/crew.h"
#include "pipeline/helper.h"
#include "store/trust.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

// What the application holds. The crew belongs to one process: after a fork the first report makes
// a new one, and forgets what the parent had.
struct tskl_observer {
    bool inert;
    tskl_config *config;
    char *client;
    tskl_record_fn on_record;
    void *user;
    pthread_mutex_t add_lock; // one Pack is added at a time
    tskl_pack *packs[TSKL_PIPELINE_PACKS];
    atomic_size_t pack_count;
    tskl_hostindex *hosts;   // of the Packs, by their places in `packs`
    tskl_hostindex *ignored; // observe.ignore
    _Atomic(tskl_crew *) crew;
};

static tskl_status add_packs(tskl_observer *observer, tskl_crew *crew) {
    tskl_runner *runner;
    size_t count = atomic_load(&observer->pack_count);
    for (size_t i = 0; i < count; i++)
        TSKL_TRY(tskl_crew_add(crew, observer->packs[i], &runner, NULL));
    return TSKL_OK;
}

static tskl_status make_crew(tskl_observer *observer, tskl_crew **out, tskl_error *err) {
    tskl_crew_options options = {.config = observer->config,
                                 .client = observer->client ? observer->client : "",
                                 .hosts = observer->hosts,
                                 .on_record = observer->on_record,
                                 .user = observer->user};
    TSKL_TRY(tskl_crew_new(&options, out, err));
    tskl_status status = add_packs(observer, *out);
    if (status == TSKL_OK) return TSKL_OK;
    tskl_crew_close(*out, 0, NULL, NULL);
    *out = NULL;
    return tskl_fail(err, status, "no room for the Packs");
}

// This process's crew, or NULL. Lock-free, since any lock may have been held at a fork.
static tskl_crew *crew_of(tskl_observer *observer) {
    tskl_crew *crew = atomic_load(&observer->crew), *made;
    if (crew && tskl_crew_generation(crew) == tskl_generation()) return crew;
    if (make_crew(observer, &made, NULL) != TSKL_OK) return NULL;
    if (atomic_compare_exchange_strong(&observer->crew, &crew, made)) return made;
    tskl_crew_close(made, 0, NULL, NULL); // another thread was faster
    return crew;
}

// As above, but makes none: there is nothing to wait for, or to count, before the first report.
static tskl_crew *known_crew_of(tskl_observer *observer) {
    tskl_crew *crew = atomic_load(&observer->crew);
    return crew && tskl_crew_generation(crew) == tskl_generation() ? crew : NULL;
}

// Its place among the Packs, found by its hosts; nobody sees it there before keep_pack.
static tskl_status place_pack(tskl_observer *observer, const tskl_pack *pack, tskl_error *err) {
    size_t count = atomic_load(&observer->pack_count);
    if (count == TSKL_PIPELINE_PACKS)
        return tskl_fail(err, TSKL_ERR_LIMIT, "there are more than %d Packs", TSKL_PIPELINE_PACKS);
    return tskl_hostindex_add(observer->hosts, &pack->hosts, count, err);
}

static void keep_pack(tskl_observer *observer, tskl_pack *pack) {
    size_t count = atomic_load(&observer->pack_count);
    observer->packs[count] = pack;
    atomic_store(&observer->pack_count, count + 1);
}

// A record tells Packs apart by their names; folders may have any.
static tskl_status check_other_name(const tskl_observer *observer, const tskl_pack *pack,
                                    const tskl_config_pack *entry, tskl_error *err) {
    tskl_slice name = pack->manifest.name;
    size_t count = atomic_load(&observer->pack_count);
    for (size_t i = 0; i < count; i++)
        if (tskl_slice_equal(observer->packs[i]->manifest.name, name))
            return tskl_fail(err, TSKL_ERR_INVALID,
                             TSKL_FMT ": its manifest calls it \"" TSKL_FMT
                                      "\", as that of another Pack does",
                             TSKL_ARG(entry->from), TSKL_ARG(name));
    return TSKL_OK;
}

static void say_hosts(const tskl_pack *pack) {
    tskl_slice name = pack->manifest.name;
    if (pack->hosts_unnamed)
        tskl_log(TSKL_LOG_WARN,
                 "Pack " TSKL_FMT " names no hosts and sees every call: in taskless.yaml, "
                 "`packs: [{name: " TSKL_FMT ", hosts: [api.example.com]}]` gives it some",
                 TSKL_ARG(name), TSKL_ARG(name));
}

// `*readable`: what is wrong only shows beside other Packs.
static tskl_status load_pack(tskl_observer *observer, const tskl_config_pack *entry, bool *readable,
                             tskl_error *err) {
    tskl_pack *pack;
    *readable = false;
    TSKL_TRY(tskl_pack_load(entry, observer->config, &pack, err));
    *readable = true;
    tskl_status status = check_other_name(observer, pack, entry, err);
    if (status == TSKL_OK) status = place_pack(observer, pack, err);
    if (status) {
        tskl_pack_close(pack);
        return status;
    }
    keep_pack(observer, pack);
    say_hosts(pack);
    return TSKL_OK;
}

// What has to be said of the configuration. `taskless run` has said it before the program began:
// once is enough.
static void say_remarks(const tskl_config *config) {
    const char *lines[TSKL_REMARKS_MAX];
    tskl_arena arena = {0};
    size_t count = tskl_remarks(config, &arena, lines);
    tskl_log_level level = tskl_env_get()->found ? TSKL_LOG_DEBUG : TSKL_LOG_WARN;
    for (size_t i = 0; i < count; i++) tskl_log(level, "%s", lines[i]);
    tskl_arena_reset(&arena);
}

// A bad Pack is left out by name; the others run.
static void load_packs(tskl_observer *observer) {
    const tskl_config *config = observer->config;
    bool said = tskl_env_get()->found != NULL, readable; // by `taskless run`, which reads them too
    for (size_t i = 0; i < config->pack_count; i++) {
        tskl_error err = {0};
        tskl_slice title =
            config->packs[i].name.len ? config->packs[i].name : config->packs[i].from;
        if (!config->packs[i].enabled) continue;
        if (load_pack(observer, &config->packs[i], &readable, &err) != TSKL_OK)
            tskl_log(said && !readable ? TSKL_LOG_INFO : TSKL_LOG_ERROR,
                     "Pack " TSKL_FMT " is left out: %s", TSKL_ARG(title), err.message);
    }
}

// The Packs that come with taskless: in the tree it was built in, or where it was installed.
static const char *builtin_packs(char room[PATH_MAX]) {
    static const char *const places[] = {"share/taskless/packs", "packs"};
    const char *folder = tskl_library_folder();
    for (size_t i = 0; *folder && i < TSKL_COUNT(places); i++) {
        int len = snprintf(room, PATH_MAX, "%s/../%s", folder, places[i]);
        if (len < PATH_MAX && access(room, R_OK) == 0) return room;
    }
    return NULL;
}

static tskl_status make_indexes(tskl_observer *observer, tskl_error *err) {
    const tskl_texts *ignore = &observer->config->ignore;
    const tskl_hostlist ignored = {.items = ignore->items, .count = ignore->count};
    TSKL_TRY(tskl_hostindex_new(&observer->hosts, err));
    TSKL_TRY(tskl_hostindex_new(&observer->ignored, err));
    return tskl_hostindex_add(observer->ignored, &ignored, 0, err);
}

static tskl_status fill_observer(tskl_observer *observer, const tskl_observer_options *options,
                                 tskl_error *err) {
    char packs[PATH_MAX];
    tskl_config_request request = {.directory = options->directory,
                                   .path = options->config_path,
                                   .outputs = options->outputs,
                                   .default_output = "stderr",
                                   .builtin_packs = builtin_packs(packs)};
    if (request.builtin_packs) tskl_trust_package(request.builtin_packs);
    TSKL_TRY(tskl_config_load(&request, &observer->config, err));
    tskl_log_to(observer->config->log_level, &observer->config->log_to);
    say_remarks(observer->config);
    observer->on_record = options->on_record;
    observer->user = options->user;
    if (options->client) {
        observer->client =
            tskl_arena_cstr(&observer->config->arena, tskl_slice_of(options->client));
        if (!observer->client) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a name");
    }
    TSKL_TRY(make_indexes(observer, err));
    load_packs(observer);
    tskl_errand_mind_end();
    tskl_crew *crew;
    TSKL_TRY(make_crew(observer, &crew, err));
    atomic_store(&observer->crew, crew);
    return TSKL_OK;
}

static void free_observer(void *owner) {
    tskl_observer *observer = owner;
    size_t count = atomic_load(&observer->pack_count);
    for (size_t i = 0; i < count; i++) tskl_pack_close(observer->packs[i]);
    tskl_hostindex_free(observer->hosts);
    tskl_hostindex_free(observer->ignored);
    tskl_config_free(observer->config);
    pthread_mutex_destroy(&observer->add_lock);
    tskl_free(observer);
}

// What a step that failed on the way to success left there would read as a failure.
static tskl_status said(tskl_status status, tskl_error *err) {
    if (status == TSKL_OK && err) *err = (tskl_error){.status = TSKL_OK};
    return status;
}

tskl_status tskl_observer_open(const tskl_observer_options *options, tskl_observer **out,
                               tskl_error *err) {
    *out = NULL;
    int saved = errno;
    tskl_observer_options given = TSKL_OBSERVER_OPTIONS_INIT;
    tskl_observer *observer = tskl_new(tskl_observer);
    if (!observer) return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (opening an observer)");
    pthread_mutex_init(&observer->add_lock, NULL);
    const tskl_env *env = tskl_env_get();
    observer->inert = env->secure || env->disabled;
    tskl_status status = TSKL_OK;
    if (options) status = tskl_sized_read(options, &given, sizeof given, "options", err);
    if (status == TSKL_OK && !observer->inert) status = fill_observer(observer, &given, err);
    if (status == TSKL_OK)
        *out = observer;
    else
        free_observer(observer);
    errno = saved;
    return said(status, err);
}

static tskl_status add_pack(tskl_observer *observer, tskl_pack *pack, tskl_error *err) {
    tskl_runner *runner;
    tskl_crew *crew = crew_of(observer);
    if (!crew) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a queue");
    TSKL_TRY(place_pack(observer, pack, err));
    tskl_status status = tskl_crew_add(crew, pack, &runner, err);
    if (status) {
        tskl_hostindex_remove(observer->hosts, atomic_load(&observer->pack_count));
        return status;
    }
    keep_pack(observer, pack);
    say_hosts(pack);
    return tskl_runner_prepare(runner, err);
}

tskl_status tskl_observer_add(tskl_observer *observer, tskl_slice manifest, tskl_slice wasm,
                              tskl_slice configuration, tskl_error *err) {
    tskl_package package = {.manifest = manifest, .configuration = configuration, .wasm = wasm};
    tskl_pack *pack = NULL;
    int saved = errno;
    if (observer->inert) return said(TSKL_OK, err);
    tskl_status status = tskl_pack_open(&package, NULL, observer->config, &pack, err);
    if (status == TSKL_OK) {
        pthread_mutex_lock(&observer->add_lock);
        status = add_pack(observer, pack, err);
        bool kept = status == TSKL_OK || status == TSKL_ERR_UNAVAILABLE;
        pthread_mutex_unlock(&observer->add_lock);
        if (!kept) tskl_pack_close(pack);
    }
    errno = saved;
    return said(status, err);
}

tskl_status tskl_observer_flush(tskl_observer *observer, uint32_t timeout_ms, size_t *pending,
                                tskl_error *err) {
    size_t left = 0;
    int saved = errno;
    tskl_crew *crew = known_crew_of(observer);
    bool quiet = !crew || tskl_crew_flush(crew, timeout_ms, &left);
    if (pending) *pending = left;
    errno = saved;
    if (quiet) return said(TSKL_OK, err);
    return tskl_fail(err, TSKL_ERR_TIMEOUT, "%zu exchanges are not written yet", left);
}

static void add_count(tskl_buf *json, const char *name, uint64_t value) {
    tskl_json_add_key(json, tskl_slice_of(name));
    tskl_buf_u64(json, value);
}

static void add_pack_stats(tskl_buf *json, tskl_runner *runner) {
    tskl_json_add_comma(json);
    tskl_buf_byte(json, '{');
    tskl_json_add_key(json, TSKL_S("name"));
    tskl_json_add_string(json, runner->pack->manifest.name);
    add_count(json, "runs", atomic_load(&runner->runs));
    add_count(json, "failures", atomic_load(&runner->failures));
    add_count(json, "rests", tskl_runner_rests(runner));
    add_count(json, "us", atomic_load(&runner->spent_us));
    tskl_buf_byte(json, '}');
}

static void add_output_stats(tskl_buf *json, const tskl_output *output) {
    tskl_json_add_comma(json);
    tskl_buf_byte(json, '{');
    tskl_json_add_key(json, TSKL_S("name"));
    tskl_json_add_string(json, tskl_slice_of(output->name));
    add_count(json, "written", output->written);
    add_count(json, "failed", output->failed);
    add_count(json, "unread", output->unread);
    tskl_buf_byte(json, '}');
}

static void write_stats(tskl_buf *json, tskl_crew *crew) {
    tskl_crew_counts counts = tskl_crew_count(crew);
    const tskl_pipeline *pipeline = tskl_crew_pipeline(crew);
    tskl_buf_byte(json, '{');
    add_count(json, "begun", counts.begun);
    add_count(json, "finished", counts.finished);
    add_count(json, "under_way", counts.under_way);
    add_count(json, "queued", counts.queued);
    add_count(json, "dropped", counts.dropped);
    add_count(json, "head_only", counts.head_only);
    add_count(json, "shortened", counts.shortened);
    add_count(json, "held_bytes", counts.held_bytes);
    tskl_json_add_key(json, TSKL_S("packs"));
    tskl_buf_byte(json, '[');
    size_t packs = atomic_load(&pipeline->count);
    for (size_t i = 0; i < packs; i++) add_pack_stats(json, pipeline->runners[i]);
    tskl_buf_byte(json, ']');
    tskl_json_add_key(json, TSKL_S("outputs"));
    tskl_buf_byte(json, '[');
    for (const tskl_output *o = pipeline->outputs; o; o = o->next) add_output_stats(json, o);
    tskl_buf_add(json, TSKL_S("]}"));
}

tskl_status tskl_observer_stats(tskl_observer *observer, char *buffer, size_t size, size_t *length,
                                tskl_error *err) {
    enum { STATS_MAX = 256 * 1024 };
    int saved = errno;
    tskl_buf json;
    tskl_buf_init(&json, STATS_MAX);
    tskl_crew *crew = known_crew_of(observer);
    if (crew)
        write_stats(&json, crew);
    else
        tskl_buf_add(&json, TSKL_S("{}"));
    *length = json.len;
    tskl_status status = TSKL_OK;
    if (json.failed)
        status = tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (counting)");
    else if (json.len >= size)
        status = tskl_fail(err, TSKL_ERR_LIMIT, "the stats need %zu bytes", json.len + 1);
    else {
        memcpy(buffer, json.ptr, json.len);
        buffer[json.len] = 0;
    }
    tskl_buf_deinit(&json);
    errno = saved;
    return said(status, err);
}

void tskl_warn(tskl_slice message) {
    tskl_log(TSKL_LOG_WARN, TSKL_FMT, TSKL_ARG(message));
}

void tskl_observer_close(tskl_observer *observer, uint32_t timeout_ms) {
    if (!observer) return;
    int saved = errno;
    tskl_crew *crew = known_crew_of(observer);
    // What a parent process had is left as it is: its workers may have been in the midst of it.
    bool inherited = !crew && atomic_load(&observer->crew);
    if (crew)
        tskl_crew_close(crew, timeout_ms, free_observer, observer);
    else if (!inherited)
        free_observer(observer);
    errno = saved;
}

// "x-tskl-bypass: 1" hides a call.
static bool is_bypassed(tskl_slice headers) {
    static const tskl_slice name = {"x-tskl-bypass:", 14};
    while (headers.len) {
        tskl_slice line = tskl_slice_line(&headers);
        if (tskl_slice_starts_nocase(line, name))
            return tskl_slice_equal(tskl_slice_trim(tskl_slice_from(line, name.len)), TSKL_S("1"));
    }
    return false;
}

// What a client knows of: before it sees the status it cannot tell a body that nobody will want,
// nor need it know why one is wanted.
static unsigned told_of(const tskl_exchange *exchange) {
    unsigned wants = exchange->wants;
    if (wants & TSKL_WANT_ERROR_BODY) wants |= TSKL_WANT_RESPONSE_BODY;
    if (exchange->sent.learned) wants |= TSKL_WANT_REQUEST_BODY;
    return wants & ~(unsigned)TSKL_WANT_ERROR_BODY;
}

tskl_exchange *tskl_exchange_begin(tskl_observer *observer, const tskl_request *request,
                                   unsigned *wants) {
    unsigned none;
    if (!wants) wants = &none;
    *wants = 0;
    if (!observer || observer->inert || is_bypassed(request->headers)) return NULL;
    if (tskl_errand_is_here()) return NULL; // a Pack's own call: itself never observed
    int saved = errno;
    tskl_url url = tskl_url_parse(request->url);
    bool ignored = tskl_hostindex_has(observer->ignored, url.host, url.port);
    tskl_crew *crew = ignored ? NULL : crew_of(observer);
    tskl_exchange *exchange = NULL;
    if (crew) {
        exchange = tskl_crew_begin(crew, request, url.host, url.port);
        if (exchange && !exchange->head_only) *wants = told_of(exchange);
    }
    errno = saved;
    return exchange;
}

void tskl_exchange_sent(tskl_exchange *exchange, int64_t time_us, tskl_slice body_part) {
    if (!exchange || !tskl_crew_enter(exchange)) return;
    tskl_exchange_add_sent(exchange, time_us, body_part);
    tskl_crew_leave(exchange);
}

void tskl_exchange_response(tskl_exchange *exchange, int64_t time_us, int status,
                            tskl_slice headers) {
    if (!exchange || !tskl_crew_enter(exchange)) return;
    tskl_exchange_set_response(exchange, time_us, status, headers);
    tskl_crew_leave(exchange);
}

void tskl_exchange_received(tskl_exchange *exchange, int64_t time_us, tskl_slice body_part) {
    if (!exchange || !tskl_crew_enter(exchange)) return;
    tskl_exchange_add_received(exchange, time_us, body_part);
    tskl_crew_leave(exchange);
}

void tskl_exchange_end_take(tskl_exchange *exchange, int64_t time_us, tskl_ending how,
                            tskl_slice code, tskl_slice message) {
    if (!exchange) return;
    int saved = errno;
    if (tskl_crew_enter(exchange)) {
        tskl_exchange_end(exchange, time_us, how, code, message);
        tskl_crew_end_take(exchange);
    } else {
        tskl_crew_forget_take(exchange);
    }
    errno = saved;
}
