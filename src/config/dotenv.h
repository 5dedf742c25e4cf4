// dotenv: a file of variables for Packs, as TASKLESS_ENV names it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CONFIG_DOTENV_H
#define TSKL_CONFIG_DOTENV_H
#include "config/shape.h"

enum { TSKL_DOTENV_MAX = 256 * 1024, TSKL_DOTENV_VARIABLES_MAX = 1024 };

/**
 * Reads lines of NAME=value into "NAME=value" texts, the last of a name winning. Empty lines,
 * comments (# at the start or behind white space), `export ` and white space around '=' are
 * allowed. 'Single quotes' keep all as it stands; "double quotes" know \n \r \t \" \\ and \$; both
 * may go over several lines. Nothing is expanded: "$HOME" stays as it is. SYNTAX with the line;
 * NOMEM. `*out` lives in `arena`, apart from `text`, and is empty on failure.
 */
tskl_status tskl_dotenv_parse(tskl_slice text, tskl_arena *arena, tskl_texts *out, tskl_error *err);
#endif
