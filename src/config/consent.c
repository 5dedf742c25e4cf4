// consent: a folder that was cloned or unpacked brings its configuration along. Until its user has
// agreed, that may say what is observed and how it is shown, and nothing that reaches beyond.
// SPDX-License-Identifier: Apache-2.0
#include "config/consent.h"
#include "base/handover.h"
#include "base/log.h"
#include "config/outputs.h"
#include "config/pack_entry.h"
#include "config/variables.h"
#include "store/package.h"
#include "store/trust.h"
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

/** One configuration while it is weighed. */
typedef struct weighing {
    tskl_config *config;
    tskl_consent consent; // empty: there is none, or it is for another text
    bool own;             // the file is the user's own word: nothing waits
    bool agreed, never;
    char folder[PATH_MAX]; // of the file, without links
    size_t room;           // of the asks, and of what is withheld
} weighing;

static tskl_status nomem(tskl_error *err) {
    return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (what needs consent)");
}

const char *tskl_ask_word(tskl_ask_kind kind) {
    static const char *const words[] = {"hosts", "environment", "output", "fetch", "log"};
    return words[kind];
}

static bool add_ask(weighing *w, tskl_ask_kind kind, tskl_slice pack, tskl_slice what, bool given) {
    tskl_config *config = w->config;
    if (config->ask_count == w->room) return false;
    config->asks[config->ask_count++] = (tskl_config_ask){kind, pack, what, given};
    config->waiting += !given;
    return true;
}

static bool add_withheld(weighing *w, tskl_ask_kind kind, tskl_slice pack, tskl_slice what) {
    tskl_config *config = w->config;
    if (config->withheld_count == w->room) return false;
    config->withheld[config->withheld_count++] = (tskl_config_ask){kind, pack, what, false};
    return true;
}

// What a command never gives does not wait: it is only named where a live run would give it.
static bool add_grant(weighing *w, tskl_ask_kind kind, tskl_slice pack, tskl_slice what,
                      bool given) {
    if (!w->never) return add_ask(w, kind, pack, what, given);
    return !given || add_withheld(w, kind, pack, what);
}

// The whole path of the file without links: what consent goes by.
static bool real_path(const tskl_config *config, char real[PATH_MAX]) {
    return config->path && realpath(config->path, real);
}

// What cannot be read, or is another's, is no consent.
static tskl_status find_consent(weighing *w, tskl_error *err) {
    tskl_config *config = w->config;
    char real[PATH_MAX];
    tskl_slice text;
    tskl_error why;
    const char *folder = tskl_consent_folder(&config->arena);
    if (!folder || !real_path(config, real)) return TSKL_OK;
    tskl_sha256 name = tskl_consent_name(tskl_slice_of(real));
    const char *path = tskl_arena_printf(&config->arena, "%s/%s", folder, name.hex);
    if (!path) return nomem(err);
    tskl_status status = tskl_trust_read(path, TSKL_CONSENT_MAX, &config->arena, &text, &why);
    if (status == TSKL_OK) status = tskl_consent_parse(text, &config->arena, &w->consent, &why);
    if (status == TSKL_ERR_NOMEM) return nomem(err);
    if (status != TSKL_OK && status != TSKL_ERR_NOT_FOUND)
        tskl_log(TSKL_LOG_WARN, "consent: passed over: %s", why.message);
    bool of_this = tskl_slice_equal(w->consent.path, tskl_slice_of(real));
    w->agreed = of_this && tskl_sha256_equal(&w->consent.file, &config->digest);
    config->consent_broken = of_this && !w->agreed;
    return TSKL_OK;
}

static bool is_on_disk(const tskl_config_pack *entry) {
    return entry->from.len && !tskl_pack_entry_is_remote(entry);
}

// A Pack inside the file, or fetched by its digest, is agreed to with the file's own text.
static tskl_status read_digest(const tskl_config_pack *entry, tskl_sha256 *digest,
                               tskl_error *err) {
    tskl_arena arena = {0};
    tskl_package package;
    *digest = (tskl_sha256){""};
    const char *path = tskl_arena_cstr(&arena, entry->from);
    tskl_status status = path ? tskl_package_read(path, &arena, &package, err) : nomem(err);
    if (status == TSKL_OK) *digest = tskl_package_digest(&package);
    tskl_arena_reset(&arena);
    return status;
}

