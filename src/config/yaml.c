// SPDX-License-Identifier: Apache-2.0
#include "config/yaml.h"
#include "base/json_lexer.h"
#include "base/lazy.h"
#include "config/place.h"
#include "config/scalar.h"
#include <assert.h>
#include <yaml.h>

// libyaml is opened when the first YAML file is read: X(function).
#define YAML_FUNCTIONS(X)                                                                          \
    X(yaml_parser_initialize)                                                                      \
    X(yaml_parser_set_encoding)                                                                    \
    X(yaml_parser_set_input_string)                                                                \
    X(yaml_parser_parse)                                                                           \
    X(yaml_parser_delete)                                                                          \
    X(yaml_event_delete)

typedef struct functions {
#define POINTER(name) __typeof__(&name) name;
    YAML_FUNCTIONS(POINTER)
#undef POINTER
} functions;

typedef struct builder {
    functions lib;
    yaml_parser_t parser;
    tskl_arena *arena;
    tskl_json *root;
    tskl_json *open[TSKL_JSON_MAX_DEPTH];      // objects and arrays, the innermost last
    tskl_json **link[TSKL_JSON_MAX_DEPTH + 1]; // where the next child of each goes
    size_t depth, nodes, documents;
    bool key_read; // `key` waits for its value
    tskl_slice key;
} builder;

static tskl_status load_functions(functions *lib, tskl_error *err) {
#define NAME(name) #name,
    static const char *const names[] = {YAML_FUNCTIONS(NAME)};
#undef NAME
    void *found[TSKL_COUNT(names)];
    TSKL_TRY(tskl_lazy_load(TSKL_LAZY_YAML, names, found, TSKL_COUNT(names), err));
    static_assert(sizeof found == sizeof *lib, "one pointer for each function");
    memcpy(lib, found, sizeof found);
    return TSKL_OK;
}

static uint32_t line_of(const yaml_event_t *event) {
    return (uint32_t)event->start_mark.line + 1;
}

static tskl_status fail_at(const yaml_event_t *event, tskl_status status, const char *problem,
                           tskl_error *err) {
    return tskl_fail(err, status, "line %u: %s", (unsigned)line_of(event), problem);
}

static tskl_status fail_parser(const builder *b, tskl_error *err) {
    const yaml_parser_t *parser = &b->parser;
    if (parser->error == YAML_MEMORY_ERROR)
        return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a YAML document");
    const char *problem = parser->problem ? parser->problem : "not YAML";
    if (parser->error == YAML_READER_ERROR)
        return tskl_fail(err, TSKL_ERR_SYNTAX, "byte %zu: %s", parser->problem_offset + 1, problem);
    return tskl_fail(err, TSKL_ERR_SYNTAX, "line %zu: %s", parser->problem_mark.line + 1, problem);
}

static bool expects_key(const builder *b) {
    return b->depth && b->open[b->depth - 1]->kind == TSKL_JSON_OBJECT && !b->key_read;
}

static tskl_status take_key(builder *b, const yaml_event_t *event, tskl_error *err) {
    if (event->type != YAML_SCALAR_EVENT)
        return fail_at(event, TSKL_ERR_SYNTAX, "a list or an object cannot be a name", err);
    tskl_slice text = tskl_slice_make(event->data.scalar.value, event->data.scalar.length);
    if (!tskl_arena_copy(b->arena, text, &b->key))
        return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a YAML document");
    b->key_read = true;
    return TSKL_OK;
}

static tskl_status set_scalar(builder *b, const yaml_event_t *event, tskl_json *value,
                              tskl_error *err) {
    tskl_slice text = tskl_slice_make(event->data.scalar.value, event->data.scalar.length);
    tskl_scalar_result result = TSKL_SCALAR_OK;
    if (!tskl_arena_copy(b->arena, text, &value->text))
        result = TSKL_SCALAR_NOMEM;
    else if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
        result = tskl_scalar_type(value->text, b->arena, value);
    if (result == TSKL_SCALAR_NOMEM)
        return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a YAML document");
    if (result == TSKL_SCALAR_NOT_JSON)
        return fail_at(event, TSKL_ERR_SYNTAX, "no number that JSON has: quote it if it is text",
                       err);
    return TSKL_OK;
}

