// SPDX-License-Identifier: Apache-2.0
//
// An entry and the brackets that close the file are one write, laid over the brackets before. All
// processes that share the path write into the one file: each takes the lock, looks where the file
// ends now, writes, and lets go. So a program and its children make one recording.
#include "output/har.h"
#include "base/alloc.h"
#include "base/json_writer.h"
#include "output/own_file.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>

// What every version of ours begins with, the rest of the beginning, and the end.
#define MARK "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"taskless\","
#define REST "\"version\":\"" TSKL_VERSION "\"},\"entries\":["
#define TAIL "\n]}}\n"

enum {
    ENTRY_MAX = 64 * 1024 * 1024,
    ENTRY_KEPT = 1024 * 1024, // room that is kept for the next entry
    LOCK_TRIES = 100,         // a millisecond apart
};

typedef struct har_output {
    tskl_output output;
    tskl_own_file file;
    tskl_buf text;
} har_output;

// Looked at before each step: a lock of the program's on a file of its own would become another,
// and be given up with ours.
static tskl_status lock(const tskl_descriptor *to, tskl_error *err) {
    for (int i = 0; i < LOCK_TRIES; i++) {
        errno = EBADF;
        if (!tskl_descriptor_is_same(to)) break;
        if (flock(to->fd, LOCK_EX | LOCK_NB) == 0) return TSKL_OK;
        if (errno != EWOULDBLOCK && errno != EINTR) break;
        poll(NULL, 0, 1);
    }
    return tskl_fail(err, TSKL_ERR_IO, "could not be locked: %s", strerror(errno));
}

static void unlock(const tskl_descriptor *to) {
    if (tskl_descriptor_is_same(to)) flock(to->fd, LOCK_UN);
}

// Looked at before each write: what is laid over the start of another file is lost.
static bool write_at(const tskl_descriptor *to, tskl_slice text, off_t at) {
    while (text.len > 0) {
        if (!tskl_descriptor_is_same(to)) return false;
        ssize_t written = tskl_descriptor_write_at(to, text, at);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text = tskl_slice_from(text, (size_t)written);
        at += written;
    }
    return true;
}

static bool has_at(const tskl_descriptor *to, tskl_slice text, off_t at) {
    char room[128];
    return at >= 0 && text.len <= sizeof room &&
           tskl_descriptor_read_at(to, room, text.len, at) == (ssize_t)text.len &&
           memcmp(room, text.ptr, text.len) == 0;
}

// Where the next entry goes: over the closing brackets. A file that is empty is begun.
static tskl_status find_end(const tskl_descriptor *to, off_t *end, tskl_error *err) {
    struct stat file;
    *end = 0;
    if (fstat(to->fd, &file) != 0) return tskl_fail(err, TSKL_ERR_IO, "%s", strerror(errno));
    if (file.st_size == 0) {
        tskl_slice empty = TSKL_S(MARK REST TAIL);
        if (!write_at(to, empty, 0)) return tskl_fail(err, TSKL_ERR_IO, "%s", strerror(errno));
        file.st_size = (off_t)empty.len;
    }
    off_t at = file.st_size - (off_t)TSKL_S(TAIL).len;
    if (!has_at(to, TSKL_S(MARK), 0) || !has_at(to, TSKL_S(TAIL), at))
        return tskl_fail(err, TSKL_ERR_INVALID, "is there and is no recording of taskless");
    *end = at;
    return TSKL_OK;
}

// `text` begins with the comma between entries, which the first one does without.
static tskl_status append(const tskl_descriptor *to, tskl_slice text, tskl_error *err) {
    off_t end;
    TSKL_TRY(find_end(to, &end, err));
    if (has_at(to, TSKL_S("["), end - 1)) text = tskl_slice_from(text, 1);
    if (write_at(to, text, end)) return TSKL_OK;
    // A full disk must not cost the entries that are there.
    tskl_status status = tskl_fail(err, TSKL_ERR_IO, "%s", strerror(errno));
    tskl_slice tail = TSKL_S(TAIL);
    if (!write_at(to, tail, end) || !tskl_descriptor_is_same(to) ||
        ftruncate(to->fd, end + (off_t)tail.len) != 0)
        return tskl_context(err, status, "the recording is damaged");
    return status;
}

static tskl_status write_locked(har_output *har, tskl_error *err) {
    if (har->text.failed) return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (writing an entry)");
    TSKL_TRY(tskl_own_file_check(&har->file, err));
    const tskl_descriptor *to = &har->file.to;
    TSKL_TRY(lock(to, err));
    tskl_status status = append(to, tskl_buf_slice(&har->text), err);
    unlock(to);
    return status;
}

static void write_har(tskl_output *output, const tskl_record *record) {
    har_output *har = (har_output *)output;
    tskl_error err = {0};
    int saved = errno;
    tskl_buf_clear(&har->text);
    tskl_buf_add(&har->text, TSKL_S(",\n"));
    tskl_har_add_entry(&har->text, record);
    tskl_buf_add(&har->text, TSKL_S(TAIL));
    tskl_output_count(output, write_locked(har, &err), &err);
    if (har->text.room > ENTRY_KEPT) {
        tskl_buf_deinit(&har->text);
        tskl_buf_init(&har->text, ENTRY_MAX);
    }
    errno = saved;
}

static void close_har(tskl_output *output) {
    har_output *har = (har_output *)output;
    tskl_buf_deinit(&har->text);
    tskl_own_file_close(&har->file);
    tskl_free(har);
}

static tskl_status check_recording(const tskl_descriptor *to, tskl_error *err) {
    off_t end;
    if (to->type != S_IFREG) return tskl_fail(err, TSKL_ERR_INVALID, "is not a file");
    TSKL_TRY(lock(to, err));
    tskl_status status = find_end(to, &end, err);
    unlock(to);
    return status;
}

tskl_status tskl_har_output_open(tskl_slice path, tskl_output **out, tskl_error *err) {
    static const tskl_output_ops ops = {write_har, close_har};
    tskl_own_file file;
    *out = NULL;
    TSKL_TRY(tskl_own_file_open(path, O_RDWR, &file, err));
    tskl_status status = check_recording(&file.to, err);
    har_output *har = status == TSKL_OK ? tskl_new(har_output) : NULL;
    if (!har) {
        tskl_own_file_close(&file);
        return status != TSKL_OK
                   ? status
                   : tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (opening a recording)");
    }
    har->output.ops = &ops;
    har->output.wants = TSKL_WANT_REQUEST_BODY | TSKL_WANT_RESPONSE_BODY;
    har->file = file;
    tskl_buf_init(&har->text, ENTRY_MAX);
    *out = &har->output;
    return TSKL_OK;
}
