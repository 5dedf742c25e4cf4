// doctor: what is looked at on a machine where taskless does not do what it should. Each function
// adds a group of findings.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_DOCTOR_H
#define TSKL_CLI_DOCTOR_H
#include "config/config.h"
#include "doctor/findings.h"

/** The command of those words: what runs it in the end, and what keeps a client out of it. */
void tskl_doctor_command(tskl_findings *findings, char *const *words, size_t count);
/** Languages' runtimes on PATH, their clients, and whether a call made in one is seen. */
void tskl_doctor_runtimes(tskl_findings *findings);
/** Variables of ours, known and unknown. Before the settings are opened, which change them. */
void tskl_doctor_variables(tskl_findings *findings);
/** The configuration that was read, or why not (`config` is then NULL); where records go. */
void tskl_doctor_configuration(tskl_findings *findings, const tskl_config *config,
                               const tskl_error *err);
/** Each Pack: whether it can be read, is compiled, is given what it asks for. */
void tskl_doctor_packs(tskl_findings *findings, const tskl_config *config);
/** Folders of compiled code: trusted, writable, how full. */
void tskl_doctor_cache(tskl_findings *findings);
/** Whether Packs can run here at all: a small one is compiled and run. */
void tskl_doctor_machine(tskl_findings *findings);
#endif
