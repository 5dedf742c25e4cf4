// SPDX-License-Identifier: Apache-2.0
#include "base/json_writer.h"
#include "inspect/inspection.h"
#include "page.h"
#include "sandbox/foreign.h"

enum { LIST_MAX = 6 * 1024, VALUE_MAX = 400 };

static void list_add(tskl_buf *list, tskl_slice name) {
    tskl_buf_printf(list, "%s" TSKL_FMT, list->len ? ", " : "", TSKL_ARG(name));
}

static const char *size_text(size_t bytes, char room[32]) {
    if (bytes < 1024)
        snprintf(room, 32, "%zu bytes", bytes);
    else if (bytes < 1024 * 1024)
        snprintf(room, 32, "%.1f KiB", (double)bytes / 1024);
    else
        snprintf(room, 32, "%.1f MiB", (double)bytes / (1024 * 1024));
    return room;
}

static void show_files(const tskl_inspection *in, const tskl_page *page) {
    char room[32];
    if (in->from.len) tskl_page_row(page, TSKL_PLAIN, "from", TSKL_FMT, TSKL_ARG(in->from));
    for (size_t i = 0; i < TSKL_PACKAGE_FILES; i++)
        if (in->sizes[i])
            tskl_page_row(page, TSKL_PLAIN, tskl_package_files[i].name, "%s",
                          size_text(in->sizes[i], room));
    if (!in->pack) tskl_page_row(page, TSKL_PLAIN, "size", "%s", size_text(in->module.len, room));
    tskl_page_row(page, TSKL_PLAIN, "wasm sha256", "%s", in->digest.hex);
    for (size_t i = 0; in->pack && i < in->pack->module_count; i++)
        tskl_page_row(page, TSKL_PLAIN, "module", TSKL_FMT ", %s",
                      TSKL_ARG(in->pack->modules[i].name),
                      size_text(in->pack->modules[i].wasm.len, room));
    if (in->bundle.hex[0]) tskl_page_row(page, TSKL_PLAIN, "bundle sha256", "%s", in->bundle.hex);
    if (in->uncompilable)
        tskl_page_row(page, TSKL_BAD, "code", "cannot be compiled: %s", in->uncompilable);
    else if (in->code.folder)
        tskl_page_row(page, TSKL_GOOD, "code", "compiled, %s, for %s, in %s",
                      size_text(in->code.bytes, room),
                      in->code.portable ? "any processor" : "this processor", in->code.folder);
    else
        tskl_page_row(page, TSKL_PLAIN, "code", "not compiled yet: `taskless run` does it%s",
                      in->pack ? ", and `taskless compile`" : " for Packs");
}

static void show_exports(const tskl_inspection *in, const tskl_page *page) {
    tskl_buf others;
    tskl_buf_init(&others, LIST_MAX);
    tskl_page_heading(page, "Exports");
    for (size_t i = 0; i < in->wasm.export_count; i++) {
        const tskl_wasm_item *item = &in->wasm.exports[i];
        char name[64];
        snprintf(name, sizeof name, TSKL_FMT, TSKL_ARG(tskl_slice_first(item->name, 60)));
        if (item->callable)
            tskl_page_row(page, TSKL_GOOD, name, TSKL_FMT ", can be called", TSKL_ARG(item->type));
        else
            list_add(&others, item->name);
    }
    if (others.len) tskl_page_row(page, TSKL_PLAIN, "others", "%s", tskl_buf_cstr(&others));
    if (in->wasm.export_count == 0) tskl_page_row(page, TSKL_BAD, "none", "nothing can be called");
    tskl_buf_deinit(&others);
}

// All that it imports from one module, of those that are given or of those that are not.
static void show_imports_of(const tskl_inspection *in, const tskl_page *page, tskl_slice module,
                            bool offered) {
    tskl_buf names;
    char name[64];
    tskl_buf_init(&names, LIST_MAX);
    const char *foreign = NULL;
    for (size_t i = 0; i < in->wasm.import_count; i++) {
        tskl_slice import = in->wasm.imports[i].name;
        if (!tskl_slice_equal(in->wasm.imports[i].module, module) ||
            (!in->unjudged && in->offered[i] != offered))
            continue;
        list_add(&names, import);
        if (!offered && !foreign) foreign = tskl_foreign_import(module, import);
    }
    snprintf(name, sizeof name, TSKL_FMT, TSKL_ARG(tskl_slice_first(module, 60)));
    if (names.len)
        tskl_page_row(page, offered ? TSKL_PLAIN : TSKL_BAD, name, "%s%s%s%s",
                      tskl_buf_cstr(&names), offered ? "" : ": unknown, no Pack is given it",
                      foreign ? "; " : "", foreign ? foreign : "");
    tskl_buf_deinit(&names);
}

