// utf8: which bytes are text, and which text is safe to show.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_UTF8_H
#define TSKL_BASE_UTF8_H
#include "base/buf.h"

#define TSKL_UTF8_REPLACEMENT TSKL_S("\xef\xbf\xbd") // U+FFFD

/** The length of the character that `s` begins with, and the character; 0 when it is not UTF-8
 *  (cut, overlong, a surrogate, past U+10FFFF) or `s` is empty. */
size_t tskl_utf8_next(tskl_slice s, uint32_t *character);
bool tskl_utf8_valid(tskl_slice s);
/** Appends one character; U+FFFD in place of what is none. */
void tskl_utf8_add(tskl_buf *buf, uint32_t character);
/** `s` without the part of a character that a cut left at its end. */
tskl_slice tskl_utf8_whole(tskl_slice s);
/** Control characters of any kind: C0, DEL, C1, line and paragraph separators. */
bool tskl_utf8_is_control(uint32_t character);
/** Characters that show nothing or turn text around: they make one text look like another. */
bool tskl_utf8_is_deceptive(uint32_t character);
/** Appends `s` as a terminal or a log may show it: what controls or deceives as \u{1b}, what is
 *  not UTF-8 as U+FFFD. */
void tskl_utf8_add_shown(tskl_buf *buf, tskl_slice s);
#endif
