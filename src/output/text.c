// SPDX-License-Identifier: Apache-2.0
#include "output/text.h"
#include "base/alloc.h"
#include "base/env.h"
#include "base/json_writer.h"
#include "output/format.h"

typedef struct text_output {
    tskl_output output;
    tskl_sink sink;
    tskl_format format; // never AUTO
    bool terminal, colour;
    tskl_buf line, shown; // reused by each record
} text_output;

static unsigned columns_of(const text_output *text) {
    uint64_t columns;
    if (!text->terminal) return 0;
    if (tskl_slice_to_u64(tskl_slice_of(tskl_env_get()->columns), &columns) && columns <= 1000)
        return (unsigned)columns;
    return tskl_sink_columns(&text->sink);
}

static void format_record(text_output *text, const tskl_record *record) {
    tskl_pretty_style style = {.colour = text->colour};
    switch (text->format) {
    case TSKL_FORMAT_PRETTY:
        style.columns = columns_of(text);
        tskl_format_pretty(&text->line, record, &style);
        return;
    case TSKL_FORMAT_TASKLESS: tskl_format_taskless(&text->line, record); return;
    case TSKL_FORMAT_STABLE: tskl_format_stable(&text->line, record); return;
    case TSKL_FORMAT_AUTO:
    case TSKL_FORMAT_NDJSON: tskl_format_ndjson(&text->line, record); return;
    }
}

// The bytes to write. A person reads what a terminal shows: there, text that deceives is escaped in
// JSON too.
static const tskl_buf *make_line(text_output *text, const tskl_record *record) {
    tskl_buf_clear(&text->line);
    format_record(text, record);
    if (!text->terminal || text->format == TSKL_FORMAT_PRETTY || text->line.failed)
        return &text->line;
    tskl_buf_clear(&text->shown);
    tskl_json_add_shown(&text->shown, tskl_buf_slice(&text->line));
    return &text->shown;
}

static void write_text(tskl_output *output, const tskl_record *record) {
    text_output *text = (text_output *)output;
    tskl_error err = {0};
    const tskl_buf *line = make_line(text, record);
    tskl_status status = line->failed
                             ? tskl_fail(&err, TSKL_ERR_NOMEM, "out of memory (writing a record)")
                             : tskl_sink_write(&text->sink, tskl_buf_slice(line), &err);
    tskl_output_count(output, status, &err);
}

static void close_text(tskl_output *output) {
    text_output *text = (text_output *)output;
    tskl_sink_close(&text->sink);
    tskl_buf_deinit(&text->line);
    tskl_buf_deinit(&text->shown);
    tskl_free(text);
}

static bool wants_colour(void) {
    const tskl_env *env = tskl_env_get();
    return !env->no_color && env->term && strcmp(env->term, "dumb") != 0;
}

tskl_status tskl_text_output_open(tskl_sink sink_take, tskl_format format, tskl_output **out,
                                  tskl_error *err) {
    static const tskl_output_ops ops = {write_text, close_text};
    text_output *text = tskl_new(text_output);
    *out = NULL;
    if (!text) {
        tskl_sink_close(&sink_take);
        return tskl_fail(err, TSKL_ERR_NOMEM, "no memory");
    }
    text->output.ops = &ops;
    text->sink = sink_take;
    text->terminal = tskl_sink_is_terminal(&sink_take);
    text->colour = text->terminal && wants_colour();
    text->format = format;
    if (format == TSKL_FORMAT_AUTO)
        text->format = text->terminal ? TSKL_FORMAT_PRETTY : TSKL_FORMAT_NDJSON;
    tskl_buf_init(&text->line, TSKL_FORMAT_ROOM);
    tskl_buf_init(&text->shown, TSKL_FORMAT_ROOM);
    *out = &text->output;
    return TSKL_OK;
}
