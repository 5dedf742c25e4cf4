// consent: what a configuration that was found is given only after its user has agreed.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CONFIG_CONSENT_H
#define TSKL_CONFIG_CONSENT_H
#include "config/config.h"

enum { TSKL_CONSENT_MAX = 256 * 1024 }; // bytes of one consent on disk

typedef struct tskl_consent_pack {
    tskl_slice name;
    tskl_sha256 digest; // tskl_package_digest
} tskl_consent_pack;

/** A consent as it is kept: one file a configuration, named by the digest of its path. */
typedef struct tskl_consent {
    tskl_slice path;          // of the configuration, whole and without links
    tskl_sha256 file;         // of its text
    tskl_sha256 dotenv;       // of TASKLESS_ENV's file; "" where there was none
    tskl_consent_pack *packs; // that are given something and lie on disk
    size_t pack_count;
} tskl_consent;

/** Lists in `config->asks` what a file that was found asks for beyond what needs no consent, and
 *  takes out of the configuration what is not agreed to: hosts and secrets of Packs, Packs to be
 *  fetched, outputs elsewhere. A file that is the user's own word is left as it is. `never`: no
 *  Pack is given hosts and secrets, whatever was agreed and whichever file it is; what it would
 *  have been given is listed in `config->withheld`. NOMEM. */
tskl_status tskl_consent_weigh(tskl_config *config, bool never, tskl_error *err);
/** What is to be agreed to for the configuration as it stands now. In its arena. NOT_FOUND: a Pack
 *  that is to be given something is missing; INVALID: a path with a line break; or as reading it.
 */
tskl_status tskl_consent_make(tskl_config *config, tskl_consent *out, tskl_error *err);

/** The folder where consent is kept: $XDG_STATE_HOME/taskless/trust, else below ~/.local/state.
 *  NULL where there is neither, or no memory. In `arena`. */
const char *tskl_consent_folder(tskl_arena *arena);
/** What the file of a configuration at that whole path is called there. */
tskl_sha256 tskl_consent_name(tskl_slice path);
/** As text, and back. SYNTAX; NOMEM. `out` borrows from `text`; its list is in `arena`. */
bool tskl_consent_write(const tskl_consent *consent, tskl_buf *text);
tskl_status tskl_consent_parse(tskl_slice text, tskl_arena *arena, tskl_consent *out,
                               tskl_error *err);
/** One word for what is asked for: "hosts", "environment", "output", ... */
const char *tskl_ask_word(tskl_ask_kind kind);
#endif
