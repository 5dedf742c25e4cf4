// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "pack/pack.h"
#include "store/tar.h"
#include <stdio.h>
#include <sys/stat.h>

// What a Pack of several modules is made of; "\1" and "\2" make two of different content.
#define OWN TSKL_S("\0asm\1\0\0\0\1")
#define ENGINE TSKL_S("\0asm\1\0\0\0\2")
#define OTHER TSKL_S("\0asm\1\0\0\0\3")

#define DIGEST "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define MODULE(name) "{\"name\":\"" name "\",\"digest\":\"" DIGEST "\"}"
#define EIGHT                                                                                      \
    MODULE("a")                                                                                    \
    "," MODULE("b") "," MODULE("c") "," MODULE("d") "," MODULE("e") "," MODULE("f") "," MODULE(    \
        "g") "," MODULE("h")

static void close_pack(tskl_pack **pack) {
    tskl_pack_close(*pack);
}
#define PACK CLEANUP(close_pack) tskl_pack *pack = NULL

static tskl_slice manifest_with(tskl_test *t, const char *name, tskl_slice module) {
    tskl_sha256 digest = tskl_sha256_of(module);
    return tskl_slice_of(tskl_arena_printf(
        t->arena,
        "{\"schema\":\"pre2\",\"name\":\"p\",\"version\":\"1\",\"hosts\":[\"api.acme.example\"],\"methods\":[\"pre\"],"
        "\"modules\":[{\"name\":\"%s\",\"digest\":\"sha256:%s\"}]}",
        name, digest.hex));
}

static tskl_status load(tskl_test *t, const char *path, tskl_pack **out) {
    tskl_config_pack entry = {.from = tskl_slice_of(path), .body_allowed = true};
    return tskl_pack_load(&entry, NULL, out, &t->err);
}

static const char *make_folder(tskl_test *t, const char *name) {
    char room[160];
    snprintf(room, sizeof room, "%s/%s", tskl_test_folder(t), name);
    mkdir(room, 0700);
    const char *path = tskl_arena_cstr(t->arena, tskl_slice_of(room));
    return path ? path : "";
}

TEST(modules, lie_beside_the_pack) {
    PACK;
    const char *folder = make_folder(t, "p");
    tskl_test_write(t, "p/manifest.json", manifest_with(t, "engine", ENGINE));
    tskl_test_write(t, "p/pack.wasm", OWN);
    tskl_test_write(t, "p/engine.wasm", ENGINE);
    CHECK_OK(load(t, folder, &pack));
    CHECK(tskl_pack_module_count(pack) == 2);
    tskl_pack_module engine = tskl_pack_module_at(pack, 0), own = tskl_pack_module_at(pack, 1);
    tskl_sha256 digest = tskl_sha256_of(ENGINE);
    CHECK_TEXT(TSKL_S("engine"), engine.name);
    CHECK_TEXT(ENGINE, engine.wasm);
    CHECK(tskl_sha256_equal(&digest, &engine.digest));
    CHECK_TEXT(OWN, own.wasm);
    tskl_pack_forget_wasm(pack);
    engine = tskl_pack_module_at(pack, 0);
    CHECK(engine.wasm.len == 0 && tskl_sha256_equal(&digest, &engine.digest));
}

TEST(modules, of_several_packs_lie_in_their_folder_by_digest) {
    const tar_entry files[] = {{.name = "manifest.json"}, {.name = "pack.wasm", .content = OWN}};
    tar_entry entries[] = {files[0], files[1]};
    tskl_sha256 digest = tskl_sha256_of(ENGINE);
    const char *shared = tskl_arena_printf(t->arena, "modules/%s.wasm", digest.hex);
    const char *folder = make_folder(t, "p");
    make_folder(t, "modules");
    entries[0].content = manifest_with(t, "engine", ENGINE);
    CHECK(shared);
    tskl_test_write(t, "p/manifest.json", entries[0].content);
    tskl_test_write(t, "p/pack.wasm", OWN);
    const char *paths[] = {folder,
                           tskl_test_write(t, "p.tgz", tar_make_gzip(entries, 2, t->arena))};
    for (size_t i = 0; i < TSKL_COUNT(paths); i++) {
        PACK;
        CHECK_STATUS(TSKL_ERR_NOT_FOUND, load(t, paths[i], &pack));
        CHECK_HAS(t->err.message, "module engine: engine.wasm is missing, and so is modules/");
    }
    tskl_test_write(t, shared, ENGINE);
    for (size_t i = 0; i < TSKL_COUNT(paths); i++) {
        PACK;
        CHECK_OK(load(t, paths[i], &pack));
        tskl_pack_module engine = tskl_pack_module_at(pack, 0);
        CHECK_TEXT(ENGINE, engine.wasm);
    }
}

