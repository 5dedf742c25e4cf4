// SPDX-License-Identifier: Apache-2.0
#include "pack/manifest.h"
#include "config/names.h"
#include "config/nearest.h"
#include "pack/manifest_schema.h"
#include "store/package.h"

enum { VERSION_MAX = 64 };

typedef struct draft {
    tskl_manifest_draft common;
    tskl_texts hosts;
} draft;

static const struct {
    const char *name;
    tskl_method method;
} methods[] = {{"pre", TSKL_METHOD_PRE}, {"chunk", TSKL_METHOD_CHUNK}, {"post", TSKL_METHOD_POST}};

static unsigned method_of(tskl_slice name) {
    for (size_t i = 0; i < TSKL_COUNT(methods); i++)
        if (tskl_slice_equal(name, tskl_slice_of(methods[i].name))) return methods[i].method;
    return 0;
}

static bool is_method(tskl_slice name) {
    return method_of(name) != 0;
}

static tskl_status check_one(const tskl_place *place, tskl_slice text, bool (*is_valid)(tskl_slice),
                             const char *what, tskl_error *err) {
    if (is_valid(text)) return TSKL_OK;
    return tskl_place_fail(err, TSKL_ERR_INVALID, place, "\"" TSKL_FMT "\" is not %s",
                           TSKL_ARG(tskl_place_short(text)), what);
}

tskl_status tskl_manifest_check_each(const tskl_place *place, bool (*is_valid)(tskl_slice),
                                     const char *what, tskl_error *err) {
    size_t index = 0;
    for (const tskl_json *item = place->value->first; item; item = item->next) {
        tskl_place at = tskl_place_in(place, item, index++);
        TSKL_TRY(check_one(&at, item->text, is_valid, what, err));
    }
    return TSKL_OK;
}

static bool is_https(tskl_slice url) {
    return tskl_slice_starts(url, TSKL_S("https://"));
}

// Packs, records and file names carry it: nothing that needs quoting.
static bool is_version(tskl_slice version) {
    for (size_t i = 0; i < version.len; i++)
        if (version.ptr[i] <= ' ' || version.ptr[i] >= 127) return false;
    return true;
}

static tskl_status check_name(const tskl_place *place, void *into, tskl_error *err) {
    return check_one(place, *(tskl_slice *)into, tskl_name_is_pack,
                     "a Pack's name: 1 to 64 lower-case letters, digits, '-' and '_'", err);
}

static tskl_status check_version(const tskl_place *place, void *into, tskl_error *err) {
    return check_one(place, *(tskl_slice *)into, is_version, "printable ASCII without spaces", err);
}

static tskl_status check_source(const tskl_place *place, void *into, tskl_error *err) {
    return check_one(place, *(tskl_slice *)into, is_https, "an https: URL", err);
}

static tskl_status check_methods(const tskl_place *place, void *into, tskl_error *err) {
    (void)into;
    return tskl_manifest_check_each(place, is_method, "pre, chunk or post", err);
}

tskl_status tskl_manifest_check_environment(const tskl_place *place, void *into, tskl_error *err) {
    (void)into;
    return tskl_manifest_check_each(place, tskl_name_is_variable, "a variable's name", err);
}

static tskl_status check_reads(const tskl_place *place, void *into, tskl_error *err) {
    (void)into;
    return tskl_manifest_check_each(
        place, tskl_name_is_header,
        "request.body, response.body, .error or .stream, or a header's name", err);
}

static bool is_mark(tskl_slice mark) {
    tskl_slice kind = tskl_slice_split(&mark, ' ');
    bool known = tskl_slice_equal(kind, TSKL_S("header")) || tskl_slice_equal(kind, TSKL_S("body"));
    return known && mark.len > 0 && mark.ptr[0] != ' ' && mark.ptr[0] != ':';
}

static tskl_status check_marks(const tskl_place *place, void *into, tskl_error *err) {
    (void)into;
    return tskl_manifest_check_each(
        place, is_mark, "\"header NAME\", \"header NAME: VALUE\" or the same of body", err);
}

static tskl_status check_hosts(const tskl_place *place, void *into, tskl_error *err) {
    const tskl_texts *hosts = into;
    tskl_hostlist list;
    tskl_error why;
    tskl_status status =
        tskl_hostlist_make(hosts->items, hosts->count, place->document->arena, &list, &why);
    return status ? tskl_place_fail(err, status, place, "%s", why.message) : TSKL_OK;
}

#define KEPT(member) .offset = offsetof(tskl_manifest_draft, manifest.member)
#define AT(member) .offset = offsetof(tskl_manifest_draft, member)
#define COUNTED(member) .count = offsetof(tskl_manifest_draft, manifest.member)

