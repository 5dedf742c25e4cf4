// Schema `pre1`, which Packs of the older service have: other words for the same.
// SPDX-License-Identifier: Apache-2.0
#include "pack/manifest_schema.h"

enum { MODULE_MAX = 24 << 20 };

typedef struct draft {
    tskl_manifest_draft common;
    tskl_texts domains, request, response;
    const tskl_json *capture;
} draft;

static tskl_status check_domains(const tskl_place *place, void *into, tskl_error *err) {
    const tskl_texts *domains = into;
    size_t i = 0;
    for (const tskl_json *item = place->value->first; item; item = item->next, i++) {
        tskl_error why;
        tskl_place at = tskl_place_in(place, item, i);
        tskl_status status = tskl_hostpattern_check(domains->items[i], &why);
        if (status) return tskl_place_fail(err, status, &at, "%s", why.message);
    }
    return TSKL_OK;
}

static bool is_part(tskl_slice part) {
    return tskl_slice_equal(part, TSKL_S("headers")) || tskl_slice_equal(part, TSKL_S("body"));
}

static tskl_status check_parts(const tskl_place *place, void *into, tskl_error *err) {
    (void)into;
    return tskl_manifest_check_each(place, is_part, "headers or body", err);
}

static const char *const type_words[] = {"string", "number", "boolean", NULL};

typedef struct declared {
    unsigned type;
    tskl_slice description;
} declared;

static const tskl_shape_row declared_rows[] = {
    {.key = "type",
     .kind = TSKL_SHAPE_WORD,
     .offset = offsetof(declared, type),
     .words = type_words,
     .required = true},
    {.key = "description",
     .kind = TSKL_SHAPE_TEXT,
     .offset = offsetof(declared, description),
     .max = TSKL_MANIFEST_DESCRIPTION_MAX},
};
static const tskl_shape declared_shape = TSKL_SHAPE(declared_rows);

static tskl_status check_capture(const tskl_place *place, void *into, tskl_error *err) {
    (void)into;
    for (const tskl_json *member = place->value->first; member; member = member->next) {
        declared unused = {0};
        tskl_place at = tskl_place_in(place, member, 0);
        TSKL_TRY(tskl_shape_read(&declared_shape, &at, &unused, err));
    }
    return TSKL_OK;
}

#define AT(member) .offset = offsetof(draft, member)
#define KEPT(member) .offset = offsetof(draft, common.manifest.member)

static const tskl_shape_row permission_rows[] = {
    {.key = "domains",
     .kind = TSKL_SHAPE_TEXTS,
     AT(domains),
     .required = true,
     .check = check_domains},
    {.key = "request", .kind = TSKL_SHAPE_TEXTS, AT(request), .check = check_parts},
    {.key = "response", .kind = TSKL_SHAPE_TEXTS, AT(response), .check = check_parts},
    {.key = "environment",
     .kind = TSKL_SHAPE_TEXTS,
     KEPT(environment_asked),
     .check = tskl_manifest_check_environment},
};
static const tskl_shape permission_shape = TSKL_SHAPE(permission_rows);

static const tskl_shape_row url_rows[] = {
    {.key = "source",
     .kind = TSKL_SHAPE_TEXT,
     AT(common.source),
     .max = TSKL_MANIFEST_URL_MAX,
     .required = true},
    {.key = "signature", .kind = TSKL_SHAPE_TEXT, AT(common.signature)},
};
static const tskl_shape url_shape = TSKL_SHAPE(url_rows);

static const tskl_shape_row rows[] = {
    {.key = "permissions",
     .kind = TSKL_SHAPE_OBJECT,
     .inside = &permission_shape,
     .required = true},
    {.key = "capture", .kind = TSKL_SHAPE_MAP, AT(capture), .check = check_capture},
    {.key = "module", .kind = TSKL_SHAPE_TEXT, KEPT(module), .min = 1, .max = MODULE_MAX},
    {.key = "url", .kind = TSKL_SHAPE_OBJECT, .inside = &url_shape},
};
static const tskl_shape shape = TSKL_SHAPE_AND(&tskl_manifest_common_shape, rows);

// Where a manifest names no captures all are kept, and none where it names none of them.
static bool set_captures(draft *d, tskl_arena *arena) {
    tskl_texts *names = &d->common.manifest.captures;
    if (!d->capture) return true;
    names->items = tskl_arena_array(arena, tskl_slice, d->capture->count);
    d->common.manifest.captures_given = true;
    if (!names->items) return false;
    for (const tskl_json *member = d->capture->first; member; member = member->next)
        names->items[names->count++] = member->key;
    return true;
}

static bool set_reads(draft *d, tskl_arena *arena) {
    tskl_manifest *manifest = &d->common.manifest;
    tskl_texts *reads = &manifest->reads;
    bool request = tskl_texts_have(&d->request, TSKL_S("body"));
    bool response = tskl_texts_have(&d->response, TSKL_S("body"));
    reads->items = tskl_arena_array(arena, tskl_slice, 2);
    if (!reads->items) return false;
    if (request) reads->items[reads->count++] = TSKL_S("request.body");
    if (response) reads->items[reads->count++] = TSKL_S("response.body");
    manifest->reads_given = true;
    manifest->body_asked = request || response;
    manifest->request_headers_unasked = !tskl_texts_have(&d->request, TSKL_S("headers"));
    manifest->response_headers_unasked = !tskl_texts_have(&d->response, TSKL_S("headers"));
    return true;
}

tskl_status tskl_manifest_read_pre1(const tskl_place *root, tskl_manifest *out, tskl_error *err) {
    tskl_arena *arena = root->document->arena;
    draft d = {0};
    TSKL_TRY(tskl_manifest_read_keys(&shape, root, &d.common, err));
    d.common.manifest.source = d.common.source;
    if (!set_captures(&d, arena) || !set_reads(&d, arena)) return tskl_place_nomem(root, err);
    TSKL_TRY(tskl_hostlist_make_expressions(d.domains.items, d.domains.count, arena,
                                            &d.common.manifest.hosts, err));
    *out = d.common.manifest;
    return TSKL_OK;
}
