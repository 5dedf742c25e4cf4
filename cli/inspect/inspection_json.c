// SPDX-License-Identifier: Apache-2.0
#include "base/json_writer.h"
#include "inspect/inspection.h"
#include "say.h"

enum { JSON_MAX = 64 * 1024 * 1024 };

static void add_text(tskl_buf *json, const char *name, tskl_slice value) {
    tskl_json_add_key(json, tskl_slice_of(name));
    tskl_json_add_string(json, value);
}

static void add_number(tskl_buf *json, const char *name, uint64_t value) {
    tskl_json_add_key(json, tskl_slice_of(name));
    tskl_buf_u64(json, value);
}

static void add_flag(tskl_buf *json, const char *name, bool value) {
    tskl_json_add_key(json, tskl_slice_of(name));
    tskl_buf_add(json, value ? TSKL_S("true") : TSKL_S("false"));
}

static void add_digest(tskl_buf *json, const char *name, const tskl_sha256 *digest) {
    tskl_json_add_key(json, tskl_slice_of(name));
    tskl_buf_printf(json, "\"sha256:%s\"", digest->hex);
}

static void open_list(tskl_buf *json, const char *name) {
    tskl_json_add_key(json, tskl_slice_of(name));
    tskl_buf_byte(json, '[');
}

static void open_entry(tskl_buf *json) {
    tskl_json_add_comma(json);
    tskl_buf_byte(json, '{');
}

static void add_texts(tskl_buf *json, const char *name, const tskl_slice *items, size_t count) {
    open_list(json, name);
    for (size_t i = 0; i < count; i++) {
        tskl_json_add_comma(json);
        tskl_json_add_string(json, items[i]);
    }
    tskl_buf_byte(json, ']');
}

static void add_value(tskl_buf *json, const char *name, const tskl_json *value) {
    if (!value) return;
    tskl_json_add_key(json, tskl_slice_of(name));
    tskl_json_add_value(json, value);
}

static void add_item(tskl_buf *json, const tskl_wasm_item *item) {
    add_text(json, "name", item->name);
    add_text(json, "kind", tskl_slice_of(tskl_wasm_kind_text(item->kind)));
    if (item->type.len) add_text(json, "type", item->type);
}

static void add_module(tskl_buf *json, const tskl_inspection *in) {
    open_list(json, "exports");
    for (size_t i = 0; i < in->wasm.export_count; i++) {
        open_entry(json);
        add_item(json, &in->wasm.exports[i]);
        add_flag(json, "callable", in->wasm.exports[i].callable);
        tskl_buf_byte(json, '}');
    }
    tskl_buf_byte(json, ']');
    open_list(json, "imports");
    for (size_t i = 0; i < in->wasm.import_count; i++) {
        open_entry(json);
        add_text(json, "module", in->wasm.imports[i].module);
        add_item(json, &in->wasm.imports[i]);
        if (!in->unjudged) add_flag(json, "known", in->offered[i]);
        tskl_buf_byte(json, '}');
    }
    tskl_buf_byte(json, ']');
    add_number(json, "memoryPages", in->wasm.memory_pages);
}

static void add_files(tskl_buf *json, const tskl_inspection *in) {
    add_text(json, "from", in->from);
    open_list(json, "files");
    for (size_t i = 0; i < TSKL_PACKAGE_FILES; i++) {
        if (!in->sizes[i]) continue;
        open_entry(json);
        add_text(json, "name", tskl_slice_of(tskl_package_files[i].name));
        add_number(json, "bytes", in->sizes[i]);
        tskl_buf_byte(json, '}');
    }
    tskl_buf_byte(json, ']');
    add_number(json, "wasmBytes", in->module.len);
    add_digest(json, "wasm", &in->digest);
    if (in->bundle.hex[0]) add_digest(json, "bundle", &in->bundle);
    open_list(json, "modules");
    for (size_t i = 0; in->pack && i < in->pack->module_count; i++) {
        open_entry(json);
        add_text(json, "name", in->pack->modules[i].name);
        add_number(json, "bytes", in->pack->modules[i].wasm.len);
        add_digest(json, "wasm", &in->pack->modules[i].digest);
        tskl_buf_byte(json, '}');
    }
    tskl_buf_byte(json, ']');
    tskl_json_add_key(json, TSKL_S("code"));
    tskl_buf_byte(json, '{');
    add_flag(json, "cached", in->code.folder != NULL);
    if (in->uncompilable) add_text(json, "problem", tskl_slice_of(in->uncompilable));
    if (in->code.folder) {
        add_text(json, "folder", tskl_slice_of(in->code.folder));
        add_text(json, "cpu", in->code.portable ? TSKL_S("baseline") : TSKL_S("host"));
        add_number(json, "bytes", in->code.bytes);
    }
    tskl_buf_byte(json, '}');
}

