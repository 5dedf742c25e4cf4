// outputs: where records are to go, as a configuration or a variable writes it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CONFIG_OUTPUTS_H
#define TSKL_CONFIG_OUTPUTS_H
#include "config/config.h"

/** One entry of `outputs`. */
extern const tskl_shape tskl_output_shape;
/** Fails when an entry read by the shape goes nowhere known; makes a bare path a file. INVALID. */
tskl_status tskl_output_check_entry(const tskl_place *place, void *output, tskl_error *err);
/** Reads "pretty", "ndjson", ...; empty is AUTO. INVALID. */
tskl_status tskl_output_parse_format(tskl_slice text, tskl_format *out, tskl_error *err);
/** Reads "stderr", "stdout" or "fd:3" as a descriptor. False: neither. */
bool tskl_output_parse_fd(tskl_slice to, int *fd);
/** Makes the path of "file:calls.ndjson" whole from `folder`. NOMEM. */
tskl_status tskl_output_resolve(tskl_config_output *output, const char *folder, tskl_arena *arena,
                                tskl_error *err);
#endif
