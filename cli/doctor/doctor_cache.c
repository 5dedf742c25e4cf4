// SPDX-License-Identifier: Apache-2.0
#include "compiler.h"
#include "doctor/doctor.h"
#include "store/code_folders.h"
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct contents {
    size_t entries, foreign; // of which for another engine or processor
    unsigned long long bytes;
} contents;

static bool is_ours(tskl_slice name) {
    return tskl_slice_search(name, tskl_compiler_key()) != SIZE_MAX ||
           tskl_slice_search(name, tskl_compiler_portable_key()) != SIZE_MAX;
}

static contents count(int folder) {
    contents found = {0};
    struct stat st;
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (!directory) {
        if (fd >= 0) close(fd);
        return found;
    }
    for (const struct dirent *entry; (entry = readdir(directory));) {
        tskl_slice name = tskl_slice_of(entry->d_name);
        if (!tskl_slice_ends(name, TSKL_S(".cwasm")) || fstatat(folder, entry->d_name, &st, 0))
            continue;
        found.entries++;
        found.foreign += !is_ours(name);
        found.bytes += (unsigned long long)st.st_size;
    }
    closedir(directory);
    return found;
}

// A folder that is missing is made, if the nearest one above it takes another.
static bool can_be_made(const char *path) {
    char above[PATH_MAX];
    struct stat st;
    snprintf(above, sizeof above, "%s", path);
    for (;;) {
        char *slash = strrchr(above, '/');
        if (!slash) return false;
        slash[slash == above] = 0;
        if (stat(above, &st) == 0)
            return S_ISDIR(st.st_mode) && faccessat(AT_FDCWD, above, W_OK, AT_EACCESS) == 0;
        if (strcmp(above, "/") == 0) return false;
    }
}

// Whether code can be written there.
static bool look_at(tskl_findings *findings, const char *name, const char *path) {
    tskl_error err = {0};
    tskl_descriptor opened;
    tskl_status status = tskl_code_folder_open(path, &opened, &err);
    if (status == TSKL_ERR_NOT_FOUND) {
        bool made = can_be_made(path);
        tskl_findings_add(findings, TSKL_GOOD, name, NULL, "%s: not there%s", path,
                          made ? " yet, made when needed" : ", and cannot be made");
        return made;
    }
    if (status != TSKL_OK) {
        tskl_findings_add(findings, TSKL_BAD, name, NULL, "passed over: %s", err.message);
        return false;
    }
    contents found = count(opened.fd);
    bool writable = faccessat(opened.fd, ".", W_OK, AT_EACCESS) == 0;
    tskl_descriptor_close(&opened);
    tskl_findings_add(findings, TSKL_GOOD, name, NULL,
                      "%s: %zu entr%s, %llu KiB (%zu for another version or processor)%s", path,
                      found.entries, found.entries == 1 ? "y" : "ies", found.bytes / 1024,
                      found.foreign, writable ? "" : ", cannot be written");
    return writable;
}

void tskl_doctor_cache(tskl_findings *findings) {
    static const char *const names[TSKL_CODE_FOLDERS] = {"user's", "system's"};
    const char *folders[TSKL_CODE_FOLDERS];
    bool writable = false;
    findings->group = "Compiled code";
    if (tskl_code_folders(&findings->arena, folders, NULL) != TSKL_OK) return;
    for (size_t i = 0; i < TSKL_CODE_FOLDERS; i++) {
        if (folders[i])
            writable |= look_at(findings, names[i], folders[i]);
        else
            tskl_findings_add(findings, TSKL_NOTE, names[i],
                              "set TASKLESS_CACHE to a folder of yours",
                              "there is none: HOME is not set");
    }
    if (!writable)
        tskl_findings_add(findings, TSKL_BAD, "writing",
                          "set TASKLESS_CACHE to a folder of yours, or run `taskless compile "
                          "--system` as root",
                          "no folder takes compiled code: Packs that are not compiled stay off");
}
