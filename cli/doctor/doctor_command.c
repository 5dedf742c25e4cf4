// SPDX-License-Identifier: Apache-2.0
//
// What can be told of a command without running it: what runs it in the end, and what of its words
// and its kind keeps a client out.
#include "doctor/doctor.h"
#include "way.h"

void tskl_doctor_command(tskl_findings *findings, char *const *words, size_t count) {
    (void)count; // they end with NULL
    findings->group = "Command";
    tskl_ways ways = tskl_ways_of((const char *const *)words, true, &findings->arena);
    for (size_t i = 0; i < ways.count; i++)
        tskl_findings_add(findings, ways.items[i].mood, ways.items[i].name, ways.items[i].mend,
                          "%s", ways.items[i].text);
}
