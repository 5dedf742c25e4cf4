// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "store/group.h"

#define PASSWD                                                                                     \
    "root:x:0:0:root:/root:/bin/sh\n"                                                              \
    "daemon:x:1:1::/:/usr/sbin/nologin\n"                                                          \
    "ada:x:1000:1000::/home/ada:/bin/sh\n"                                                         \
    "bob:x:1001:1005::/home/bob:/bin/sh\n"                                                         \
    "eve:x:1002:100::/home/eve:/bin/sh\n"                                                          \
    "fay:x:1003:1010::/home/fay:/bin/sh\n"                                                         \
    "gus:x:1004:1010::/home/gus:/bin/sh\n"
#define GROUPS                                                                                     \
    "root:x:0:\nusers:x:100:\nada:x:1000:\nbob:x:1005:bob\nfay:x:1010:\nwheel:x:10:root\n"         \
    "open:x:2000:ada\n"

TEST(group, is_private_where_it_is_a_users_own_and_nobody_else_is_in_it) {
    static const struct {
        const char *passwd, *groups;
        gid_t group;
        uid_t user;
        bool is_private;
    } rows[] = {
        {PASSWD, GROUPS, 0, 0, true},
        {PASSWD, GROUPS, 1000, 1000, true},
        {PASSWD, GROUPS, 1005, 1001, true},    // by its name, of which it is a member too
        {PASSWD, GROUPS, 1000, 1001, false},   // another's
        {PASSWD, GROUPS, 100, 1002, false},    // a group of many, whoever is known here
        {PASSWD, GROUPS, 1010, 1003, false},   // two users begin in it
        {PASSWD, GROUPS, 2000, 1000, false},   // not the first group of its only member
        {PASSWD, GROUPS, 12345, 12345, true},  // of a container's nameless user
        {PASSWD, GROUPS, 54321, 12345, false}, //
        {PASSWD "x:x:7:12345::/:\n", GROUPS, 12345, 12345, false},
        {PASSWD, GROUPS "x:x:12345:ada\n", 12345, 12345, false},
        {PASSWD, "ada:x:1000:ada,eve\n", 1000, 1000, false},
        {PASSWD, "ada:x:1000:\nada2:x:1000:eve\n", 1000, 1000, false}, // one number, two names
        {"", "", 1000, 1000, true},
        {"broken\n:::\nada:x:1000", "\n+:::\n", 1000, 1000, false}, // its group is not known
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK_ROW(i, tskl_group_is_private_in(tskl_slice_of(rows[i].passwd),
                                              tskl_slice_of(rows[i].groups), rows[i].group,
                                              rows[i].user) == rows[i].is_private);
}
