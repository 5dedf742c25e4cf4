// SPDX-License-Identifier: Apache-2.0
#include "inspect/wasm_reader.h"
#include "base/buf.h"

enum {
    TYPE_TEXT_MAX = 512,
    KINDS = TSKL_WASM_TAG + 1,
    ENTRIES_MAX = 1000000, // of a list: what Wasm's own engines allow
};

/** A reading: what is left of it, and what later sections need of earlier ones. */
typedef struct reader {
    tskl_slice rest;
    bool bad;      // it ended too early, or a number is none
    bool no_room;  // there was no memory
    unsigned seen; // sections, a bit each: none may come twice
    tskl_arena *arena;
    tskl_wasm *out;
    tskl_wasm_item *types; // only `type` and `callable`
    size_t type_count;
    uint64_t *functions; // the types of all functions, imported ones first
    size_t function_count;
} reader;

static uint8_t read_byte(reader *r) {
    if (r->rest.len == 0) {
        r->bad = true;
        return 0;
    }
    uint8_t byte = (uint8_t)r->rest.ptr[0];
    r->rest = tskl_slice_from(r->rest, 1);
    return byte;
}

// LEB128, as all numbers in Wasm.
static uint64_t read_number(reader *r) {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        uint8_t byte = read_byte(r);
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) return value;
    }
    r->bad = true;
    return 0;
}

static tskl_slice read_bytes(reader *r, uint64_t count) {
    if (count > r->rest.len) {
        r->bad = true;
        count = 0;
    }
    tskl_slice bytes = tskl_slice_first(r->rest, (size_t)count);
    r->rest = tskl_slice_from(r->rest, (size_t)count);
    return bytes;
}

static tskl_slice read_name(reader *r) {
    return read_bytes(r, read_number(r));
}

// Each entry of a list takes a byte at least: no count can make us take memory without end.
static size_t read_count(reader *r) {
    uint64_t count = read_number(r);
    if (count > r->rest.len || count > ENTRIES_MAX) r->bad = true;
    return r->bad ? 0 : (size_t)count;
}

static tskl_wasm_item *new_items(reader *r, size_t count) {
    tskl_wasm_item *items = tskl_arena_array(r->arena, tskl_wasm_item, count);
    if (!items) r->no_room = true;
    return items;
}

static const char *value_type(uint8_t byte) {
    switch (byte) {
    case 0x7f: return "i32";
    case 0x7e: return "i64";
    case 0x7d: return "f32";
    case 0x7c: return "f64";
    case 0x7b: return "v128";
    case 0x70: return "funcref";
    case 0x6f: return "externref";
    default: return NULL;
    }
}

// False: a type of another kind, whose length only newer readers know.
static bool read_types(reader *r, tskl_buf *text, size_t *count, bool *one_i32) {
    *count = read_count(r);
    *one_i32 = false;
    for (size_t i = 0; i < *count && !r->bad; i++) {
        uint8_t byte = read_byte(r);
        const char *name = value_type(byte);
        if (!name) return false;
        *one_i32 = *count == 1 && byte == 0x7f;
        tskl_buf_printf(text, "%s%s", i ? ", " : "", name);
    }
    return !r->bad;
}

static bool read_function_type(reader *r, tskl_wasm_item *type) {
    char room[TYPE_TEXT_MAX];
    tskl_buf text = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
    size_t parameters, results;
    bool one_i32;
    tskl_buf_byte(&text, '(');
    if (!read_types(r, &text, &parameters, &one_i32)) return false;
    tskl_buf_add(&text, TSKL_S(") -> "));
    size_t before = text.len;
    if (!read_types(r, &text, &results, &one_i32)) return false;
    if (text.len == before) tskl_buf_add(&text, TSKL_S("nothing"));
    type->callable = parameters == 0 && (results == 0 || one_i32);
    if (!text.failed) tskl_arena_copy(r->arena, tskl_buf_slice(&text), &type->type);
    return true;
}

// From the first type that is no plain function on, types stay unknown.
static void read_type_section(reader *r) {
    size_t count = read_count(r);
    r->types = new_items(r, count);
    if (!r->types) return;
    r->type_count = count;
    for (size_t i = 0; i < count && !r->bad; i++)
        if (read_byte(r) != 0x60 || !read_function_type(r, &r->types[i])) break;
    r->bad = false;
}

static void skip_reference_type(reader *r) {
    uint8_t byte = read_byte(r);
    if (byte == 0x63 || byte == 0x64) read_number(r);
}

static void read_limits(reader *r, uint64_t *least, uint64_t *most) {
    uint8_t flags = read_byte(r);
    *least = read_number(r);
    *most = flags & 1 ? read_number(r) : 0;
    if (flags & 8) read_number(r); // a page of another size
}

static void take_type(reader *r, tskl_wasm_item *item, uint64_t type) {
    if (type >= r->type_count) return;
    item->type = r->types[type].type;
    item->callable = r->types[type].callable;
}

static bool grow_functions(reader *r, size_t more) {
    uint64_t *grown = tskl_arena_array(r->arena, uint64_t, r->function_count + more);
    if (grown && r->function_count) memcpy(grown, r->functions, r->function_count * sizeof *grown);
    if (grown)
        r->functions = grown;
    else
        r->no_room = true;
    return grown != NULL;
}

