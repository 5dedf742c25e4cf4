// SPDX-License-Identifier: Apache-2.0
#include "base/env.h"
#include "command.h"
#include "config/limits.h"
#include "config/nearest.h"
#include "input.h"
#include "inspect/wasm_reader.h"
#include "pipeline/result.h"
#include "plugin.h"
#include "say.h"
#include "store/package.h"

enum {
    INPUT,
    CONFIG,
    ENV,
    VARS,
    LINK,
    ALLOW_HOST,
    REPEAT,
    FRESH,
    TIME_MS,
    WALL_MS,
    MEMORY_MIB,
    OUTPUT_KIB,
    LOG_LEVEL
};
enum { INPUT_MAX = 64 * 1024 * 1024, TIME_MAX_MS = 24 * 3600 * 1000, OUTPUT_MAX_KIB = 64 * 1024 };

/** One run of the command. */
typedef struct job {
    const tskl_args *args;
    const char *path, *export;
    tskl_arena arena;
    tskl_slice wasm, input;
    tskl_texts links; // "NAME=FILE.wasm"
    tskl_plugin_options options;
    uint32_t repeat;
    tskl_plugin *plugin;
    int code;
} job;

static bool read_number(const job *j, int option, uint32_t least, uint32_t most, uint32_t *out) {
    const char *text = j->args->values[option];
    uint64_t value;
    if (!text) return true;
    if (tskl_slice_to_u64(tskl_slice_of(text), &value) && value >= least && value <= most) {
        *out = (uint32_t)value;
        return true;
    }
    tskl_complain("--%s takes a number from %u to %u, not '%s'",
                  j->args->command->options[option].name, least, most, text);
    return false;
}

static bool read_limits(job *j) {
    tskl_limits usual = TSKL_LIMITS_DEFAULT;
    tskl_sandbox_limits *limits = &j->options.limits;
    *limits =
        (tskl_sandbox_limits){usual.time_ms, usual.wall_ms, usual.memory_mib, usual.output_kib};
    j->repeat = 1;
    return read_number(j, TIME_MS, 1, TIME_MAX_MS, &limits->time_ms) &&
           read_number(j, WALL_MS, 1, TIME_MAX_MS, &limits->wall_ms) &&
           read_number(j, MEMORY_MIB, 1, usual.memory_mib, &limits->memory_mib) &&
           read_number(j, OUTPUT_KIB, 1, OUTPUT_MAX_KIB, &limits->output_kib) &&
           read_number(j, REPEAT, 1, UINT32_MAX, &j->repeat);
}

// The values of an option that may come several times, each a "NAME=VALUE".
static bool read_pairs(job *j, int option, tskl_texts *out) {
    const tskl_option *known = &j->args->command->options[option];
    const char *given;
    out->items = tskl_arena_array(&j->arena, tskl_slice, TSKL_GIVEN_MAX);
    for (int at = 0; out->items && (given = tskl_args_next(j->args, option, &at));) {
        size_t equals = tskl_slice_find(tskl_slice_of(given), '=');
        if (equals == 0 || equals == SIZE_MAX) {
            tskl_complain("--%s %s: it has to be %s", known->name, given, known->value);
            return false;
        }
        out->items[out->count++] = tskl_slice_of(given);
    }
    if (!out->items) tskl_complain("no room for the options");
    return out->items != NULL;
}

static bool read_hosts(job *j) {
    tskl_slice hosts[TSKL_GIVEN_MAX];
    const char *given;
    size_t count = 0;
    tskl_error err;
    for (int at = 0; (given = tskl_args_next(j->args, ALLOW_HOST, &at));)
        hosts[count++] = tskl_slice_of(given);
    if (tskl_hostlist_make(hosts, count, &j->arena, &j->options.hosts, &err) == TSKL_OK)
        return true;
    tskl_complain("--allow-host: %s", err.message);
    return false;
}

static bool read_log_level(const job *j) {
    const char *name = j->args->values[LOG_LEVEL];
    tskl_log_level level = TSKL_LOG_WARN;
    if (!name) name = tskl_env_get()->log_level;
    if (name && !tskl_log_level_parse(tskl_slice_of(name), &level)) {
        tskl_complain("log level '%s' is none of off, error, warn, info, debug, trace", name);
        return false;
    }
    tskl_log_set(level, fileno(stderr));
    return true;
}

static tskl_status read_input(job *j, tskl_error *err) {
    const char *given = j->args->values[INPUT];
    if (!given) return TSKL_OK;
    if (strcmp(given, "-") == 0) return tskl_input_stdin(INPUT_MAX, &j->arena, &j->input, err);
    if (given[0] == '@') return tskl_input_file(given + 1, INPUT_MAX, &j->arena, &j->input, err);
    j->input = tskl_slice_of(given);
    return TSKL_OK;
}

