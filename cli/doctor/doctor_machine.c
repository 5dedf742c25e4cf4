// SPDX-License-Identifier: Apache-2.0
#include "base/thread.h"
#include "config/limits.h"
#include "doctor/doctor.h"
#include "pipeline/result.h"
#include "plugin.h"
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

// (module (func (export "f")))
static const char smallest[] = "\0asm\1\0\0\0\1\4\1\x60\0\0\3\2\1\0\7\5\1\1f\0\0\n\4\1\2\0\x0b";

/** The call of it, on its way to a thread. */
typedef struct trial {
    tskl_plugin *plugin;
    tskl_arena *arena;
    tskl_outcome outcome;
} trial;

static void *call_smallest(void *user) {
    trial *t = user;
    tskl_slice output;
    t->outcome = tskl_plugin_call(t->plugin, "f", (tskl_slice){NULL, 0}, false, t->arena, &output);
    return NULL;
}

static void run_smallest(tskl_findings *findings) {
    const tskl_limits usual = TSKL_LIMITS_DEFAULT;
    tskl_plugin_options options = {
        .limits = {usual.time_ms, usual.wall_ms, usual.memory_mib, usual.output_kib}};
    trial t = {NULL, &findings->arena, {TSKL_OUTCOME_ROOM, TSKL_S("no thread could be started")}};
    tskl_error err = {0};
    tskl_slice wasm = tskl_slice_make(smallest, sizeof smallest - 1);
    if (tskl_plugin_open(wasm, &options, &t.plugin, &err) != TSKL_OK) {
        tskl_findings_add(findings, TSKL_BAD, "sandbox",
                          "programs run all the same, with no Packs; raise the limit", "%s",
                          err.message);
        return;
    }
    (void)tskl_plugin_run(call_smallest, &t);
    if (t.outcome.kind == TSKL_OUTCOME_OK)
        tskl_findings_add(findings, TSKL_GOOD, "sandbox", NULL, "a Pack was compiled and run");
    else
        tskl_findings_add(findings, TSKL_BAD, "sandbox", NULL, "a Pack did not run: %s: " TSKL_FMT,
                          tskl_result_text(tskl_result_of(t.outcome.kind)),
                          TSKL_ARG(t.outcome.detail));
    tskl_plugin_close(t.plugin);
}

static void *do_nothing(void *nothing) {
    return nothing;
}

static void start_thread(tskl_findings *findings) {
    pthread_t thread;
    if (tskl_thread_start(&thread, "tskl-doctor", do_nothing, NULL)) {
        pthread_join(thread, NULL);
        tskl_findings_add(findings, TSKL_GOOD, "threads", NULL, "one could be started");
        return;
    }
    tskl_findings_add(findings, TSKL_BAD, "threads", "see ulimit -u, and the container's limit",
                      "none can be started: nothing is observed");
}

static void look_at_limit(tskl_findings *findings, int resource, const char *name,
                          const char *what) {
    struct rlimit limit;
    if (getrlimit(resource, &limit) || limit.rlim_cur == RLIM_INFINITY) return;
    tskl_findings_add(findings, TSKL_NOTE, name, NULL, "%s is limited to %llu MiB", what,
                      (unsigned long long)limit.rlim_cur >> 20);
}

// Lines such as "Seccomp:\t2"; 0 where there is none.
static int seccomp_mode(void) {
    char line[256];
    int mode = 0;
    FILE *status = fopen("/proc/self/status", "re");
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "Seccomp: %d", &mode) == 1) break;
    if (status) fclose(status);
    return mode;
}

static void look_at_helper(tskl_findings *findings) {
    int subreaper = 0;
    prctl(PR_GET_CHILD_SUBREAPER, &subreaper);
    if (getpid() == 1 || subreaper)
        tskl_findings_add(findings, TSKL_NOTE, "helper",
                          "run `taskless compile` when the image is built",
                          "as %s a program starts no helper that would compile missing Packs",
                          subreaper ? "a subreaper" : "process 1");
    else
        tskl_findings_add(findings, TSKL_GOOD, "helper", NULL,
                          "programs that load the library may have missing Packs compiled");
}

void tskl_doctor_machine(tskl_findings *findings) {
    findings->group = "Machine";
    start_thread(findings);
    run_smallest(findings);
    look_at_limit(findings, RLIMIT_AS, "ulimit -v", "address space");
    look_at_limit(findings, RLIMIT_DATA, "ulimit -d", "memory");
    if (seccomp_mode())
        tskl_findings_add(findings, TSKL_GOOD, "seccomp", NULL, "a filter is in force");
    look_at_helper(findings);
}
