// fetch: makes calls with libcurl and prints their statuses; taskless says why they failed.
// SPDX-License-Identifier: Apache-2.0
#include "report.h"
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: fetch [options] [-X METHOD] [-H \"name: value\"]... [-d TEXT|@FILE] URL\n"
    "       fetch [options] --calls FILE\n"
    "options: -L (follow redirects), --cacert FILE, --connect-timeout SECONDS,\n"
    "         --max-time SECONDS\n";

typedef struct call {
    char *method; // NULL: GET, or POST where there is a body
    char *url;
    struct curl_slist *headers;
    FILE *body; // NULL: none
} call;

/** What all calls share. One handle serves them in turn, so that connections are kept open. */
typedef struct session {
    CURL *curl;
    const char *cacert;
    long connect_timeout_s, max_time_s; // 0: libcurl's own
    long follow;
    report report;
} session;

static void call_clear(call *c) {
    free(c->method);
    free(c->url);
    curl_slist_free_all(c->headers);
    if (c->body) fclose(c->body);
    *c = (call){0};
}

static bool call_add_header(call *c, const char *line) {
    struct curl_slist *longer = curl_slist_append(c->headers, line);
    if (longer) c->headers = longer;
    return longer != NULL;
}

/** "@FILE" is the file's bytes, anything else the text itself, which has to outlive the call. */
static bool call_set_body(call *c, char *value) {
    if (c->body) fclose(c->body);
    c->body = value[0] == '@' ? fopen(value + 1, "rb") : fmemopen(value, strlen(value), "rb");
    if (!c->body) perror(value);
    return c->body != NULL;
}

static void set_body(CURL *curl, FILE *body) {
    fseek(body, 0, SEEK_END);
    long size = ftell(body);
    rewind(body);
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
    curl_easy_setopt(curl, CURLOPT_READDATA, body); // libcurl reads, and rewinds, a FILE by itself
}

static void set_call(CURL *curl, const call *c, const char *method) {
    curl_easy_setopt(curl, CURLOPT_URL, c->url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, c->headers);
    if (c->body) set_body(curl, c->body);
    if (strcmp(method, "HEAD") == 0)
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    else if (strcmp(method, c->body ? "POST" : "GET") != 0)
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
}

static void set_session(CURL *curl, const session *s) {
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, s->follow);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, s->connect_timeout_s);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, s->max_time_s);
    if (s->cacert) curl_easy_setopt(curl, CURLOPT_CAINFO, s->cacert);
}

/** Makes one call and prints its status, 0 where there was no answer. */
static void perform(session *s, const call *c) {
    const char *method = c->method ? c->method : c->body ? "POST" : "GET";
    char message[CURL_ERROR_SIZE] = "";
    curl_easy_reset(s->curl); // connections stay
    curl_easy_setopt(s->curl, CURLOPT_ERRORBUFFER, message);
    set_session(s->curl, s);
    set_call(s->curl, c, method);

    report_watch(&s->report, s->curl);
    CURLcode result = curl_easy_perform(s->curl);
    report_finish(&s->report, result, message[0] ? message : curl_easy_strerror(result), method,
                  c->headers);

    long status = 0;
    curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &status);
    printf("%ld\n", status);
}

/** Takes one line of a file of calls into `c`. */
static bool call_add_line(call *c, char *line) {
    if (line[0] == '@') return call_set_body(c, line);
    if (c->url) return call_add_header(c, line);
    char *space = strchr(line, ' ');
    if (!space) return false;
    c->method = strndup(line, (size_t)(space - line));
    c->url = strdup(space + 1);
    return c->method && c->url;
}

/** False when the file cannot be read, or not to its end. */
static bool perform_file(session *s, const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) return false;
    call next = {0};
    char *line = NULL;
    size_t room = 0;
    bool fine = true;
    while (fine && getline(&line, &room, file) >= 0) {
        line[strcspn(line, "\r\n")] = 0;
        if (line[0] == '#') continue;
        if (line[0]) {
            fine = call_add_line(&next, line);
        } else if (next.url) {
            perform(s, &next);
            call_clear(&next);
        }
    }
    if (fine && next.url) perform(s, &next);
    call_clear(&next);
    free(line);
    fclose(file);
    return fine;
}

/** Reads the arguments into `s` and `c`, and where the calls are a file, its name. */
static bool read_arguments(int argc, char **argv, session *s, call *c, const char **calls) {
    static const struct option names[] = {{"cacert", required_argument, NULL, 'c'},
                                          {"calls", required_argument, NULL, 'f'},
                                          {"connect-timeout", required_argument, NULL, 't'},
                                          {"max-time", required_argument, NULL, 'm'},
                                          {0}};
    bool fine = true;
    for (int o; fine && (o = getopt_long(argc, argv, "X:H:d:L", names, NULL)) >= 0;) {
        switch (o) {
        case 'X':
            free(c->method);
            fine = (c->method = strdup(optarg)) != NULL;
            break;
        case 'H': fine = call_add_header(c, optarg); break;
        case 'd': fine = call_set_body(c, optarg); break;
        case 'L': s->follow = 1; break;
        case 'c': s->cacert = optarg; break;
        case 'f': *calls = optarg; break;
        case 't': s->connect_timeout_s = strtol(optarg, NULL, 10); break;
        case 'm': s->max_time_s = strtol(optarg, NULL, 10); break;
        default: fine = false;
        }
    }
    if (optind < argc) c->url = strdup(argv[optind++]);
    return fine && optind == argc && (c->url != NULL) != (*calls != NULL);
}

static bool open_observer(tskl_observer **out) {
    char client[64];
    snprintf(client, sizeof client, "libcurl/%s", curl_version_info(CURLVERSION_NOW)->version);
    tskl_observer_options options = TSKL_OBSERVER_OPTIONS_INIT; // all else: TASKLESS_*
    options.client = client;
    tskl_error err;
    if (tskl_observer_open(&options, out, &err) == TSKL_OK) return true;
    fprintf(stderr, "fetch: taskless: %s\n", err.message);
    return false;
}

int main(int argc, char **argv) {
    static session s;
    call c = {0};
    const char *calls = NULL;
    int code = 2;
    if (!read_arguments(argc, argv, &s, &c, &calls)) {
        fputs(usage, stderr);
        goto done;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    s.curl = curl_easy_init();
    // A program that cannot be observed still does its work.
    open_observer(&s.report.observer);
    if (!s.curl) goto done;
    if (!calls)
        perform(&s, &c);
    else if (!perform_file(&s, calls)) {
        fprintf(stderr, "fetch: %s cannot be read\n", calls);
        goto done;
    }
    code = 0; // whatever came of the calls
done:
    curl_easy_cleanup(s.curl);
    tskl_observer_close(s.report.observer, 1000); // time for what has ended to be written
    curl_global_cleanup();
    call_clear(&c);
    return code;
}
