// SPDX-License-Identifier: Apache-2.0
#include "base/env.h"
#include "base/handover.h"
#include "config/config.h"
#include "harness.h"
#include <fcntl.h>
#include <unistd.h>

static void put_env_back(tskl_env *env) {
    (void)env;
    tskl_env_replaced = NULL;
}

static void free_config(tskl_config **config) {
    tskl_config_free(*config);
}

static void close_fd(int *fd) {
    if (*fd >= 0) close(*fd);
}

// A number that is always noted, of a file that was opened after the library was loaded.
static int open_since(void) {
    for (int fd = TSKL_NOTED_LOW - 1; fd > STDERR_FILENO; fd--)
        if (!tskl_handover_descriptor(fd).type && fcntl(fd, F_GETFD) < 0)
            return dup2(STDIN_FILENO, fd);
    return -1;
}

TEST(given, is_what_an_output_meant_before_the_program_ran_unless_code_names_it) {
    CLEANUP(put_env_back) tskl_env env = {0};
    int CLEANUP(close_fd) fd = open_since();
    const char *name = tskl_arena_printf(t->arena, "fd:%d", fd);
    CHECK(name && fd > STDERR_FILENO);
    tskl_env_replaced = &env;
    const struct {
        const char *by_code, *by_variable;
        bool open;
    } rows[] = {{name, NULL, true}, {NULL, name, false}};
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_config CLEANUP(free_config) *config = NULL;
        const tskl_config_request request = {.outputs = rows[i].by_code};
        env.output = rows[i].by_variable;
        CHECK_OK(tskl_config_load(&request, &config, &t->err));
        CHECK_ROW(i, config->outputs[0].given.fd == fd);
        CHECK_ROW(i, (config->outputs[0].given.type != 0) == rows[i].open);
    }
}

TEST(given, is_standard_error_as_it_was_by_default_and_by_name) {
    CLEANUP(put_env_back) tskl_env env = {0};
    tskl_env_replaced = &env;
    static const char *const lists[] = {NULL, "stderr", "fd:2"};
    tskl_descriptor before = tskl_handover_descriptor(STDERR_FILENO);
    for (size_t i = 0; i < TSKL_COUNT(lists); i++) {
        tskl_config CLEANUP(free_config) *config = NULL;
        const tskl_config_request request = {.outputs = lists[i]};
        CHECK_OK(tskl_config_load(&request, &config, &t->err));
        const tskl_descriptor *given = &config->outputs[0].given;
        CHECK_ROW(i, given->fd == STDERR_FILENO && given->type == before.type);
        CHECK_ROW(i, given->inode == before.inode && config->log_to.inode == before.inode);
    }
}