static bool is_first_of_module(const tskl_wasm *wasm, size_t at) {
    for (size_t i = 0; i < at; i++)
        if (tskl_slice_equal(wasm->imports[i].module, wasm->imports[at].module)) return false;
    return true;
}

static void show_imports(const tskl_inspection *in, const tskl_page *page) {
    tskl_page_heading(page, "Imports");
    for (size_t i = 0; i < in->wasm.import_count; i++) {
        if (!is_first_of_module(&in->wasm, i)) continue;
        show_imports_of(in, page, in->wasm.imports[i].module, true);
        if (!in->unjudged) show_imports_of(in, page, in->wasm.imports[i].module, false);
    }
    if (in->wasm.import_count == 0) tskl_page_row(page, TSKL_PLAIN, "none", "it needs nobody");
    if (in->unjudged)
        tskl_page_row(page, TSKL_NOTE, "note", "whether they are given is not known: %s",
                      in->unjudged);
    if (in->wasm.memory_pages)
        tskl_page_row(page, TSKL_PLAIN, "memory", "begins with %llu KiB",
                      (unsigned long long)in->wasm.memory_pages * 64);
}

static void show_texts(const tskl_page *page, const char *name, const tskl_slice *items,
                       size_t count, const char *none) {
    tskl_buf names;
    tskl_buf_init(&names, LIST_MAX);
    for (size_t i = 0; i < count; i++) list_add(&names, items[i]);
    if (count || none)
        tskl_page_row(page, TSKL_PLAIN, name, "%s", count ? tskl_buf_cstr(&names) : none);
    tskl_buf_deinit(&names);
}

static void show_hooks(const tskl_inspection *in, const tskl_page *page) {
    static const struct {
        const char *name;
        tskl_method method;
    } hooks[] = {
        {"pre", TSKL_METHOD_PRE}, {"chunk", TSKL_METHOD_CHUNK}, {"post", TSKL_METHOD_POST}};
    const tskl_manifest *manifest = &in->pack->manifest;
    tskl_slice names[TSKL_COUNT(hooks)];
    size_t count = 0;
    for (size_t i = 0; i < TSKL_COUNT(hooks); i++) {
        tskl_slice name = tskl_slice_of(hooks[i].name);
        bool there = tskl_wasm_export(&in->wasm, name) != NULL;
        bool wanted = !manifest->methods || (manifest->methods & hooks[i].method);
        if (there && wanted) names[count++] = name;
        if (!there && manifest->methods && wanted)
            tskl_page_row(page, TSKL_BAD, hooks[i].name,
                          "the manifest names this hook, its code does not export it");
    }
    show_texts(page, "hooks", names, count, "none: it never runs");
    if (in->pack->hosts_unnamed)
        tskl_page_row(page, TSKL_NOTE, "hosts",
                      "every one, since it names none: `hosts` of the Pack in taskless.yaml gives "
                      "it some");
    else
        show_texts(page, "hosts", in->pack->hosts.items, in->pack->hosts.count,
                   "none: the configuration gives it none, so it never runs");
    show_texts(page, "reads", manifest->reads.items, manifest->reads.count,
               manifest->reads_given ? "nothing but method, URL and status" : NULL);
}

static void show_grants(const tskl_inspection *in, const tskl_page *page) {
    tskl_page_heading(page, in->configured ? "Asks for (by the configuration in force)"
                                           : "Asks for (with no configuration of its own)");
    if (in->grants.count == 0) tskl_page_row(page, TSKL_PLAIN, "nothing", "it needs no grant");
    for (size_t i = 0; i < in->grants.count; i++) {
        const tskl_grant *grant = &in->grants.items[i];
        const char *space = grant->name.len ? ": " : "";
        if (grant->given)
            tskl_page_row(page, TSKL_GOOD, grant->kind, TSKL_FMT "%sgiven", TSKL_ARG(grant->name),
                          space);
        else if (grant->unset)
            tskl_page_row(page, TSKL_PLAIN, grant->kind, TSKL_FMT "%snot set",
                          TSKL_ARG(grant->name), space);
        else
            tskl_page_row(page, TSKL_NOTE, grant->kind, TSKL_FMT "%snot given; to give it: %s",
                          TSKL_ARG(grant->name), space, grant->mend);
    }
}

