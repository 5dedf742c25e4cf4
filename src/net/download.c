// SPDX-License-Identifier: Apache-2.0
#include "net/download.h"
#include "base/alloc.h"
#include "net/address.h"
#include "net/curl.h"
#include "net/errand.h"

enum { REDIRECTS_MAX = 5, CONNECT_MS = 10 * 1000 };

typedef struct job {
    tskl_errand errand; // first, so that one is the other
    tskl_arena arena;
    const char *url;
    uint32_t timeout_ms;
    tskl_buf file;
    tskl_curl curl;
    CURL *easy;
    char problem[CURL_ERROR_SIZE];
    tskl_error err;
} job;

bool tskl_download_allowed(const tskl_target *target) {
    return target->secure || tskl_address_is_loopback(target->host);
}

static void free_job(tskl_errand *errand) {
    job *j = (job *)errand;
    tskl_buf_deinit(&j->file);
    tskl_arena_reset(&j->arena);
    tskl_free(j);
}

static tskl_status no_memory(tskl_error *err) {
    return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a file");
}

static size_t take(char *bytes, size_t size, size_t count, void *user) {
    tskl_buf *file = user;
    tskl_buf_add(file, tskl_slice_make(bytes, size * count));
    return file->failed ? 0 : size * count;
}

static int look(void *user, curl_off_t total, curl_off_t got, curl_off_t up, curl_off_t sent) {
    (void)total, (void)got, (void)up, (void)sent;
    return tskl_errand_is_over(user);
}

#define SET(option, value) (j->curl.curl_easy_setopt(j->easy, option, value) == CURLE_OK)

static bool prepare(job *j) {
    return tskl_curl_prepare(&j->curl, j->easy) && SET(CURLOPT_URL, j->url) &&
           SET(CURLOPT_PROTOCOLS_STR, "http,https") && SET(CURLOPT_REDIR_PROTOCOLS_STR, "https") &&
           SET(CURLOPT_FOLLOWLOCATION, 1L) && SET(CURLOPT_MAXREDIRS, (long)REDIRECTS_MAX) &&
           SET(CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS) &&
           SET(CURLOPT_TIMEOUT_MS, (long)j->timeout_ms) &&
           SET(CURLOPT_USERAGENT, "taskless/" TSKL_VERSION) && SET(CURLOPT_WRITEFUNCTION, take) &&
           SET(CURLOPT_WRITEDATA, &j->file) && SET(CURLOPT_NOPROGRESS, 0L) &&
           SET(CURLOPT_XFERINFOFUNCTION, look) && SET(CURLOPT_XFERINFODATA, &j->errand) &&
           SET(CURLOPT_ERRORBUFFER, j->problem);
}

static tskl_status explain(const job *j, CURLcode code, tskl_error *err) {
    long status = 0;
    if (code == CURLE_WRITE_ERROR && j->file.failed)
        return tskl_fail(err, TSKL_ERR_LIMIT, "it has more than %zu MiB", j->file.cap >> 20);
    if (code == CURLE_OPERATION_TIMEDOUT) return tskl_fail(err, TSKL_ERR_TIMEOUT, "%s", j->problem);
    if (code != CURLE_OK)
        return tskl_fail(err, TSKL_ERR_NETWORK, "%s",
                         j->problem[0] ? j->problem : j->curl.curl_easy_strerror(code));
    j->curl.curl_easy_getinfo(j->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status == 200) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_NETWORK, "the server answered %ld", status);
}

static tskl_status work(job *j, tskl_error *err) {
    TSKL_TRY(tskl_curl_open(&j->curl, err));
    if (!tskl_errand_enter(&j->errand)) return tskl_fail(err, TSKL_ERR_CLOSED, "it is over");
    j->easy = j->curl.curl_easy_init();
    tskl_status status = j->easy && prepare(j) ? explain(j, j->curl.curl_easy_perform(j->easy), err)
                                               : no_memory(err);
    if (j->easy) j->curl.curl_easy_cleanup(j->easy);
    tskl_errand_leave(&j->errand);
    return status;
}

static void run_job(tskl_errand *errand) {
    job *j = (job *)errand;
    work(j, &j->err);
}

static job *new_job(const tskl_target *target, uint32_t timeout_ms, size_t cap) {
    job *j = tskl_new(job);
    if (!j) return NULL;
    j->errand.run = run_job;
    j->errand.free = free_job;
    j->errand.may_share_descriptors = true; // no application fetches
    j->timeout_ms = timeout_ms;
    tskl_buf_init(&j->file, cap);
    j->url = tskl_arena_cstr(&j->arena, tskl_slice_of(target->url));
    if (j->url) return j;
    free_job(&j->errand);
    return NULL;
}

tskl_status tskl_download(const tskl_target *target, uint32_t timeout_ms, tskl_buf *out,
                          tskl_error *err) {
    tskl_buf_clear(out);
    if (!tskl_download_allowed(target))
        return tskl_fail(err, TSKL_ERR_INVALID, "http: is only for this machine: use https:");
    job *j = new_job(target, timeout_ms, out->cap);
    if (!j) return no_memory(err);
    tskl_status status = tskl_errand_wait(&j->errand, timeout_ms, err);
    if (status == TSKL_ERR_TIMEOUT) return status; // it is not ours any more
    if (status == TSKL_OK && (status = j->err.status) != TSKL_OK && err) *err = j->err;
    if (status == TSKL_OK) {
        tskl_buf file = j->file;
        j->file = *out;
        *out = file;
    }
    tskl_errand_drop(&j->errand);
    return status;
}
