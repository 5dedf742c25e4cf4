// SPDX-License-Identifier: Apache-2.0
#include "net/errand.h"
#include "observer/desk.h"

// What a preloaded library would do that sees libcurl at work for a Pack: it reports the call.
typedef struct reporting {
    tskl_errand errand;
    desk *d;
} reporting;

static void report(tskl_errand *errand) {
    desk_call(((reporting *)errand)->d, 1);
}

static void free_reporting(tskl_errand *errand) {
    tskl_free(errand);
}

TEST_ONCE(observer, does_not_see_the_requests_of_packs) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    CHECK_OK(desk_open(&d, t, ""));
    reporting *r = tskl_new(reporting);
    CHECK(r);
    r->errand.run = report;
    r->errand.free = free_reporting;
    r->d = &d;
    tskl_status status = tskl_errand_wait(&r->errand, 30000, &t->err);
    tskl_errand_drop(&r->errand);
    CHECK_OK(status);
    desk_call(&d, 2);
    CHECK_OK(tskl_observer_flush(d.observer, 5000, NULL, &t->err));
    CHECK(d.r.count == 1 && records_have(&d.r, "\"url\":\"https://api.example.com/2\"") == 1);
}
