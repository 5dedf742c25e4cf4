// SPDX-License-Identifier: Apache-2.0
#include "base/status.h"
#include "config/nearest.h"
#include "doctor/doctor.h"
#include <sys/auxv.h>

static const char *const known[] = {
    "TASKLESS_CONFIG",   "TASKLESS_DIRECTORY", "TASKLESS_CACHE",   "TASKLESS_OUTPUT",
    "TASKLESS_FORMAT",   "TASKLESS_LOG_LEVEL", "TASKLESS_ENV",     "TASKLESS_FLUSH_INTERVAL",
    "TASKLESS_DISABLED", "TASKLESS_FOUND",     "TASKLESS_CONSENT",
    "TASKLESS_NODE_REQUIRE",
};

static void look_at(tskl_findings *findings, tskl_slice name, const char *value) {
    tskl_nearest nearest = {.wrong = name};
    char mend[128] = "unset it", text[64];
    bool found = false;
    for (size_t i = 0; i < TSKL_COUNT(known); i++) {
        tskl_slice one = tskl_slice_of(known[i]);
        found = found || tskl_slice_equal(one, name);
        tskl_nearest_offer(&nearest, one);
    }
    if (nearest.best.len)
        snprintf(mend, sizeof mend, "did you mean " TSKL_FMT "?", TSKL_ARG(nearest.best));
    if (!tskl_slice_to_cstr(name, text, sizeof text)) return;
    if (!found)
        tskl_findings_add(findings, TSKL_NOTE, text, mend, "no such variable is known");
    else if (tskl_slice_equal(name, TSKL_S("TASKLESS_DISABLED")) && *value &&
             strcmp(value, "0") != 0)
        tskl_findings_add(findings, TSKL_NOTE, text, "unset it", "%s: no program is observed",
                          value);
    else
        tskl_findings_add(findings, TSKL_GOOD, text, NULL, "%s", value);
}

void tskl_doctor_variables(tskl_findings *findings) {
    extern char **environ;
    findings->group = "Variables";
    if (getauxval(AT_SECURE))
        tskl_findings_add(findings, TSKL_BAD, "privileges", "run it as an ordinary program",
                          "a program that runs with another user's rights reads no variable");
    for (size_t i = 0; environ[i]; i++) {
        tskl_slice value = tskl_slice_of(environ[i]), name = tskl_slice_split(&value, '=');
        if (tskl_slice_starts(name, TSKL_S("TASKLESS_"))) look_at(findings, name, value.ptr);
    }
}
