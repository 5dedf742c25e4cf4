// masker: what the masking of URLs, headers, forms, JSON and XML has in common. Only for mask*.c
// and view.c.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_EXCHANGE_MASKER_H
#define TSKL_EXCHANGE_MASKER_H
#include "exchange/edits.h"
#include "exchange/mask.h"

/** Names and their places: objects of a list have the same names, and so have URLs. */
typedef struct tskl_mask_memos {
    struct {
        tskl_slice name;
        unsigned places;
    } of[64];
} tskl_mask_memos;

/** One text under way. */
typedef struct tskl_masker {
    const tskl_mask_rules *rules; // NULL: our own list alone
    tskl_slice source;
    tskl_edits edits;
    tskl_secrets *secrets;
    tskl_arena *arena;
    unsigned depth;         // how many texts this one stands in
    tskl_mask_memos *memos; // of all of them, or NULL
} tskl_masker;

/** Texts stand in texts, such as JSON in a string of JSON: so many levels are read. Each is at most
 *  as long as the one around it, so that this bounds the work as well. */
enum { TSKL_MASK_DEPTH = 4 };

/** Where a name stands: the same word may be a secret in one place and none in another. */
typedef enum tskl_mask_place {
    TSKL_MASK_HEADER = 1,
    TSKL_MASK_QUERY = 2,
    TSKL_MASK_FORM = 4,
    TSKL_MASK_MEMBER = 8,   // of JSON, XML, YAML, ...
    TSKL_MASK_OAUTH = 16,   // only where OAuth is spoken: `code`, `token`
    TSKL_MASK_NUMBERS = 32, // of digits alone as well: passwords, pins, cards
    TSKL_MASK_STRICT = 64,  // to be opaque, a value must mix small letters, capitals and digits
} tskl_mask_place;
/** The places where a value is a secret only when it is opaque (tskl_mask_is_opaque). */
#define TSKL_MASK_IF_OPAQUE(places) ((unsigned)(places) << 8)

/** The places where a value of that name is a secret, whatever the name's case and however its
 *  words are joined: see the rules in mask_names.c. 0: nowhere. */
unsigned tskl_mask_places(tskl_slice name);
/** The same, looked up once: `name` has to stay as long as the memos. */
unsigned tskl_masker_places(const tskl_masker *masker, tskl_slice name);
/** True when `plain`, a value of a name with these places, is a secret in that one. What needs
 *  OAuth is the caller's to know. */
bool tskl_mask_judges(unsigned places, unsigned place, tskl_slice plain);
#ifdef TSKL_TESTING
/** The words of our own rules, to see that each is found; NULL past the last. */
const char *tskl_mask_name_at(size_t i, const char **before);
/** The places of that rule. */
unsigned tskl_mask_bits_at(size_t i);
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
/** True of 16 bytes or more of letters and digits that no words are made of. */
bool tskl_mask_is_opaque(tskl_slice plain, bool strict);
/** The part of `word`, which has no blank in it, that is a secret by its shape: one of the known
 *  kinds of key, of 20 bytes or more, all of it; of a Stripe client secret its end. Else empty. */
tskl_slice tskl_mask_key(tskl_slice word);

/** Shows `part` of the source as "***", with its prefix where that is known. `plain` is the secret
 *  itself, unescaped; where it is no value, nothing is done. `quoted`: as a JSON string. */
void tskl_masker_hide(tskl_masker *masker, tskl_slice part, tskl_slice plain, bool quoted);
/** How a text is written inside another. */
typedef enum tskl_mask_escapes {
    TSKL_ESCAPES_NONE,
    TSKL_ESCAPES_JSON,    // "\/", "\u0026"
    TSKL_ESCAPES_PERCENT, // "%26", as a form or query has it
    TSKL_ESCAPES_HTML,    // "&amp;"
    TSKL_ESCAPES_EVENT,   // "\ndata: " between the lines of one event
} tskl_mask_escapes;
/** Reads `text`, a part of the source, as it is meant without its escapes, one level deeper, with
 *  `read`, and hides the same places in the source. Past TSKL_MASK_DEPTH nothing is done. */
