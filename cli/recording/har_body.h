// har_body: the bodies and headers of an entry.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_HAR_BODY_H
#define TSKL_CLI_HAR_BODY_H
#include "recording/har_fields.h"

/** A list of {name, value}, or an object, as header lines. NOMEM. */
tskl_status tskl_har_read_headers(tskl_har_reading *r, const tskl_json *headers, tskl_slice *out);
/** The body that `holder` has as `text`, which its member `coding` may say is base64. `*lost` where
 *  there is one that cannot be read: it is noted. NOMEM. */
tskl_status tskl_har_read_body(tskl_har_reading *r, const tskl_json *holder, const char *coding,
                               tskl_slice *out, bool *lost);
/** A form of which only its fields were kept, as it was sent. NOMEM. */
tskl_status tskl_har_read_form(tskl_har_reading *r, const tskl_json *fields, tskl_slice *out);
#endif
