// SPDX-License-Identifier: Apache-2.0
#include "program.h"
#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { SEGMENTS_MAX = 64 };

#if defined(__x86_64__)
enum { OWN_MACHINE = EM_X86_64 };
#elif defined(__aarch64__)
enum { OWN_MACHINE = EM_AARCH64 };
#else
enum { OWN_MACHINE = EM_NONE };
#endif

static bool read_at(int fd, void *to, size_t size, off_t at) {
    return pread(fd, to, size, at) == (ssize_t)size;
}

// Programs name the loader that loads them.
static tskl_program_kind kind_by_loader(int fd, const Elf64_Phdr *segment) {
    char loader[256] = "";
    size_t size = segment->p_filesz < sizeof loader ? segment->p_filesz : sizeof loader - 1;
    if (!read_at(fd, loader, size, (off_t)segment->p_offset)) return TSKL_PROGRAM_OTHER;
    return strstr(loader, "/ld-musl-") ? TSKL_PROGRAM_MUSL : TSKL_PROGRAM_DYNAMIC;
}

// Whoever maps it is ended where the file ends.
static bool is_cut_off(const Elf64_Phdr *segment, uint64_t size) {
    return segment->p_type == PT_LOAD && segment->p_filesz &&
           (segment->p_offset > size || segment->p_filesz > size - segment->p_offset);
}

static tskl_program_kind kind_of_elf(int fd, off_t size) {
    Elf64_Ehdr head;
    Elf64_Phdr segment;
    if (!read_at(fd, &head, sizeof head, 0)) return TSKL_PROGRAM_OTHER;
    if (head.e_ident[EI_CLASS] == ELFCLASS32) return TSKL_PROGRAM_32_BITS;
    if (head.e_machine != OWN_MACHINE) return TSKL_PROGRAM_OTHER;
    for (unsigned i = 0; i < head.e_phnum && i < SEGMENTS_MAX; i++) {
        if (!read_at(fd, &segment, sizeof segment, (off_t)(head.e_phoff + i * sizeof segment)))
            return TSKL_PROGRAM_OTHER;
        if (is_cut_off(&segment, (uint64_t)size)) return TSKL_PROGRAM_OTHER;
        if (segment.p_type == PT_INTERP) return kind_by_loader(fd, &segment);
    }
    return TSKL_PROGRAM_STATIC;
}

// What the kernel starts a script with; a file of text without that, shells run themselves.
static void read_interpreter(int fd, char *out, size_t room) {
    ssize_t got = pread(fd, out, room - 1, 2);
    out[got < 0 ? 0 : got] = 0;
    out[strcspn(out, "\n")] = 0;
    size_t blank = strspn(out, " \t");
    memmove(out, out + blank, strlen(out + blank) + 1);
}

bool tskl_program_look(const char *path, tskl_program *out) {
    char start[4] = "";
    struct stat file;
    *out = (tskl_program){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    bool known = fstat(fd, &file) == 0 && S_ISREG(file.st_mode);
    if (known) {
        out->privileged =
            file.st_mode & (S_ISUID | S_ISGID) || fgetxattr(fd, "security.capability", NULL, 0) > 0;
        bool full = read_at(fd, start, sizeof start, 0);
        if (full && !memcmp(start, ELFMAG, SELFMAG)) {
            out->kind = kind_of_elf(fd, file.st_size);
        } else if (!memcmp(start, "#!", 2)) {
            out->kind = TSKL_PROGRAM_SCRIPT;
            read_interpreter(fd, out->interpreter, sizeof out->interpreter);
        }
    }
    close(fd);
    return known;
}
