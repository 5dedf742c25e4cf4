// random: bytes nobody can foresee.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_RANDOM_H
#define TSKL_BASE_RANDOM_H
#include <stddef.h>

/** Never blocks and never fails: while the machine boots, when there is no randomness yet, the
 * bytes only differ from call to call. */
void tskl_random_fill(void *bytes, size_t size);
#endif
