// SPDX-License-Identifier: Apache-2.0
#include "installed.h"
#include "base/status.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The folder above the one this program lies in: "/usr/local" for /usr/local/bin/taskless. Empty:
// not known.
static const char *find_root(void) {
    static char root[PATH_MAX];
    if (root[0] || !realpath("/proc/self/exe", root)) return root;
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(root, '/');
        if (!slash) return memset(root, 0, 1);
        *slash = 0;
    }
    return root;
}

bool tskl_installed_part(const char *part, char path[PATH_MAX]) {
    const char *root = find_root();
    if (!root[0]) return false;
    int len = snprintf(path, PATH_MAX, "%s/%s", root, part);
    return len > 0 && len < PATH_MAX && access(path, R_OK) == 0;
}

bool tskl_installed_packs(char path[PATH_MAX]) {
    static const char *const places[] = {"share/taskless/packs", "packs"};
    for (size_t i = 0; i < TSKL_COUNT(places); i++)
        if (tskl_installed_part(places[i], path)) return true;
    return false;
}
