// Headers. URLs and bodies stand in mask_url.c and mask_body.c.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/mask.h"
#include "base/base64.h"
#include "exchange/masker.h"

// What may stand before a credential: any other first word could be part of the secret.
static const tskl_slice schemes[] = {
    TSKL_LIT("ApiKey"),    TSKL_LIT("AWS4-HMAC-SHA256"),
    TSKL_LIT("Basic"),     TSKL_LIT("Bearer"),
    TSKL_LIT("Bot"),       TSKL_LIT("DeepL-Auth-Key"),
    TSKL_LIT("Digest"),    TSKL_LIT("DPoP"),
    TSKL_LIT("GenieKey"),  TSKL_LIT("Hawk"),
    TSKL_LIT("HMAC"),      TSKL_LIT("JWT"),
    TSKL_LIT("Key"),       TSKL_LIT("Klaviyo-API-Key"),
    TSKL_LIT("Negotiate"), TSKL_LIT("NTLM"),
    TSKL_LIT("OAuth"),     TSKL_LIT("SharedKey"),
    TSKL_LIT("Signature"), TSKL_LIT("Splunk"),
    TSKL_LIT("SSWS"),      TSKL_LIT("Token"),
};

// Parameters of such headers that are no secrets, and would be found where they are none.
static const tskl_slice open_parameters[] = {
    TSKL_LIT("algorithm"), TSKL_LIT("headers"),       TSKL_LIT("keyid"),
    TSKL_LIT("method"),    TSKL_LIT("opaque"),        TSKL_LIT("qop"),
    TSKL_LIT("realm"),     TSKL_LIT("signedheaders"), TSKL_LIT("uri"),
};

static const tskl_slice url_headers[] = {
    TSKL_LIT("content-location"),
    TSKL_LIT("location"),
    TSKL_LIT("referer"),
};

static bool is_among(tskl_slice name, const tskl_slice *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (tskl_slice_equal_nocase(name, words[i])) return true;
    return false;
}

static bool is_secret(const tskl_mask_rules *rules, tskl_slice name) {
    for (size_t i = 0; rules && i < rules->header_count; i++)
        if (tskl_slice_equal_nocase(rules->headers[i], name)) return true;
    return tskl_mask_places(name) & TSKL_MASK_HEADER;
}

tskl_slice tskl_without_quotes(tskl_slice text) {
    text = tskl_slice_trim(text);
    bool quoted = text.len >= 2 && text.ptr[0] == '"' && text.ptr[text.len - 1] == '"';
    return quoted ? tskl_slice_make(text.ptr + 1, text.len - 2) : text;
}

// Of "user:password" in base64 each half is a secret, and so is the whole.
static bool add_basic(tskl_secrets *secrets, tskl_arena *arena, tskl_slice credentials) {
    tskl_slice password;
    tskl_status status = tskl_base64_decode(credentials, arena, &password, NULL);
    if (status != TSKL_OK) return status == TSKL_ERR_SYNTAX;
    tskl_slice user = tskl_slice_split(&password, ':');
    return tskl_secrets_add_user(secrets, arena, user) &&
           tskl_secrets_add_credential(secrets, arena, password);
}

// "Credential=AKIA.../20261123/..., Signature=...": each value, a credential up to its scope.
static bool add_parameters(tskl_secrets *secrets, tskl_arena *arena, tskl_slice value) {
    while (value.len) {
        tskl_slice parameter = tskl_slice_trim(tskl_slice_split(&value, ','));
        tskl_slice name = tskl_slice_split(&parameter, '=');
        if (is_among(name, open_parameters, TSKL_COUNT(open_parameters))) continue;
        tskl_slice plain = tskl_without_quotes(parameter);
        if (tskl_slice_equal_nocase(name, TSKL_S("credential")))
            plain = tskl_slice_split(&plain, '/');
        if (!tskl_secrets_add(secrets, arena, plain)) return false;
    }
    return true;
}

// The scheme with the space behind it, or empty.
static tskl_slice scheme_of(tskl_slice value) {
    size_t space = tskl_slice_find(value, ' ');
    bool known = is_among(tskl_slice_first(value, space), schemes, TSKL_COUNT(schemes));
    return tskl_slice_first(value, !known ? 0 : space == SIZE_MAX ? space : space + 1);
}