static void show_limits(const tskl_inspection *in, const tskl_page *page) {
    const tskl_limits *l = &in->pack->limits;
    tskl_page_heading(page, "Limits");
    tskl_page_row(
        page, TSKL_PLAIN, "a hook",
        "%u ms of processor time, %u ms with requests, %u MiB of memory, %u KiB of output",
        l->time_ms, l->wall_ms, l->memory_mib, l->output_kib);
    tskl_page_row(page, TSKL_PLAIN, "a call", "%u captures, %u log lines", l->captures,
                  l->log_lines);
}

static void value_text(const tskl_json *value, tskl_buf *out) {
    tskl_buf_clear(out);
    if (value) tskl_json_add_value(out, value);
    if (out->failed) tskl_buf_clear(out), tskl_buf_add(out, TSKL_S("(long)"));
    if (!value) tskl_buf_add(out, TSKL_S("not set"));
}

static void show_fields(const tskl_inspection *in, const tskl_page *page) {
    const tskl_manifest *manifest = &in->pack->manifest;
    tskl_buf value, usual;
    if (manifest->field_count == 0) return;
    tskl_page_heading(page, "Configuration");
    tskl_buf_init(&value, VALUE_MAX);
    tskl_buf_init(&usual, VALUE_MAX);
    for (size_t i = 0; i < manifest->field_count; i++) {
        const tskl_field *field = &manifest->fields[i];
        char name[64];
        snprintf(name, sizeof name, TSKL_FMT, TSKL_ARG(tskl_slice_first(field->name, 60)));
        const tskl_json *now = tskl_json_get(in->pack->configuration, field->name);
        value_text(now, &value);
        value_text(field->value, &usual);
        bool same = tskl_slice_equal(tskl_buf_slice(&value), tskl_buf_slice(&usual));
        tskl_page_row(page, TSKL_PLAIN, name, "%s (%s%s%s)%s" TSKL_FMT, tskl_buf_cstr(&value),
                      tskl_field_type_text(field->type), same ? "" : ", default ",
                      same ? "" : tskl_buf_cstr(&usual), field->description.len ? ": " : "",
                      TSKL_ARG(field->description));
    }
    tskl_buf_deinit(&value);
    tskl_buf_deinit(&usual);
}

static void show_charts(const tskl_inspection *in, const tskl_page *page) {
    const tskl_manifest *manifest = &in->pack->manifest;
    if (manifest->chart_count) tskl_page_heading(page, "Charts");
    for (size_t i = 0; i < manifest->chart_count; i++)
        tskl_page_row(page, TSKL_PLAIN, tskl_chart_type_text(manifest->charts[i].type), TSKL_FMT,
                      TSKL_ARG(manifest->charts[i].title));
}

static void show_title(const tskl_inspection *in, const tskl_page *page) {
    const tskl_manifest *manifest = &in->pack->manifest;
    char name[160];
    snprintf(name, sizeof name, TSKL_FMT " " TSKL_FMT, TSKL_ARG(manifest->name),
             TSKL_ARG(tskl_slice_first(manifest->version, 64)));
    tskl_page_title(page, name, TSKL_FMT, TSKL_ARG(manifest->description));
    show_hooks(in, page);
}

void tskl_inspection_show_short(const tskl_inspection *in, FILE *to, bool colour) {
    const tskl_page page = {to, colour, 0};
    show_title(in, &page);
    show_grants(in, &page);
}

void tskl_inspection_show(const tskl_inspection *in, FILE *to, bool colour) {
    const tskl_page page = {to, colour, 0};
    if (in->pack) {
        show_title(in, &page);
        show_files(in, &page);
        show_grants(in, &page);
        show_limits(in, &page);
        show_fields(in, &page);
        show_charts(in, &page);
    } else {
        show_files(in, &page);
    }
    show_exports(in, &page);
    show_imports(in, &page);
}