// True when the Pack is the one that was agreed to; it is looked at once more when it is loaded.
static bool is_agreed_pack(weighing *w, tskl_config_pack *entry) {
    tskl_sha256 digest;
    if (w->own) return true;
    if (!w->agreed) return false;
    if (!is_on_disk(entry)) return true;
    if (read_digest(entry, &digest, NULL) != TSKL_OK) return false;
    for (size_t i = 0; i < w->consent.pack_count; i++)
        if (tskl_slice_equal(w->consent.packs[i].name, entry->name) &&
            tskl_sha256_equal(&w->consent.packs[i].digest, &digest)) {
            entry->agreed = digest;
            return true;
        }
    w->config->consent_broken = true;
    return false;
}

static bool is_secret(const tskl_config *config, tskl_slice name) {
    tskl_slice value;
    tskl_variables_find(config, name, &value);
    return tskl_variables_is_secret(config, name, value);
}

static size_t count_secrets(const tskl_config *config, const tskl_config_pack *entry) {
    size_t count = 0;
    for (size_t i = 0; i < entry->environment.count; i++)
        count += is_secret(config, entry->environment.items[i]);
    return count;
}

static bool asks_for_something(const tskl_config *config, const tskl_config_pack *entry) {
    return entry->call_hosts.count || count_secrets(config, entry);
}

static bool is_agreed_dotenv(weighing *w) {
    const tskl_sha256 *now = &w->config->dotenv;
    if (w->own || !now->hex[0] || tskl_sha256_equal(now, &w->consent.dotenv)) return true;
    w->config->consent_broken = w->config->consent_broken || w->agreed;
    return false;
}

// Variables that look like nothing secret need no `allow`, so nothing is lost with the list.
static bool weigh_grants(weighing *w, tskl_config_pack *entry) {
    const tskl_config *config = w->config;
    bool given = is_agreed_pack(w, entry), done = true;
    bool variables_given = given && is_agreed_dotenv(w);
    for (size_t i = 0; done && i < entry->call_hosts.count; i++)
        done = add_grant(w, TSKL_ASK_HOSTS, entry->name, entry->call_hosts.items[i], given);
    for (size_t i = 0; done && i < entry->environment.count; i++)
        if (is_secret(config, entry->environment.items[i]))
            done = add_grant(w, TSKL_ASK_ENVIRONMENT, entry->name, entry->environment.items[i],
                             variables_given);
    if (w->never || !given) entry->call_hosts = (tskl_texts){0};
    if (w->never || !variables_given) entry->environment = (tskl_texts){0};
    return done;
}

static bool weigh_pack(weighing *w, tskl_config_pack *entry) {
    bool done = true;
    if (!entry->enabled || entry->shipped) return true;
    if (!w->own && tskl_pack_entry_is_remote(entry)) {
        entry->waits = !w->agreed;
        entry->enabled = w->agreed;
        done = add_ask(w, TSKL_ASK_FETCH, entry->name, entry->from, w->agreed);
    }
    if (done && asks_for_something(w->config, entry)) done = weigh_grants(w, entry);
    return done;
}

// Below the file's folder, through no link that leads out of it, and no hidden folder such as .git,
// where other programs look for what to do.
static bool is_inside(const weighing *w, tskl_slice path) {
    char text[PATH_MAX], real[PATH_MAX];
    size_t folder_len = strlen(w->folder);
    if (!tskl_slice_to_cstr(path, text, sizeof text)) return false;
    char *slash = strrchr(text, '/');
    if (!slash || slash[1] == '.' || slash[1] == 0) return false;
    slash[slash == text] = 0;
    // Into a folder that is not there nothing is written, and what may come in its place is not
    // known.
    if (!realpath(text, real)) return false;
    bool below = strncmp(real, w->folder, folder_len) == 0 &&
                 (folder_len == 1 || real[folder_len] == '/' || real[folder_len] == 0);
    return below && !strstr(real + folder_len - (folder_len == 1), "/.");
}

static bool needs_consent(const weighing *w, tskl_slice to) {
    tskl_slice path = to, kind = tskl_slice_split(&path, ':');
    if (tskl_slice_equal(to, TSKL_S("stderr")) || tskl_slice_equal(to, TSKL_S("stdout")))
        return false;
    bool file = tskl_slice_equal(kind, TSKL_S("file")) || tskl_slice_equal(kind, TSKL_S("har"));
    // In another user's folder a link may take a folder's place at any time.
    return !file || w->config->foreign || !is_inside(w, path);
}

