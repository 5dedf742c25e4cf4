// SPDX-License-Identifier: Apache-2.0
#include "base/env.h"
#include "command.h"
#include "prepare.h"
#include "progress.h"
#include "recording/har_entry.h"
#include "recording/item.h"
#include "recording/remarks.h"
#include "recording/report.h"
#include "recording/rewriter.h"
#include "recording/tally.h"
#include "say.h"
#include "settings.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { QUIET };

enum {
    MOST_CALLS = 512,     // handed over before what came of them is waited for
    CALL_OVERHEAD = 8192, // bytes that a call holds besides its own
    FLUSH_STEP_MS = 2,    // half of the calls done is enough to go on
};

/** One recording on its way through the Packs. */
typedef struct replay {
    const char *name; // the file's, for messages
    int fd;
    tskl_har_reader reader;
    tskl_observer *observer;
    tskl_arena arena; // of one entry
    tskl_tally tally;
    tskl_progress progress;
    tskl_remarks remarks;
    tskl_rewriter rewriter; // of records
    size_t calls, bytes;    // handed over and perhaps not written yet
    size_t most_calls, most_bytes, most_body;
    uint64_t not_calls, not_observed, bad;
    size_t outputs;  // that there must be, the callback among them
    bool for_reader; // standard output is the one place for records
} replay;

static void count_record(void *user, tskl_slice line) {
    tskl_tally_add(user, line);
}

// Waits until at most `left` calls are not written yet: the observer never has to drop one.
static void wait_for_packs(replay *r, size_t left) {
    size_t pending;
    do {
        (void)tskl_observer_flush(r->observer, FLUSH_STEP_MS, &pending, NULL);
        tskl_progress_show(&r->progress, r->reader.number, r->reader.source.taken);
    } while (pending > left);
    r->calls = pending;
    if (pending == 0) r->bytes = 0;
}

// What a call holds of the observer's room, at most: a buffer may be twice what it has to keep.
static size_t room_of(const replay *r, const tskl_call *call) {
    size_t body = tskl_call_size(call), most = 2 * r->most_body;
    return CALL_OVERHEAD + call->url.len + call->request_headers.len +
           2 * call->response_headers.len + 2 * (body < most ? body : most);
}

static void replay_call(replay *r, const tskl_call *call) {
    size_t room = room_of(r, call);
    if (r->bytes + room > r->most_bytes)
        wait_for_packs(r, 0);
    else if (r->calls == r->most_calls)
        wait_for_packs(r, r->most_calls / 2);
    r->calls++;
    r->bytes += room;
    if (!tskl_call_report(call, r->observer)) r->not_observed++;
}

// A line about the recording, which must not stand in that of the progress.
static void leave_progress(const replay *r) {
    tskl_progress shown = r->progress;
    tskl_progress_end(&shown);
}

static void complain_of_entry(replay *r, const tskl_har_piece *piece, const char *problem) {
    leave_progress(r);
    tskl_complain("%s: entry %zu: %s", r->name, piece->number, problem);
    r->bad++;
}

// In its turn, behind the calls that stand before it.
static void replay_record(replay *r, const tskl_item *item) {
    if (r->calls) wait_for_packs(r, 0);
    tskl_tally_add(&r->tally, item->line);
    (void)tskl_rewriter_write(&r->rewriter, &item->record->record);
}

static void replay_piece(replay *r, const tskl_har_piece *piece) {
    tskl_item item;
    tskl_error err;
    if (tskl_item_read(piece, &r->arena, &item, &err) != TSKL_OK) {
        complain_of_entry(r, piece, err.message);
    } else if (item.record) {
        replay_record(r, &item);
    } else if (!tskl_har_url_is_call(item.call.url)) {
        r->not_calls++;
    } else {
        if (item.call.problems) leave_progress(r);
        tskl_remarks_add(&r->remarks, &item, &r->arena);
        replay_call(r, &item.call);
    }
    tskl_arena_reuse(&r->arena);
}

