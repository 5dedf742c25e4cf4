// opens: a program that opens libraries: what the loader answers depends on who asks.
// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>
#include <stdio.h>

typedef const char *word(void);

const char *shared_word(void) {
    return "the program's";
}

static word *look_up(void *handle, const char *name) {
    void *found = dlsym(handle, name);
    return *(word **)&found;
}

// Found beside the program alone, by the RUNPATH of the one who asks.
int main(void) {
    void *plain = dlopen("libopened.so", RTLD_NOW | RTLD_LOCAL);
    if (!plain) return puts(dlerror()) < 0;
    puts(look_up(plain, "word_of_library")());
    puts(look_up(plain, "next_word")());
    void *apart = dlopen("./curl.so", RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
    if (!apart) return puts(dlerror()) < 0;
    puts(look_up(apart, "word_of_library")());
    printf("%d\n", dlsym(plain, "curl_easy_perform") == NULL);
    puts(dlerror());
    return 7;
}
