// answer: what goes over the wire when a case is replayed to a client.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_CONFORMANCE_ANSWER_H
#define TSKL_CLI_CONFORMANCE_ANSWER_H
#include "case/case.h"

/** Appends all that comes before the body: informational responses, the answer's own head. */
void tskl_answer_add_head(const tskl_case *told, tskl_buf *out);
/** Appends a part of the body as it is framed. */
void tskl_answer_add_part(const tskl_case *told, tskl_slice part, tskl_buf *out);
/** Appends what ends the body: the last chunk and the trailers, where it has chunks. */
void tskl_answer_add_end(const tskl_case *told, tskl_buf *out);
/** Whether a body may follow the head, which HEAD and some statuses forbid. */
bool tskl_answer_has_body(const tskl_case *told);
/** Whether the connection goes on to the next request. */
bool tskl_answer_keeps_connection(const tskl_case *told);
#endif
