// addon: what JavaScript may call; each function takes numbers, strings and bytes, and never
// throws.
// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include <time.h>

#include "calls.h"
#include "head.h"
#include "shared.h"
#include "target.h"
#include "values.h"

enum { WANTS_BITS = 3, NOT_OBSERVED = -1 };

/** What one JavaScript environment (the program, or one of its worker threads) holds. */
typedef struct tskl_client {
    napi_env env;
    tskl_member member;
    tskl_text head, text, url;
    tskl_slice arena; // memory of JavaScript's, kept alive by the reference beside it
    napi_ref arena_ref;
} tskl_client;

/** The arguments of one call; those that were left out are undefined. */
typedef struct tskl_arguments {
    tskl_client *client;
    napi_value at[4];
} tskl_arguments;

static tskl_arguments arguments_of(napi_env env, napi_callback_info info) {
    tskl_arguments args = {0};
    size_t count = sizeof args.at / sizeof *args.at;
    napi_get_cb_info(env, info, &count, args.at, NULL, (void **)&args.client);
    return args;
}

static napi_value to_number(napi_env env, int32_t number) {
    napi_value value = NULL;
    napi_create_int32(env, number, &value);
    return value;
}

static napi_value to_string(napi_env env, const char *text) {
    napi_value value = NULL;
    napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value);
    return value;
}

static tskl_exchange *exchange_at(napi_env env, const tskl_arguments *args) {
    return tskl_calls_at(&args->client->member.calls, tskl_value_uint32(env, args->at[0]));
}

/** An option as a string of its own; NULL when it is not given. Free it. */
static char *option(napi_env env, napi_value options, const char *name) {
    napi_value value;
    tskl_text text = {0};
    tskl_slice read;
    if (napi_get_named_property(env, options, name, &value) == napi_ok &&
        tskl_text_read(env, value, TSKL_UTF8, &text, &read))
        return text.ptr;
    tskl_text_deinit(&text);
    return NULL;
}

static void keep_arena(napi_env env, tskl_client *client, napi_value arena) {
    if (client->arena_ref) return;
    if (tskl_bytes_read(env, arena, &client->arena))
        napi_create_reference(env, arena, 1, &client->arena_ref);
}

/** open(options, arena): undefined, or why it failed as a string. */
static napi_value open_client(napi_env env, napi_callback_info info) {
    tskl_arguments args = arguments_of(env, info);
    tskl_client *client = args.client;
    if (client->member.observer) return NULL;
    char *directory = option(env, args.at[0], "directory");
    char *config = option(env, args.at[0], "config");
    char *outputs = option(env, args.at[0], "outputs");
    char *name = option(env, args.at[0], "client");

    tskl_observer_options options = TSKL_OBSERVER_OPTIONS_INIT;
    options.directory = directory;
    options.config_path = config;
    options.outputs = outputs;
    options.client = name;
    tskl_error err = {0};
    tskl_status status = tskl_shared_join(&options, &client->member, &err);
    free(directory);
    free(config);
    free(outputs);
    free(name);
    if (status != TSKL_OK)
        return to_string(env, err.message[0] ? err.message : tskl_status_text(status));
    keep_arena(env, client, args.at[1]);
    return NULL;
}

static int64_t started_us(double age_ms) {
    // 0 is "now" and spares the clock.
    if (!(age_ms > 0)) return 0;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000 - (int64_t)(age_ms * 1000);
}

/** Slot and wants in one number, so that JavaScript needs no object to receive them. */
static int32_t begin_exchange(tskl_client *client, const tskl_request *request) {
    unsigned wants = 0;
    tskl_exchange *exchange = tskl_exchange_begin(client->member.observer, request, &wants);
    if (!exchange) return NOT_OBSERVED;
    int64_t slot = tskl_calls_put(&client->member.calls, exchange);
    if (slot < 0) {
        tskl_exchange_end_take(exchange, 0, TSKL_ABORTED, (tskl_slice){0}, (tskl_slice){0});
        return NOT_OBSERVED;
    }
    return (int32_t)((slot << WANTS_BITS) | (wants & ((1 << WANTS_BITS) - 1)));
}

