// names: what Packs, variables and headers may be called.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CONFIG_NAMES_H
#define TSKL_CONFIG_NAMES_H
#include "base/arena.h"

enum { TSKL_NAME_MAX = 64 };

/** Of a Pack: lower-case letters, digits, '-' and '_', a letter or digit first. */
bool tskl_name_is_pack(tskl_slice name);
/** Of an environment variable: letters, digits and '_', no digit first. */
bool tskl_name_is_variable(tskl_slice name);
/** Of a header: an RFC 9110 token. */
bool tskl_name_is_header(tskl_slice name);
/** Of a member of a Pack's configuration: letters, digits, '_', '-' and '.'. */
bool tskl_name_is_field(tskl_slice name);
/** True when a variable's name or value looks like a secret: "STRIPE_API_KEY", "https://a:b@c". */
bool tskl_name_looks_secret(tskl_slice name, tskl_slice value);
/** Puts copies in lower case in place of the names. False: no memory. */
bool tskl_names_lower(tskl_slice *names, size_t count, tskl_arena *arena);
#endif