// What can be called, for whoever has not named it yet or has misspelt it.
static void list_exports(const tskl_wasm *wasm) {
    tskl_buf names;
    tskl_buf_init(&names, 4096);
    for (size_t i = 0; i < wasm->export_count; i++)
        if (wasm->exports[i].callable)
            tskl_buf_printf(&names, "%s" TSKL_FMT, names.len ? ", " : "",
                            TSKL_ARG(wasm->exports[i].name));
    if (names.len)
        tskl_complain("what can be called in it: %s", tskl_buf_cstr(&names));
    else
        tskl_complain("it exports nothing that can be called: a function that takes nothing and "
                      "returns nothing or an i32");
    tskl_buf_deinit(&names);
}

// DONE where the export is there: of whatever type, since the sandbox says what is wrong with it.
static int check_export(const job *j, const tskl_wasm *wasm) {
    if (!j->export) {
        tskl_complain("pack call needs an EXPORT: taskless pack call %s EXPORT", j->path);
        list_exports(wasm);
        return TSKL_EXIT_USAGE;
    }
    const tskl_wasm_item *found = tskl_wasm_export(wasm, tskl_slice_of(j->export));
    if (found && found->kind == TSKL_WASM_FUNCTION) return TSKL_EXIT_DONE;
    tskl_nearest nearest = {.wrong = tskl_slice_of(j->export)};
    for (size_t i = 0; i < wasm->export_count; i++)
        if (wasm->exports[i].callable) tskl_nearest_offer(&nearest, wasm->exports[i].name);
    char meant[128] = "";
    if (nearest.best.len)
        snprintf(meant, sizeof meant, ", did you mean '" TSKL_FMT "'?", TSKL_ARG(nearest.best));
    tskl_complain("%s exports no function '%s'%s", j->path, j->export, meant);
    list_exports(wasm);
    return TSKL_EXIT_BAD;
}

static int complain_of_outcome(const job *j, uint32_t call, const tskl_outcome *outcome) {
    static const char *const mends[] = {
        [TSKL_OUTCOME_TIME] = "--time-ms allows more",
        [TSKL_OUTCOME_MEMORY] = "--memory-mib allows more, up to 64",
        [TSKL_OUTCOME_OUTPUT] = "--output-kib allows more",
        [TSKL_OUTCOME_REFUSED] = "--vars grants variables, --allow-host requests",
    };
    const char *mend = outcome->kind < TSKL_COUNT(mends) ? mends[outcome->kind] : NULL;
    char which[48] = "";
    if (j->repeat > 1) snprintf(which, sizeof which, ", call %u of %u", call, j->repeat);
    tskl_complain("%s%s: %s: " TSKL_FMT "%s%s%s", j->export, which,
                  tskl_result_text(tskl_result_of(outcome->kind)), TSKL_ARG(outcome->detail),
                  mend ? " (" : "", mend ? mend : "", mend ? ")" : "");
    return outcome->kind == TSKL_OUTCOME_ROOM ? TSKL_EXIT_MACHINE : TSKL_EXIT_NO;
}

static void *call_all(void *user) {
    job *j = user;
    tskl_arena arena = {0};
    bool fresh = j->args->values[FRESH] != NULL;
    for (uint32_t call = 1; call <= j->repeat && j->code == TSKL_EXIT_DONE && !ferror(stdout);
         call++) {
        tskl_slice output;
        tskl_outcome outcome =
            tskl_plugin_call(j->plugin, j->export, j->input, fresh, &arena, &output);
        if (outcome.kind != TSKL_OUTCOME_OK) j->code = complain_of_outcome(j, call, &outcome);
        fwrite(output.ptr, 1, output.len, stdout);
        tskl_arena_reuse(&arena);
    }
    tskl_arena_reset(&arena);
    return NULL;
}

static tskl_status read_module(job *j, const char *path, tskl_slice *bytes, tskl_wasm *wasm,
                               tskl_error *err) {
    TSKL_TRY(tskl_input_file(path, TSKL_PACKAGE_WASM_MAX, &j->arena, bytes, err));
    tskl_status status = tskl_wasm_read(*bytes, &j->arena, wasm, err);
    return status ? tskl_context(err, status, "%s", path) : TSKL_OK;
}

static tskl_status read_links(job *j, tskl_error *err) {
    tskl_plugin_link *links = tskl_arena_array(&j->arena, tskl_plugin_link, j->links.count);
    if (!links) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the modules");
    for (size_t i = 0; i < j->links.count; i++) {
        tskl_wasm ignored;
        tskl_slice path = j->links.items[i]; // zero-ended, as words of the command line are
        links[i].name = tskl_slice_split(&path, '=');
        TSKL_TRY(read_module(j, path.ptr, &links[i].wasm, &ignored, err));
    }
    j->options.links = links;
    j->options.link_count = j->links.count;
    return TSKL_OK;
}

