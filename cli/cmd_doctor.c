// SPDX-License-Identifier: Apache-2.0
#include "command.h"
#include "doctor/doctor.h"
#include "say.h"
#include "settings.h"

enum { JSON };

static void look_at_all(const tskl_args *args, tskl_findings *findings) {
    tskl_config *config;
    tskl_error err = {0};
    tskl_doctor_runtimes(findings);
    tskl_doctor_variables(findings);
    tskl_status status = tskl_settings_load(args, "stderr", &config, &err);
    tskl_doctor_configuration(findings, config, &err);
    if (status == TSKL_OK) tskl_doctor_packs(findings, config);
    tskl_doctor_cache(findings);
    tskl_doctor_machine(findings);
    tskl_config_free(config);
}

static int run(const tskl_args *args) {
    static tskl_findings findings;
    if (args->operand_count)
        tskl_doctor_command(&findings, args->operands, args->operand_count);
    else
        look_at_all(args, &findings);
    if (!args->values[JSON])
        tskl_findings_show(&findings, stdout, tskl_stream_takes_colour(stdout));
    else if (!tskl_findings_write_json(&findings, stdout))
        tskl_complain("no room for the answer");
    int code = findings.problems ? TSKL_EXIT_NO : TSKL_EXIT_DONE;
    tskl_arena_reset(&findings.arena);
    return tskl_finish_output(code);
}

static const tskl_option options[] = {
    [JSON] = {"json", NULL, "one JSON object, for programs"},
    TSKL_OPTIONS_OF_PACKS,
};

const tskl_command tskl_command_doctor = {
    .name = "doctor",
    .summary = "says what is found, what is missing and what to do",
    .operands = "[[--] COMMAND [ARGUMENT...]]",
    .about =
        "Looks at this machine as `taskless run` would find it from this folder: runtimes and\n"
        "their clients (a call is made and seen, to no host), variables, configuration, where\n"
        "records go, Packs and what they are not given, compiled code, and whether a Pack can\n"
        "run at all. Each line is ok, a note or a problem, with what mends it.\n"
        "\n"
        "With a COMMAND, which is not run, it says instead what would run in the end, how that\n"
        "is observed, and what keeps a client out: python3 -I, -E or -S, Node.js's --permission,\n"
        "programs that are static, of 32 bits, linked to musl or setuid.\n",
    .examples = "  taskless doctor\n"
                "      in the folder that the program is started in\n"
                "  taskless doctor -- npm start\n"
                "      whether that command can be observed, and how\n"
                "  taskless doctor --json | jq '.findings[] | select(.state == \"problem\")'\n"
                "      for programs\n",
    .next = "  taskless pack inspect NAME     all about one Pack\n"
            "\n"
            "Exit code: 1 there is a problem.\n",
    .options = options,
    .option_count = TSKL_COUNT(options),
    .passes_on = true,
    .run = run,
};
