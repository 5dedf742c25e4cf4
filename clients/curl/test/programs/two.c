// two: a program with OpenSSL's libcurl and, in a library that it opens, GnuTLS's: each says in its
// own words why it does not trust the server.
// SPDX-License-Identifier: Apache-2.0
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

void call(const char *url);

void call(const char *url) {
    char message[CURL_ERROR_SIZE] = "";
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, message);
    CURLcode code = curl_easy_perform(easy);
    printf("%d %s\n%s\n", code, strstr(curl_version(), "GnuTLS") ? "GnuTLS" : "OpenSSL", message);
    curl_easy_cleanup(easy);
}

int main(int argc, char **argv) {
    void *other = dlopen(argv[2], RTLD_NOW | RTLD_LOCAL),
         *found = other ? dlsym(other, "call") : NULL;
    if (argc != 3 || !found) return 2;
    for (int i = 0; i < 2; i++) {
        call(argv[1]);
        (*(void (**)(const char *))&found)(argv[1]);
    }
    return 0;
}
