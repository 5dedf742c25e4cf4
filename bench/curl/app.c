// app: a program that calls a service by libcurl, and then says what that cost it: one line of
// JSON. SPDX-License-Identifier: Apache-2.0
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { AT_ONCE_MAX = 64, COUNT_MAX = 100000 };

static char url[256];
static struct curl_slist *headers;
static double took_ms[COUNT_MAX];
static int done;

static double now_ms(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static size_t drop(char *data, size_t one, size_t size, void *user) {
    (void)data;
    (void)user;
    return one * size;
}

static CURL *handle(void) {
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS,
                     "amount=2000&currency=usd&payment_method=pm_card_visa&confirm=true");
    curl_easy_setopt(easy, CURLOPT_CAINFO, getenv("SSL_CERT_FILE"));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    return easy;
}

static void note(CURL *easy) {
    double seconds = 0;
    curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME, &seconds);
    took_ms[done++] = seconds * 1e3;
}

static void call_one_by_one(int count) {
    CURL *easy = handle();
    for (int i = 0; i < count; i++) {
        if (curl_easy_perform(easy) != CURLE_OK) exit(1);
        note(easy);
        if (i == 0) {
            puts("first");
            fflush(stdout);
        }
    }
    curl_easy_cleanup(easy);
}

static void call_at_once(int at_once, int count) {
    CURLM *multi = curl_multi_init();
    int begun = 0, running, left;
    for (; begun < at_once; begun++) curl_multi_add_handle(multi, handle());
    while (done < count) {
        curl_multi_perform(multi, &running);
        for (CURLMsg *message; (message = curl_multi_info_read(multi, &left));) {
            CURL *easy = message->easy_handle;
            if (message->data.result != CURLE_OK) exit(1);
            note(easy);
            curl_multi_remove_handle(multi, easy);
            if (begun < count && begun++)
                curl_multi_add_handle(multi, easy);
            else
                curl_easy_cleanup(easy);
        }
        curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
    curl_multi_cleanup(multi);
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double resident_mb(void) {
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%*d %ld", &pages) != 1) pages = 0;
    if (file) fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    int at_once = atoi(argv[2]), count = atoi(argv[3]);
    if (at_once > AT_ONCE_MAX || count > COUNT_MAX) return 2;
    snprintf(url, sizeof url, "%s/v1/payment_intents", argv[1]);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    headers = curl_slist_append(NULL, "authorization: Bearer sk_test_4eC39HqLyjWDarjtT1zdp7dc");
    call_one_by_one(100); // what is done once
    done = 0;
    double thread = now_ms(CLOCK_THREAD_CPUTIME_ID), process = now_ms(CLOCK_PROCESS_CPUTIME_ID);
    if (at_once > 1)
        call_at_once(at_once, count);
    else
        call_one_by_one(count);
    thread = now_ms(CLOCK_THREAD_CPUTIME_ID) - thread;
    process = now_ms(CLOCK_PROCESS_CPUTIME_ID) - process;
    qsort(took_ms, (size_t)done, sizeof *took_ms, compare);
    printf("{\"thread\": %.1f, \"process\": %.1f, \"p50\": %.3f, \"memory\": %.2f}\n",
           thread * 1e3 / count, process * 1e3 / count, took_ms[done / 2], resident_mb());
    return 0;
}
