// SPDX-License-Identifier: Apache-2.0
#include "command.h"
#include "explain/explanation.h"
#include "prepare.h"
#include "recording/paste.h"
#include "recording/remarks.h"
#include "recording/tally.h"
#include "say.h"
#include "settings.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { URL, METHOD, SERVICE, STATUS, FORMAT };

enum { TEXT_ROOM = 512 * 1024, PIECE = 64 * 1024 };

/** What was asked for, and what came of it. */
typedef struct session {
    const tskl_args *args;
    tskl_explainer *explainer;
    const char *name; // of the file
    bool json;
    size_t shown, unexplained, bad;
    tskl_sightings sightings; // of a recording
    tskl_tally tally;
    tskl_remarks remarks;
} session;

// All of it as UTF-8: people have it packed, or as PowerShell wrote it.
static tskl_status read_all(int fd, tskl_buf *text, tskl_error *err) {
    tskl_text_source source;
    tskl_text_source_init(&source, tskl_read_descriptor, &fd);
    tskl_status status = TSKL_OK;
    for (size_t got = 1; status == TSKL_OK && got > 0;) {
        char *room = tskl_buf_reserve(text, PIECE);
        if (room)
            status = tskl_text_source_read(&source, room, PIECE, &got, err);
        else
            status = tskl_fail(err, TSKL_ERR_LIMIT, "the text has more than 64 MiB");
        if (status == TSKL_OK) text->len += got;
    }
    tskl_text_source_deinit(&source);
    return status;
}

static int read_input(const tskl_args *args, tskl_buf *text) {
    const char *name = args->operand_count ? args->operands[0] : "-";
    bool standard = strcmp(name, "-") == 0;
    tskl_error err;
    int fd = standard ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        tskl_complain("%s: %s", name, strerror(errno));
        return TSKL_EXIT_BAD;
    }
    if (standard && isatty(STDIN_FILENO)) tskl_remark("paste the answer, then press Ctrl-D");
    tskl_status status = read_all(fd, text, &err);
    if (!standard) close(fd);
    return status == TSKL_OK ? TSKL_EXIT_DONE : tskl_fail_with(&err);
}

// "/v1/charges" goes to the service that was named, or stays a path that is asked for anywhere.
static bool set_url(session *s, tskl_call *call, tskl_arena *arena) {
    const char *given = s->args->values[URL], *service = s->args->values[SERVICE];
    if (given) call->url = tskl_slice_of(given);
    if (!service) return true;
    tskl_slice host = tskl_explainer_host(s->explainer, tskl_slice_of(service));
    if (host.len == 0) {
        tskl_complain("--service %s: no such Pack is here", service);
        return false;
    }
    size_t scheme = tskl_slice_search(call->url, TSKL_S("://"));
    tskl_slice path = tskl_slice_from(call->url, scheme == SIZE_MAX ? 0 : scheme + 3);
    size_t slash = tskl_slice_find(path, '/');
    path = slash == SIZE_MAX ? TSKL_S("/") : tskl_slice_from(path, slash);
    call->url = tskl_slice_of(
        tskl_arena_printf(arena, "https://" TSKL_FMT TSKL_FMT, TSKL_ARG(host), TSKL_ARG(path)));
    return call->url.len > 0;
}

static void show(session *s, const tskl_explanation *e, const tskl_sighting *several) {
    tskl_buf text;
    tskl_buf_init(&text, TEXT_ROOM);
    if (s->json) {
        tskl_explanation_add_json(&text, e, several);
        tskl_write_json(stdout, tskl_buf_slice(&text));
    } else {
        tskl_explanation_add_text(&text, e, several, tskl_stream_takes_colour(stdout));
        fwrite(text.ptr, 1, text.len, stdout);
    }
    tskl_buf_deinit(&text);
    s->shown++;
}

