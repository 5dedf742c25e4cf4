// SPDX-License-Identifier: Apache-2.0
#include "settings.h"
#include "base/env.h"
#include "config/outputs.h"
#include "config/remarks.h"
#include "installed.h"
#include "say.h"
#include "store/trust.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

static tskl_status nomem(tskl_error *err) {
    return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (the options)");
}

static tskl_status put(const char *variable, const char *value, tskl_error *err) {
    return setenv(variable, value, 1) == 0 ? TSKL_OK : nomem(err);
}

static tskl_status check_outputs(const char *list, tskl_error *err) {
    tskl_arena arena = {0};
    tskl_config_output *outputs;
    size_t count;
    tskl_status status = tskl_config_parse_outputs(tskl_slice_of(list), (tskl_slice){NULL, 0},
                                                   &arena, &outputs, &count, err);
    tskl_arena_reset(&arena);
    return status;
}

static tskl_status check_format(const char *name, tskl_error *err) {
    tskl_format format;
    return tskl_output_parse_format(tskl_slice_of(name), &format, err);
}

static tskl_status check_level(const char *name, tskl_error *err) {
    tskl_log_level level;
    if (tskl_log_level_parse(tskl_slice_of(name), &level)) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_INVALID,
                     "log level \"%s\" is none of off, error, warn, info, debug, trace", name);
}

// Each makes a value's relative paths whole, in `arena`; NULL: no memory.

static const char *whole_path(const char *path, const char *folder, tskl_arena *arena) {
    return path[0] == '/' ? path : tskl_arena_printf(arena, "%s/%s", folder, path);
}

static const char *as_it_is(const char *value, const char *folder, tskl_arena *arena) {
    (void)folder;
    (void)arena;
    return value;
}

static const char *whole_outputs(const char *list, const char *folder, tskl_arena *arena) {
    tskl_config_output *outputs;
    size_t count;
    const char *whole = "";
    if (tskl_config_parse_outputs(tskl_slice_of(list), (tskl_slice){NULL, 0}, arena, &outputs,
                                  &count, NULL) != TSKL_OK)
        return NULL;
    for (size_t i = 0; i < count && whole; i++) {
        if (tskl_output_resolve(&outputs[i], folder, arena, NULL) != TSKL_OK) return NULL;
        whole =
            tskl_arena_printf(arena, "%s%s" TSKL_FMT, whole, i ? "," : "", TSKL_ARG(outputs[i].to));
    }
    return whole;
}

/** Variables that are options too, and those that hold a path. */
static const struct {
    const char *option, *variable;
    bool of_records; // the option means this only with commands that write records
    tskl_status (*check)(const char *value, tskl_error *err);
    const char *(*whole)(const char *value, const char *folder, tskl_arena *arena);
} rows[] = {
    {"config", "TASKLESS_CONFIG", false, NULL, whole_path},
    {"packs", "TASKLESS_DIRECTORY", false, NULL, whole_path},
    {"output", "TASKLESS_OUTPUT", true, check_outputs, whole_outputs},
    {"format", "TASKLESS_FORMAT", true, check_format, NULL},
    {"log-level", "TASKLESS_LOG_LEVEL", false, check_level, NULL},
    {NULL, "TASKLESS_CACHE", false, NULL, whole_path},
    {NULL, "TASKLESS_ENV", false, NULL, whole_path},
};

static const char *given_for(size_t row, const tskl_args *args) {
    bool meant = !rows[row].of_records || args->command->writes_records;
    return rows[row].option && meant ? tskl_args_get(args, rows[row].option) : NULL;
}

static bool grants_nothing(const tskl_args *args) {
    bool named = args->command->obeys_config && tskl_args_get(args, "config");
    return args->command->never_grants && !named;
}

// `*by_option`: what is wrong stands on the command line.
static tskl_status apply(const tskl_args *args, bool *by_option, tskl_error *err) {
    unsetenv("TASKLESS_DISABLED");
    if (grants_nothing(args)) TSKL_TRY(put("TASKLESS_CONSENT", "never", err));
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        const char *given = given_for(i, args);
        const char *value = given ? given : tskl_env_lookup(rows[i].variable);
        if (!value || !*value) continue;
        tskl_status status = rows[i].check ? rows[i].check(value, err) : TSKL_OK;
        *by_option = given != NULL;
        if (status != TSKL_OK)
            return tskl_context(err, status, "%s%s", given ? "--" : "",
                                given ? rows[i].option : rows[i].variable);
        if (given) TSKL_TRY(put(rows[i].variable, given, err));
    }
    return TSKL_OK;
}