static void add_grants(tskl_buf *json, const tskl_grants *grants) {
    open_list(json, "grants");
    for (size_t i = 0; i < grants->count; i++) {
        const tskl_grant *grant = &grants->items[i];
        open_entry(json);
        add_text(json, "kind", tskl_slice_of(grant->kind));
        if (grant->name.len) add_text(json, "name", grant->name);
        add_flag(json, "given", grant->given);
        if (grant->unset) add_flag(json, "unset", true);
        if (grant->mend && !grant->given) add_text(json, "mend", tskl_slice_of(grant->mend));
        tskl_buf_byte(json, '}');
    }
    tskl_buf_byte(json, ']');
}

static void add_limits(tskl_buf *json, const tskl_limits *limits) {
    tskl_json_add_key(json, TSKL_S("limits"));
    tskl_buf_byte(json, '{');
    add_number(json, "time_ms", limits->time_ms);
    add_number(json, "wall_ms", limits->wall_ms);
    add_number(json, "memory_mib", limits->memory_mib);
    add_number(json, "output_kib", limits->output_kib);
    add_number(json, "captures", limits->captures);
    add_number(json, "log_lines", limits->log_lines);
    tskl_buf_byte(json, '}');
}

static void add_fields(tskl_buf *json, const tskl_pack *pack) {
    open_list(json, "fields");
    for (size_t i = 0; i < pack->manifest.field_count; i++) {
        const tskl_field *field = &pack->manifest.fields[i];
        open_entry(json);
        add_text(json, "name", field->name);
        add_text(json, "type", tskl_slice_of(tskl_field_type_text(field->type)));
        if (field->description.len) add_text(json, "description", field->description);
        add_value(json, "default", field->value);
        add_value(json, "value", tskl_json_get(pack->configuration, field->name));
        tskl_buf_byte(json, '}');
    }
    tskl_buf_byte(json, ']');
    open_list(json, "charts");
    for (size_t i = 0; i < pack->manifest.chart_count; i++) {
        const tskl_chart *chart = &pack->manifest.charts[i];
        open_entry(json);
        add_text(json, "title", chart->title);
        add_text(json, "type", tskl_slice_of(tskl_chart_type_text(chart->type)));
        tskl_buf_byte(json, '}');
    }
    tskl_buf_byte(json, ']');
}

static void add_pack(tskl_buf *json, const tskl_inspection *in) {
    const tskl_manifest *manifest = &in->pack->manifest;
    add_text(json, "name", manifest->name);
    add_text(json, "version", manifest->version);
    add_text(json, "description", manifest->description);
    add_flag(json, "configured", in->configured);
    add_texts(json, "hosts", in->pack->hosts.items, in->pack->hosts.count);
    if (manifest->reads_given)
        add_texts(json, "reads", manifest->reads.items, manifest->reads.count);
    add_grants(json, &in->grants);
    add_limits(json, &in->pack->limits);
    add_fields(json, in->pack);
}

bool tskl_inspection_write_json(const tskl_inspection *in, FILE *to) {
    tskl_buf json;
    tskl_buf_init(&json, JSON_MAX);
    tskl_buf_byte(&json, '{');
    if (in->pack) add_pack(&json, in);
    add_files(&json, in);
    add_module(&json, in);
    tskl_buf_add(&json, TSKL_S("}\n"));
    bool written = !json.failed && tskl_write_json(to, tskl_buf_slice(&json));
    tskl_buf_deinit(&json);
    return written;
}
