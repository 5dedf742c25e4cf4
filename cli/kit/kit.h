// kit: what taskless knows of a language in which Packs are written: a folder with a kit.json.
// docs/internals/kits.md has the format.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_KIT_H
#define TSKL_CLI_KIT_H
#include "config/shape.h"

/** A program or a file that building needs. */
typedef struct tskl_kit_tool {
    tskl_slice name;
    tskl_texts find;    // names on PATH, or paths, best first
    tskl_texts version; // arguments to ask it with; none: it only has to be there
    tskl_slice least, expect;
    tskl_slice debian, otherwise; // what to type when it is missing
} tskl_kit_tool;

/** One thing to do: `run` or `copy`, the other is empty. */
typedef struct tskl_kit_step {
    tskl_slice say, in;
    tskl_texts run, copy;
    const tskl_json *environment; // an object of strings and nulls, or NULL
} tskl_kit_step;

/** One way to build. */
typedef struct tskl_kit_way {
    tskl_slice name;
    tskl_slice module; // of the manifest's modules; empty: for Packs that name none
    tskl_kit_tool *tools;
    size_t tool_count;
    tskl_kit_step *steps;
    size_t step_count;
    uint32_t budget_kib; // 0: the kit's
} tskl_kit_way;

typedef struct tskl_kit {
    const char *folder;
    tskl_slice title, sources, hook, first;
    tskl_texts names, markers, shapes;
    uint32_t budget_kib;
    bool optimize;
    tskl_kit_way *ways;
    size_t way_count;
} tskl_kit;

/** Zeroed, it is empty. The arena holds all of it. */
typedef struct tskl_kits {
    tskl_kit *items;
    size_t count;
    tskl_arena arena;
} tskl_kits;

/** Reads one kit's kit.json. NOT_FOUND, IO, LIMIT; SYNTAX and INVALID naming file, line and member;
 *  NOMEM. */
tskl_status tskl_kit_read(const char *folder, tskl_arena *arena, tskl_kit *out, tskl_error *err);
/** Reads all that lie in `folder`, or with NULL beside this program, by name. A bad one is
 *  complained of and left out. NOT_FOUND: there are none; IO, NOMEM. */
tskl_status tskl_kits_read(const char *folder, tskl_kits *out, tskl_error *err);
void tskl_kits_deinit(tskl_kits *kits);
/** The kit with that name, or NULL. */
const tskl_kit *tskl_kits_named(const tskl_kits *kits, tskl_slice name);
/** The kits that see a marker of theirs in that folder: how many, and one of them in `*out`, which
 *  is NULL where there are none; the second is in `*other`. */
size_t tskl_kits_of_project(const tskl_kits *kits, const char *project, const tskl_kit **out,
                            const tskl_kit **other);
/** "c, rust, go": each one's first name. In `arena`; NULL: no memory. */
const char *tskl_kits_names(const tskl_kits *kits, tskl_arena *arena);
#endif