TEST(modules, come_in_the_bundle) {
    const tar_entry entries[] = {
        {.name = "engine.wasm", .content = ENGINE},
        {.name = "manifest.json", .content = manifest_with(t, "engine", ENGINE)},
        {.name = "pack.wasm", .content = OWN},
    };
    PACK;
    tskl_package package;
    tskl_slice bundle = tar_make_gzip(entries, 3, t->arena);
    CHECK_OK(load(t, tskl_test_write(t, "p.tgz", bundle), &pack));
    tskl_pack_module engine = tskl_pack_module_at(pack, 0);
    CHECK_TEXT(ENGINE, engine.wasm);
    tskl_pack_close(pack);
    pack = NULL;
    // From memory as well, and then nothing of the package is needed any more.
    CHECK_OK(tskl_package_unpack(bundle, t->arena, &package, &t->err));
    CHECK_OK(tskl_pack_open(&package, NULL, NULL, &pack, &t->err));
    engine = tskl_pack_module_at(pack, 0);
    CHECK_TEXT(ENGINE, engine.wasm);
    CHECK(engine.wasm.ptr != package.modules[0].wasm.ptr);
}

TEST(modules, are_what_the_manifest_pins) {
    PACK;
    const char *folder = make_folder(t, "p");
    tskl_test_write(t, "p/manifest.json", manifest_with(t, "engine", ENGINE));
    tskl_test_write(t, "p/pack.wasm", OWN);
    tskl_test_write(t, "p/engine.wasm", OTHER);
    CHECK_STATUS(TSKL_ERR_MISMATCH, load(t, folder, &pack));
    CHECK_HAS(t->err.message, "pack p: module engine: engine.wasm is sha256:");
    tskl_test_write(t, "p/manifest.json", manifest_with(t, "engine", TSKL_S("no wasm")));
    tskl_test_write(t, "p/engine.wasm", TSKL_S("no wasm"));
    CHECK_STATUS(TSKL_ERR_SYNTAX, load(t, folder, &pack));
    CHECK_HAS(t->err.message, "module engine: it is not WebAssembly");
    CHECK(chmod(tskl_test_write(t, "p/engine.wasm", ENGINE), 0666) == 0);
    CHECK_STATUS(TSKL_ERR_UNTRUSTED, load(t, folder, &pack));
}

TEST(modules, that_nobody_named_have_no_place_in_a_bundle) {
    PACK;
    const tar_entry entries[] = {
        {.name = "engine.wasm", .content = ENGINE},
        {.name = "manifest.json", .content = manifest_with(t, "engine", ENGINE)},
        {.name = "other.wasm", .content = OTHER},
        {.name = "pack.wasm", .content = OWN},
    };
    const char *bundle = tskl_test_write(t, "p.tgz", tar_make_gzip(entries, 4, t->arena));
    CHECK_STATUS(TSKL_ERR_SYNTAX, load(t, bundle, &pack));
    CHECK_HAS(t->err.message, "other.wasm has no place in the bundle: its manifest does not");
}

TEST(modules, are_refused_by_the_field_at_fault) {
    static const struct {
        const char *modules, *says;
    } rows[] = {
        {"{}", "modules: expected a list of objects, not an object"},
        {"[{}]", "modules[0]: 'name' is missing"},
        {"[{\"name\":\"a\"}]", "modules[0]: 'digest' is missing"},
        {"[" MODULE("../a") "]", "modules[0].name: \"../a\" is not a"},
        {"[" MODULE("pack") "]", "modules[0].name: \"pack\" is not a"},
        {"[" MODULE("main") "]", "modules[0].name: \"main\" is not a"},
        {"[{\"name\":\"a\",\"digest\":\"sha256:12\"}]", "modules[0].digest: \"sha256:12\" is not"},
        {"[" MODULE("a") "," MODULE("a") "]", "modules[1].name: \"a\" is there twice"},
        {"[" EIGHT "]", "modules: there are 8, and may be 7"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_manifest manifest;
        const char *text = tskl_arena_printf(
            t->arena,
            "{\"schema\":\"pre2\",\"name\":\"p\",\"version\":\"1\",\"hosts\":[\"api.acme.example\"],\"modules\":%s}",
            rows[i].modules);
        CHECK(text);
        CHECK_STATUS(TSKL_ERR_INVALID,
                     tskl_manifest_parse(tskl_slice_of(text), t->arena, &manifest, &t->err));
        CHECK_HAS(t->err.message, rows[i].says);
    }
}
