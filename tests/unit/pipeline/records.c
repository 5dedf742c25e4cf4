// SPDX-License-Identifier: Apache-2.0
#include "pipeline/records.h"
#include <stdio.h>
#include <time.h>

void records_add(void *user, tskl_slice line) {
    records *r = user;
    pthread_mutex_lock(&r->lock);
    r->called++;
    pthread_mutex_unlock(&r->lock);
    pthread_mutex_lock(&r->gate);
    pthread_mutex_unlock(&r->gate);
    pthread_mutex_lock(&r->lock);
    r->count++;
    if (!r->keeps_none) {
        tskl_buf_add(&r->text, line);
        tskl_buf_byte(&r->text, '\n');
    }
    pthread_mutex_unlock(&r->lock);
}

static size_t read_count(records *r, const size_t *count) {
    pthread_mutex_lock(&r->lock);
    size_t now = *count;
    pthread_mutex_unlock(&r->lock);
    return now;
}

size_t records_count(records *r) {
    return read_count(r, &r->count);
}

size_t records_have(records *r, const char *part) {
    tskl_slice wanted = tskl_slice_of(part);
    size_t found = 0, at;
    pthread_mutex_lock(&r->lock);
    tskl_slice text = tskl_buf_slice(&r->text);
    for (; (at = tskl_slice_search(text, wanted)) != SIZE_MAX; found++)
        text = tskl_slice_from(text, at + wanted.len);
    pthread_mutex_unlock(&r->lock);
    return found;
}

static bool wait_for(records *r, const size_t *count, size_t wanted) {
    const struct timespec a_while = {.tv_nsec = 1000000};
    for (int i = 0; i < 5000 && read_count(r, count) < wanted; i++) nanosleep(&a_while, NULL);
    return read_count(r, count) >= wanted;
}

bool records_reach(records *r, size_t count) {
    return wait_for(r, &r->count, count);
}

bool records_call(records *r) {
    return wait_for(r, &r->called, 1);
}

void records_deinit(records *r) {
    tskl_buf_deinit(&r->text);
}

tskl_request call_request(size_t number, char url[64]) {
    snprintf(url, 64, "https://api.example.com/%zu", number);
    return (tskl_request){
        .size = sizeof(tskl_request),
        .method = TSKL_S("GET"),
        .url = tskl_slice_of(url),
        .headers = TSKL_S("accept: */*\r\n"),
    };
}

void call_end_take(tskl_exchange *exchange, size_t size) {
    static const char body[65536];
    tskl_exchange_response(exchange, 0, 200, TSKL_S("content-type: text/plain\r\n"));
    for (size_t part; size; size -= part) {
        part = size < sizeof body ? size : sizeof body;
        tskl_exchange_received(exchange, 0, (tskl_slice){body, part});
    }
    tskl_exchange_end_take(exchange, 0, TSKL_DONE, (tskl_slice){NULL, 0}, (tskl_slice){NULL, 0});
}