static tskl_slice behind_last(tskl_slice text, char byte) {
    size_t start = text.len;
    while (start > 0 && text.ptr[start - 1] != byte) start--;
    return start ? tskl_slice_from(text, start) : (tskl_slice){NULL, 0};
}

// "Zoho-oauthtoken T", "sso-key id:T", "GoogleLogin auth=T": what is secret of it stands last. An
// answer repeats that part alone.
static bool add_last_parts(tskl_secrets *secrets, tskl_arena *arena, tskl_slice credential) {
    static const char before[] = " :=";
    tskl_slice text = credential;
    while (text.len && text.ptr[text.len - 1] == '=') text.len--; // base64 ends with these
    for (size_t i = 0; before[i]; i++) {
        tskl_slice part = behind_last(text, before[i]);
        if (part.len) part.len = (size_t)(credential.ptr + credential.len - part.ptr);
        if (!tskl_secrets_add_credential(secrets, arena, tskl_without_quotes(part))) return false;
    }
    return true;
}

// A known scheme with parameters says which of them are secrets; nothing else does.
static bool add_parts(tskl_secrets *secrets, tskl_arena *arena, tskl_slice scheme,
                      tskl_slice credential) {
    bool parameters = scheme.len && tskl_slice_contains(credential, ',');
    return add_parameters(secrets, arena, credential) &&
           (parameters || add_last_parts(secrets, arena, credential));
}

static bool hide_credential(tskl_slice *value, tskl_arena *arena, tskl_secrets *secrets) {
    tskl_slice scheme = scheme_of(*value);
    tskl_slice credential = tskl_slice_trim(tskl_slice_from(*value, scheme.len));
    if (tskl_mask_is_no_value(credential)) return true;
    bool basic = tskl_slice_equal_nocase(scheme, TSKL_S("Basic "));
    tskl_slice prefix = basic ? TSKL_S("") : tskl_mask_prefix(credential);
    bool memory = tskl_secrets_add_credential(secrets, arena, credential) &&
                  (basic ? add_basic(secrets, arena, credential)
                         : add_parts(secrets, arena, scheme, credential));
    *value = tskl_slice_of(
        tskl_arena_printf(arena, TSKL_FMT TSKL_FMT "***", TSKL_ARG(scheme), TSKL_ARG(prefix)));
    return memory && value->ptr;
}

// Of a set-cookie only what stands first, the rest being its attributes.
static bool hide_set_cookie(tskl_header *header, tskl_arena *arena, tskl_secrets *secrets) {
    tskl_slice rest = header->value, cookie = tskl_slice_split(&rest, ';');
    if (header->value.len) header->value = TSKL_S("***");
    tskl_slice_split(&cookie, '=');
    return tskl_secrets_add(secrets, arena, tskl_without_quotes(cookie));
}

static bool hide_value(tskl_header *header, tskl_arena *arena, tskl_secrets *secrets) {
    if (tskl_slice_starts(header->name, TSKL_S("set-cookie")))
        return hide_set_cookie(header, arena, secrets);
    if (!tskl_slice_starts(header->name, TSKL_S("cookie")))
        return hide_credential(&header->value, arena, secrets);
    tskl_slice cookies = header->value;
    if (cookies.len) header->value = TSKL_S("***");
    return tskl_secrets_add_cookies(secrets, arena, cookies);
}

tskl_status tskl_mask_headers(const tskl_mask_rules *rules, tskl_headers *headers,
                              tskl_arena *arena, tskl_secrets *secrets, tskl_error *err) {
    for (size_t i = 0; i < headers->count; i++) {
        tskl_header *header = &headers->items[i];
        if (is_among(header->name, url_headers, TSKL_COUNT(url_headers)))
            TSKL_TRY(tskl_mask_url(rules, header->value, arena, &header->value, secrets, err));
        if (!is_secret(rules, header->name))
            TSKL_TRY(tskl_mask_text(rules, header->value, arena, &header->value, secrets, err));
        else if (!hide_value(header, arena, secrets))
            return tskl_fail(err, TSKL_ERR_NOMEM, "no room for masked headers");
    }
    return TSKL_OK;
}