static tskl_status read_files(job *j, tskl_wasm *wasm, tskl_error *err) {
    TSKL_TRY(read_module(j, j->path, &j->wasm, wasm, err));
    TSKL_TRY(read_links(j, err));
    return read_input(j, err);
}

static int call_plugin(job *j) {
    tskl_wasm wasm;
    tskl_error err;
    if (read_files(j, &wasm, &err) != TSKL_OK) return tskl_fail_with(&err);
    int code = check_export(j, &wasm);
    if (code != TSKL_EXIT_DONE) return code;
    tskl_status status = tskl_plugin_open(j->wasm, &j->options, &j->plugin, &err);
    if (status != TSKL_OK) {
        tskl_context(&err, status, "%s", j->path);
        return tskl_fail_with(&err);
    }
    if (!tskl_plugin_run(call_all, j)) {
        tskl_complain("no thread could be started");
        j->code = TSKL_EXIT_MACHINE;
    }
    tskl_plugin_close(j->plugin);
    return tskl_finish_output(j->code);
}

static int run(const tskl_args *args) {
    job j = {.args = args, .path = args->operands[0]};
    if (args->operand_count < 1 || args->operand_count > 2) {
        tskl_complain("pack call takes a FILE.wasm and an EXPORT, here are %d",
                      args->operand_count);
        return TSKL_EXIT_USAGE;
    }
    j.export = args->operands[1];
    j.options.vars_allowed = args->values[VARS] != NULL;
    int code = TSKL_EXIT_USAGE;
    if (read_limits(&j) && read_pairs(&j, CONFIG, &j.options.configuration) &&
        read_pairs(&j, ENV, &j.options.environment) && read_pairs(&j, LINK, &j.links) &&
        read_hosts(&j) && read_log_level(&j))
        code = call_plugin(&j);
    tskl_arena_reset(&j.arena);
    return code;
}

static const tskl_option options[] = {
    [INPUT] = {"input", "TEXT|@FILE|-", "what the plugin is given: text, a file, standard input"},
    [CONFIG] = {"config", "KEY=VALUE", "a value of its configuration; may be given several times"},
    [ENV] = {"env", "NAME=VALUE", "a variable it sees; may be given several times"},
    [VARS] = {"vars", NULL, "grant it variables, which it keeps from call to call"},
    [ALLOW_HOST] = {"allow-host", "HOST", "a host that it may call; may be given several times"},
    [LINK] = {"link", "NAME=FILE.wasm",
              "a module that it imports from; may be given several times"},
    [REPEAT] = {"repeat", "N", "call it N times on one instance, as long as it answers"},
    [FRESH] = {"fresh", NULL, "a fresh instance for each call, as a Pack has it"},
    [TIME_MS] = {"time-ms", "N", "processor time of a call, 100 where nobody says"},
    [WALL_MS] = {"wall-ms", "N", "time of a call from its first request on, 2000"},
    [MEMORY_MIB] = {"memory-mib", "N", "what its memory may grow to, 64 (the most)"},
    [OUTPUT_KIB] = {"output-kib", "N", "what it may answer, 256"},
    [LOG_LEVEL] = {"log-level", "LEVEL", "off, error, warn (usual), info, debug or trace"},
    TSKL_OPTION_NO_LIMIT,
};

const tskl_command tskl_command_pack_call = {
    .name = "pack call",
    .summary = "calls one function of any Extism plugin",
    .operands = "FILE.wasm EXPORT",
    .about =
        "Compiles a plugin and calls a function that it exports, in the sandbox that Packs run\n"
        "in, so that a plugin of somebody else's can be tried. What it answers goes to standard\n"
        "output, byte for byte; what it logs and what went wrong to standard error. It sees\n"
        "nothing but what is given to it here. Without EXPORT the functions are listed.\n",
    .examples = "  taskless pack call count_vowels.wasm count_vowels --input 'some text'\n"
                "      one call\n"
                "  taskless pack call pack.wasm post --input @call.json --log-level debug\n"
                "      input from a file, and all that it logs\n"
                "  taskless pack call plugin.wasm run --config region=eu --time-ms 2000\n"
                "      with a value of its configuration, and more time\n",
    .next = "  taskless pack check DIR       runs the cases of a Pack\n"
            "\n"
            "Exit code: 1 the plugin failed (trap, time, memory, an error it set), 3 the file is\n"
            "bad, or has no such function.\n",
    .options = options,
    .option_count = TSKL_COUNT(options),
    .run = run,
};
