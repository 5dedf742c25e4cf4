// SPDX-License-Identifier: Apache-2.0
#include "base/env.h"
#include "doctor/doctor.h"
#include "doctor/probe.h"
#include "installed.h"
#include "obstacle.h"
#include "runtimes.h"
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { VERSION_MS = 10 * 1000, CALL_MS = 30 * 1000, ENVIRONMENT_MAX = 1024, VARIABLES_MAX = 4 };

/** Languages that people write programs in. Of those that have a client, a program that makes one
 *  call, to where nobody listens. */
static const struct {
    const char *runtime, *program, *option, *call;
} languages[] = {
    {"Node.js", "node", "-e",
     "require('http').get('http://127.0.0.1:1/taskless-doctor').on('error', () => {})"},
    {"Python", "python3", "-c",
     "import urllib.request\n"
     "try: urllib.request.urlopen('http://127.0.0.1:1/taskless-doctor')\n"
     "except OSError: pass"},
    {"libcurl", "curl", "-s", "http://127.0.0.1:1/taskless-doctor"},
    {"Ruby", "ruby", "-e",
     "require 'net/http'\n"
     "begin; Net::HTTP.get(URI('http://127.0.0.1:1/taskless-doctor')); rescue SystemCallError; end"},
};

/** The client of one runtime: all that `taskless run` sets for it. */
typedef struct runtime_client {
    tskl_runtime_state variables[VARIABLES_MAX];
    size_t count;
    const char *names; // of the variables, for a sentence
} runtime_client;

static runtime_client find_client(const char *name, tskl_arena *arena) {
    runtime_client found = {0};
    tskl_runtime_state state;
    for (size_t i = 0; found.count < VARIABLES_MAX && tskl_runtimes_at(i, arena, &state); i++) {
        // One that stays empty is not set.
        if (strcmp(state.name, name) != 0 || (state.value && !*state.value)) continue;
        found.variables[found.count++] = state;
        found.names = found.names
                          ? tskl_arena_printf(arena, "%s and %s", found.names, state.variable)
                          : state.variable;
    }
    return found;
}

static bool is_variable_of(const runtime_client *client, tskl_slice name) {
    for (size_t i = 0; i < client->count; i++)
        if (tskl_slice_equal(name, tskl_slice_of(client->variables[i].variable))) return true;
    return false;
}

// The first line of what `program --version` says, without the program's own name.
static const char *version_of(const char *path, tskl_arena *arena) {
    char *argv[] = {(char *)path, "--version", NULL};
    char *const environment[] = {NULL};
    tskl_probe probe;
    const char *version = NULL;
    if (tskl_probe_run(argv, environment, VERSION_MS, &probe) && probe.exit_code == 0) {
        tskl_slice rest = tskl_buf_slice(&probe.output), line = tskl_slice_line(&rest);
        size_t digit = 0;
        while (digit < line.len && (line.ptr[digit] < '0' || line.ptr[digit] > '9')) digit++;
        line = tskl_slice_from(line, digit);
        version = tskl_arena_cstr(arena, tskl_slice_split(&line, ' '));
    }
    tskl_buf_deinit(&probe.output);
    return version;
}

// A configuration of its own, or the working folder's would count: what is asked is the client
// alone. Where no file can be made it does count.
static bool write_configuration(char path[PATH_MAX]) {
    static const char text[] = "{\"version\": 1}";
    snprintf(path, PATH_MAX, "%s/taskless-doctor-XXXXXX.json", P_tmpdir);
    int fd = mkostemps(path, (int)strlen(".json"), O_CLOEXEC);
    if (fd < 0) return false;
    bool written = write(fd, text, sizeof text - 1) == (ssize_t)(sizeof text - 1);
    close(fd);
    return written;
}

// The environment that `taskless run` gives, but for its configuration.
static char **environment_of(const runtime_client *client, const char *configuration,
                             tskl_arena *arena) {
    extern char **environ;
    char packs[PATH_MAX], **made = tskl_arena_array(arena, char *, ENVIRONMENT_MAX);
    size_t count = 0;
    if (!made) return NULL;
    for (size_t i = 0; environ[i] && count < ENVIRONMENT_MAX - 8; i++) {
        tskl_slice name = tskl_slice_of(environ[i]);
        name = tskl_slice_split(&name, '=');
        // The call is to leave for nowhere, not for a proxy.
        bool proxy =
            name.len > 6 && tskl_slice_equal_nocase(tskl_slice_last(name, 6), TSKL_S("_proxy"));
        if (!proxy && !tskl_slice_starts(name, TSKL_S("TASKLESS_")) &&
            !is_variable_of(client, name))
            made[count++] = environ[i];
    }
    made[count++] = "TASKLESS_OUTPUT=stdout";
    made[count++] = "TASKLESS_FORMAT=ndjson";
    if (*configuration)
        made[count++] = tskl_arena_printf(arena, "TASKLESS_CONFIG=%s", configuration);
    if (tskl_installed_packs(packs))
        made[count++] = tskl_arena_printf(arena, "TASKLESS_DIRECTORY=%s", packs);
    for (size_t i = 0; i < client->count; i++)
        made[count++] = tskl_arena_printf(arena, "%s=%s", client->variables[i].variable,
                                          client->variables[i].value);
    return made;
}

