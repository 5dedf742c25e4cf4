// target: the URL that a call went to, from what its caller and its head say of it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_NODE_TARGET_H
#define TSKL_NODE_TARGET_H
#include "head.h"
#include "values.h"

/**
 * Joins `origin` ("http://10.0.0.1:8080": where the call went) and the head's target, in the memory
 * of `text`. With `named` the host line has its say: a caller that looked a name up itself calls an
 * address and says the name there; and where `origin` has no port, the port of the same host. Empty
 * where there is no memory.
 */
tskl_slice tskl_target_url(tskl_slice origin, const tskl_head *head, bool named, tskl_text *text);
#endif
