// SPDX-License-Identifier: Apache-2.0
#include "store/code_entry.h"
#include "store/write.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_MAX = 100, VERSION = 1 };
static const char magic[8] = {'T', 'S', 'K', 'L', 'C', 'O', 'D', 'E'};

// At the start of the file, zeros behind it up to the code. Never read on another kind of machine:
// the key names the processor.
typedef struct header {
    char magic[8];
    uint32_t version, offset;
    uint64_t length;
    tskl_checksum checksum; // of the code; its domain is the entry's name
} header;
static_assert(sizeof(header) == 40, "no padding, so that no byte of it is by chance");

static bool is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '+';
}

tskl_status tskl_code_entry_name(const tskl_sha256 *wasm, tskl_slice key,
                                 char name[TSKL_CODE_NAME_MAX], tskl_error *err) {
    bool valid = key.len > 0 && key.len <= KEY_MAX;
    for (size_t i = 0; valid && i < key.len; i++) valid = is_name_byte(key.ptr[i]);
    name[0] = 0;
    if (!valid) return tskl_fail(err, TSKL_ERR_INVALID, "code cache: a key no file can have");
    snprintf(name, TSKL_CODE_NAME_MAX, "%s-" TSKL_FMT ".cwasm", wasm->hex, TSKL_ARG(key));
    return TSKL_OK;
}

static tskl_status fail_errno(const char *name, tskl_error *err) {
    return tskl_fail(err, errno == ENOENT ? TSKL_ERR_NOT_FOUND : TSKL_ERR_IO, "%s: %s", name,
                     strerror(errno));
}

// A second name of the file could lie where others may write. It has none at all when another
// writer has just put a new file in its place.
static tskl_status check_file(const struct stat *st, const char *name, tskl_error *err) {
    if (!S_ISREG(st->st_mode) || st->st_nlink > 1 || (st->st_mode & (S_IWGRP | S_IWOTH)) ||
        (st->st_uid != 0 && st->st_uid != geteuid()))
        return tskl_fail(err, TSKL_ERR_UNTRUSTED, "%s: others may have written it", name);
    if (st->st_size <= TSKL_CODE_OFFSET) return tskl_fail(err, TSKL_ERR_SYNTAX, "%s: is cut", name);
    return TSKL_OK;
}

static bool is_whole(const tskl_code *code, const char *name) {
    header head;
    memcpy(&head, code->map, sizeof head);
    if (memcmp(head.magic, magic, sizeof magic) != 0 || head.version != VERSION ||
        head.offset != TSKL_CODE_OFFSET || head.length != code->bytes.len)
        return false;
    tskl_checksum sum = tskl_checksum_of(tskl_slice_of(name), code->bytes);
    return memcmp(&sum, &head.checksum, sizeof sum) == 0;
}

static tskl_status map_opened(const tskl_descriptor *file, const char *name, tskl_code *out,
                              tskl_error *err) {
    struct stat st;
    if (fstat(file->fd, &st)) return fail_errno(name, err);
    TSKL_TRY(check_file(&st, name, err));
    size_t size = (size_t)st.st_size;
    char *map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file->fd, 0);
    if (map == MAP_FAILED) return fail_errno(name, err);
    *out = (tskl_code){map, size, {map + TSKL_CODE_OFFSET, size - TSKL_CODE_OFFSET}};
    // What was mapped is what was opened and checked, or else the program's, by no fault of it.
    bool same = tskl_descriptor_is_same(file);
    if (same && is_whole(out, name)) return TSKL_OK;
    tskl_code_unmap(out);
    if (!same) return tskl_fail(err, TSKL_ERR_IO, "%s: the program closed its descriptor", name);
    return tskl_fail(err, TSKL_ERR_SYNTAX, "%s: is damaged", name);
}

tskl_status tskl_code_entry_map(const tskl_descriptor *folder, const char *name, tskl_code *out,
                                tskl_error *err) {
    *out = (tskl_code){0};
    errno = EBADF;
    if (!tskl_descriptor_is_same(folder)) return fail_errno(name, err);
    tskl_descriptor file = tskl_descriptor_open(
        folder->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, TSKL_DESCRIPTOR_BRIEF);
    if (file.fd < 0) return fail_errno(name, err);
    tskl_status status = map_opened(&file, name, out, err);
    tskl_descriptor_close(&file);
    return status;
}

void tskl_code_unmap(tskl_code *code) {
    if (code->map) munmap(code->map, code->map_size);
    *code = (tskl_code){0};
}

tskl_status tskl_code_entry_write(const tskl_descriptor *folder, const char *name, tskl_slice code,
                                  tskl_error *err) {
    char page[TSKL_CODE_OFFSET] = {0};
    header head = {.version = VERSION, .offset = TSKL_CODE_OFFSET, .length = code.len};
    memcpy(head.magic, magic, sizeof magic);
    head.checksum = tskl_checksum_of(tskl_slice_of(name), code);
    memcpy(page, &head, sizeof head);
    const tskl_slice parts[] = {{page, sizeof page}, code};
    return tskl_store_write(folder, name, parts, TSKL_COUNT(parts), err);
}