// `e->read` stays NULL where the configuration says not to observe the call.
static int explain_item(session *s, tskl_item *item, tskl_arena *arena, tskl_explanation *e) {
    tskl_error err;
    if (item->record) {
        tskl_explain_record(item, e);
        return TSKL_EXIT_DONE;
    }
    if (s->args->values[METHOD]) item->call.method = tskl_slice_of(s->args->values[METHOD]);
    if (!set_url(s, &item->call, arena)) return TSKL_EXIT_USAGE;
    tskl_remarks_add(&s->remarks, item, arena);
    if (tskl_explain(s->explainer, &item->call, arena, e, &err) == TSKL_OK) return TSKL_EXIT_DONE;
    return tskl_fail_with(&err);
}

static bool is_unexplained(const tskl_explanation *e) {
    return e->failed && e->service.len == 0 && e->read->view.error_kind.len == 0;
}

static int explain_one(session *s, tskl_item *item, tskl_arena *arena) {
    tskl_explanation e;
    int code = explain_item(s, item, arena, &e);
    if (code != TSKL_EXIT_DONE) return code;
    if (!e.read) {
        tskl_complain("the configuration says not to observe this call");
        return TSKL_EXIT_NO;
    }
    show(s, &e, NULL);
    return is_unexplained(&e) ? TSKL_EXIT_NO : TSKL_EXIT_DONE;
}

static int collect(session *s, const tskl_paste *paste) {
    for (tskl_paste_item *i = paste->items; i; i = i->next) {
        tskl_arena arena = {0};
        tskl_explanation e;
        int code = explain_item(s, &i->item, &arena, &e);
        bool failed = code == TSKL_EXIT_DONE && e.read && e.failed;
        if (code == TSKL_EXIT_DONE && e.read) tskl_tally_add(&s->tally, e.line);
        if (failed && is_unexplained(&e)) s->unexplained++;
        if (failed) tskl_sightings_add(&s->sightings, &e, i->item.number, &arena);
        tskl_arena_reset(&arena);
        if (code != TSKL_EXIT_DONE) return code;
    }
    return TSKL_EXIT_DONE;
}

static void say_faults(session *s, const tskl_paste *paste) {
    for (const tskl_paste_fault *fault = paste->faults; fault; fault = fault->next) {
        s->bad += fault->number > 0;
        if (fault->number)
            tskl_complain("%s: entry %zu: %s", s->name, fault->number, fault->err.message);
        else
            tskl_complain("%s: %s", s->name, fault->err.message);
    }
}

static void summarize(session *s, const tskl_paste *paste) {
    tskl_buf text;
    tskl_buf_init(&text, 16 * 1024);
    tskl_tally_summary(&s->tally, &text);
    if (s->bad) tskl_buf_printf(&text, "; %zu bad", s->bad);
    fflush(stdout);
    if (s->shown == 0 && paste->count)
        tskl_complain("none of %zu calls failed", paste->count);
    else if (!s->json) // a program counts the objects that it gets
        tskl_complain("%s", tskl_buf_cstr(&text));
    tskl_buf_deinit(&text);
    if (s->sightings.left_out)
        tskl_complain("%zu more failed; `taskless replay` shows them all", s->sightings.left_out);
}

static int explain_recording(session *s, const tskl_paste *paste) {
    say_faults(s, paste);
    int code = collect(s, paste);
    tskl_remarks_end(&s->remarks);
    if (code != TSKL_EXIT_DONE) return code;
    for (size_t i = 0; i < s->sightings.count; i++)
        show(s, &s->sightings.items[i].first, &s->sightings.items[i]);
    summarize(s, paste);
    if (s->unexplained) return TSKL_EXIT_NO;
    return paste->faults && s->shown == 0 ? TSKL_EXIT_BAD : TSKL_EXIT_DONE;
}

static int explain_all(session *s, const tskl_paste *paste) {
    if (paste->recording) return explain_recording(s, paste);
    tskl_arena arena = {0};
    int code = explain_one(s, &paste->items->item, &arena);
    tskl_arena_reset(&arena);
    return code;
}