static int replay_all(replay *r) {
    tskl_har_piece piece;
    tskl_error err;
    bool more = true;
    while (more && !(r->for_reader && tskl_reader_has_left())) {
        tskl_status status = tskl_har_reader_next(&r->reader, &piece, &more, &err);
        if (status != TSKL_OK) {
            wait_for_packs(r, 0);
            tskl_progress_end(&r->progress);
            tskl_complain("%s: %s", r->name, err.message);
            return tskl_exit_of(status);
        }
        if (more) replay_piece(r, &piece);
    }
    wait_for_packs(r, 0);
    leave_progress(r);
    tskl_remarks_end(&r->remarks);
    return r->bad || r->rewriter.status != TSKL_OK ? TSKL_EXIT_BAD : TSKL_EXIT_DONE;
}

// What did not become a record is said too: nothing is lost in silence.
static void summarize(replay *r) {
    const struct {
        uint64_t count;
        const char *what;
    } rows[] = {
        {r->bad, "bad"},
        {r->not_calls, "not HTTP"},
        {r->not_observed, "not observed"},
    };
    tskl_buf text;
    tskl_buf_init(&text, 16 * 1024);
    tskl_tally_summary(&r->tally, &text);
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        if (rows[i].count)
            tskl_buf_printf(&text, "; %llu %s", (unsigned long long)rows[i].count, rows[i].what);
    tskl_complain("%s", tskl_buf_cstr(&text));
    tskl_buf_deinit(&text);
}

static uint64_t count_in(const tskl_json *object, const char *name) {
    int64_t count;
    bool there = tskl_json_to_i64(tskl_json_get(object, tskl_slice_of(name)), &count);
    return there && count > 0 ? (uint64_t)count : 0;
}

// What the observer could not do, by its own count: then not all that was replayed is written.
static int complain_of_losses(replay *r) {
    char stats[16 * 1024];
    size_t len;
    const tskl_json *root;
    if (tskl_observer_stats(r->observer, stats, sizeof stats, &len, NULL) != TSKL_OK ||
        tskl_json_parse(tskl_slice_make(stats, len), &r->arena, &root, NULL) != TSKL_OK)
        return TSKL_EXIT_DONE;
    uint64_t dropped = count_in(root, "dropped"), unwritten = tskl_rewriter_lost(&r->rewriter);
    const tskl_json *outputs = tskl_json_get(root, TSKL_S("outputs"));
    // One that could not be opened was named by the observer.
    if (outputs && outputs->count < r->outputs) return TSKL_EXIT_BAD;
    for (const tskl_json *output = outputs ? outputs->first : NULL; output; output = output->next)
        unwritten += count_in(output, "failed");
    if (dropped) tskl_complain("%llu calls could not be run", (unsigned long long)dropped);
    if (unwritten)
        tskl_complain("%llu records could not be written", (unsigned long long)unwritten);
    return dropped || unwritten ? TSKL_EXIT_MACHINE : TSKL_EXIT_DONE;
}

static bool writes_to_terminal(const tskl_config *config) {
    for (size_t i = 0; i < config->output_count; i++) {
        tskl_slice to = config->outputs[i].to;
        if (tskl_slice_equal(to, TSKL_S("stdout")) && isatty(STDOUT_FILENO)) return true;
        if (tskl_slice_equal(to, TSKL_S("stderr")) && isatty(STDERR_FILENO)) return true;
    }
    return false;
}

// The library's own default is stderr. Where the configuration comes to stdout by nobody's word,
// it is told so; a format that a file names for stdout must not be lost over that.
static const char *outputs_of(const tskl_config *config) {
    if (config->output_count != 1) return NULL;
    bool standard = tskl_slice_equal(config->outputs[0].to, TSKL_S("stdout"));
    bool format_named = config->outputs[0].format != TSKL_FORMAT_AUTO && !tskl_env_get()->format;
    return standard && !format_named ? "stdout" : NULL;
}

static bool open_file(replay *r, const char *name) {
    struct stat st;
    r->name = strcmp(name, "-") == 0 ? "standard input" : name;
    r->fd = strcmp(name, "-") == 0 ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
    if (r->fd < 0 || fstat(r->fd, &st) != 0) {
        tskl_complain("%s: %s", name, strerror(errno));
        return false;
    }
    r->progress.total = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
    return true;
}

