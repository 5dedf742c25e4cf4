// SPDX-License-Identifier: Apache-2.0
#include "net/curl.h"
#include "base/env.h"
#include "base/generation.h"
#include "base/lazy.h"
#include <assert.h>
#include <pthread.h>
#include <string.h>

static tskl_status load_functions(tskl_curl *out, tskl_error *err) {
#define NAME(name) #name,
    static const char *const names[] = {TSKL_CURL_FUNCTIONS(NAME)};
#undef NAME
    void *found[TSKL_COUNT(names)];
    TSKL_TRY(tskl_lazy_load(TSKL_LAZY_CURL, names, found, TSKL_COUNT(names), err));
    // POSIX promises that a function's address survives the way through void *, C does not.
    static_assert(sizeof found == sizeof *out, "one pointer for each function");
    memcpy(out, found, sizeof found);
    return TSKL_OK;
}

static bool started;

// libcurl brings OpenSSL up as well. A fork in the midst of it would leave a child with locks that
// nobody opens again.
static void start(void) {
    tskl_curl curl;
    if (load_functions(&curl, NULL) != TSKL_OK) return;
    tskl_generation_hold();
    // The program may use the same libcurl: only from 7.84 on may two threads start it at once.
    const curl_version_info_data *version = curl.curl_version_info(CURLVERSION_NOW);
    started = version && (version->features & CURL_VERSION_THREADSAFE) &&
              curl.curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    tskl_generation_release();
}

tskl_status tskl_curl_open(tskl_curl *out, tskl_error *err) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    TSKL_TRY(load_functions(out, err));
    pthread_once(&once, start);
    if (started) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_UNAVAILABLE, "libcurl is older than 7.84, or does not start");
}

static bool set_long(const tskl_curl *curl, CURL *easy, CURLoption option, long value) {
    return curl->curl_easy_setopt(easy, option, value) == CURLE_OK;
}

static bool set_text(const tskl_curl *curl, CURL *easy, CURLoption option, const char *value) {
    return curl->curl_easy_setopt(easy, option, value) == CURLE_OK;
}

// Most of these are libcurl's defaults today: what must not change is said.
static bool set_never(const tskl_curl *curl, CURL *easy) {
    return set_long(curl, easy, CURLOPT_NOSIGNAL, 1) &&
           set_long(curl, easy, CURLOPT_SSL_VERIFYPEER, 1) &&
           set_long(curl, easy, CURLOPT_SSL_VERIFYHOST, 2) &&
           set_long(curl, easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2) &&
           set_long(curl, easy, CURLOPT_NETRC, CURL_NETRC_IGNORED) &&
           set_long(curl, easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1) &&
           set_long(curl, easy, CURLOPT_HTTP09_ALLOWED, 0) &&
           set_long(curl, easy, CURLOPT_UNRESTRICTED_AUTH, 0) &&
           set_text(curl, easy, CURLOPT_COOKIEFILE, NULL);
}

bool tskl_curl_prepare(const tskl_curl *curl, CURL *easy) {
    const tskl_env *env = tskl_env_get();
    if (!set_never(curl, easy)) return false;
    if (env->ssl_cert_file && !set_text(curl, easy, CURLOPT_CAINFO, env->ssl_cert_file))
        return false;
    return !env->ssl_cert_dir || set_text(curl, easy, CURLOPT_CAPATH, env->ssl_cert_dir);
}
