// SPDX-License-Identifier: Apache-2.0
#include "config/config.h"
#include "base/alloc.h"
#include "base/env.h"
#include "config/discover.h"
#include "config/dotenv.h"
#include "config/file.h"
#include "config/outputs.h"
#include "config/variables.h"
#include "store/trust.h"
#include <unistd.h>

static const char *first_of(const char *a, const char *b) {
    return a && *a ? a : b;
}

static void set_defaults(tskl_config *config) {
    config->caps = (tskl_limits)TSKL_LIMITS_CAP;
    config->body_cap = (size_t)256 * 1024;
    config->sample_success = config->sample_failure = 1;
    config->queue_exchanges = 4096;
    config->queue_mib = 32;
    config->workers = 1;
    config->log_level = TSKL_LOG_WARN;
    config->log_fd = STDERR_FILENO;
}

static tskl_status read_file(const tskl_config_request *request, const char *directory,
                             tskl_config *config, bool *packs_given, tskl_error *err) {
    *packs_given = false;
    config->path = first_of(request->path, tskl_env_get()->config);
    if (!config->path) TSKL_TRY(tskl_discover_file(directory, &config->arena, &config->path, err));
    if (!config->path) return TSKL_OK;
    // It outlives the call, and so whatever the caller gave.
    config->path = tskl_arena_cstr(&config->arena, tskl_slice_of(config->path));
    if (!config->path) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the configuration");
    return tskl_file_read(config->path, config, packs_given, err);
}

static const char default_directory[] = ".taskless";

// Those that the file names without saying where they are.
static tskl_status place_packs(const char *directory, const char *builtin, tskl_config *config,
                               tskl_error *err) {
    const char *folder = first_of(directory, default_directory);
    for (size_t i = 0; i < config->pack_count; i++) {
        tskl_config_pack *entry = &config->packs[i];
        if (entry->from.len || entry->module.len || entry->manifest.len) continue;
        TSKL_TRY(tskl_discover_named(entry, folder, builtin, &config->arena, err));
    }
    return TSKL_OK;
}

// A folder that was named has to be there; .taskless and the builtin ones may be missing.
static tskl_status find_packs(const char *directory, const char *builtin, tskl_config *config,
                              tskl_error *err) {
    const char *folder = first_of(directory, default_directory);
    tskl_status status =
        tskl_discover_packs(folder, &config->arena, &config->packs, &config->pack_count, err);
    if (status && !(status == TSKL_ERR_NOT_FOUND && !directory)) return status;
    if (config->pack_count || !builtin) return TSKL_OK;
    status = tskl_discover_packs(builtin, &config->arena, &config->packs, &config->pack_count, err);
    return status == TSKL_ERR_NOT_FOUND ? TSKL_OK : status;
}

static tskl_status resolve_outputs(tskl_config *config, tskl_error *err) {
    char folder[4096];
    if (!getcwd(folder, sizeof folder)) return TSKL_OK;
    for (size_t i = 0; i < config->output_count; i++)
        TSKL_TRY(tskl_output_resolve(&config->outputs[i], folder, &config->arena, err));
    return TSKL_OK;
}

static tskl_status parse_outputs(const char *list, const char *from, tskl_config *config,
                                 tskl_error *err) {
    tskl_status status =
        tskl_config_parse_outputs(tskl_slice_of(list), (tskl_slice){NULL, 0}, &config->arena,
                                  &config->outputs, &config->output_count, err);
    if (status) return from ? tskl_context(err, status, "%s", from) : status;
    return resolve_outputs(config, err);
}

static tskl_status set_outputs(const tskl_config_request *request, tskl_config *config,
                               tskl_error *err) {
    const char *named = first_of(request->outputs, NULL), *variable = tskl_env_get()->output;
    if (named) return parse_outputs(named, NULL, config, err);
    if (variable) return parse_outputs(variable, "TASKLESS_OUTPUT", config, err);
    // `outputs: []` in a file means none.
    if (config->outputs) return TSKL_OK;
    return parse_outputs(first_of(request->default_output, "stderr"), NULL, config, err);
}

// A format that was asked for by code or a variable counts for all outputs.
static tskl_status set_formats(const tskl_config_request *request, tskl_config *config,
                               tskl_error *err) {
    const char *named = first_of(request->format, NULL), *variable = tskl_env_get()->format;
    tskl_format format;
    tskl_status status =
        tskl_output_parse_format(tskl_slice_of(first_of(named, variable)), &format, err);
    if (status) return named ? status : tskl_context(err, status, "TASKLESS_FORMAT");
    for (size_t i = 0; (named || variable) && i < config->output_count; i++)
        config->outputs[i].format = format;
    return TSKL_OK;
}

static tskl_status set_from_variables(tskl_config *config, tskl_error *err) {
    const tskl_env *env = tskl_env_get();
    if (env->log_level && !tskl_log_level_parse(tskl_slice_of(env->log_level), &config->log_level))
        return tskl_fail(err, TSKL_ERR_INVALID,
                         "TASKLESS_LOG_LEVEL: \"%.64s\" is none of off, error, warn, info, debug, "
                         "trace",
                         env->log_level);
    return TSKL_OK;
}

static tskl_status read_environment(tskl_config *config, tskl_error *err) {
    const char *path = tskl_env_get()->env;
    tskl_slice text;
    if (!path) return TSKL_OK;
    tskl_status status = tskl_trust_read(path, TSKL_DOTENV_MAX, &config->arena, &text, err);
    if (status) return tskl_context(err, status, "TASKLESS_ENV");
    status = tskl_dotenv_parse(text, &config->arena, &config->environment, err);
    return status ? tskl_context(err, status, "%s", path) : TSKL_OK;
}

static tskl_status load(const tskl_config_request *request, tskl_config *config, tskl_error *err) {
    const char *directory = first_of(request->directory, tskl_env_get()->directory);
    bool packs_given;
    set_defaults(config);
    TSKL_TRY(read_file(request, directory, config, &packs_given, err));
    TSKL_TRY(packs_given ? place_packs(directory, request->builtin_packs, config, err)
                         : find_packs(directory, request->builtin_packs, config, err));
    TSKL_TRY(set_outputs(request, config, err));
    TSKL_TRY(set_formats(request, config, err));
    TSKL_TRY(set_from_variables(config, err));
    TSKL_TRY(read_environment(config, err));
    return tskl_variables_collect(config, err);
}

tskl_status tskl_config_load(const tskl_config_request *request, tskl_config **out,
                             tskl_error *err) {
    *out = NULL;
    tskl_config *config = tskl_new(tskl_config);
    if (!config) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the configuration");
    tskl_status status = load(request, config, err);
    if (status)
        tskl_config_free(config);
    else
        *out = config;
    return status;
}

void tskl_config_free(tskl_config *config) {
    if (!config) return;
    tskl_arena_reset(&config->arena);
    tskl_free(config);
}
