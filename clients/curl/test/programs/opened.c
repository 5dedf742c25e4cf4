// opened: a library that asks for what comes after it, and has a function of a common name.
// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>

const char *shared_word(void);
const char *word_of_library(void);
const char *next_word(void);

const char *shared_word(void) {
    return "the library's";
}

const char *word_of_library(void) {
    return shared_word();
}

const char *next_word(void) {
    return dlsym(RTLD_NEXT, "shared_word") ? "one more" : "no other";
}
