// SPDX-License-Identifier: Apache-2.0
#include "settings.h"
#include "base/env.h"
#include "config/outputs.h"
#include "installed.h"
#include "say.h"
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

typedef tskl_status (*settler)(const char *value, tskl_arena *arena, const char **settled,
                               tskl_error *err);

static tskl_status no_room(tskl_error *err) {
    return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the options");
}

static tskl_status settle_path(const char *path, tskl_arena *arena, const char **settled,
                               tskl_error *err) {
    char folder[PATH_MAX];
    *settled = path;
    if (path[0] == '/') return TSKL_OK;
    if (!getcwd(folder, sizeof folder))
        return tskl_fail(err, TSKL_ERR_IO, "the working folder is gone");
    *settled = tskl_arena_printf(arena, "%s/%s", folder, path);
    return *settled ? TSKL_OK : no_room(err);
}

static tskl_status settle_outputs(const char *list, tskl_arena *arena, const char **settled,
                                  tskl_error *err) {
    char folder[PATH_MAX];
    tskl_config_output *outputs;
    size_t count;
    TSKL_TRY(
        tskl_config_parse_outputs(tskl_slice_of(list), TSKL_S(""), arena, &outputs, &count, err));
    if (!getcwd(folder, sizeof folder))
        return tskl_fail(err, TSKL_ERR_IO, "the working folder is gone");
    *settled = "";
    for (size_t i = 0; i < count; i++) {
        TSKL_TRY(tskl_output_resolve(&outputs[i], folder, arena, err));
        *settled = tskl_arena_printf(arena, "%s%s" TSKL_FMT, *settled, i ? "," : "",
                                     TSKL_ARG(outputs[i].to));
        if (!*settled) return no_room(err);
    }
    return TSKL_OK;
}

static tskl_status settle_format(const char *name, tskl_arena *arena, const char **settled,
                                 tskl_error *err) {
    tskl_format format;
    (void)arena;
    *settled = name;
    return tskl_output_parse_format(tskl_slice_of(name), &format, err);
}

static tskl_status settle_level(const char *name, tskl_arena *arena, const char **settled,
                                tskl_error *err) {
    tskl_log_level level;
    (void)arena;
    *settled = name;
    if (tskl_log_level_parse(tskl_slice_of(name), &level)) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_INVALID,
                     "log level \"%s\" is none of off, error, warn, info, debug, trace", name);
}

/** Variables that are options too, and those that hold a path. */
static const struct {
    const char *option, *variable;
    settler settle;
    bool of_records; // an option of that name means this only with commands that write records
} rows[] = {
    {"config", "TASKLESS_CONFIG", settle_path, false},
    {"packs", "TASKLESS_DIRECTORY", settle_path, false},
    {"output", "TASKLESS_OUTPUT", settle_outputs, true},
    {"format", "TASKLESS_FORMAT", settle_format, true},
    {"log-level", "TASKLESS_LOG_LEVEL", settle_level, false},
    {NULL, "TASKLESS_CACHE", settle_path, false},
    {NULL, "TASKLESS_ENV", settle_path, false},
};

static tskl_status put(const char *variable, const char *value, tskl_error *err) {
    return setenv(variable, value, 1) == 0 ? TSKL_OK : no_room(err);
}

tskl_status tskl_settings_apply(const tskl_args *args, tskl_error *err) {
    tskl_arena arena = {0};
    tskl_status status = TSKL_OK;
    for (size_t i = 0; i < TSKL_COUNT(rows) && status == TSKL_OK; i++) {
        bool optional = rows[i].option && (!rows[i].of_records || args->command->writes_records);
        const char *given = optional ? tskl_args_get(args, rows[i].option) : NULL;
        const char *value = given ? given : tskl_env_lookup(rows[i].variable), *settled = NULL;
        if (!value || !*value) continue;
        status = rows[i].settle(value, &arena, &settled, err);
        if (status == TSKL_OK)
            status = put(rows[i].variable, settled, err);
        else if (given)
            tskl_context(err, status, "--%s", rows[i].option);
        else
            tskl_context(err, status, "%s", rows[i].variable);
    }
    tskl_arena_reset(&arena);
    return status;
}

int tskl_settings_open(const tskl_args *args, const char *default_output, tskl_config **out) {
    char packs[PATH_MAX];
    tskl_error err;
    *out = NULL;
    unsetenv("TASKLESS_DISABLED");
    if (tskl_settings_apply(args, &err) != TSKL_OK) {
        int code = tskl_fail_with(&err);
        return code == TSKL_EXIT_BAD ? TSKL_EXIT_USAGE : code;
    }
    tskl_config_request request = {.default_output = default_output};
    if (tskl_installed_packs(packs)) request.builtin_packs = packs;
    if (tskl_config_load(&request, out, &err) != TSKL_OK) return tskl_fail_with(&err);
    tskl_log_set((*out)->log_level, (*out)->log_fd);
    return TSKL_EXIT_DONE;
}

static tskl_status pin(const char *variable, const char *path, tskl_error *err) {
    tskl_arena arena = {0};
    const char *whole;
    tskl_status status = settle_path(path, &arena, &whole, err);
    if (status == TSKL_OK) status = put(variable, whole, err);
    tskl_arena_reset(&arena);
    return status;
}

tskl_status tskl_settings_pin(const tskl_config *config, tskl_error *err) {
    static const char packs[] = ".taskless";
    if (config->path) TSKL_TRY(pin("TASKLESS_CONFIG", config->path, err));
    if (tskl_env_get()->directory || access(packs, F_OK) != 0) return TSKL_OK;
    return pin("TASKLESS_DIRECTORY", packs, err);
}