static const tskl_shape_row common_rows[] = {
    {.key = "schema", .kind = TSKL_SHAPE_TEXT, AT(schema), .required = true},
    {.key = "name", .kind = TSKL_SHAPE_TEXT, KEPT(name), .required = true, .check = check_name},
    {.key = "version",
     .kind = TSKL_SHAPE_TEXT,
     KEPT(version),
     .min = 1,
     .max = VERSION_MAX,
     .required = true,
     .check = check_version},
    {.key = "description",
     .kind = TSKL_SHAPE_TEXT,
     KEPT(description),
     .max = TSKL_MANIFEST_DESCRIPTION_MAX},
    {.key = "methods", .kind = TSKL_SHAPE_TEXTS, AT(methods), .check = check_methods},
    {.key = "fields",
     .kind = TSKL_SHAPE_LIST,
     KEPT(fields),
     .inside = &tskl_field_shape,
     .size = sizeof(tskl_field),
     COUNTED(field_count),
     .check = tskl_field_check_entry},
    {.key = "charts",
     .kind = TSKL_SHAPE_LIST,
     KEPT(charts),
     .inside = &tskl_chart_shape,
     .size = sizeof(tskl_chart),
     COUNTED(chart_count)},
};
const tskl_shape tskl_manifest_common_shape = TSKL_SHAPE(common_rows);

static const tskl_shape_row permission_rows[] = {
    {.key = "environment",
     .kind = TSKL_SHAPE_TEXTS,
     KEPT(environment_asked),
     .check = tskl_manifest_check_environment},
    {.key = "body", .kind = TSKL_SHAPE_FLAG, KEPT(body_asked)},
    {.key = "hosts", .kind = TSKL_SHAPE_TEXTS, KEPT(call_hosts_asked), .check = check_hosts},
    {.key = "vars", .kind = TSKL_SHAPE_FLAG, KEPT(vars_asked)},
};
static const tskl_shape permission_shape = TSKL_SHAPE(permission_rows);

static const tskl_shape_row url_rows[] = {
    {.key = "source",
     .kind = TSKL_SHAPE_TEXT,
     AT(source),
     .max = TSKL_MANIFEST_URL_MAX,
     .required = true,
     .check = check_source},
    {.key = "signature", .kind = TSKL_SHAPE_TEXT, AT(signature)},
};
static const tskl_shape url_shape = TSKL_SHAPE(url_rows);

// `pack` is the Pack's own file, and `main` its own module where they are linked.
static bool is_module_name(tskl_slice name) {
    return tskl_name_is_pack(name) && !tskl_slice_equal(name, TSKL_S("pack")) &&
           !tskl_slice_equal(name, TSKL_S("main"));
}

static bool is_digest(tskl_slice digest) {
    tskl_sha256 parsed;
    return tskl_sha256_parse(digest, &parsed);
}

static tskl_status check_module_name(const tskl_place *place, void *into, tskl_error *err) {
    return check_one(place, *(tskl_slice *)into, is_module_name,
                     "a module's name: as a Pack's, but neither \"pack\" nor \"main\"", err);
}

static tskl_status check_digest(const tskl_place *place, void *into, tskl_error *err) {
    return check_one(place, *(tskl_slice *)into, is_digest, "sha256: and 64 hex digits", err);
}

static const tskl_shape_row module_rows[] = {
    {.key = "name",
     .kind = TSKL_SHAPE_TEXT,
     .offset = offsetof(tskl_manifest_module, name),
     .required = true,
     .check = check_module_name},
    {.key = "digest",
     .kind = TSKL_SHAPE_TEXT,
     .offset = offsetof(tskl_manifest_module, digest),
     .required = true,
     .check = check_digest},
};
static const tskl_shape module_shape = TSKL_SHAPE(module_rows);

static const tskl_shape_row manifest_rows[] = {
    {.key = "hosts",
     .kind = TSKL_SHAPE_TEXTS,
     .offset = offsetof(draft, hosts),
     .check = check_hosts},
    {.key = "permissions", .kind = TSKL_SHAPE_OBJECT, .inside = &permission_shape},
    {.key = "reads", .kind = TSKL_SHAPE_TEXTS, KEPT(reads), .check = check_reads},
    {.key = "marks", .kind = TSKL_SHAPE_TEXTS, KEPT(marks), .check = check_marks},
    {.key = "modules",
     .kind = TSKL_SHAPE_LIST,
     KEPT(modules),
     .inside = &module_shape,
     .size = sizeof(tskl_manifest_module),
     COUNTED(module_count)},
    {.key = "url", .kind = TSKL_SHAPE_OBJECT, .inside = &url_shape},
    {.key = "limits", .kind = TSKL_SHAPE_OBJECT, KEPT(limits), .inside = &tskl_limits_shape},
};
static const tskl_shape manifest_shape = TSKL_SHAPE_AND(&tskl_manifest_common_shape, manifest_rows);

static bool is_schema(const tskl_json *schema, tskl_slice name) {
    return schema && schema->kind == TSKL_JSON_STRING && tskl_slice_equal(schema->text, name);
}

