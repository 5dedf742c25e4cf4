// inside: reads notes and dependencies of an ELF file, and the list of names at the end of a zip.
// SPDX-License-Identifier: Apache-2.0
#include "inside.h"
#include "base/slice.h"
#include "base/status.h"
#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SEGMENTS_MAX = 64, PART_MAX = 4 * 1024 * 1024, ZIP_END = 22, ZIP_END_MAX = 64 * 1024 };

/** A part of a file; free its `ptr`. Empty where it is not there, or larger than looks right. */
static tskl_slice read_part(int fd, off_t at, size_t size) {
    if (size == 0 || size > PART_MAX) return (tskl_slice){0};
    char *bytes = malloc(size);
    if (bytes && pread(fd, bytes, size, at) == (ssize_t)size) return (tskl_slice){bytes, size};
    free(bytes);
    return (tskl_slice){0};
}

static bool part_has(int fd, off_t at, size_t size, tskl_slice what) {
    tskl_slice part = read_part(fd, at, size);
    bool has = tskl_slice_search(part, what) != SIZE_MAX;
    free((char *)part.ptr);
    return has;
}

static void look_at_note(int fd, const Elf64_Phdr *segment, tskl_inside *out) {
    // The application itself may follow its note's name: what is looked for comes first.
    size_t size = segment->p_filesz < 4096 ? segment->p_filesz : 4096;
    tskl_slice note = read_part(fd, (off_t)segment->p_offset, size);
    // A note's name has its length, its content's length and its type before it.
    out->go |= tskl_slice_search(note, TSKL_S("\x04\0\0\0Go\0\0")) != SIZE_MAX;
    out->sea |= tskl_slice_search(note, TSKL_S("NODE_SEA_BLOB")) != SIZE_MAX;
    free((char *)note.ptr);
}

/** Where in the file a place in memory is loaded from; 0: nowhere. */
static off_t offset_of(const Elf64_Phdr *segments, size_t count, uint64_t address) {
    for (size_t i = 0; i < count; i++) {
        const Elf64_Phdr *s = &segments[i];
        if (s->p_type == PT_LOAD && address >= s->p_vaddr && address - s->p_vaddr < s->p_filesz)
            return (off_t)(s->p_offset + (address - s->p_vaddr));
    }
    return 0;
}

// One library that it is linked to; `name` goes on behind its end.
static void look_at_needed(tskl_slice name, tskl_inside *out) {
    static const char *const runtimes[] = {"libpython", "libpypy", "libnode", "libruby"};
    name = tskl_slice_split(&name, 0);
    out->curl |= tskl_slice_starts(name, TSKL_S("libcurl"));
    for (size_t i = 0; i < TSKL_COUNT(runtimes); i++)
        if (tskl_slice_starts(name, tskl_slice_of(runtimes[i])) &&
            !tskl_slice_to_cstr(name, out->runtime, sizeof out->runtime))
            out->runtime[0] = 0;
}

static void look_at_libraries(int fd, const Elf64_Phdr *segments, size_t count,
                              const Elf64_Phdr *dynamic, tskl_inside *out) {
    tskl_slice part = read_part(fd, (off_t)dynamic->p_offset, dynamic->p_filesz);
    const Elf64_Dyn *entries = (const Elf64_Dyn *)part.ptr;
    size_t entry_count = part.len / sizeof *entries, size = 0;
    uint64_t strings = 0;
    for (size_t i = 0; i < entry_count; i++) {
        if (entries[i].d_tag == DT_STRTAB) strings = entries[i].d_un.d_ptr;
        if (entries[i].d_tag == DT_STRSZ) size = entries[i].d_un.d_val;
    }
    off_t at = strings ? offset_of(segments, count, strings) : 0;
    tskl_slice names = at ? read_part(fd, at, size) : (tskl_slice){0};
    for (size_t i = 0; i < entry_count; i++)
        if (entries[i].d_tag == DT_NEEDED)
            look_at_needed(tskl_slice_from(names, entries[i].d_un.d_val), out);
    free((char *)names.ptr);
    free((char *)part.ptr);
}

static void look_at_elf(int fd, tskl_inside *out) {
    Elf64_Ehdr head;
    Elf64_Phdr segments[SEGMENTS_MAX];
    if (pread(fd, &head, sizeof head, 0) != (ssize_t)sizeof head ||
        head.e_ident[EI_CLASS] != ELFCLASS64)
        return;
    size_t count = head.e_phnum < SEGMENTS_MAX ? head.e_phnum : SEGMENTS_MAX;
    size_t size = count * sizeof *segments;
    if (pread(fd, segments, size, (off_t)head.e_phoff) != (ssize_t)size) return;
    for (size_t i = 0; i < count; i++) {
        if (segments[i].p_type == PT_NOTE) look_at_note(fd, &segments[i], out);
        if (segments[i].p_type == PT_DYNAMIC)
            look_at_libraries(fd, segments, count, &segments[i], out);
    }
}

static uint32_t number_at(const char *bytes) {
    const unsigned char *b = (const unsigned char *)bytes;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

// A zip ends with where its list of names is, from the zip's own start: a script may stand before.
static void look_at_zip(int fd, off_t file_size, tskl_inside *out) {
    off_t start = file_size > ZIP_END_MAX ? file_size - ZIP_END_MAX : 0;
    tskl_slice end = read_part(fd, start, (size_t)(file_size - start));
    for (size_t at = end.len; at-- > 0 && !out->pex;) {
        tskl_slice rest = tskl_slice_from(end, at);
        if (rest.len < ZIP_END || !tskl_slice_starts(rest, TSKL_S("PK\x05\x06"))) continue;
        uint32_t size = number_at(rest.ptr + 12);
        off_t names = start + (off_t)at - (off_t)size;
        out->pex = names >= 0 && part_has(fd, names, size, TSKL_S("PEX-INFO"));
        break;
    }
    free((char *)end.ptr);
}

tskl_inside tskl_inside_of(const char *path) {
    tskl_inside out = {0};
    char magic[4] = "";
    struct stat file;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return out;
    if (fstat(fd, &file) == 0 && S_ISREG(file.st_mode) && pread(fd, magic, 4, 0) == 4) {
        if (!memcmp(magic, ELFMAG, SELFMAG))
            look_at_elf(fd, &out);
        else if (!memcmp(magic, "#!", 2) || !memcmp(magic, "PK", 2))
            look_at_zip(fd, file.st_size, &out);
    }
    close(fd);
    return out;
}