/** begin(origin, head, ageMs, named): a slot and wants, or -1 when it is not to be observed. */
static napi_value begin(napi_env env, napi_callback_info info) {
    tskl_arguments args = arguments_of(env, info);
    tskl_client *client = args.client;
    tskl_slice origin, text;
    tskl_head head;
    double age_ms = 0;
    bool named = false;
    if (!client->member.observer ||
        !tskl_text_read(env, args.at[0], TSKL_LATIN1, &client->text, &origin) ||
        !tskl_text_read(env, args.at[1], TSKL_LATIN1, &client->head, &text) ||
        !tskl_head_read(text, &head))
        return to_number(env, NOT_OBSERVED);
    napi_get_value_double(env, args.at[2], &age_ms);
    napi_get_value_bool(env, args.at[3], &named);

    tskl_request request = {
        .size = sizeof request,
        .time_us = started_us(age_ms),
        .method = head.method,
        .url = tskl_target_url(origin, &head, named, &client->url),
        .headers = head.headers,
    };
    return to_number(env, begin_exchange(client, &request));
}

/** sent(slot, part): a Buffer, another view, a string that goes out as UTF-8, or only a size. */
static napi_value sent(napi_env env, napi_callback_info info) {
    tskl_arguments args = arguments_of(env, info);
    tskl_slice part;
    if (tskl_part_read(env, args.at[1], &args.client->text, &part))
        tskl_exchange_sent(exchange_at(env, &args), 0, part);
    return NULL;
}

/** response(slot, status, headers): the header lines as one string. */
static napi_value response(napi_env env, napi_callback_info info) {
    tskl_arguments args = arguments_of(env, info);
    tskl_slice headers;
    (void)tskl_text_read(env, args.at[2], TSKL_LATIN1, &args.client->text, &headers);
    tskl_exchange_response(exchange_at(env, &args), 0, (int)tskl_value_uint32(env, args.at[1]),
                           headers);
    return NULL;
}

/** responsePacked(slot, status, length): the header lines lie at the start of the arena. */
static napi_value response_packed(napi_env env, napi_callback_info info) {
    tskl_arguments args = arguments_of(env, info);
    tskl_slice headers = args.client->arena;
    uint32_t length = tskl_value_uint32(env, args.at[2]);
    if (length < headers.len) headers.len = length;
    tskl_exchange_response(exchange_at(env, &args), 0, (int)tskl_value_uint32(env, args.at[1]),
                           headers);
    return NULL;
}

/** received(slot, part) */
static napi_value received(napi_env env, napi_callback_info info) {
    tskl_arguments args = arguments_of(env, info);
    tskl_slice part;
    if (tskl_part_read(env, args.at[1], &args.client->text, &part))
        tskl_exchange_received(exchange_at(env, &args), 0, part);
    return NULL;
}

/** end(slot, how, code, message) */
static napi_value end(napi_env env, napi_callback_info info) {
    tskl_arguments args = arguments_of(env, info);
    tskl_client *client = args.client;
    tskl_exchange *exchange =
        tskl_calls_take(&client->member.calls, tskl_value_uint32(env, args.at[0]));
    if (!exchange) return NULL;
    uint32_t how = tskl_value_uint32(env, args.at[1]);
    tskl_slice code = {0}, message = {0};
    if (how == TSKL_FAILED) {
        (void)tskl_text_read(env, args.at[2], TSKL_UTF8, &client->head, &code);
        (void)tskl_text_read(env, args.at[3], TSKL_UTF8, &client->text, &message);
    }
    tskl_exchange_end_take(exchange, 0, how > TSKL_FAILED ? TSKL_ABORTED : (tskl_ending)how, code,
                           message);
    return NULL;
}

