// fuzz_code_cache: files of compiled code that are damaged, or were never any.
// SPDX-License-Identifier: Apache-2.0
#include "base/slice.h"
#include "store/code_entry.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEADER = 40 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[] = "/tmp/taskless-fuzz-XXXXXX";
static int folder = -1;

static void remove_folder(void) {
    unlinkat(folder, "entry", 0);
    rmdir(path);
}

static void make_folder(void) {
    if (folder >= 0) return;
    if (!mkdtemp(path)) abort();
    folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    atexit(remove_folder);
}

static bool maps(void) {
    tskl_code code;
    tskl_descriptor in = tskl_descriptor_of(folder);
    tskl_status status = tskl_code_entry_map(&in, "entry", &code, NULL);
    volatile char last TSKL_UNUSED = status ? 0 : code.bytes.ptr[code.bytes.len - 1];
    tskl_code_unmap(&code);
    return status == TSKL_OK;
}

// Whatever a file holds, it is mapped or refused.
static void map_anything(tskl_slice bytes) {
    int fd = openat(folder, "entry", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, bytes.ptr, bytes.len) != (ssize_t)bytes.len) abort();
    close(fd);
    maps();
}

// One bit that is another, in what the checksum is for, is always found.
static void map_damaged(tskl_slice code, uint32_t place, uint8_t bit) {
    tskl_descriptor in = tskl_descriptor_of(folder);
    if (code.len == 0 || tskl_code_entry_write(&in, "entry", code, NULL)) return;
    if (!maps()) abort();
    place %= (uint32_t)(HEADER + code.len);
    off_t at = place < HEADER ? (off_t)place : (off_t)(TSKL_CODE_OFFSET + place - HEADER);
    uint8_t byte;
    int fd = openat(folder, "entry", O_RDWR | O_CLOEXEC);
    if (fd < 0 || pread(fd, &byte, 1, at) != 1) abort();
    byte ^= (uint8_t)(1u << (bit % 8));
    if (pwrite(fd, &byte, 1, at) != 1) abort();
    close(fd);
    if (maps()) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    uint32_t place;
    if (size < 6) return 0;
    make_folder();
    memcpy(&place, data + 2, sizeof place);
    tskl_slice bytes = tskl_slice_from(tskl_slice_make(data, size), 6);
    if (data[0] % 2)
        map_damaged(bytes, place, data[1]);
    else
        map_anything(bytes);
    return 0;
}
