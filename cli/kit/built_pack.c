// SPDX-License-Identifier: Apache-2.0
#include "kit/built_pack.h"
#include "kit/kit_words.h"
#include "say.h"

static const struct {
    const char *name;
    unsigned method;
} hooks[] = {{"pre", TSKL_METHOD_PRE}, {"chunk", TSKL_METHOD_CHUNK}, {"post", TSKL_METHOD_POST}};

// ": TSKL_HOOK(post) { ... }", or nothing where the kit does not say.
static const char *how_to_write(tskl_slice hook, const char *name, tskl_arena *arena) {
    tskl_kit_words words = {0};
    const char *text = "";
    (void)tskl_kit_words_set(&words, TSKL_S("hook"), name);
    if (hook.len == 0 || tskl_kit_words_expand(&words, hook, arena, &text, NULL) != TSKL_OK)
        return "";
    const char *said = tskl_arena_printf(arena, ": %s", text);
    return said ? said : "";
}

static tskl_status check_type(const tskl_wasm_item *item, tskl_error *err) {
    if (item->callable) return TSKL_OK;
    if (item->kind != TSKL_WASM_FUNCTION)
        return tskl_fail(err, TSKL_ERR_INVALID,
                         TSKL_FMT " is a %s; a hook is a function that takes nothing and returns "
                                  "nothing or an i32",
                         TSKL_ARG(item->name), tskl_wasm_kind_text(item->kind));
    return tskl_fail(err, TSKL_ERR_INVALID,
                     TSKL_FMT " is " TSKL_FMT "; a hook takes nothing and returns nothing or an "
                              "i32: give it that type",
                     TSKL_ARG(item->name), TSKL_ARG(item->type));
}

// All hooks are looked at, so that `*found` is what the code has.
static tskl_status check_hooks(const tskl_inspection *in, unsigned *found, tskl_error *err) {
    *found = 0;
    for (size_t i = 0; i < TSKL_COUNT(hooks); i++) {
        const tskl_wasm_item *item = tskl_wasm_export(&in->wasm, tskl_slice_of(hooks[i].name));
        if (!item) continue;
        *found |= hooks[i].method;
        TSKL_TRY(check_type(item, err));
    }
    return TSKL_OK;
}

static tskl_status check_methods(const tskl_inspection *in, unsigned found, tskl_slice hook,
                                 tskl_arena *arena, tskl_error *err) {
    unsigned methods = in->pack->manifest.methods;
    if (!found)
        return tskl_fail(err, TSKL_ERR_INVALID,
                         "it exports no hook: a Pack has pre, chunk or post%s",
                         how_to_write(hook, "post", arena));
    for (size_t i = 0; i < TSKL_COUNT(hooks); i++) {
        unsigned method = hooks[i].method;
        if (methods && (found & method) && !(methods & method))
            tskl_complain("%s will not run: `methods` in manifest.json does not name it",
                          hooks[i].name);
        if (!(methods & method) || (found & method)) continue;
        return tskl_fail(err, TSKL_ERR_INVALID,
                         "it does not export %s, which `methods` in manifest.json names: write it, "
                         "or take it out there%s",
                         hooks[i].name, how_to_write(hook, hooks[i].name, arena));
    }
    return TSKL_OK;
}

static tskl_status check_imports(const tskl_inspection *in, tskl_error *err) {
    for (size_t i = 0; i < in->wasm.import_count && !in->unjudged; i++) {
        const tskl_wasm_item *import = &in->wasm.imports[i];
        if (in->offered[i]) continue;
        return tskl_fail(err, TSKL_ERR_INVALID,
                         "it imports " TSKL_FMT " from " TSKL_FMT ", which no Pack is given: do "
                         "without it, or link what has it",
                         TSKL_ARG(import->name), TSKL_ARG(import->module));
    }
    return TSKL_OK;
}

tskl_status tskl_built_pack_check(const tskl_inspection *in, tskl_slice hook, tskl_error *err) {
    tskl_arena arena = {0};
    unsigned found;
    tskl_status status = check_hooks(in, &found, err);
    if (status == TSKL_OK) status = check_methods(in, found, hook, &arena, err);
    if (status == TSKL_OK) status = check_imports(in, err);
    tskl_arena_reset(&arena);
    return status;
}
