// confined: gives something up before its first transfer, as daemons do: `confined WAY FOLDER URL`.
// SPDX-License-Identifier: Apache-2.0
#include <curl/curl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { NOBODY = 65534 };

static int enter(const char *folder) {
    return chroot(folder) != 0 || chdir("/") != 0;
}

static int give_up(void) {
    return setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 || setuid(NOBODY) != 0;
}

static size_t drop(char *data, size_t one, size_t size, void *user) {
    (void)data;
    (void)user;
    return one * size;
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    int rooted = strstr(argv[1], "chroot") != NULL, weak = strstr(argv[1], "setuid") != NULL;
    if ((rooted && enter(argv[2])) || (weak && give_up())) return 4;
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, argv[3]);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    for (int i = 0; i < 2; i++) {
        long status = 0;
        CURLcode code = curl_easy_perform(easy);
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        printf("%d, %ld, uid %d\n", code, status, (int)geteuid());
    }
    curl_easy_cleanup(easy);
    return 0;
}
