// SPDX-License-Identifier: Apache-2.0
#include "config/consent.h"
#include "config/remarks.h"
#include "doctor/doctor.h"
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

static bool can_write(const char *path) {
    return faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0;
}

// A record is appended to a plain file, never through a link; a missing file is made.
static const char *why_no_file(const char *path) {
    char folder[PATH_MAX];
    struct stat st;
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (lstat(path, &st) == 0) {
        if (S_ISLNK(st.st_mode)) return "it is a link, and links are not followed";
        return can_write(path) ? NULL : "it may not be written";
    }
    if (slash == folder) slash++;
    if (slash) *slash = 0;
    if (stat(slash ? folder : ".", &st) != 0) return "its folder is not there";
    return can_write(slash ? folder : ".") ? NULL : "its folder may not be written";
}

static void look_at_output(tskl_findings *findings, tskl_slice to) {
    char text[PATH_MAX];
    tskl_slice path = to, kind = tskl_slice_split(&path, ':');
    bool file = tskl_slice_equal(kind, TSKL_S("file")) || tskl_slice_equal(kind, TSKL_S("har"));
    const char *why = NULL;
    if (file && tskl_slice_to_cstr(path, text, sizeof text)) why = why_no_file(text);
    if (why)
        tskl_findings_add(findings, TSKL_BAD, "output", "name another place",
                          TSKL_FMT ": %s: records are lost", TSKL_ARG(to), why);
    else
        tskl_findings_add(findings, TSKL_GOOD, "output", NULL, TSKL_FMT, TSKL_ARG(to));
}

static void look_at_left_out(tskl_findings *findings, const tskl_left_out *out) {
    for (size_t i = 0; i < out->titles.count; i++)
        tskl_findings_add(findings, TSKL_BAD, "left out", out->mend,
                          TSKL_FMT " is not read, since %s", TSKL_ARG(out->titles.items[i]),
                          out->why);
}

// What is waited for, one line each; the ways to agree stand at the first of them.
static void look_at_asks(tskl_findings *findings, const tskl_config *config) {
    bool said = false;
    const char *ways = tskl_remark_consent(config, &findings->arena);
    for (size_t i = 0; i < config->ask_count; i++) {
        const tskl_config_ask *ask = &config->asks[i];
        if (ask->given) continue;
        tskl_findings_add(findings, TSKL_NOTE, "consent", said ? NULL : ways,
                          "%s " TSKL_FMT "%s" TSKL_FMT " waits for your consent%s",
                          tskl_ask_word(ask->kind), TSKL_ARG(ask->what),
                          ask->pack.len ? " for Pack " : "", TSKL_ARG(ask->pack),
                          config->consent_broken ? ": something has changed since you agreed" : "");
        said = true;
    }
}

static const char *whose(const tskl_config *config) {
    if (config->source == TSKL_SOURCE_OWN) return "";
    return config->foreign ? ", which lies in another user's folder" : ", which was found here";
}

void tskl_doctor_configuration(tskl_findings *findings, const tskl_config *config,
                               const tskl_error *err) {
    findings->group = "Configuration";
    if (!config) {
        tskl_findings_add(findings, TSKL_BAD, "file", NULL,
                          "%s; until that is mended programs run unobserved", err->message);
        return;
    }
    if (config->path)
        tskl_findings_add(findings, TSKL_GOOD, "file", NULL, "%s%s", config->path, whose(config));
    else
        tskl_findings_add(findings, TSKL_GOOD, "file", NULL,
                          "there is none here, and none is needed");
    look_at_left_out(findings, &config->left_out);
    look_at_asks(findings, config);
    for (size_t i = 0; i < config->output_count; i++)
        look_at_output(findings, config->outputs[i].to);
    if (config->output_count == 0)
        tskl_findings_add(findings, TSKL_NOTE, "output",
                          "name one under outputs:", "there is none: nobody sees the records");
}
