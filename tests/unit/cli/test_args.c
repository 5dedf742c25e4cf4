// SPDX-License-Identifier: Apache-2.0
#include "command.h"
#include "harness.h"

static const tskl_option options[] = {{"output", "LIST", ""}, {"quiet", NULL, ""}};
static const tskl_command plain = {
    .name = "plain", .options = options, .option_count = TSKL_COUNT(options)};
static const tskl_command passing = {
    .name = "passing", .options = options, .option_count = TSKL_COUNT(options), .passes_on = true};

// What is parsed points into them: they have to be a variable's where that is looked at later.
#define WORDS(...)                                                                                 \
    (char *[]) {                                                                                   \
        __VA_ARGS__, NULL                                                                          \
    }

TEST(args, parts_options_from_operands_in_any_order) {
    tskl_args args;
    bool help;
    char **words = WORDS("a", "--output=x=y", "-", "--quiet", "b", "--", "--quiet");
    CHECK(tskl_args_parse(&plain, words, &args, &help));
    CHECK(!help && args.operand_count == 4);
    CHECK_TEXT(TSKL_S("x=y"), tskl_slice_of(tskl_args_get(&args, "output")));
    CHECK(args.values[1] && !tskl_args_get(&args, "other"));
    static const char *const operands[] = {"a", "-", "b", "--quiet"};
    for (size_t i = 0; i < TSKL_COUNT(operands); i++)
        CHECK_TEXT(tskl_slice_of(operands[i]), tskl_slice_of(args.operands[i]));
}

TEST(args, keeps_each_value_of_an_option_in_order) {
    tskl_args args;
    bool help;
    int at = 0;
    char **words = WORDS("--output", "a", "--quiet", "--output=b", "c");
    CHECK(tskl_args_parse(&plain, words, &args, &help));
    CHECK_TEXT(TSKL_S("a"), tskl_slice_of(tskl_args_next(&args, 0, &at)));
    CHECK_TEXT(TSKL_S("b"), tskl_slice_of(tskl_args_next(&args, 0, &at)));
    CHECK(!tskl_args_next(&args, 0, &at) && !tskl_args_next(&args, 0, &at));
    CHECK_TEXT(TSKL_S("b"), tskl_slice_of(tskl_args_get(&args, "output")));
}

TEST(args, leaves_another_programs_options_alone) {
    tskl_args args;
    bool help;
    char **words = WORDS("--output", "x", "node", "--help", "--output");
    CHECK(tskl_args_parse(&passing, words, &args, &help));
    CHECK(!help && args.operand_count == 3);
    CHECK_TEXT(TSKL_S("--help"), tskl_slice_of(args.operands[1]));
    words = WORDS("--", "--quiet");
    CHECK(tskl_args_parse(&passing, words, &args, &help));
    CHECK(args.operand_count == 1 && !args.values[1]);
}

TEST(args, gives_help_wherever_it_is_asked_for) {
    tskl_args args;
    bool help;
    CHECK(tskl_args_parse(&plain, WORDS("a", "--quiet", "-h", "--nonsense"), &args, &help) && help);
}

// What is complained of is checked by tests/cli, which sees standard error.
TEST(args, finds_commands_of_one_and_two_words) {
    int used;
    CHECK(tskl_command_find(WORDS("run", "x"), &used) == &tskl_command_run && used == 1);
    CHECK(tskl_command_find(WORDS("pack", "check", "x"), &used) == &tskl_command_pack_check);
    CHECK(used == 2);
    CHECK(!tskl_command_find(WORDS("pack"), &used) && !tskl_command_find(WORDS("nun"), &used));
}
