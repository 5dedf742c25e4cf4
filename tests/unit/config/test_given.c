// SPDX-License-Identifier: Apache-2.0
#include "base/env.h"
#include "base/handover.h"
#include "config/config.h"
#include "harness.h"
#include "output/output.h"
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

// Of a file with that `log.to` or output; what was said meanwhile is in `said`.
static tskl_status load_said(tskl_test *t, const char *text, tskl_config **config, char said[512]) {
    const tskl_config_request request = {
        .path = tskl_test_write(t, "taskless.yaml", tskl_slice_of(text)), .outputs = NULL};
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK)) return TSKL_ERR_BUG;
    tskl_log_set(TSKL_LOG_WARN, ends[1]);
    tskl_status status = tskl_config_load(&request, config, &t->err);
    tskl_log_set(TSKL_LOG_WARN, STDERR_FILENO);
    ssize_t len = read(ends[0], said, 511);
    said[len > 0 ? len : 0] = 0;
    close(ends[0]);
    close(ends[1]);
    return status;
}

TEST_ONCE(given, is_nothing_where_a_file_names_a_number_that_nobody_looked_at) {
    CLEANUP(put_env_back) tskl_env env = {0};
    tskl_config CLEANUP(free_config) *config = NULL;
    int CLEANUP(close_fd) fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 40);
    const char *text = tskl_arena_printf(t->arena, "outputs: [{to: \"fd:%d\"}]\n", fd);
    char said[512];
    tskl_output *output;
    tskl_env_replaced = &env;
    CHECK(fd >= 40 && text);
    CHECK_OK(load_said(t, text, &config, said));
    CHECK(config->outputs[0].given.type == 0);
    CHECK_STATUS(TSKL_ERR_IO, tskl_output_open(&config->outputs[0], &output, &t->err));
    CHECK_HAS(t->err.message, tskl_arena_printf(t->arena, "output \"fd:%d\": ", fd));
    CHECK_HAS(t->err.message, "name it in TASKLESS_OUTPUT before the program starts");
}

TEST_ONCE(given, says_that_a_log_has_nowhere_to_go) {
    CLEANUP(put_env_back) tskl_env env = {0};
    int CLEANUP(close_fd) low = open_since();
    int CLEANUP(close_fd) high = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 40);
    CHECK(low > STDERR_FILENO && high >= 40);
    tskl_env_replaced = &env;
    const struct {
        int fd;
        const char *says;
    } rows[] = {{low, "was not open when taskless was loaded\n"},
                {high, "was not looked at when taskless was loaded: use a number up to 31\n"}};
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_config CLEANUP(free_config) *config = NULL;
        const char *text = tskl_arena_printf(t->arena, "log: {to: \"fd:%d\"}\n", rows[i].fd);
        char said[512];
        CHECK(text);
        CHECK_OK(load_said(t, text, &config, said));
        CHECK_ROW(i, config->log_to.fd == rows[i].fd && config->log_to.type == 0);
        CHECK_HAS(said, tskl_arena_printf(t->arena, "log.to: descriptor %d %s", rows[i].fd,
                                          rows[i].says));
    }
}