void tskl_masker_inside(tskl_masker *masker, tskl_slice text, tskl_mask_escapes escapes,
                        void (*read)(tskl_masker *masker, tskl_slice text));
/** What of a path is a secret with that host. */
void tskl_masker_path(tskl_masker *masker, tskl_slice host, tskl_slice path);
/** All of `url`, a part of the source; of its fragment what has names. */
void tskl_masker_url(tskl_masker *masker, tskl_slice url);
/** name=value pairs, `pairs` being a part of the source. */
void tskl_masker_pairs(tskl_masker *masker, tskl_slice pairs, tskl_mask_place place);
/** True when `plain`, the value of a field with that name, is a secret there. */
bool tskl_masker_names(const tskl_masker *masker, tskl_slice name, tskl_mask_place place,
                       tskl_slice plain);
/** JSON. Where it is cut or wrong, tskl_masker_document goes on. */
void tskl_masker_json(tskl_masker *masker, tskl_slice text);
/** True when `text` looks like the beginning of a JSON object or array. */
bool tskl_mask_begins_as_json(tskl_slice text);
/** Text of any kind, such as a string of JSON: what is a secret by its shape, URLs, `name=value`,
 *  `name: "value"`; JSON where all of it is JSON. */
void tskl_masker_text(tskl_masker *masker, tskl_slice text);
/** What stands between the quotes of a JSON string: as text, without its escapes. */
void tskl_masker_string(tskl_masker *masker, tskl_slice inside);
/** A document of lines: as text, and `name: value` at the beginning of a line. */
void tskl_masker_document(tskl_masker *masker, tskl_slice text);
/** Only keys by their shape. */
void tskl_masker_keys(tskl_masker *masker, tskl_slice text);
/** XML and HTML: the text of elements, and attributes. */
void tskl_masker_xml(tskl_masker *masker, tskl_slice text);
/** multipart/...: each part as what it is. */
void tskl_masker_multipart(tskl_masker *masker, tskl_slice text);
/** A part of a body that is of that type itself. */
void tskl_masker_part(tskl_masker *masker, tskl_slice content_type, tskl_slice text);
/** A body of that type (see tskl_mask_body). */
void tskl_masker_body(tskl_masker *masker, tskl_slice content_type);

/** Remembers a secret, once; shorter ones than 8 bytes are not looked for. False: no memory. */
bool tskl_secrets_add(tskl_secrets *secrets, tskl_arena *arena, tskl_slice plain);
/** As add, without the prefix that says its kind: whoever drops it still gives the secret away. Of
 *  one with punctuation in it, a word of 16 bytes is a secret as well. */
bool tskl_secrets_add_credential(tskl_secrets *secrets, tskl_arena *arena, tskl_slice plain);
/** What a request says of secrets that are remembered behind all others of it. */
struct tskl_deferred {
    tskl_slice text;
    tskl_deferred *next;
};
/** Remembers later: who logs in is no secret where the URL shows it (Twilio's accounts), and a
 *  service that sets a hundred cookies must not push out the password that is sent with them. Of
 *  users the first TSKL_SECRETS_MAX. */
bool tskl_secrets_add_user(tskl_secrets *secrets, tskl_arena *arena, tskl_slice user);
bool tskl_secrets_add_cookies(tskl_secrets *secrets, tskl_arena *arena, tskl_slice cookies);
/** Remembers them now, of users those that `shown` does not contain. False: no memory. */
bool tskl_secrets_remember_cookies(tskl_secrets *secrets, tskl_arena *arena);
bool tskl_secrets_remember_users(tskl_secrets *secrets, tskl_arena *arena, tskl_slice shown);
/** Forgets those that stand in `shown`: what is shown anyway is no secret. */
void tskl_secrets_forget(tskl_secrets *secrets, tskl_slice shown);
/** Takes its memory from `arena`, then and later. NULL: no memory. */
tskl_secret_search *tskl_secret_search_new(tskl_arena *arena);
/** `text` without white space and one pair of quotes around it. */
tskl_slice tskl_without_quotes(tskl_slice text);
/** `text` with each %XX undone, in `arena` where there is any; `plus_is_space` as forms have it. */
bool tskl_percent_decode(tskl_slice text, bool plus_is_space, tskl_arena *arena, tskl_slice *out);
#endif
