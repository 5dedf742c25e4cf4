// SPDX-License-Identifier: Apache-2.0
#include "pipeline/vars.h"
#include "base/alloc.h"
#include <pthread.h>

enum { CHAINS = 256 }; // a full store of the smallest entries has 85 in each

typedef struct entry entry;
struct entry {
    entry *next;
    uint64_t hash;
    size_t key_len, value_len;
    char bytes[]; // the key, then the value
};

struct tskl_vars {
    pthread_mutex_t lock; // of what follows
    size_t held;
    entry *chains[CHAINS];
};

tskl_status tskl_vars_new(tskl_vars **out, tskl_error *err) {
    tskl_vars *vars = *out = tskl_new(tskl_vars);
    if (!vars) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for variables");
    pthread_mutex_init(&vars->lock, NULL);
    return TSKL_OK;
}

void tskl_vars_free(tskl_vars *vars) {
    if (!vars) return;
    for (size_t i = 0; i < CHAINS; i++) {
        while (vars->chains[i]) {
            entry *next = vars->chains[i]->next;
            tskl_free(vars->chains[i]);
            vars->chains[i] = next;
        }
    }
    pthread_mutex_destroy(&vars->lock);
    tskl_free(vars);
}

static size_t size_of(const entry *e) {
    return e ? TSKL_VARS_ENTRY + e->key_len + e->value_len : 0;
}

// What follows runs with the lock held.

// Where the entry hangs, or where one of that name would: it is NULL then.
static entry **find(tskl_vars *vars, tskl_slice key, uint64_t hash) {
    entry **link = &vars->chains[hash % CHAINS];
    for (; *link; link = &(*link)->next)
        if ((*link)->hash == hash &&
            tskl_slice_equal((tskl_slice){(*link)->bytes, (*link)->key_len}, key))
            break;
    return link;
}

static void cut(tskl_vars *vars, entry **link) {
    entry *old = *link;
    if (!old) return;
    vars->held -= size_of(old);
    *link = old->next;
    tskl_free(old);
}

static void hang(tskl_vars *vars, entry *e) {
    entry **chain = &vars->chains[e->hash % CHAINS];
    e->next = *chain;
    *chain = e;
    vars->held += size_of(e);
}

// What follows takes the lock.

tskl_status tskl_vars_get(tskl_vars *vars, tskl_slice key, tskl_buf *value) {
    tskl_buf_clear(value);
    pthread_mutex_lock(&vars->lock);
    const entry *e = *find(vars, key, tskl_slice_hash(key));
    if (e) tskl_buf_add(value, (tskl_slice){e->bytes + e->key_len, e->value_len});
    pthread_mutex_unlock(&vars->lock);
    if (!e) return TSKL_ERR_NOT_FOUND;
    return value->failed ? TSKL_ERR_NOMEM : TSKL_OK;
}

static entry *make_entry(tskl_slice key, tskl_slice value) {
    entry *e = tskl_alloc(sizeof *e + key.len + value.len);
    if (!e) return NULL;
    *e = (entry){.hash = tskl_slice_hash(key), .key_len = key.len, .value_len = value.len};
    if (key.len) memcpy(e->bytes, key.ptr, key.len);
    if (value.len) memcpy(e->bytes + key.len, value.ptr, value.len);
    return e;
}

tskl_status tskl_vars_set(tskl_vars *vars, tskl_slice key, tskl_slice value) {
    // Both come from a guest's memory: their sum cannot overflow.
    if (key.len + value.len > TSKL_VARS_MAX - TSKL_VARS_ENTRY) return TSKL_ERR_LIMIT;
    entry *made = make_entry(key, value);
    if (!made) return TSKL_ERR_NOMEM;
    pthread_mutex_lock(&vars->lock);
    entry **old = find(vars, key, made->hash);
    bool fits = vars->held - size_of(*old) + size_of(made) <= TSKL_VARS_MAX;
    if (fits) {
        cut(vars, old);
        hang(vars, made);
    }
    pthread_mutex_unlock(&vars->lock);
    if (!fits) tskl_free(made);
    return fits ? TSKL_OK : TSKL_ERR_LIMIT;
}

void tskl_vars_remove(tskl_vars *vars, tskl_slice key) {
    pthread_mutex_lock(&vars->lock);
    cut(vars, find(vars, key, tskl_slice_hash(key)));
    pthread_mutex_unlock(&vars->lock);
}
