// json_writer: JSON text into a buffer, safe to show: no control characters, always UTF-8.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_JSON_WRITER_H
#define TSKL_BASE_JSON_WRITER_H
#include "base/buf.h"
#include "base/json.h"

/** Appends `text` as a JSON string: control characters and U+2028/9 escaped, U+FFFD for what is
 *  not UTF-8. */
void tskl_json_add_string(tskl_buf *buf, tskl_slice text);
/** Appends JSON text as a terminal may show it: characters that turn text around or show nothing,
 *  which can only stand in its strings, as \uXXXX. The same document, read by a program. */
void tskl_json_add_shown(tskl_buf *buf, tskl_slice json);
/** Appends `,` unless the object or array has just been opened, then "name":. `name` is ours. */
void tskl_json_add_key(tskl_buf *buf, tskl_slice name);
/** Appends `,` unless an object or array has just been opened. */
void tskl_json_add_comma(tskl_buf *buf);
/** Appends a document compactly, members in their order. */
void tskl_json_add_value(tskl_buf *buf, const tskl_json *value);
#endif