// The line that says why: ours, or the one that has the error's name; else the first.
static tskl_slice telling_line(tskl_slice output) {
    tskl_slice rest = output, first = tskl_slice_line(&rest);
    for (rest = output; rest.len;) {
        tskl_slice line = tskl_slice_line(&rest);
        if (tskl_slice_starts(line, TSKL_S("taskless: ")) ||
            tskl_slice_search(line, TSKL_S("Error:")) != SIZE_MAX)
            return line;
    }
    return first;
}

static void explain_unseen(tskl_findings *findings, const runtime_client *client,
                           const tskl_probe *probe, const char *what) {
    const char *end = "";
    char mend[256] = "run the same by hand, and report what it says";
    tskl_slice line = telling_line(tskl_buf_slice(&probe->output));
    for (size_t i = client->count; i-- > 0;) {
        const char *variable = client->variables[i].variable, *old = tskl_env_lookup(variable);
        if (old && *old)
            snprintf(mend, sizeof mend, "unset %s, which is '%.100s', and try again", variable,
                     old);
    }
    if (probe->timed_out)
        end = ": it did not end";
    else if (probe->exit_code < 0)
        end = ": it was ended by a signal";
    tskl_findings_add(findings, TSKL_BAD, client->variables[0].name, mend,
                      "%s, but a call that it made was not seen%s%s" TSKL_FMT, what, end,
                      line.len ? ": " : "", TSKL_ARG(tskl_slice_first(line, 300)));
}

static void try_call(tskl_findings *findings, const runtime_client *client, size_t at,
                     const char *path, const char *what) {
    char *argv[] = {(char *)path, (char *)languages[at].option, (char *)languages[at].call, NULL};
    char configuration[PATH_MAX];
    if (!write_configuration(configuration)) *configuration = 0;
    char **environment = environment_of(client, configuration, &findings->arena);
    tskl_probe probe = {.exit_code = -1};
    bool ran = environment && tskl_probe_run(argv, environment, CALL_MS, &probe);
    if (*configuration) unlink(configuration);
    tskl_slice output = tskl_buf_slice(&probe.output);
    if (ran && tskl_slice_search(output, TSKL_S("/taskless-doctor")) != SIZE_MAX)
        tskl_findings_add(findings, TSKL_GOOD, client->variables[0].name, NULL,
                          "%s; `taskless run` sets %s, and a call that it made was seen", what,
                          client->names);
    else
        explain_unseen(findings, client, &probe, what);
    tskl_buf_deinit(&probe.output);
}

// What is known to keep the client out says more than that a call was not seen.
static bool has_obstacle(tskl_findings *findings, const char *name, const char *path,
                         const char *version, const char *what) {
    tskl_engine engine = tskl_engine_of(path);
    tskl_engine_ask(&engine, path);
    if (!engine.language && version) tskl_engine_number(&engine, version);
    tskl_obstacle found = tskl_obstacle_of(name, &engine, &findings->arena);
    if (!found.why) return false;
    tskl_findings_add(findings, TSKL_BAD, name, found.mend, "%s%s%s, but not observed: %s",
                      found.runtime ? found.runtime : "", found.runtime ? ": " : "", what,
                      found.why);
    return true;
}

static void look_at(tskl_findings *findings, size_t at) {
    const char *name = languages[at].runtime;
    const char *path = tskl_probe_find(languages[at].program, &findings->arena);
    runtime_client client = find_client(name, &findings->arena);
    bool known = client.count > 0;
    if (!path) {
        tskl_findings_add(findings, known ? TSKL_NOTE : TSKL_GOOD, name, NULL, "%s is not on PATH",
                          languages[at].program);
        return;
    }
    const char *version = version_of(path, &findings->arena);
    char what[512];
    snprintf(what, sizeof what, "%s, %s", version ? version : "of unknown version", path);
    if (!known) {
        tskl_findings_add(findings, TSKL_NOTE, name, NULL, "%s; this version does not observe it",
                          what);
    } else if (has_obstacle(findings, name, path, version, what)) {
        return;
    } else if (!client.variables[0].value) {
        tskl_findings_add(findings, TSKL_BAD, name, "install taskless again",
                          "%s, but its client is not installed: %s is missing", what,
                          client.variables[0].part);
    } else {
        try_call(findings, &client, at, path, what);
    }
}

void tskl_doctor_runtimes(tskl_findings *findings) {
    findings->group = "Runtimes";
    for (size_t i = 0; i < TSKL_COUNT(languages); i++) look_at(findings, i);
}
