// SPDX-License-Identifier: Apache-2.0
#include "config/dotenv.h"
#include "base/buf.h"
#include "config/names.h"

typedef struct reading {
    tskl_slice rest; // of the file
    uint32_t line;   // that `rest` begins on
    tskl_arena *arena;
    tskl_texts *out;
    tskl_buf value;
    tskl_error *err;
} reading;

static tskl_status fail(const reading *r, const char *problem) {
    return tskl_fail(r->err, TSKL_ERR_SYNTAX, "line %u: %s", (unsigned)r->line, problem);
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

static void skip_blanks(reading *r) {
    while (r->rest.len && is_blank(r->rest.ptr[0])) r->rest = tskl_slice_from(r->rest, 1);
}

static char take_char(reading *r) {
    char c = r->rest.ptr[0];
    r->rest = tskl_slice_from(r->rest, 1);
    r->line += c == '\n';
    return c;
}

static void skip_line(reading *r) {
    while (r->rest.len && take_char(r) != '\n') {}
}

static void add_escaped(reading *r) {
    static const char names[] = "nrt\"\\$", values[] = "\n\r\t\"\\$";
    char c = take_char(r);
    const char *name = c ? strchr(names, c) : NULL;
    if (!name) tskl_buf_byte(&r->value, '\\');
    tskl_buf_byte(&r->value, name ? values[name - names] : c);
}

static tskl_status read_quoted(reading *r, char quote) {
    uint32_t opened = r->line;
    while (r->rest.len) {
        char c = take_char(r);
        if (c == quote) {
            skip_blanks(r);
            bool ended = r->rest.len == 0 || strchr("\r\n#", r->rest.ptr[0]);
            return ended ? TSKL_OK : fail(r, "something stands behind the closing quote");
        }
        if (c == '\\' && quote == '"' && r->rest.len)
            add_escaped(r);
        else
            tskl_buf_byte(&r->value, c);
    }
    r->line = opened;
    return fail(r, "a quote is not closed");
}

// Up to the end of the line or a comment; a '#' inside a word is a part of it.
static void read_plain(reading *r) {
    tskl_slice text = tskl_slice_first(r->rest, tskl_slice_find(r->rest, '\n'));
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '#' && (i == 0 || is_blank(text.ptr[i - 1])))
            text = tskl_slice_first(text, i);
    tskl_buf_add(&r->value, tskl_slice_trim(text));
}

static tskl_status read_value(reading *r) {
    tskl_buf_clear(&r->value);
    skip_blanks(r);
    tskl_status status = TSKL_OK;
    if (r->rest.len && (r->rest.ptr[0] == '"' || r->rest.ptr[0] == '\''))
        status = read_quoted(r, take_char(r));
    else
        read_plain(r);
    skip_line(r);
    return status;
}

static tskl_slice *find(tskl_texts *texts, tskl_slice name) {
    for (size_t i = 0; i < texts->count; i++) {
        tskl_slice rest = texts->items[i];
        if (tskl_slice_equal(tskl_slice_split(&rest, '='), name)) return &texts->items[i];
    }
    return NULL;
}

static tskl_status keep(reading *r, tskl_slice name) {
    tskl_slice value = tskl_buf_slice(&r->value), text;
    if (tskl_slice_contains(value, 0)) return fail(r, "a zero byte");
    const char *made = r->value.failed
                           ? NULL
                           : tskl_arena_printf(r->arena, "%.*s=%.*s", (int)name.len, name.ptr,
                                               (int)value.len, value.len ? value.ptr : "");
    if (!made) return tskl_fail(r->err, TSKL_ERR_NOMEM, "no room for variables");
    text = tskl_slice_of(made);
    tskl_slice *place = find(r->out, name);
    if (!place && r->out->count == TSKL_DOTENV_VARIABLES_MAX) return fail(r, "too many variables");
    if (!place) place = &r->out->items[r->out->count++];
    *place = text;
    return TSKL_OK;
}

static tskl_status read_variable(reading *r) {
    tskl_slice export = TSKL_S("export ");
    if (tskl_slice_starts(r->rest, export)) r->rest = tskl_slice_from(r->rest, export.len);
    tskl_slice line = tskl_slice_first(r->rest, tskl_slice_find(r->rest, '\n'));
    if (!tskl_slice_contains(line, '=')) return fail(r, "expected NAME=value");
    tskl_slice name = tskl_slice_trim(tskl_slice_split(&r->rest, '='));
    if (!tskl_name_is_variable(name)) return fail(r, "what stands before '=' is not a name");
    TSKL_TRY(read_value(r));
    return keep(r, name);
}

static tskl_status read_all(reading *r) {
    // A byte order mark is left by some editors.
    if (tskl_slice_starts(r->rest, TSKL_S("\xef\xbb\xbf"))) r->rest = tskl_slice_from(r->rest, 3);
    while (r->rest.len) {
        skip_blanks(r);
        if (r->rest.len == 0) break;
        if (strchr("\r\n#", r->rest.ptr[0]))
            skip_line(r);
        else
            TSKL_TRY(read_variable(r));
    }
    return TSKL_OK;
}

tskl_status tskl_dotenv_parse(tskl_slice text, tskl_arena *arena, tskl_texts *out,
                              tskl_error *err) {
    *out = (tskl_texts){0};
    tskl_texts found = {.items =
                            tskl_arena_array(arena, tskl_slice, tskl_slice_count(text, '\n') + 1)};
    if (!found.items) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for variables");
    reading r = {.rest = text, .line = 1, .arena = arena, .out = &found, .err = err};
    tskl_buf_init(&r.value, TSKL_DOTENV_MAX);
    tskl_status status = read_all(&r);
    tskl_buf_deinit(&r.value);
    if (status == TSKL_OK) *out = found;
    return status;
}
