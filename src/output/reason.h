// reason: why a call failed and what to do now, a line each, for a person.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_OUTPUT_REASON_H
#define TSKL_OUTPUT_REASON_H
#include "capture/record.h"
#include "output/page.h"

/** What each line below a call begins with: the width of its time. */
#define TSKL_REASON_INDENT "          "

/** Most bytes shown of a text, and of a word, from outside. */
enum { TSKL_REASON_TEXT_MAX = 600, TSKL_REASON_WORD_MAX = 80 };

/** Appends the reason of a call that failed: the network's, each Pack's, or what its status says.
 */
void tskl_reason_add(const tskl_page *page, const tskl_record *record);
#endif
