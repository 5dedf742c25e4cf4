// SPDX-License-Identifier: Apache-2.0
#include "kit/template.h"
#include "input.h"
#include "kit/kit_words.h"
#include "store/folder.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 16 * 1024 * 1024, DEPTH_MAX = 16 };

/** What is written: words stand for placeholders, or is NULL where bytes are copied as they are. */
typedef struct writing {
    const tskl_kit_words *words;
    tskl_arena *arena;
} writing;

static const tskl_slice dot = TSKL_LIT("dot.");

// With a trailing line end kept, and texts that are not ours passed through: only known words
// count.
static tskl_slice replace(const writing *w, tskl_slice text) {
    tskl_buf out;
    tskl_slice made = {NULL, 0};
    tskl_buf_init(&out, FILE_MAX);
    while (text.len) {
        size_t at = tskl_slice_find(text, '@');
        if (at == SIZE_MAX) at = text.len;
        tskl_buf_add(&out, tskl_slice_first(text, at));
        text = tskl_slice_from(text, at);
        tskl_slice word = {NULL, 0};
        for (size_t i = 0; i < w->words->count && text.len && !word.len; i++) {
            tskl_slice name = w->words->items[i].name;
            if (!tskl_slice_starts(tskl_slice_from(text, 1), name) || text.len < name.len + 2 ||
                text.ptr[name.len + 1] != '@')
                continue;
            word = tskl_slice_first(text, name.len + 2);
            tskl_buf_add(&out, tskl_slice_of(w->words->items[i].value));
        }
        if (text.len && !word.len) tskl_buf_byte(&out, '@');
        text = tskl_slice_from(text, word.len ? word.len : 1);
    }
    if (!out.failed) (void)tskl_arena_copy(w->arena, tskl_buf_slice(&out), &made);
    tskl_buf_deinit(&out);
    return made;
}

// Readable as the umask says, for others to write never: such a Pack would be refused.
static tskl_status write_file(int folder, const char *name, tskl_slice text, bool runs,
                              tskl_error *err) {
    int fd = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                    runs ? 0755 : 0644);
    bool written = fd >= 0 && (text.len == 0 || write(fd, text.ptr, text.len) == (ssize_t)text.len);
    int why = errno;
    if (fd >= 0) close(fd);
    return written ? TSKL_OK : tskl_fail(err, TSKL_ERR_IO, "%s: %s", name, strerror(why));
}

static tskl_status write_copy(const writing *w, const char *from, int folder, const char *name,
                              bool runs, tskl_error *err) {
    tskl_slice text;
    TSKL_TRY(tskl_input_file(from, FILE_MAX, w->arena, &text, err));
    size_t len = text.len;
    if (w->words) text = replace(w, text);
    if (len && !text.len) return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (%s)", from);
    return write_file(folder, name, text, runs, err);
}

static tskl_status write_folder(const writing *w, const char *from, int to, int depth,
                                tskl_error *err);

static tskl_status write_below(const writing *w, const char *from, int to, const char *name,
                               int depth, tskl_error *err) {
    int folder;
    TSKL_TRY(tskl_folder_make(to, name, &folder, err));
    tskl_status status = write_folder(w, from, folder, depth + 1, err);
    close(folder);
    return status;
}

static tskl_status write_entry(const writing *w, const char *from, int to, const char *name,
                               int depth, tskl_error *err) {
    struct stat st;
    // npm and others treat a real .gitignore in a package as their own.
    bool dotted = tskl_slice_starts(tskl_slice_of(name), dot);
    const char *source = tskl_arena_printf(w->arena, "%s/%s", from, name);
    const char *target = dotted ? tskl_arena_printf(w->arena, ".%s", name + dot.len) : name;
    if (!source || !target) return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (a project)");
    if (stat(source, &st)) return tskl_fail(err, TSKL_ERR_IO, "%s: %s", source, strerror(errno));
    if (S_ISDIR(st.st_mode)) return write_below(w, source, to, target, depth, err);
    return write_copy(w, source, to, target, st.st_mode & 0100, err);
}

static int is_entry(const struct dirent *entry) {
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static tskl_status write_folder(const writing *w, const char *from, int to, int depth,
                                tskl_error *err) {
    struct dirent **entries;
    tskl_status status = TSKL_OK;
    if (depth > DEPTH_MAX) return tskl_fail(err, TSKL_ERR_LIMIT, "%s: too deep", from);
    int count = scandir(from, &entries, is_entry, alphasort);
    if (count < 0) return tskl_fail(err, TSKL_ERR_IO, "%s: %s", from, strerror(errno));
    for (int i = 0; i < count; i++) {
        if (status == TSKL_OK) status = write_entry(w, from, to, entries[i]->d_name, depth, err);
        free(entries[i]);
    }
    free(entries);
    return status;
}

static tskl_status write_part(const writing *w, const tskl_kit *kit, const char *part, int folder,
                              bool required, tskl_error *err) {
    const char *from = tskl_arena_printf(w->arena, "%s/%s", kit->folder, part);
    if (!from) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a path");
    if (!required && access(from, F_OK)) return TSKL_OK;
    return write_folder(w, from, folder, 0, err);
}

static const char *with(tskl_slice name, char from, char to, tskl_arena *arena) {
    char *made = tskl_arena_cstr(arena, name);
    for (char *c = made; c && *c; c++)
        if (*c == from) *c = to;
    return made;
}

static tskl_status write_parts(const tskl_kit *kit, tskl_slice shape, tskl_slice name, int folder,
                               tskl_arena *arena, tskl_error *err) {
    tskl_kit_words words = {0};
    const char *plain = tskl_arena_cstr(arena, name), *ident = with(name, '-', '_', arena),
               *host = with(name, '_', '-', arena);
    const char *shaped = tskl_arena_printf(arena, "template-" TSKL_FMT, TSKL_ARG(shape));
    if (!plain || !ident || !host || !shaped)
        return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a project");
    bool set = tskl_kit_words_set(&words, TSKL_S("NAME"), plain) &&
               tskl_kit_words_set(&words, TSKL_S("IDENT"), ident) &&
               tskl_kit_words_set(&words, TSKL_S("HOST"), host);
    if (!set) return tskl_fail(err, TSKL_ERR_BUG, "a project has too many words");
    const writing worded = {&words, arena}, verbatim = {NULL, arena};
    TSKL_TRY(write_part(&verbatim, kit, "kit", folder, false, err));
    TSKL_TRY(write_part(&worded, kit, "template", folder, true, err));
    return shape.len ? write_part(&worded, kit, shaped, folder, true, err) : TSKL_OK;
}

tskl_status tskl_template_write(const tskl_kit *kit, tskl_slice shape, tskl_slice name,
                                const char *path, tskl_error *err) {
    tskl_arena arena = {0};
    mode_t mask = umask(0);
    umask(mask | 0022);
    tskl_status status = TSKL_OK;
    if (mkdir(path, 0755)) {
        bool there = errno == EEXIST;
        status = tskl_fail(err, there ? TSKL_ERR_INVALID : TSKL_ERR_NOT_FOUND, "%s: %s", path,
                           there ? "is there already; nothing was written" : strerror(errno));
    }
    int folder = -1;
    if (status == TSKL_OK) status = tskl_folder_open(AT_FDCWD, path, &folder, err);
    if (status == TSKL_OK) status = write_parts(kit, shape, name, folder, &arena, err);
    if (folder >= 0) close(folder);
    umask(mask);
    tskl_arena_reset(&arena);
    return status;
}
