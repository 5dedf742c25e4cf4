// fields: which headers a Pack may send.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_NET_FIELDS_H
#define TSKL_NET_FIELDS_H
#include "base/slice.h"
#include "base/status.h"

/** The next of "name: value\r\n" lines that is one, both without spaces around them. False: there
 *  is none left. A line that is no field comes with an empty name. */
bool tskl_fields_next(tskl_slice *lines, tskl_slice *name, tskl_slice *value);
/** Fails with INVALID, naming the header, for what the connection or the request's length is told
 *  by, for another host and for what is no header at all; LIMIT for too many. `body_size` is the
 *  one length that may be told. */
tskl_status tskl_fields_check(tskl_slice lines, size_t body_size, tskl_error *err);
/** Whether one of that name, in whatever case, is among them. */
bool tskl_fields_have(tskl_slice lines, const char *name);
#endif