static bool weigh_outputs(weighing *w) {
    tskl_config *config = w->config;
    size_t kept = 0, count = config->output_count;
    for (size_t i = 0; i < count; i++) {
        tskl_config_output output = config->outputs[i];
        bool waits = needs_consent(w, output.to);
        if (waits && !add_ask(w, TSKL_ASK_OUTPUT, (tskl_slice){NULL, 0}, output.to, w->agreed))
            return false;
        if (!waits || w->agreed) config->outputs[kept++] = output;
    }
    config->output_count = kept;
    if (kept == 0 && count) config->outputs = NULL; // then the usual one, rather than none
    return true;
}

static bool weigh_log(weighing *w) {
    tskl_config *config = w->config;
    if (config->log_to.fd <= STDERR_FILENO) return true;
    const char *to = tskl_arena_printf(&config->arena, "fd:%d", config->log_to.fd);
    if (!w->agreed) config->log_to = tskl_handover_descriptor(STDERR_FILENO);
    return to && add_ask(w, TSKL_ASK_LOG, (tskl_slice){NULL, 0}, tskl_slice_of(to), w->agreed);
}

static bool make_room(weighing *w) {
    tskl_config *config = w->config;
    w->room = config->output_count + 1;
    for (size_t i = 0; i < config->pack_count; i++)
        w->room += 1 + config->packs[i].call_hosts.count + config->packs[i].environment.count;
    config->asks = tskl_arena_array(&config->arena, tskl_config_ask, w->room);
    config->withheld = tskl_arena_array(&config->arena, tskl_config_ask, w->room);
    return config->asks && config->withheld;
}

tskl_status tskl_consent_weigh(tskl_config *config, bool never, tskl_error *err) {
    weighing w = {.config = config, .never = never};
    w.own = config->source != TSKL_SOURCE_FOUND;
    if (w.own && !never) return TSKL_OK;
    if (real_path(config, w.folder)) {
        char *slash = strrchr(w.folder, '/');
        slash[slash == w.folder] = 0;
    }
    if (!make_room(&w)) return nomem(err);
    if (!w.own) TSKL_TRY(find_consent(&w, err));
    for (size_t i = 0; i < config->pack_count; i++)
        if (!weigh_pack(&w, &config->packs[i])) return nomem(err);
    if (w.own) return TSKL_OK;
    return weigh_outputs(&w) && weigh_log(&w) ? TSKL_OK : nomem(err);
}

static tskl_status add_pack(tskl_consent *consent, const tskl_config_pack *entry, tskl_error *err) {
    for (size_t i = 0; i < consent->pack_count; i++)
        if (tskl_slice_equal(consent->packs[i].name, entry->name)) return TSKL_OK;
    tskl_sha256 digest;
    tskl_status status = read_digest(entry, &digest, err);
    if (status) return tskl_context(err, status, "Pack " TSKL_FMT, TSKL_ARG(entry->name));
    consent->packs[consent->pack_count].name = entry->name;
    consent->packs[consent->pack_count++].digest = digest;
    return TSKL_OK;
}

static const tskl_config_pack *pack_of(const tskl_config *config, tskl_slice name) {
    for (size_t i = 0; i < config->pack_count; i++)
        if (tskl_slice_equal(config->packs[i].name, name)) return &config->packs[i];
    return NULL;
}

tskl_status tskl_consent_make(tskl_config *config, tskl_consent *out, tskl_error *err) {
    char real[PATH_MAX];
    *out = (tskl_consent){.file = config->digest, .dotenv = config->dotenv};
    if (!real_path(config, real))
        return tskl_fail(err, TSKL_ERR_NOT_FOUND, "%s is gone", config->path);
    if (strchr(real, '\n'))
        return tskl_fail(err, TSKL_ERR_INVALID, "a path with a line break cannot be kept");
    out->packs = tskl_arena_zeroed(&config->arena, config->ask_count + 1, sizeof *out->packs);
    if (!out->packs || !tskl_arena_copy(&config->arena, tskl_slice_of(real), &out->path))
        return nomem(err);
    for (size_t i = 0; i < config->ask_count; i++) {
        tskl_ask_kind kind = config->asks[i].kind;
        const tskl_config_pack *entry = pack_of(config, config->asks[i].pack);
        bool grant = kind == TSKL_ASK_HOSTS || kind == TSKL_ASK_ENVIRONMENT;
        if (grant && entry && is_on_disk(entry)) TSKL_TRY(add_pack(out, entry, err));
    }
    return TSKL_OK;
}
