// SPDX-License-Identifier: Apache-2.0
#include "config/config.h"
#include "base/alloc.h"
#include "base/env.h"
#include "base/handover.h"
#include "config/consent.h"
#include "config/discover.h"
#include "config/dotenv.h"
#include "config/file.h"
#include "config/left_out.h"
#include "config/outputs.h"
#include "config/variables.h"
#include "store/trust.h"
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

static tskl_status nomem(tskl_error *err) {
    return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (reading the configuration)");
}

static const char *first_of(const char *a, const char *b) {
    return a && *a ? a : b;
}

static void set_defaults(tskl_config *config) {
    config->caps = (tskl_limits)TSKL_LIMITS_CAP;
    config->shipped = true;
    config->body_cap = (size_t)256 * 1024;
    config->sample_success = config->sample_failure = 1;
    config->queue_exchanges = 4096;
    config->queue_mib = 32;
    config->workers = 1;
    config->log_level = TSKL_LOG_WARN;
    config->log_to = tskl_handover_descriptor(STDERR_FILENO);
}

// The file that was asked for is the user's word; one that was found may be.
static tskl_status find_file(const tskl_config_request *request, const char *directory,
                             tskl_config *config, tskl_error *err) {
    const tskl_env *env = tskl_env_get();
    config->path = first_of(request->path, env->config);
    config->source = config->path ? TSKL_SOURCE_OWN : TSKL_SOURCE_NONE;
    // `taskless run` has looked already, in the folder that it was started in.
    if (!config->path && env->found)
        config->path = strcmp(env->found, "-") == 0 ? NULL : env->found;
    else if (!config->path)
        TSKL_TRY(tskl_discover_file(directory, &config->arena, &config->path, err));
    if (!config->path) return TSKL_OK;
    if (!config->source)
        config->source = tskl_discover_is_own(config->path) ? TSKL_SOURCE_OWN : TSKL_SOURCE_FOUND;
    // It outlives the call, and so whatever the caller gave.
    config->path = tskl_arena_cstr(&config->arena, tskl_slice_of(config->path));
    return config->path ? TSKL_OK : nomem(err);
}

// One that was found is left out where others may write it; of one that was named nothing may be
// lost in silence: its masks, say.
static tskl_status read_file(const tskl_config_request *request, const char *directory,
                             tskl_config *config, tskl_faults *faults, bool *packs_given,
                             tskl_error *err) {
    bool named = first_of(request->path, tskl_env_get()->config) != NULL;
    *packs_given = false;
    TSKL_TRY(find_file(request, directory, config, err));
    if (!config->path) return TSKL_OK;
    tskl_status status = tskl_file_read(config->path, config, packs_given, err);
    if (status == TSKL_ERR_UNTRUSTED && !named) {
        TSKL_TRY(tskl_faults_add(faults, tskl_slice_of(config->path), config->path, err));
        config->path = NULL;
        config->source = TSKL_SOURCE_NONE;
        return TSKL_OK;
    }
    // The user's own folder, as sudo leaves it in HOME, is another's to root.
    if (config->foreign && !named) config->source = TSKL_SOURCE_FOUND;
    return status;
}

static const char default_directory[] = ".taskless";

/** Where Packs are looked for that nobody placed. */
typedef struct places {
    const char *directory; // NULL: none was named, and none is there
    const char *builtin;   // that come with taskless, or NULL
    bool named;            // the directory was: it has to be there
} places;

static tskl_status find_places(const tskl_config_request *request, tskl_config *config, places *out,
                               tskl_error *err) {
    const tskl_env *env = tskl_env_get();
    *out = (places){first_of(request->directory, env->directory), request->builtin_packs, false};
    out->named = out->directory != NULL;
    // `taskless run` has looked already, and has named it where it was there.
    if (out->named || env->found) return TSKL_OK;
    return tskl_discover_directory(&config->arena, &out->directory, err);
}

