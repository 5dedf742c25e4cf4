// SPDX-License-Identifier: Apache-2.0
#include "sandbox/types.h"

// wasm_valtype_kind ends the process for a type that it has no number for, such as v128. So a type
// is never asked what it is, only whether it is this one.
bool tskl_type_is(const wasm_valtype_t *type, wasm_valkind_t kind) {
    wasm_valtype_t *wanted = wasm_valtype_new(kind);
    bool same = wasmtime_wasm_valtype_equal(type, wanted);
    wasm_valtype_delete(wanted);
    return same;
}

bool tskl_types_are_i32(const wasm_valtype_vec_t *types) {
    for (size_t i = 0; i < types->size; i++)
        if (!tskl_type_is(types->data[i], WASM_I32)) return false;
    return true;
}

static bool append_letters(const wasm_valtype_vec_t *types, tskl_buf *out) {
    for (size_t i = 0; i < types->size; i++) {
        bool wide = tskl_type_is(types->data[i], WASM_I64);
        if (!wide && !tskl_type_is(types->data[i], WASM_I32)) return false;
        tskl_buf_byte(out, wide ? 'I' : 'i');
    }
    return true;
}

tskl_slice tskl_type_text(const wasm_externtype_t *type, char room[TSKL_TYPE_TEXT]) {
    tskl_buf text = {.ptr = room, .room = TSKL_TYPE_TEXT, .cap = TSKL_TYPE_TEXT - 1};
    const wasm_functype_t *function = wasm_externtype_as_functype_const(type);
    bool known = function && append_letters(wasm_functype_params(function), &text);
    tskl_buf_byte(&text, '>');
    known = known && append_letters(wasm_functype_results(function), &text);
    return known && !text.failed ? tskl_buf_slice(&text) : (tskl_slice){NULL, 0};
}

static bool same_types(const wasm_valtype_vec_t *a, const wasm_valtype_vec_t *b) {
    if (a->size != b->size) return false;
    for (size_t i = 0; i < a->size; i++)
        if (!wasmtime_wasm_valtype_equal(a->data[i], b->data[i])) return false;
    return true;
}

bool tskl_types_same_function(const wasm_externtype_t *a, const wasm_externtype_t *b) {
    const wasm_functype_t *first = wasm_externtype_as_functype_const(a);
    const wasm_functype_t *second = wasm_externtype_as_functype_const(b);
    return first && second &&
           same_types(wasm_functype_params(first), wasm_functype_params(second)) &&
           same_types(wasm_functype_results(first), wasm_functype_results(second));
}

static bool are_plain(const wasm_valtype_vec_t *types) {
    static const wasm_valkind_t numbers[] = {WASM_I32, WASM_I64, WASM_F32, WASM_F64};
    for (size_t i = 0; i < types->size; i++) {
        bool plain = false;
        for (size_t n = 0; n < sizeof numbers / sizeof numbers[0]; n++)
            plain = plain || tskl_type_is(types->data[i], numbers[n]);
        if (!plain) return false;
    }
    return true;
}

bool tskl_type_is_plain_function(const wasm_externtype_t *type) {
    const wasm_functype_t *function = wasm_externtype_as_functype_const(type);
    return function && are_plain(wasm_functype_params(function)) &&
           are_plain(wasm_functype_results(function));
}
