// group: whether a group is one user's own: useradd gives each user a group of the same name or
// number, and a umask of 002 then lets that group write.
// SPDX-License-Identifier: Apache-2.0
#include "store/group.h"
#include "base/arena.h"
#include "base/descriptor.h"
#include <errno.h>
#include <fcntl.h>

// Beyond that it is a directory's dump, and nobody's private group.
enum { FILE_MAX = 4 * 1024 * 1024 };

// A line "name:x:number:rest"; of passwd the rest begins with the group's number.
typedef struct account {
    tskl_slice name, rest;
    uint64_t number;
} account;

static bool next_account(tskl_slice *text, account *out) {
    while (text->len) {
        tskl_slice line = tskl_slice_line(text);
        out->name = tskl_slice_split(&line, ':');
        tskl_slice_split(&line, ':'); // the password
        bool numbered = tskl_slice_to_u64(tskl_slice_split(&line, ':'), &out->number);
        out->rest = line;
        if (numbered && out->name.len) return true;
    }
    return false;
}

/** What /etc/passwd has to say of one user and one group. */
typedef struct owner {
    tskl_slice name; // empty where the user is not in it
    uint64_t group;  // the user's first one
    bool shared;     // somebody else begins in the group as well
} owner;

static owner find_owner(tskl_slice passwd, gid_t group, uid_t user) {
    owner found = {.group = user}; // of a user that no file knows: by number, as containers have it
    account line;
    while (next_account(&passwd, &line)) {
        uint64_t first = UINT64_MAX;
        tskl_slice_to_u64(tskl_slice_split(&line.rest, ':'), &first);
        if (line.number != user) {
            found.shared = found.shared || first == group;
        } else if (found.name.len == 0) {
            found.name = line.name;
            found.group = first;
        }
    }
    return found;
}

static bool has_others(tskl_slice members, tskl_slice name) {
    while (members.len) {
        tskl_slice member = tskl_slice_trim(tskl_slice_split(&members, ','));
        if (member.len && !tskl_slice_equal(member, name)) return true;
    }
    return false;
}

bool tskl_group_is_private_in(tskl_slice passwd, tskl_slice groups, gid_t group, uid_t user) {
    owner of = find_owner(passwd, group, user);
    account line;
    // Users of a directory service stand in neither file: "users" may look empty and have hundreds.
    // So the group has to bear the user's number or name, which is how private ones are made.
    bool own = group == user;
    if (of.shared || of.group != group) return false;
    while (next_account(&groups, &line)) {
        if (line.number != group) continue;
        if (has_others(line.rest, of.name)) return false;
        own = own || (of.name.len && tskl_slice_equal(line.name, of.name));
    }
    return own;
}

static bool read_whole(const tskl_descriptor *file, tskl_arena *arena, tskl_slice *out) {
    struct stat st;
    if (fstat(file->fd, &st) || !S_ISREG(st.st_mode) || st.st_size > FILE_MAX) return false;
    char *room = tskl_arena_take(arena, (size_t)st.st_size + 1);
    size_t len = 0;
    while (room && len < (size_t)st.st_size) {
        ssize_t got =
            tskl_descriptor_read_at(file, room + len, (size_t)st.st_size - len, (off_t)len);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return false;
        if (got == 0) break;
        len += (size_t)got;
    }
    *out = tskl_slice_make(room, room ? len : 0);
    return room != NULL;
}

// A file that is missing names nobody: images without users have none.
static bool read_file(const char *path, tskl_arena *arena, tskl_slice *out) {
    *out = (tskl_slice){NULL, 0};
    tskl_descriptor file = tskl_descriptor_open(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY,
                                                TSKL_DESCRIPTOR_BRIEF);
    if (file.fd < 0) return errno == ENOENT;
    bool done = read_whole(&file, arena, out);
    tskl_descriptor_close(&file);
    return done;
}

bool tskl_group_is_private(gid_t group, uid_t user) {
    tskl_arena arena = {0};
    tskl_slice passwd, groups;
    bool own = read_file("/etc/passwd", &arena, &passwd) &&
               read_file("/etc/group", &arena, &groups) &&
               tskl_group_is_private_in(passwd, groups, group, user);
    tskl_arena_reset(&arena);
    return own;
}
