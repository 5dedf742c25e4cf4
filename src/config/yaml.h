// yaml: a YAML document as the tree that JSON becomes.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CONFIG_YAML_H
#define TSKL_CONFIG_YAML_H
#include "base/json.h"

enum { TSKL_YAML_NODES_MAX = 100000 };

/**
 * Parses one document; an empty one is null. Plain scalars are typed by the core schema of YAML
 * 1.2: null, true, false, numbers; all else is a string. What hides or repeats text is refused:
 * anchors, aliases, tags, a name given twice; so are .inf and .nan, which JSON cannot say.
 * SYNTAX or INVALID with the line; LIMIT; UNAVAILABLE without libyaml; NOMEM. The tree lives in
 * `arena`, apart from `text`; `raw` is empty in it. `*out` is NULL on failure.
 */
tskl_status tskl_yaml_parse(tskl_slice text, tskl_arena *arena, const tskl_json **out,
                            tskl_error *err);
#endif