// Before all else: another schema has other keys, and they are not what is wrong with it.
static tskl_status check_schema(const tskl_place *root, const tskl_json *schema, tskl_error *err) {
    if (!schema || schema->kind != TSKL_JSON_STRING) return TSKL_OK; // the table says so
    if (is_schema(schema, TSKL_S("pre2"))) return TSKL_OK;
    tskl_place place = tskl_place_in(root, schema, 0);
    return tskl_place_fail(err, TSKL_ERR_INVALID, &place,
                           "\"" TSKL_FMT
                           "\" is not read by this version, which knows \"pre2\" and \"pre1\"",
                           TSKL_ARG(tskl_place_short(schema->text)));
}

tskl_status tskl_manifest_read_keys(const tskl_shape *shape, const tskl_place *root,
                                    tskl_manifest_draft *common, tskl_error *err) {
    tskl_manifest *manifest = &common->manifest;
    TSKL_TRY(tskl_shape_read(shape, root, common, err));
    for (size_t i = 0; i < common->methods.count; i++)
        manifest->methods |= method_of(common->methods.items[i]);
    return tskl_field_check_names(root, manifest->fields, manifest->field_count, err);
}

static bool all_among(const tskl_json *object, const char *const *keys, size_t count) {
    for (const tskl_json *member = object ? object->first : NULL; member; member = member->next) {
        bool found = false;
        for (size_t i = 0; i < count; i++)
            found = found || tskl_slice_equal(member->key, tskl_slice_of(keys[i]));
        if (!found) return false;
    }
    return true;
}

// Such a manifest was written before there were hosts: there its Pack saw every call.
static bool is_of_older_loader(const tskl_json *manifest) {
    static const char *const keys[] = {"schema",      "name",   "version", "description", "methods",
                                       "permissions", "fields", "charts",  "url"};
    static const char *const permissions[] = {"environment", "body"};
    return all_among(manifest, keys, TSKL_COUNT(keys)) &&
           all_among(tskl_json_get(manifest, TSKL_S("permissions")), permissions,
                     TSKL_COUNT(permissions));
}

static tskl_status finish(draft *d, tskl_arena *arena, tskl_error *err) {
    tskl_manifest *manifest = &d->common.manifest;
    manifest->reads_given = manifest->reads.items != NULL;
    if (!tskl_names_lower(manifest->reads.items, manifest->reads.count, arena))
        return tskl_fail(err, TSKL_ERR_NOMEM, "manifest: no room for it");
    return tskl_hostlist_make(d->hosts.items, d->hosts.count, arena, &manifest->hosts, err);
}

static tskl_status check_modules(const tskl_manifest *manifest, tskl_error *err) {
    if (manifest->module_count > TSKL_PACKAGE_MODULES)
        return tskl_fail(err, TSKL_ERR_INVALID, "manifest: modules: there are %zu, and may be %d",
                         manifest->module_count, TSKL_PACKAGE_MODULES);
    for (size_t i = 0; i < manifest->module_count; i++)
        for (size_t j = 0; j < i; j++)
            if (tskl_slice_equal(manifest->modules[i].name, manifest->modules[j].name))
                return tskl_fail(err, TSKL_ERR_INVALID,
                                 "manifest: modules[%zu].name: \"" TSKL_FMT "\" is there twice", i,
                                 TSKL_ARG(manifest->modules[i].name));
    return TSKL_OK;
}

static tskl_status read_tree(const tskl_place *root, tskl_manifest *out, tskl_error *err) {
    draft d = {0};
    const tskl_json *schema = tskl_json_get(root->value, TSKL_S("schema"));
    if (is_schema(schema, TSKL_S("pre1"))) return tskl_manifest_read_pre1(root, out, err);
    TSKL_TRY(check_schema(root, schema, err));
    TSKL_TRY(tskl_manifest_read_keys(&manifest_shape, root, &d.common, err));
    TSKL_TRY(check_modules(&d.common.manifest, err));
    static tskl_slice all = TSKL_LIT("*");
    d.common.manifest.hosts_unnamed = is_of_older_loader(root->value);
    if (d.common.manifest.hosts_unnamed) d.hosts = (tskl_texts){.items = &all, .count = 1};
    TSKL_TRY(finish(&d, root->document->arena, err));
    *out = d.common.manifest;
    return TSKL_OK;
}

static tskl_status parse_text(tskl_slice text, tskl_arena *arena, const tskl_json **tree,
                              tskl_error *err) {
    if (!tskl_arena_copy(arena, text, &text))
        return tskl_fail(err, TSKL_ERR_NOMEM, "no room for it");
    TSKL_TRY(tskl_json_parse(text, arena, tree, err));
    return tskl_place_refuse_twice(*tree, arena, err);
}

tskl_status tskl_manifest_parse(tskl_slice text, tskl_arena *arena, tskl_manifest *out,
                                tskl_error *err) {
    const tskl_json *tree;
    *out = (tskl_manifest){0};
    tskl_status status = parse_text(text, arena, &tree, err);
    if (status) return tskl_context(err, status, "manifest");
    const tskl_document document = {.name = "manifest", .arena = arena};
    const tskl_place root = {.document = &document, .value = tree};
    return read_tree(&root, out, err);
}
