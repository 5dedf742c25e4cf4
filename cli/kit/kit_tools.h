// kit_tools: which of a kit's ways can be gone here, by the tools that are installed.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_KIT_TOOLS_H
#define TSKL_CLI_KIT_TOOLS_H
#include "kit/kit.h"
#include "kit/kit_words.h"

/** Finds all tools of a way and adds each to `words` by its name. NOT_FOUND: at least one is
 *  missing, `words` is as it was. INVALID for a placeholder that is not known; NOMEM. */
tskl_status tskl_kit_tools_find(const tskl_kit_way *way, tskl_kit_words *words, tskl_arena *arena,
                                tskl_error *err);
/** Says on standard error which tools of a way are missing, why those that are there do not do,
 *  and what to type. */
void tskl_kit_tools_complain(const tskl_kit *kit, const tskl_kit_way *way,
                             const tskl_kit_words *words, tskl_arena *arena);
/** True when a program's answer has a version of at least that; numbers are compared part by part.
 */
bool tskl_kit_version_is_enough(tskl_slice answer, tskl_slice least);
/** The first number in the answer, "22.1.0"; empty where there is none. */
tskl_slice tskl_kit_version_of(tskl_slice answer);
#endif
