// commands: the list of them. A new command is a file of its own and a line here.
// SPDX-License-Identifier: Apache-2.0
#include "command.h"

const tskl_command *const tskl_commands[] = {
    &tskl_command_run,
    &tskl_command_replay,
    &tskl_command_explain,
    &tskl_command_compile,
    &tskl_command_trust,
    &tskl_command_doctor,
    &tskl_command_pack_new,
    &tskl_command_pack_build,
    &tskl_command_pack_check,
    &tskl_command_pack_bundle,
    &tskl_command_pack_install,
    &tskl_command_pack_inspect,
    &tskl_command_pack_call,
    &tskl_command_conformance,
    &tskl_command_completion,
    &tskl_command_version,
    &tskl_command_help,
    NULL,
};
