// SPDX-License-Identifier: Apache-2.0
#include "doctor/doctor.h"
#include "inspect/inspection.h"
#include "prepare.h"
#include "sandbox/foreign.h"

static void look_at_grants(tskl_findings *findings, const char *name, const tskl_grants *grants) {
    for (size_t i = 0; i < grants->count; i++) {
        const tskl_grant *grant = &grants->items[i];
        if (!grant->given && !grant->unset)
            tskl_findings_add(findings, TSKL_NOTE, name, grant->mend,
                              "it asks for %s%s" TSKL_FMT ", and is not given it", grant->kind,
                              grant->name.len ? " " : "", TSKL_ARG(grant->name));
    }
}

static void look_at_imports(tskl_findings *findings, const char *name, const tskl_inspection *in) {
    for (size_t i = 0; !in->unjudged && i < in->wasm.import_count; i++) {
        if (in->offered[i]) continue;
        tskl_slice module = in->wasm.imports[i].module, import = in->wasm.imports[i].name;
        const char *foreign = tskl_foreign_import(module, import);
        tskl_findings_add(
            findings, TSKL_BAD, name, foreign ? foreign : "build it with an Extism kit",
            "it cannot run: it imports " TSKL_FMT " from " TSKL_FMT ", which no Pack is given",
            TSKL_ARG(import), TSKL_ARG(module));
        return;
    }
}

static void look_at_code(tskl_findings *findings, const char *name, const tskl_inspection *in) {
    if (in->uncompilable)
        tskl_findings_add(findings, TSKL_BAD, name, NULL, "it cannot be compiled: %s",
                          in->uncompilable);
}

static void look_at_hosts(tskl_findings *findings, const char *name, const tskl_pack *pack) {
    if (pack->hosts_unnamed)
        tskl_findings_add(findings, TSKL_NOTE, name, "name them under its `hosts` in taskless.yaml",
                          "it names no hosts, so it sees every call");
}

static void look_at(tskl_findings *findings, const tskl_config_pack *entry,
                    const tskl_config *config) {
    tskl_inspection in;
    tskl_error err = {0};
    char name[128];
    snprintf(name, sizeof name, TSKL_FMT, TSKL_ARG(tskl_slice_first(tskl_pack_label(entry), 100)));
    if (tskl_inspect_pack(entry, config, &in, &err) != TSKL_OK) {
        tskl_findings_add(findings, TSKL_BAD, name, NULL, "it is left out: %s", err.message);
    } else {
        tskl_findings_add(findings, TSKL_GOOD, name, NULL, TSKL_FMT " from " TSKL_FMT ", %s",
                          TSKL_ARG(in.pack->manifest.version),
                          TSKL_ARG(entry->from.len ? entry->from : TSKL_S("the configuration")),
                          in.code.folder ? "compiled" : "to be compiled by `taskless run`");
        look_at_code(findings, name, &in);
        look_at_hosts(findings, name, in.pack);
        look_at_imports(findings, name, &in);
        look_at_grants(findings, name, &in.grants);
    }
    tskl_inspection_close(&in);
}

static void look_at_replaced(tskl_findings *findings, const tskl_config *config) {
    for (size_t i = 0; i < config->replaced.count; i++)
        tskl_findings_add(findings, TSKL_NOTE, "replaced", NULL,
                          TSKL_FMT " stands in place of the one that comes with taskless",
                          TSKL_ARG(config->replaced.items[i]));
}

void tskl_doctor_packs(tskl_findings *findings, const tskl_config *config) {
    size_t enabled = 0;
    findings->group = "Packs";
    for (size_t i = 0; i < config->pack_count; i++) {
        if (!config->packs[i].enabled) continue;
        look_at(findings, &config->packs[i], config);
        enabled++;
    }
    look_at_replaced(findings, config);
    if (enabled == 0)
        tskl_findings_add(findings, TSKL_NOTE, "none", "name some in taskless.yaml",
                          "calls are shown without a service's own reason");
}