static int explain_text(session *s, tskl_slice text, int status, const tskl_config *config) {
    tskl_arena arena = {0};
    tskl_paste paste;
    tskl_error err;
    int code = TSKL_EXIT_DONE;
    if (tskl_paste_read(text, status, &arena, &paste, &err) != TSKL_OK) {
        code = tskl_fail_with(&err);
    } else {
        tskl_prepare_all(config);
        if (tskl_explainer_open(config, &s->explainer, &err) != TSKL_OK)
            code = tskl_fail_with(&err);
        else
            code = explain_all(s, &paste);
    }
    tskl_explainer_close(s->explainer);
    tskl_sightings_deinit(&s->sightings);
    tskl_tally_deinit(&s->tally);
    tskl_arena_reset(&arena);
    return code;
}

static bool read_options(session *s, int *status) {
    uint64_t number = 0;
    const char *format = s->args->values[FORMAT], *given = s->args->values[STATUS];
    s->json = format && strcmp(format, "json") == 0;
    if (format && !s->json && strcmp(format, "text") != 0) {
        tskl_complain("--format %s is neither text nor json", format);
        return false;
    }
    if (given &&
        (!tskl_slice_to_u64(tskl_slice_of(given), &number) || number < 100 || number > 599)) {
        tskl_complain("--status %s is no HTTP status", given);
        return false;
    }
    *status = (int)number;
    return true;
}

static int run(const tskl_args *args) {
    static session s; // some kilobytes
    s.args = args;
    s.name = args->operand_count && strcmp(args->operands[0], "-") != 0 ? args->operands[0]
                                                                        : "standard input";
    s.remarks.file = s.name;
    tskl_config *config = NULL;
    tskl_buf text;
    int status;
    if (args->operand_count > 1) {
        tskl_complain("explain takes one file, or none to read standard input");
        return TSKL_EXIT_USAGE;
    }
    if (!read_options(&s, &status)) return TSKL_EXIT_USAGE;
    tskl_buf_init(&text, TSKL_PASTE_MAX);
    int code = tskl_settings_open(args, "stdout", &config);
    if (code == TSKL_EXIT_DONE) tskl_settings_say_withheld(config);
    if (code == TSKL_EXIT_DONE) code = read_input(args, &text);
    if (code == TSKL_EXIT_DONE) code = explain_text(&s, tskl_buf_slice(&text), status, config);
    tskl_buf_deinit(&text);
    tskl_config_free(config);
    return tskl_finish_output(code);
}

static const tskl_option options[] = {
    [URL] = {"url", "URL", "what was called, where the answer alone does not say"},
    [METHOD] = {"method", "NAME", "how it was called: GET, POST, ..."},
    [SERVICE] = {"service", "PACK", "whose answer it is: the Pack to ask"},
    [STATUS] = {"status", "NUMBER", "the status that goes with a body"},
    [FORMAT] = {"format", "NAME", "text (usual) or json"},
    TSKL_OPTIONS_OF_PACKS,
    TSKL_OPTION_NO_LIMIT,
};

const tskl_command tskl_command_explain = {
    .name = "explain",
    .summary = "says why a pasted answer is an error, and what to do now",
    .operands = "[FILE|-]",
    .about =
        "Takes what you have of a call that failed: an HTTP response, the output of `curl -i` or\n"
        "`curl -v`, a HAR or one entry of it, records of taskless, or the JSON body alone. Says\n"
        "the reason in the service's own words, what to do now, and where its page, its log and\n"
        "its request id are; of a recording for each call that failed, those that failed alike\n"
        "as one. The service is recognised by the URL, or else by headers and fields that only\n"
        "it sends.\n",
    .examples = "  curl -sS -i https://api.stripe.com/v1/charges | taskless explain\n"
                "      explains what curl got\n"
                "  taskless explain answer.txt\n"
                "      explains what you saved\n"
                "  taskless explain --service openai --status 429 body.json\n"
                "      explains a body of which you know the rest\n",
    .next = "  taskless replay calls.har     the same for all calls of a recording\n"
            "  taskless run -- COMMAND       the same while a program runs\n"
            "\n"
            "Exit code: 0 explained, 1 no Pack knows the answer, 3 the text is no answer.\n",
    .options = options,
    .option_count = TSKL_COUNT(options),
    .never_grants = true,
    .obeys_config = true,
    .run = run,
};
