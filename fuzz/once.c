// once: runs a fuzz target over files and folders of files, or (--random SECONDS) over inputs of
// chance, where libFuzzer is not at hand: ThreadSanitizer does not go with it.
// SPDX-License-Identifier: Apache-2.0
#include "base/alloc.h"
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { INPUT_MAX = 16 << 20, PATH_ROOM = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t runs;

// The copy is as long as the input, so that a sanitizer sees a read behind its end.
static int run_file(const char *path, size_t size) {
    FILE *file = fopen(path, "rb");
    uint8_t *data = file && size <= INPUT_MAX ? tskl_alloc(size + !size) : NULL;
    size_t got = data ? fread(data, 1, size, file) : 0;
    if (file) fclose(file);
    if (data && got == size) {
        fprintf(stderr, "%s\n", path); // the last line names the input that ended the program
        LLVMFuzzerTestOneInput(data, size);
        runs++;
    }
    tskl_free(data);
    return data && got == size ? 0 : (perror(path), 1);
}

static int run_path(const char *path) {
    struct stat is;
    if (stat(path, &is) != 0) return perror(path), 1;
    if (!S_ISDIR(is.st_mode)) return run_file(path, (size_t)is.st_size);
    DIR *folder = opendir(path);
    int status = folder ? 0 : (perror(path), 1);
    for (struct dirent *entry = NULL; folder && (entry = readdir(folder));) {
        char below[PATH_ROOM];
        if (entry->d_name[0] == '.') continue;
        snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
        status |= run_path(below);
    }
    if (folder) closedir(folder);
    return status;
}

// Inputs of many lengths; `seed` makes the same ones again.
static int run_random(long seconds, uint64_t seed) {
    enum { LONGEST = 4096 };
    static uint8_t data[LONGEST];
    time_t end = time(NULL) + seconds;
    printf("seed %llu\n", (unsigned long long)seed);
    fflush(stdout);
    for (; time(NULL) < end; runs++) {
        size_t length = 0, wanted = seed % LONGEST;
        for (; length < wanted; length++) {
            seed ^= seed << 13; // xorshift
            seed ^= seed >> 7;
            seed ^= seed << 17;
            data[length] = (uint8_t)(seed >> 24);
        }
        LLVMFuzzerTestOneInput(data, length);
        seed = seed * 6364136223846793005u + 1442695040888963407u;
    }
    printf("%zu inputs\n", runs);
    return 0;
}

int main(int argc, char **argv) {
    int status = 0;
    if (argc >= 3 && strcmp(argv[1], "--random") == 0)
        return run_random(atol(argv[2]),
                          argc > 3 ? strtoull(argv[3], NULL, 10) : (uint64_t)time(NULL));
    for (int i = 1; i < argc; i++) status |= run_path(argv[i]);
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    printf("%zu inputs\n", runs);
    return status;
}
