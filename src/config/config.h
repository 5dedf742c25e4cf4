// config: taskless.yaml (or .json), the variables, and what was asked for in code, as one thing.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CONFIG_CONFIG_H
#define TSKL_CONFIG_CONFIG_H
#include "base/arena.h"
#include "base/digest.h"
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
    bool shipped;       // it came with taskless
    bool left_out;      // others may write it: it is not enabled
    bool waits;         // it has to be fetched, and nobody has agreed to that: it is not enabled
    tskl_sha256 agreed; // its content, where its grants were agreed to; else ""
    uint32_t line;      // where it stands in the file; 0 where it does not
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
    tskl_descriptor given; // which file the first three mean, whatever has their number later
    bool unknown;          // nobody looked at that number before the program ran
} tskl_config_output;

/** Whose word the file is. */
typedef enum tskl_config_source {
    TSKL_SOURCE_NONE,  // there is no file
    TSKL_SOURCE_OWN,   // the user's: named by code or variable, in the user's own folder, or root's
    TSKL_SOURCE_FOUND, // it lay there: what needs consent waits for it
} tskl_config_source;

typedef enum tskl_ask_kind {
    TSKL_ASK_HOSTS,
    TSKL_ASK_ENVIRONMENT,
    TSKL_ASK_OUTPUT,
    TSKL_ASK_FETCH,
    TSKL_ASK_LOG,
} tskl_ask_kind;

/** Something in a file that was found which its user has to agree to. */
typedef struct tskl_config_ask {
    tskl_ask_kind kind;
    tskl_slice pack; // which Pack is to be given it, or fetched; else empty
    tskl_slice what; // the host, variable, output or URL
    bool given;
} tskl_config_ask;

/** What was found and not read, since others may write it. */
typedef struct tskl_left_out {
    tskl_texts titles; // "taskless.yaml", "Pack stripe"; none: all is well
    const char *why;   // "others may write it"
    const char *mend;  // the command that mends all of it
} tskl_left_out;

typedef struct tskl_config {
    tskl_arena arena; // holds all of it
    const char *path; // the file it came from, or NULL
    tskl_config_source source;
    bool foreign;        // read by root from another user's folder
    tskl_sha256 digest;  // of the file; "" without one
    tskl_sha256 dotenv;  // of TASKLESS_ENV's file; "" without one
    bool consent_broken; // there was consent, and something has changed since
    tskl_config_ask *asks;
    size_t ask_count, waiting;
    tskl_config_ask *withheld; // hosts and secrets that a live run would give its Packs
    size_t withheld_count;
    tskl_left_out left_out;
    const char *directory;   // where Packs are looked for that nobody placed; NULL: there is none
    tskl_texts replaced;     // found in the place of shipped ones: "stripe (.taskless/stripe)"
    tskl_config_pack *packs; // in the order in which they run
    size_t pack_count;
    bool shipped;      // the Packs that come with taskless are used
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
    tskl_descriptor log_to;
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
 * the defaults. The file is `path`, else TASKLESS_CONFIG, else the one that discover.h finds. Of
 * one that was found, what needs consent is left out unless there is consent (consent.h). What is
 * found and others may write is left out, and named in `left_out`. The Packs that come with
 * taskless stand first, but for those of whose name there is another: in the directory (.taskless
 * where none is named), by name; or in the file's `packs`. `shipped: false` and a file of schema
 * `pre1` turn them off. SYNTAX, INVALID, UNTRUSTED, NOT_FOUND, IO, LIMIT, UNAVAILABLE or NOMEM,
 * naming file, line and key. Free with tskl_config_free. `*out` is NULL on failure.
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