static tskl_status load(const char *default_output, tskl_config **out, tskl_error *err) {
    char packs[PATH_MAX];
    tskl_config_request request = {.default_output = default_output};
    if (tskl_installed_packs(packs)) request.builtin_packs = packs;
    if (request.builtin_packs) tskl_trust_package(packs);
    TSKL_TRY(tskl_config_load(&request, out, err));
    tskl_log_to((*out)->log_level, &(*out)->log_to);
    return TSKL_OK;
}

tskl_status tskl_settings_load(const tskl_args *args, const char *default_output, tskl_config **out,
                               tskl_error *err) {
    bool by_option;
    *out = NULL;
    TSKL_TRY(apply(args, &by_option, err));
    return load(default_output, out, err);
}

// The library, which reads it all once more, is told that it was said.
static tskl_status say_remarks(const tskl_config *config, tskl_error *err) {
    const char *lines[TSKL_REMARKS_MAX];
    tskl_arena arena = {0};
    bool said = tskl_env_get()->found != NULL;
    size_t count = said ? 0 : tskl_remarks(config, &arena, lines);
    for (size_t i = 0; i < count; i++) tskl_complain("%s", lines[i]);
    tskl_arena_reset(&arena);
    return tskl_settings_pin(config, err);
}

void tskl_settings_say_withheld(const tskl_config *config) {
    tskl_arena arena = {0};
    const char *line = tskl_remark_withheld(config, &arena);
    if (line) tskl_complain("%s", line);
    tskl_arena_reset(&arena);
}

static tskl_status load_and_say(const char *default_output, tskl_config **out, tskl_error *err) {
    TSKL_TRY(load(default_output, out, err));
    tskl_status status = say_remarks(*out, err);
    if (status == TSKL_OK) return TSKL_OK;
    tskl_config_free(*out);
    *out = NULL;
    return status;
}

int tskl_settings_open(const tskl_args *args, const char *default_output, tskl_config **out) {
    tskl_error err;
    bool by_option;
    *out = NULL;
    if (apply(args, &by_option, &err) != TSKL_OK) {
        int code = tskl_fail_with(&err);
        return code == TSKL_EXIT_BAD ? TSKL_EXIT_USAGE : code;
    }
    return load_and_say(default_output, out, &err) == TSKL_OK ? TSKL_EXIT_DONE
                                                              : tskl_fail_with(&err);
}

static bool is_there(const tskl_args *args, const char *option) {
    const char *path = tskl_args_get(args, option);
    if (!path || access(path, F_OK) == 0) return true;
    tskl_complain("--%s %s: %s", option, path, strerror(errno));
    return false;
}

bool tskl_settings_obey(const tskl_args *args, tskl_config **out) {
    tskl_error err;
    bool by_option = false;
    *out = NULL;
    if (!is_there(args, "config") || !is_there(args, "packs")) return false;
    tskl_status status = apply(args, &by_option, &err);
    if (status != TSKL_OK && by_option) {
        tskl_complain("%s", err.message);
        return false;
    }
    if (status == TSKL_OK) status = load_and_say("stderr", out, &err);
    if (status != TSKL_OK) tskl_complain("the program runs unobserved: %s", err.message);
    return true;
}

static tskl_status pin(const char *variable, const char *value, const char *folder,
                       const char *(*whole)(const char *, const char *, tskl_arena *),
                       tskl_error *err) {
    tskl_arena arena = {0};
    const char *pinned = whole(value, folder, &arena);
    tskl_status status = pinned ? put(variable, pinned, err) : nomem(err);
    tskl_arena_reset(&arena);
    return status;
}

// Where a file was found is told apart from a name that the user gave: what it lacks of the user's
// word it must not gain on the way into the program.
static tskl_status pin_found(const tskl_config *config, const char *folder, tskl_error *err) {
    const tskl_env *env = tskl_env_get();
    bool found = config->path && !env->config;
    TSKL_TRY(pin("TASKLESS_FOUND", found ? config->path : "-", folder,
                 found ? whole_path : as_it_is, err));
    if (env->directory || !config->directory) return TSKL_OK;
    return put("TASKLESS_DIRECTORY", config->directory, err);
}

tskl_status tskl_settings_pin(const tskl_config *config, tskl_error *err) {
    char folder[PATH_MAX];
    if (!getcwd(folder, sizeof folder))
        return tskl_fail(err, TSKL_ERR_IO, "the working folder is gone");
    TSKL_TRY(pin_found(config, folder, err));
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        const char *value = rows[i].whole ? tskl_env_lookup(rows[i].variable) : NULL;
        if (value && *value) TSKL_TRY(pin(rows[i].variable, value, folder, rows[i].whole, err));
    }
    return TSKL_OK;
}
