// sandbox: runs one hook of one Pack. It knows nothing of HTTP: what a guest may reach outside
// comes to it as a table of functions.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_SANDBOX_SANDBOX_H
#define TSKL_SANDBOX_SANDBOX_H
#include "base/arena.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/status.h"

typedef struct tskl_engine tskl_engine;     // Wasmtime with our settings; one per process
typedef struct tskl_part tskl_part;         // native code of one module
typedef struct tskl_module tskl_module;     // all code of one Pack, checked and linked
typedef struct tskl_instance tskl_instance; // one Pack serving one exchange

/** How a hook ended: the sandbox's own words, which pipeline/ turns into the record's. */
typedef enum tskl_outcome_kind {
    TSKL_OUTCOME_OK,
    TSKL_OUTCOME_TRAP,
    TSKL_OUTCOME_TIME,
    TSKL_OUTCOME_MEMORY,
    TSKL_OUTCOME_STACK,
    TSKL_OUTCOME_OUTPUT,  // more than the limit, or outside the memory
    TSKL_OUTCOME_ABI,     // an export of the wrong type, a bad handle
    TSKL_OUTCOME_EXIT,    // it called proc_exit
    TSKL_OUTCOME_ERROR,   // it set an error, or returned other than 0
    TSKL_OUTCOME_REFUSED, // it asked for what was not granted
    TSKL_OUTCOME_ROOM,    // the host had no room for an instance
} tskl_outcome_kind;

enum { TSKL_CALL_DETAIL_MAX = 256 };

/** One request that a guest makes of the network, and what came of it. */
typedef struct tskl_sandbox_call {
    tskl_slice url, method; // the method in capitals, a token
    tskl_slice headers;     // "name: value\r\n" lines, no other line end in them
    tskl_slice body;
    uint32_t timeout_ms; // what is left of the hook's wall_ms; at least 1
    // What the function below fills in.
    int status;
    tskl_slice response_headers;       // such lines
    tskl_slice response_body;          // both borrowed until the next request or the hook's end
    tskl_outcome_kind kind;            // other than OK ends the hook, with
    char detail[TSKL_CALL_DETAIL_MAX]; // this text
} tskl_sandbox_call;

/** What a guest may ask of its host. A NULL function is not granted: asking ends the hook with
 *  `refused`. All run on the thread that called the hook. */
typedef struct tskl_sandbox_host {
    void *user;
    /** A configuration value, or false. Borrowed until the hook ends. */
    bool (*config_get)(void *user, tskl_slice key, tskl_slice *value);
    void (*log)(void *user, tskl_log_level level, tskl_slice message);
    /** A variable, borrowed until the next call of either. NOT_FOUND, NOMEM. */
    tskl_status (*var_get)(void *user, tskl_slice key, tskl_slice *value);
    /** `remove` comes without a value. LIMIT: they are as many as they may be; NOMEM. */
    tskl_status (*var_set)(void *user, tskl_slice key, tskl_slice value, bool remove);
    /** Makes a request and waits for its end. `call` comes with its first part filled in, the
     *  rest zero; what it came to is written there. */
    void (*http_request)(void *user, tskl_sandbox_call *call);
    tskl_log_level log_level;
    const tskl_slice *environment; // "NAME=value", as granted
    size_t environment_count;
    int64_t now_us;   // where the guest's clock stands
    uint64_t seed[2]; // what its random numbers come from
} tskl_sandbox_host;

typedef struct tskl_sandbox_limits {
    uint32_t time_ms;    // of this thread's own processor time, a hook
    uint32_t wall_ms;    // from a hook's first http_request on; the time in one is not time_ms
    uint32_t memory_mib; // each linear memory, and those of all modules together
    uint32_t output_kib;
} tskl_sandbox_limits;

typedef struct tskl_outcome {
    tskl_outcome_kind kind;
    tskl_slice detail; // in the arena given to the call; empty with OK
} tskl_outcome;

/** Starts Wasmtime, with less address space where there is little. LIMIT when there is none at
 *  all; UNSUPPORTED where a seccomp filter or a kernel forbids it. */
tskl_status tskl_engine_new(tskl_engine **out, tskl_error *err);
void tskl_engine_free(tskl_engine *engine);
/** True when a guest may import that from us, by its module and name; of whatever type. */
bool tskl_engine_offers(const tskl_engine *engine, tskl_slice module, tskl_slice name);
/** Engine version, settings and processor: part of the name of cached code. Static. */
tskl_slice tskl_engine_key(void);
/** The same for code that was made for any processor of this kind: it is looked for second. Static.
 */
tskl_slice tskl_engine_portable_key(void);

/**
 * Makes native code (from the cache, checked) ready to be linked. The code's bytes are copied or
 * mapped; the caller may unmap them afterwards. Parts that come of the same Wasm, where its digest
 * is given, are one and the same. MISMATCH when it was made for another engine (compile again);
 * NOMEM. Any thread.
 */
tskl_status tskl_part_load(tskl_engine *engine, const tskl_sha256 *wasm, tskl_slice code,
                           tskl_part **out, tskl_error *err);
/** The part that was loaded of that Wasm, while anything holds it; else NULL. */
tskl_part *tskl_part_find(tskl_engine *engine, const tskl_sha256 *wasm);
/** Due for each that was loaded or found; a module that it was linked into holds it as well. */
void tskl_part_release(tskl_part *part);

enum {
    TSKL_MODULE_PARTS = 8,   // the most a Pack may have, its own module included
    TSKL_LINK_NAME_MAX = 64, // bytes
};

/** A module that another one may import from by that name. */
typedef struct tskl_link {
    tskl_slice name; // copied
    tskl_part *part;
} tskl_link;

/**
 * Makes a Pack of its own module and of those that it, or they, import from by name. Each runs once
 * in a guest, its `_initialize` before all else; one that exports `_start` is a command, of which
 * each call from another module meets a fresh instance. INVALID names an import that nobody gives
 * (or not with this type), a name that is taken, modules that import in a circle; LIMIT: too many;
 * NOMEM. Any thread.
 */
tskl_status tskl_module_link(tskl_part *own, const tskl_link *links, size_t count,
                             tskl_module **out, tskl_error *err);
/** Both of the above for a Pack of one module. */
tskl_status tskl_module_load(tskl_engine *engine, tskl_slice code, tskl_module **out,
                             tskl_error *err);
void tskl_module_free(tskl_module *module);
/** True when its own module exports a function of that name, of whatever type. */
bool tskl_module_has(const tskl_module *module, const char *hook);

/** A fresh instance. Its start function and initializers run at the first call. `host` is borrowed
 *  until the instance is closed and may be changed between calls. */
tskl_status tskl_instance_open(tskl_module *module, tskl_sandbox_host *host,
                               const tskl_sandbox_limits *limits, tskl_instance **out,
                               tskl_error *err);
/** Calls one hook. `*output` is borrowed until the next call or the close; empty when the guest
 *  wrote none. After anything but OK the instance serves no further call. */
tskl_outcome tskl_instance_call(tskl_instance *instance, const char *hook, tskl_slice input,
                                tskl_arena *arena, tskl_slice *output);
void tskl_instance_close(tskl_instance *instance);
#endif
