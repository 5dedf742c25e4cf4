// SPDX-License-Identifier: Apache-2.0
#include "base/env.h"
#include "command.h"
#include "limited_compiler.h"
#include "prepare.h"
#include "runtimes.h"
#include "say.h"
#include "settings.h"
#include <errno.h>
#include <unistd.h>

enum { COMPILE_MS = 10 * 1000 };

static void prepare_take(tskl_config *config) {
    if (tskl_prepare_within(config, COMPILE_MS)) {
        tskl_config_free(config);
        return;
    }
    // The program must not find a child that it never made. The thread itself goes on until exec,
    // and reads the configuration: it stays.
    tskl_limited_compile_cancel();
    tskl_complain("preparing Packs takes long: the program starts without some Packs; "
                  "`taskless compile` finishes the work");
}

// All that the program is to find in its environment; nothing else of ours reaches it. Where that
// fails the program runs without us: it is what was asked for. False: the command line is wrong.
static bool set_environment(const tskl_args *args) {
    tskl_config *config;
    tskl_error err;
    if (!tskl_settings_obey(args, &config)) return false;
    if (!config) return true;
    if (tskl_runtimes_set((const char *const *)args->operands, &err) == TSKL_OK) {
        prepare_take(config);
        return true;
    }
    tskl_complain("the program runs unobserved: %s", err.message);
    tskl_config_free(config);
    return true;
}

static int run_program(char **words) {
    execvp(words[0], words);
    tskl_complain("%s: %s", words[0], strerror(errno));
    return errno == ENOENT ? TSKL_EXIT_NOT_FOUND : TSKL_EXIT_CANNOT_RUN;
}

static int run(const tskl_args *args) {
    if (args->operand_count == 0) {
        tskl_complain("run needs a command: taskless run -- node server.js");
        return TSKL_EXIT_SELF;
    }
    const char *disabled = tskl_env_lookup("TASKLESS_DISABLED");
    bool wanted = !disabled || !*disabled || strcmp(disabled, "0") == 0;
    if (wanted && !set_environment(args)) return TSKL_EXIT_SELF;
    return run_program(args->operands);
}

static const tskl_option options[] = {TSKL_OPTIONS_OF_RECORDS, TSKL_OPTIONS_OF_PACKS,
                                      TSKL_OPTION_NO_LIMIT};

const tskl_command tskl_command_run = {
    .name = "run",
    .summary = "runs a program and says what its calls to services came to",
    .operands = "[--] COMMAND [ARGUMENT...]",
    .about =
        "Runs COMMAND unchanged: same input, output, exit code and signals. While it runs, each\n"
        "call that it makes to another service gives one line on standard error: what it was\n"
        "and, where it failed, why, in the service's own words, and what to do now. Its code\n"
        "needs no change. Packs that have to be compiled are compiled first, once.\n"
        "\n"
        "Observed today: Node.js (fetch, http, https and all that is built on them), Python\n"
        "(http.client with all that is built on it, httpx, aiohttp), Ruby (Net::HTTP with all that\n"
        "is built on it, Excon, http.rb, Typhoeus), and every program that is linked to libcurl (curl, git, PHP), wherever\n"
        "they are among the children of COMMAND.\n",
    .examples = "  taskless run -- node server.js\n"
                "      one line per call, on the terminal\n"
                "  taskless run -- ./nightly.sh\n"
                "      the same of what a script starts, curl and git among it\n"
                "  taskless run --output file:calls.ndjson -- npm test\n"
                "      the same as JSON, into a file\n"
                "  taskless run --output stderr,har:calls.har -- node job.js\n"
                "      watches, and records for `taskless replay`\n",
    .next =
        "  taskless replay calls.har     runs the Packs over a recording\n"
        "  taskless explain              explains one answer that you paste\n"
        "\n"
        "Exit code: the program's own; 125 the command line cannot be obeyed, 126 COMMAND cannot\n"
        "be run, 127 it was not found.\n",
    .options = options,
    .option_count = TSKL_COUNT(options),
    .writes_records = true,
    .passes_on = true,
    .run = run,
};