/** add(manifest, wasm, configuration): undefined, or why it failed as a string. */
static napi_value add(napi_env env, napi_callback_info info) {
    tskl_arguments args = arguments_of(env, info);
    tskl_client *client = args.client;
    if (!client->member.observer) return to_string(env, "taskless is not loaded");
    tskl_slice manifest, wasm, configuration;
    if (!tskl_body_read(env, args.at[0], &client->head, &manifest))
        return to_string(env, "manifest: neither text nor bytes");
    if (!tskl_bytes_read(env, args.at[1], &wasm)) return to_string(env, "wasm: not bytes");
    (void)tskl_body_read(env, args.at[2], &client->text, &configuration);

    tskl_error err = {0};
    tskl_status status =
        tskl_observer_add(client->member.observer, manifest, wasm, configuration, &err);
    if (status == TSKL_OK) return NULL;
    return to_string(env, err.message[0] ? err.message : tskl_status_text(status));
}

/** flush(timeoutMs): waits for what has ended and is unwritten, before an end that runs no handler.
 */
static napi_value flush(napi_env env, napi_callback_info info) {
    tskl_arguments args = arguments_of(env, info);
    size_t pending = 0;
    if (args.client->member.observer)
        (void)tskl_observer_flush(args.client->member.observer, tskl_value_uint32(env, args.at[0]),
                                  &pending, NULL);
    return NULL;
}

/** close(timeoutMs): how many calls are left unwritten. */
static napi_value close_client(napi_env env, napi_callback_info info) {
    tskl_arguments args = arguments_of(env, info);
    return to_number(
        env, (int32_t)tskl_shared_leave(&args.client->member, tskl_value_uint32(env, args.at[0])));
}

/** called(): a call was asked for, whether it is to be observed or not. */
static napi_value called(napi_env env, napi_callback_info info) {
    (void)env, (void)info;
    tskl_shared_note_call();
    return NULL;
}

/** connected(): a connection to some service is made, for whatever it is. */
static napi_value connected(napi_env env, napi_callback_info info) {
    (void)env, (void)info;
    tskl_shared_count_connection();
    return NULL;
}

/** warn(line): says it in taskless's log. */
static napi_value warn(napi_env env, napi_callback_info info) {
    tskl_arguments args = arguments_of(env, info);
    tskl_slice line;
    if (tskl_text_read(env, args.at[0], TSKL_UTF8, &args.client->text, &line)) tskl_warn(line);
    return NULL;
}

/** A worker thread that ends, by itself or terminated, runs this and no JavaScript any more. */
static void on_environment_end(void *data) {
    tskl_client *client = data;
    (void)tskl_shared_leave(&client->member, 0);
    if (client->arena_ref) napi_delete_reference(client->env, client->arena_ref);
    tskl_text_deinit(&client->head);
    tskl_text_deinit(&client->text);
    tskl_text_deinit(&client->url);
    free(client);
}

static const struct {
    const char *name;
    napi_callback function;
} functions[] = {
    {"open", open_client},
    {"begin", begin},
    {"sent", sent},
    {"response", response},
    {"responsePacked", response_packed},
    {"received", received},
    {"end", end},
    {"add", add},
    {"called", called},
    {"connected", connected},
    {"flush", flush},
    {"warn", warn},
    {"close", close_client},
};

static void export_functions(napi_env env, napi_value exports, tskl_client *client) {
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        napi_value function;
        if (napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].function,
                                 client, &function) == napi_ok)
            napi_set_named_property(env, exports, functions[i].name, function);
    }
}

NAPI_MODULE_INIT() {
    tskl_client *client = calloc(1, sizeof *client);
    if (!client) return exports;
    client->env = env;
    if (napi_add_env_cleanup_hook(env, on_environment_end, client) != napi_ok) {
        free(client);
        return exports;
    }
    export_functions(env, exports, client);
    napi_value version = to_string(env, tskl_version());
    if (version) napi_set_named_property(env, exports, "version", version);
    return exports;
}