static tskl_status open_observer(replay *r, const tskl_config *config, bool quiet,
                                 tskl_error *err) {
    tskl_observer_options options = TSKL_OBSERVER_OPTIONS_INIT;
    size_t exchanges = config->queue_exchanges / 2;
    options.outputs = outputs_of(config);
    options.client = "replay/" TSKL_VERSION;
    options.on_record = quiet ? NULL : count_record; // for the summary
    options.user = &r->tally;
    r->most_calls = exchanges < MOST_CALLS ? exchanges + !exchanges : MOST_CALLS;
    r->most_bytes = ((size_t)config->queue_mib << 20) / 2;
    r->most_body = config->body_cap;
    r->outputs = config->output_count + !quiet;
    r->for_reader =
        config->output_count == 1 && tskl_slice_equal(config->outputs[0].to, TSKL_S("stdout"));
    return tskl_observer_open(&options, &r->observer, err);
}

static int replay_with(replay *r, const tskl_config *config, bool quiet) {
    tskl_error err;
    if (open_observer(r, config, quiet, &err) != TSKL_OK) return tskl_fail_with(&err);
    tskl_har_reader_init(&r->reader, tskl_read_descriptor, &r->fd);
    r->remarks.file = r->name;
    r->rewriter.config = config;
    tskl_progress_begin(&r->progress, !quiet && !writes_to_terminal(config), r->progress.total);
    int code = replay_all(r);
    tskl_progress_end(&r->progress);
    int losses = complain_of_losses(r);
    if (losses) code = losses;
    tskl_observer_close(r->observer, 0); // all is written
    // Whoever took the first ten lines did not want the sum of what was read until then.
    if (!quiet && !(r->for_reader && tskl_reader_has_left())) summarize(r);
    tskl_rewriter_close(&r->rewriter);
    tskl_har_reader_deinit(&r->reader);
    tskl_arena_reset(&r->arena);
    tskl_tally_deinit(&r->tally);
    return code;
}

static int run(const tskl_args *args) {
    static replay r; // some kilobytes
    tskl_config *config;
    if (args->operand_count != 1) {
        tskl_complain("replay takes one recording: taskless replay calls.har");
        return TSKL_EXIT_USAGE;
    }
    int code = tskl_settings_open(args, "stdout", &config);
    if (code != TSKL_EXIT_DONE) return code;
    tskl_settings_say_withheld(config);
    code = TSKL_EXIT_BAD;
    if (open_file(&r, args->operands[0])) {
        size_t failed = tskl_prepare_all(config);
        code = replay_with(&r, config, args->values[QUIET] != NULL);
        if (failed && code == TSKL_EXIT_DONE) code = TSKL_EXIT_BAD;
    }
    if (r.fd > STDIN_FILENO) close(r.fd);
    tskl_config_free(config);
    return code;
}

static const tskl_option options[] = {
    [QUIET] = {"quiet", NULL, "no progress and no summary"},
    TSKL_OPTIONS_OF_RECORDS,
    TSKL_OPTIONS_OF_PACKS,
    TSKL_OPTION_NO_LIMIT,
};

const tskl_command tskl_command_replay = {
    .name = "replay",
    .summary = "runs the Packs over recorded calls",
    .operands = "FILE|-",
    .about =
        "Reads a recording (HAR 1.2, from `taskless run --output har:FILE`, a browser, a proxy; a\n"
        "list of its entries, or one a line) and gives a record for each call in it, in their\n"
        "order, on standard output. Records that taskless wrote before are given again, in the\n"
        "format that is asked for. The file may be of any size, and packed by gzip: memory stays\n"
        "small. An entry that cannot be read is named, and the others go on. At the end one line\n"
        "on standard error says how many calls failed, and of what.\n",
    .examples = "  taskless replay calls.har\n"
                "      a line per call, with the reason below each failure\n"
                "  taskless replay --format ndjson calls.har | jq .captures\n"
                "      the same for programs\n"
                "  taskless replay --format pretty calls.ndjson\n"
                "      records that were kept, for a person\n",
    .next =
        "  taskless explain              explains one answer that you paste\n"
        "\n"
        "Exit code: 0 done, also when the reader of standard output leaves early; 3 when the file,\n"
        "an entry or a Pack was bad.\n",
    .options = options,
    .option_count = TSKL_COUNT(options),
    .writes_records = true,
    .never_grants = true,
    .run = run,
};