// Those that the file names without saying where they are.
static tskl_status place_packs(const places *in, tskl_config *config, tskl_error *err) {
    const char *folder = first_of(in->directory, default_directory);
    for (size_t i = 0; i < config->pack_count; i++) {
        tskl_config_pack *entry = &config->packs[i];
        if (entry->from.len || entry->module.len || entry->manifest.len) continue;
        TSKL_TRY(tskl_discover_named(entry, folder, in->builtin, &config->arena, err));
    }
    return TSKL_OK;
}

// A folder that was named has to be there.
static tskl_status find_packs(const places *in, tskl_config *config, tskl_faults *faults,
                              tskl_error *err) {
    if (!in->directory) return TSKL_OK;
    tskl_status status = tskl_discover_packs(in->directory, &config->arena, &config->packs,
                                             &config->pack_count, &config->foreign, err);
    if (status == TSKL_ERR_UNTRUSTED) {
        config->directory = NULL;
        return tskl_faults_add(faults, tskl_slice_of(in->directory), in->directory, err);
    }
    return status == TSKL_ERR_NOT_FOUND && !in->named ? TSKL_OK : status;
}

static const tskl_config_pack *find_named(const tskl_config_pack *packs, size_t count,
                                          tskl_slice name, tskl_arena *arena) {
    for (size_t i = 0; i < count; i++)
        if (!packs[i].left_out && tskl_slice_equal(tskl_discover_name(&packs[i], arena), name))
            return &packs[i];
    return NULL;
}

// By whatever path: a file may name those that come with taskless by where it sees them.
static bool is_same_file(tskl_slice a, tskl_slice b) {
    char path[2][PATH_MAX];
    struct stat file[2];
    return tskl_slice_to_cstr(a, path[0], PATH_MAX) && tskl_slice_to_cstr(b, path[1], PATH_MAX) &&
           stat(path[0], &file[0]) == 0 && stat(path[1], &file[1]) == 0 &&
           file[0].st_dev == file[1].st_dev && file[0].st_ino == file[1].st_ino;
}

// One that lies with the others that come with taskless is no other.
static bool note_replaced(const tskl_config_pack *by, const tskl_config_pack *shipped,
                          tskl_slice name, tskl_config *config) {
    if (!by->enabled || is_same_file(by->from, shipped->from)) return true;
    tskl_slice from = by->from.len ? by->from : tskl_slice_of(config->path);
    const char *text = tskl_arena_printf(&config->arena, TSKL_FMT " (" TSKL_FMT ")", TSKL_ARG(name),
                                         TSKL_ARG(from));
    if (text) config->replaced.items[config->replaced.count++] = tskl_slice_of(text);
    return text != NULL;
}

// They stand first. What the user's own file puts in their place needs no word.
static tskl_status add_shipped(const places *in, tskl_config *config, tskl_error *err) {
    tskl_config_pack *shipped, *all;
    size_t count, kept = 0;
    bool foreign; // they are trusted as the library is
    if (!in->builtin || !config->shipped) return TSKL_OK;
    tskl_status status =
        tskl_discover_packs(in->builtin, &config->arena, &shipped, &count, &foreign, err);
    if (status) return status == TSKL_ERR_NOT_FOUND ? TSKL_OK : status;
    all = tskl_arena_array(&config->arena, tskl_config_pack, count + config->pack_count);
    config->replaced.items = tskl_arena_array(&config->arena, tskl_slice, count);
    if (!all || !config->replaced.items) return nomem(err);
    bool said = config->source != TSKL_SOURCE_OWN && !in->named;
    for (size_t i = 0; i < count; i++) {
        tskl_slice name = tskl_discover_name(&shipped[i], &config->arena);
        const tskl_config_pack *by =
            find_named(config->packs, config->pack_count, name, &config->arena);
        if (by && said && !note_replaced(by, &shipped[i], name, config)) return nomem(err);
        shipped[i].shipped = true;
        if (!by) all[kept++] = shipped[i];
    }
    if (config->pack_count) memcpy(all + kept, config->packs, config->pack_count * sizeof *all);
    config->packs = all;
    config->pack_count += kept;
    return TSKL_OK;
}

