// result: the word that a record has for how a hook ended.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PIPELINE_RESULT_H
#define TSKL_PIPELINE_RESULT_H
#include "capture/record.h"
#include "sandbox/sandbox.h"

tskl_result tskl_result_of(tskl_outcome_kind kind);
#endif