static void read_import(reader *r, tskl_wasm_item *item) {
    uint64_t least, most, type;
    item->module = read_name(r);
    item->name = read_name(r);
    uint8_t kind = read_byte(r);
    if (kind >= KINDS) r->bad = true;
    item->kind = (tskl_wasm_kind)kind;
    switch (r->bad ? KINDS : kind) {
    case TSKL_WASM_FUNCTION:
        type = read_number(r);
        take_type(r, item, type);
        r->functions[r->function_count++] = type;
        break;
    case TSKL_WASM_TABLE: skip_reference_type(r); // fall through
    case TSKL_WASM_MEMORY: read_limits(r, &least, &most); break;
    case TSKL_WASM_GLOBAL:
        skip_reference_type(r);
        read_byte(r);
        break;
    case TSKL_WASM_TAG:
        read_byte(r);
        read_number(r);
        break;
    default: break;
    }
}

static void read_import_section(reader *r) {
    size_t count = read_count(r);
    r->out->imports = new_items(r, count);
    if (!r->out->imports || !grow_functions(r, count)) return;
    for (size_t i = 0; i < count && !r->bad; i++) {
        read_import(r, &r->out->imports[i]);
        if (!r->bad) r->out->import_count++;
    }
}

static void read_function_section(reader *r) {
    size_t count = read_count(r);
    if (!grow_functions(r, count)) return;
    for (size_t i = 0; i < count && !r->bad; i++)
        r->functions[r->function_count++] = read_number(r);
}

static void read_export_section(reader *r) {
    size_t count = read_count(r);
    r->out->exports = new_items(r, count);
    for (size_t i = 0; r->out->exports && i < count; i++) {
        tskl_wasm_item *item = &r->out->exports[i];
        item->name = read_name(r);
        uint8_t kind = read_byte(r);
        uint64_t index = read_number(r);
        if (kind >= KINDS) r->bad = true;
        if (r->bad) return;
        item->kind = (tskl_wasm_kind)kind;
        if (item->kind == TSKL_WASM_FUNCTION && index < r->function_count)
            take_type(r, item, r->functions[index]);
        r->out->export_count++;
    }
}

static void read_memory_section(reader *r) {
    if (read_count(r)) read_limits(r, &r->out->memory_pages, &r->out->memory_most);
}

static void read_section(reader *r, uint8_t id, tskl_slice content) {
    reader section = *r;
    section.rest = content;
    switch (id) {
    case 0: r->out->other_bytes += content.len; return;
    case 1: read_type_section(&section); break;
    case 2: read_import_section(&section); break;
    case 3: read_function_section(&section); break;
    case 4: r->out->table_count = read_count(&section); break;
    case 5: read_memory_section(&section); break;
    case 7: read_export_section(&section); break;
    case 8: r->out->starts = true; break;
    case 10: r->out->code_bytes += content.len; break;
    case 11: r->out->data_bytes += content.len; break;
    default: break;
    }
    section.rest = r->rest;
    *r = section;
}

bool tskl_wasm_is_binary(tskl_slice bytes) {
    return tskl_slice_starts(bytes, (tskl_slice){"\0asm", 4});
}

static tskl_status check_start(tskl_slice bytes, tskl_error *err) {
    static const char core[] = {1, 0, 0, 0};
    tskl_slice text = tskl_slice_trim(bytes), version = tskl_slice_from(bytes, 4);
    if (!tskl_wasm_is_binary(bytes)) {
        if (tskl_slice_starts(text, TSKL_S("(")) || tskl_slice_starts(text, TSKL_S(";;")))
            return tskl_fail(err, TSKL_ERR_SYNTAX,
                             "this is Wasm as text: make it binary first, with wat2wasm");
        if (tskl_slice_starts(text, TSKL_S("{")))
            return tskl_fail(err, TSKL_ERR_SYNTAX,
                             "this is JSON, perhaps a manifest: name the .wasm file itself");
        return tskl_fail(err, TSKL_ERR_SYNTAX,
                         "this is no Wasm: it does not begin with \"\\0asm\"");
    }
    if (tskl_slice_starts(version, (tskl_slice){core, sizeof core})) return TSKL_OK;
    return tskl_fail(
        err, TSKL_ERR_SYNTAX,
        "this is a component, or Wasm of another version: a core module is needed, as for WASI preview 1 (wasm32-wasip1)");
}

tskl_status tskl_wasm_read(tskl_slice bytes, tskl_arena *arena, tskl_wasm *out, tskl_error *err) {
    *out = (tskl_wasm){0};
    TSKL_TRY(check_start(bytes, err));
    reader r = {.rest = tskl_slice_from(bytes, 8), .arena = arena, .out = out};
    while (r.rest.len && !r.bad) {
        uint8_t id = read_byte(&r);
        tskl_slice content = read_bytes(&r, read_number(&r));
        bool twice = id > 0 && id < 32 && (r.seen & 1u << id);
        if (id < 32) r.seen |= 1u << id;
        if (twice) r.bad = true;
        if (!r.bad) read_section(&r, id, content);
    }
    if (!r.bad && !r.no_room) return TSKL_OK;
    *out = (tskl_wasm){0};
    if (r.no_room) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for its imports and exports");
    return tskl_fail(err, TSKL_ERR_SYNTAX, "this Wasm is cut or damaged, at byte %zu",
                     bytes.len - r.rest.len);
}

const tskl_wasm_item *tskl_wasm_export(const tskl_wasm *wasm, tskl_slice name) {
    for (size_t i = 0; i < wasm->export_count; i++)
        if (tskl_slice_equal(wasm->exports[i].name, name)) return &wasm->exports[i];
    return NULL;
}

const char *tskl_wasm_kind_text(tskl_wasm_kind kind) {
    static const char *const texts[KINDS] = {"function", "table", "memory", "global", "tag"};
    return texts[kind];
}