static tskl_status set_packs(const tskl_config_request *request, bool packs_given,
                             tskl_config *config, tskl_faults *faults, tskl_error *err) {
    places in;
    TSKL_TRY(find_places(request, config, &in, err));
    config->directory = in.directory;
    TSKL_TRY(packs_given ? place_packs(&in, config, err) : find_packs(&in, config, faults, err));
    TSKL_TRY(tskl_faults_add_packs(faults, err));
    return add_shipped(&in, config, err);
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

// A descriptor is noted once, and then means that file. What code asks for by number it means as it
// is at that moment, but for the standard ones: what they are for was settled before the program
// ran.
static void note_descriptors(const tskl_config_request *request, tskl_config *config) {
    bool by_code = first_of(request->outputs, NULL) != NULL;
    for (size_t i = 0; i < config->output_count; i++) {
        tskl_config_output *output = &config->outputs[i];
        int fd;
        if (!tskl_output_parse_fd(output->to, &fd)) continue;
        bool now = by_code && fd > STDERR_FILENO;
        output->given = now ? tskl_descriptor_of(fd) : tskl_handover_descriptor(fd);
        output->unknown = !now && !tskl_handover_looked_at(fd);
    }
}

// Said where the log goes without that setting. Without standard error nobody would see it.
static void check_log(const tskl_config *config) {
    int fd = config->log_to.fd;
    if (fd <= STDERR_FILENO || config->log_to.type) return;
    if (tskl_handover_looked_at(fd))
        tskl_log(TSKL_LOG_WARN, "log.to: descriptor %d was not open when taskless was loaded", fd);
    else
        tskl_log(TSKL_LOG_WARN,
                 "log.to: descriptor %d was not looked at when taskless was loaded: use a number "
                 "up to %d",
                 fd, TSKL_NOTED_LOW - 1);
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
    bool foreign = false; // the user named it
    tskl_status status =
        tskl_trust_read_foreign(path, TSKL_DOTENV_MAX, &config->arena, &text, &foreign, err);
    if (status) return tskl_context(err, status, "TASKLESS_ENV");
    config->dotenv = tskl_sha256_of(text);
    status = tskl_dotenv_parse(text, &config->arena, &config->environment, err);
    return status ? tskl_context(err, status, "%s", path) : TSKL_OK;
}

static tskl_status load(const tskl_config_request *request, tskl_config *config, tskl_error *err) {
    const tskl_env *env = tskl_env_get();
    bool packs_given;
    // A file that code names is that code's own matter, as the one is that a case is made into.
    bool never =
        env->consent && strcmp(env->consent, "never") == 0 && !first_of(request->path, NULL);
    set_defaults(config);
    tskl_faults *faults = tskl_faults_new(config);
    if (!faults) return nomem(err);
    TSKL_TRY(read_file(request, first_of(request->directory, env->directory), config, faults,
                       &packs_given, err));
    TSKL_TRY(set_packs(request, packs_given, config, faults, err));
    TSKL_TRY(tskl_faults_finish(faults, err));
    TSKL_TRY(read_environment(config, err));
    // Before anything is taken away: what looks like a secret is hidden in any case.
    TSKL_TRY(tskl_variables_collect(config, err));
    TSKL_TRY(tskl_consent_weigh(config, never, err));
    TSKL_TRY(set_outputs(request, config, err));
    note_descriptors(request, config);
    check_log(config);
    TSKL_TRY(set_formats(request, config, err));
    return set_from_variables(config, err);
}

tskl_status tskl_config_load(const tskl_config_request *request, tskl_config **out,
                             tskl_error *err) {
    *out = NULL;
    tskl_config *config = tskl_new(tskl_config);
    if (!config) return nomem(err);
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