static tskl_json *new_value(builder *b, const yaml_event_t *event, tskl_json_kind kind) {
    tskl_json *value = tskl_arena_new(b->arena, tskl_json);
    if (!value) return NULL;
    *value = (tskl_json){.kind = kind, .line = line_of(event), .key = b->key};
    *b->link[b->depth] = value;
    b->link[b->depth] = &value->next;
    if (b->depth) b->open[b->depth - 1]->count++;
    b->key = (tskl_slice){NULL, 0};
    b->key_read = false;
    return value;
}

static tskl_status add_value(builder *b, const yaml_event_t *event, tskl_json_kind kind,
                             tskl_error *err) {
    if (++b->nodes > TSKL_YAML_NODES_MAX)
        return fail_at(event, TSKL_ERR_LIMIT, "too many values", err);
    if (expects_key(b)) return take_key(b, event, err);
    tskl_json *value = new_value(b, event, kind);
    if (!value) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a YAML document");
    if (kind == TSKL_JSON_STRING) return set_scalar(b, event, value, err);
    if (b->depth == TSKL_JSON_MAX_DEPTH)
        return fail_at(event, TSKL_ERR_LIMIT, "nested too deep", err);
    b->open[b->depth++] = value;
    b->link[b->depth] = &value->first;
    return TSKL_OK;
}

// An alias makes a small file a large tree; a tag makes text something else than it looks like.
static tskl_status refuse_marks(const yaml_event_t *event, const yaml_char_t *anchor,
                                const yaml_char_t *tag, tskl_error *err) {
    if (anchor) return fail_at(event, TSKL_ERR_SYNTAX, "anchors such as &a are not read", err);
    if (tag) return fail_at(event, TSKL_ERR_SYNTAX, "tags such as !!str are not read", err);
    return TSKL_OK;
}

static tskl_status take_event(builder *b, const yaml_event_t *event, tskl_error *err) {
    switch (event->type) {
    case YAML_ALIAS_EVENT:
        return fail_at(event, TSKL_ERR_SYNTAX, "aliases such as *a are not read", err);
    case YAML_DOCUMENT_START_EVENT:
        if (++b->documents > 1)
            return fail_at(event, TSKL_ERR_SYNTAX, "a second document begins", err);
        return TSKL_OK;
    case YAML_SCALAR_EVENT:
        TSKL_TRY(refuse_marks(event, event->data.scalar.anchor, event->data.scalar.tag, err));
        return add_value(b, event, TSKL_JSON_STRING, err);
    case YAML_SEQUENCE_START_EVENT:
        TSKL_TRY(refuse_marks(event, event->data.sequence_start.anchor,
                              event->data.sequence_start.tag, err));
        return add_value(b, event, TSKL_JSON_ARRAY, err);
    case YAML_MAPPING_START_EVENT:
        TSKL_TRY(refuse_marks(event, event->data.mapping_start.anchor,
                              event->data.mapping_start.tag, err));
        return add_value(b, event, TSKL_JSON_OBJECT, err);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: b->depth--; return TSKL_OK;
    default: return TSKL_OK;
    }
}

static tskl_status build(builder *b, tskl_error *err) {
    yaml_event_t event;
    bool more = true;
    while (more) {
        if (!b->lib.yaml_parser_parse(&b->parser, &event)) return fail_parser(b, err);
        tskl_status status = take_event(b, &event, err);
        more = event.type != YAML_STREAM_END_EVENT;
        b->lib.yaml_event_delete(&event);
        TSKL_TRY(status);
    }
    if (b->root) return TSKL_OK;
    b->root = tskl_arena_new(b->arena, tskl_json);
    if (!b->root) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a YAML document");
    b->root->line = 1;
    return TSKL_OK;
}

tskl_status tskl_yaml_parse(tskl_slice text, tskl_arena *arena, const tskl_json **out,
                            tskl_error *err) {
    builder b = {.arena = arena};
    *out = NULL;
    b.link[0] = &b.root;
    TSKL_TRY(load_functions(&b.lib, err));
    if (!b.lib.yaml_parser_initialize(&b.parser))
        return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a YAML document");
    b.lib.yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
    // It wants a pointer even for no bytes.
    const char *bytes = text.len ? text.ptr : "";
    b.lib.yaml_parser_set_input_string(&b.parser, (const unsigned char *)bytes, text.len);
    tskl_status status = build(&b, err);
    b.lib.yaml_parser_delete(&b.parser);
    if (status == TSKL_OK) status = tskl_place_refuse_twice(b.root, arena, err);
    if (status == TSKL_OK) *out = b.root;
    return status;
}
