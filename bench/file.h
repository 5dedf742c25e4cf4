// file: what a bench reads whole.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BENCH_FILE_H
#define TSKL_BENCH_FILE_H
#include "base/slice.h"

/** The bytes of `folder`/`name`, kept until the program ends; ends the program when there is none.
 */
tskl_slice tskl_bench_read(const char *folder, const char *name);
#endif
