// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "inspect/wasm_reader.h"
#include <stdio.h>

#define HEAD "\0asm\1\0\0\0"
// A section: its number, its length, its content.
#define SECTION(id, length, content) id length content

static tskl_status read(tskl_test *t, tskl_slice bytes, tskl_wasm *out) {
    return tskl_wasm_read(bytes, t->arena, out, &t->err);
}

TEST(wasm_reader, tells_imports_and_exports_with_their_types) {
    tskl_wasm wasm;
    tskl_slice module =
        TSKL_S(HEAD SECTION("\1", "\12", "\2\x60\0\1\x7f\x60\2\x7e\x7c\0")
                   SECTION("\2", "\11", "\1\3env\1f\0\1") SECTION("\3", "\2", "\1\0")
                       SECTION("\5", "\4", "\1\1\2\3") SECTION("\7", "\14", "\2\1m\2\0\4post\0\1")
                           SECTION("\12", "\6", "\1\4\0\x41\0\x0b") SECTION("\0", "\5", "\4name"));
    CHECK_OK(read(t, module, &wasm));
    CHECK(wasm.import_count == 1 && wasm.export_count == 2);
    CHECK_TEXT(TSKL_S("env"), wasm.imports[0].module);
    CHECK_TEXT(TSKL_S("(i64, f64) -> nothing"), wasm.imports[0].type);
    CHECK(!wasm.imports[0].callable);
    const tskl_wasm_item *post = tskl_wasm_export(&wasm, TSKL_S("post"));
    CHECK(post && post->kind == TSKL_WASM_FUNCTION && post->callable);
    CHECK_TEXT(TSKL_S("() -> i32"), post->type);
    CHECK(tskl_wasm_export(&wasm, TSKL_S("m"))->kind == TSKL_WASM_MEMORY);
    CHECK(!tskl_wasm_export(&wasm, TSKL_S("pos")));
    CHECK(wasm.memory_pages == 2 && wasm.memory_most == 3);
    CHECK(wasm.code_bytes == 6 && wasm.other_bytes == 5 && wasm.data_bytes == 0 && !wasm.starts);
}

TEST(wasm_reader, takes_a_module_of_newer_types_without_them) {
    tskl_wasm wasm;
    // A type that is no function, and one behind it, which only newer readers can find.
    tskl_slice module = TSKL_S(HEAD SECTION("\1", "\6", "\2\x5f\0\x60\0\0")
                                   SECTION("\3", "\2", "\1\1") SECTION("\7", "\5", "\1\1f\0\0"));
    CHECK_OK(read(t, module, &wasm));
    CHECK(wasm.export_count == 1 && wasm.exports[0].type.len == 0 && !wasm.exports[0].callable);
}

TEST(wasm_reader, names_what_is_no_module) {
    static const struct {
        tskl_slice bytes;
        const char *says;
    } rows[] = {
        {TSKL_LIT(""), "no Wasm"},
        {TSKL_LIT("\n (module)"), "wat2wasm"},
        {TSKL_LIT(";; text"), "wat2wasm"},
        {TSKL_LIT("{\"wasm\": []}"), "manifest"},
        {TSKL_LIT("\0asm"), "component"},
        {TSKL_LIT("\0asm\r\0\1\0"), "component"},
        {TSKL_LIT(HEAD "\1"), "cut or damaged, at byte 9"},
        {TSKL_LIT(HEAD "\1\5\1\x60"), "cut or damaged"},
        {TSKL_LIT(HEAD "\7\5\x85\x80\x80\x80\x10"), "cut or damaged"}, // more exports than bytes
        {TSKL_LIT(HEAD "\7\1\0\7\1\0"), "cut or damaged"},             // a section twice
        {TSKL_LIT(HEAD "\7\4\1\1f\x09"), "cut or damaged"},            // an export of no kind
        {TSKL_LIT(HEAD "\1\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80"), "cut or damaged"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_wasm wasm;
        CHECK_ROW(i, read(t, rows[i].bytes, &wasm) == TSKL_ERR_SYNTAX);
        CHECK_SAY(strstr(t->err.message, rows[i].says), "row %zu: %s", i, t->err.message);
        CHECK_ROW(i, wasm.export_count == 0 && !wasm.exports);
    }
}
