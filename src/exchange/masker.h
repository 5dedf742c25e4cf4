// masker: what the masking of URLs, headers, forms, JSON and XML has in common. Only for mask*.c
// and view.c.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_EXCHANGE_MASKER_H
#define TSKL_EXCHANGE_MASKER_H
#include "exchange/edits.h"
#include "exchange/mask.h"

/** One text under way. */
typedef struct tskl_masker {
    const tskl_mask_rules *rules; // NULL: our own list alone
    tskl_slice source;
    tskl_edits edits;
    tskl_secrets *secrets;
    tskl_arena *arena;
} tskl_masker;

/** Where a name stands: the same word may be a secret in one place and none in another. */
typedef enum tskl_mask_place {
    TSKL_MASK_HEADER = 1,
    TSKL_MASK_QUERY = 2,
    TSKL_MASK_FORM = 4,
    TSKL_MASK_MEMBER = 8, // of JSON or XML
    TSKL_MASK_OAUTH = 16  // only where OAuth is spoken: `code`, `token`
} tskl_mask_place;

/** The places where a value of that name is a secret, whatever the name's case and whether its
 *  words are joined by '_', '-' or capitals. 0: nowhere. */
unsigned tskl_mask_places(tskl_slice name);
#ifdef TSKL_TESTING
/** The names of our own list, to see that each is found; NULL past the last. */
const char *tskl_mask_name_at(size_t i);
#endif
/** True when a member of that name shows that OAuth is spoken beside it. */
bool tskl_mask_speaks_oauth(tskl_slice name);
/** True when a member of that name shows that an error is told beside it. */
bool tskl_mask_tells_error(tskl_slice name);
/** True of what a program sends where it has no secret to send: "", "undefined", "None". That is
 *  the reason of many a 401, and is shown. True also of what is masked already, in a recording:
 *  its replay shows the same. */
bool tskl_mask_is_no_value(tskl_slice plain);
/** The part of a credential that says what kind it is ("sk_test_"), or empty. */
tskl_slice tskl_mask_prefix(tskl_slice credential);

/** Shows `part` of the source as "***", with its prefix where that is known. `plain` is the secret
 *  itself, unescaped; where it is no value, nothing is done. `quoted`: as a JSON string. */
void tskl_masker_hide(tskl_masker *masker, tskl_slice part, tskl_slice plain, bool quoted);
/** What of a path is a secret with that host. */
void tskl_masker_path(tskl_masker *masker, tskl_slice host, tskl_slice path);
/** All but the fragment of `url`, a part of the source. */
void tskl_masker_url(tskl_masker *masker, tskl_slice url);
/** True when a field of a query or form with that name, unescaped, is a secret. `oauth`: OAuth is
 *  spoken beside it. */
bool tskl_masker_names(const tskl_masker *masker, tskl_slice name, tskl_mask_place place,
                       bool oauth);
/** name=value pairs, `pairs` being a part of the source. */
void tskl_masker_pairs(tskl_masker *masker, tskl_slice pairs, tskl_mask_place place);
/** JSON. Where it is cut or wrong, tskl_masker_cut_json goes on. */
void tskl_masker_json(tskl_masker *masker, tskl_slice text);
/** Members of what is no JSON, or no longer, by their names alone. */
void tskl_masker_cut_json(tskl_masker *masker, tskl_slice text);
/** XML: the text of elements. */
void tskl_masker_xml(tskl_masker *masker, tskl_slice text);
/** multipart/form-data: the fields, not the files. */
void tskl_masker_multipart(tskl_masker *masker);
/** A body of that type (see tskl_mask_body). */
void tskl_masker_body(tskl_masker *masker, tskl_slice content_type);

/** Remembers a secret, once; shorter ones than 8 bytes are not looked for. False: no memory. */
bool tskl_secrets_add(tskl_secrets *secrets, tskl_arena *arena, tskl_slice plain);
/** As add, without the prefix that says its kind: whoever drops it still gives the secret away. */
bool tskl_secrets_add_credential(tskl_secrets *secrets, tskl_arena *arena, tskl_slice plain);
/** Forgets those that stand in `shown`: what is shown anyway is no secret. */
void tskl_secrets_forget(tskl_secrets *secrets, tskl_slice shown);
/** `text` with each %XX undone, in `arena` where there is any; `plus_is_space` as forms have it. */
bool tskl_percent_decode(tskl_slice text, bool plus_is_space, tskl_arena *arena, tskl_slice *out);
#endif
