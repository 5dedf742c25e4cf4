// config: taskless.yaml (or .json), the variables, and what was asked for in code, as one thing.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CONFIG_CONFIG_H
#define TSKL_CONFIG_CONFIG_H
#include "base/arena.h"
#include "base/json.h"
#include "base/log.h"
#include "base/status.h"
#include "config/limits.h"
#include "exchange/mask.h"

typedef struct tskl_config_pack {
    tskl_slice name;   // empty for one that was found in a folder: its manifest says
    tskl_slice from;   // a folder or pack.tgz; a relative path begins in the file's folder. Without
                       // it the Pack of that name in the directory, else the builtin one
    tskl_slice module; // a bundle as base64, in place of `from`
    tskl_slice manifest; // all of a Pack of schema `pre1`, in place of either
    tskl_slice digest;   // "sha256:..." of the bundle, or of a folder's pack.wasm; or empty
    bool hosts_given;
    tskl_texts hosts;               // in place of the manifest's
    const tskl_json *configuration; // an object, or NULL
    bool body_allowed;              // true unless `allow: {body: false}`
    tskl_texts environment, call_hosts;
    bool vars_allowed;
    tskl_limits limits;
    bool enabled;
    uint32_t line;                     // where it stands in the file; 0 where it does not
    uint32_t module_line, digest_line; // where these do
} tskl_config_pack;

typedef enum tskl_format {
    TSKL_FORMAT_AUTO, // pretty on a terminal, else ndjson
    TSKL_FORMAT_PRETTY,
    TSKL_FORMAT_NDJSON,
    TSKL_FORMAT_TASKLESS,
    TSKL_FORMAT_STABLE,
} tskl_format;

typedef struct tskl_config_output {
    tskl_slice to; // "stderr", "stdout", "fd:3", "file:PATH", "har:PATH"
    tskl_format format;
} tskl_config_output;

typedef struct tskl_config {
    tskl_arena arena;        // holds all of it
    const char *path;        // the file it came from, or NULL
    tskl_config_pack *packs; // in the order of `pre`
    size_t pack_count;
    tskl_limits caps;  // nobody above these; all set
    tskl_texts ignore; // observe.ignore
    size_t body_cap;   // bytes
    double sample_success, sample_failure;
    tskl_mask_rules mask;
    tskl_texts mask_environment;
    uint32_t queue_exchanges, queue_mib, workers;
    tskl_config_output *outputs;
    size_t output_count;
    tskl_log_level log_level;
    int log_fd;
    tskl_texts environment; // "NAME=value" from TASKLESS_ENV's file
    tskl_texts secrets; // values of mask.environment and of secret variables that Packs are granted
} tskl_config;

/** What code asks for; NULL or empty members are taken from TASKLESS_*, then the file. */
typedef struct tskl_config_request {
    const char *directory, *path, *outputs, *format;
    const char *default_output; // "stderr" or "stdout"
    const char *builtin_packs;  // the folder of Packs that come with taskless, or NULL
} tskl_config_request;

/**
 * Reads all of it. What code asks for counts before TASKLESS_*, that before the file, that before
 * the defaults. The file is `path`, else TASKLESS_CONFIG, else taskless.yaml, .yml or .json in the
 * directory, else in the working folder. Without `packs` in it, the Packs are those that lie in
 * the directory (.taskless where none is named), by name; where there is none, the builtin ones.
 * SYNTAX, INVALID, UNTRUSTED, NOT_FOUND, IO, LIMIT, UNAVAILABLE or NOMEM, naming file, line and
 * key. Free with tskl_config_free. `*out` is NULL on failure.
 */
tskl_status tskl_config_load(const tskl_config_request *request, tskl_config **out,
                             tskl_error *err);
void tskl_config_free(tskl_config *config);
/** Reads "stderr,file:calls.ndjson" into outputs of one format, in `arena`. A bare path, which has
 *  a '/' or a '.' in it, is a file, or a recording where it ends in ".har"; "console" and "-" are
 *  stdout. INVALID, NOMEM. */
tskl_status tskl_config_parse_outputs(tskl_slice list, tskl_slice format, tskl_arena *arena,
                                      tskl_config_output **outputs, size_t *count, tskl_error *err);
#endif
