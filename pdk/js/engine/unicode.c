// unicode: QuickJS's tables of characters without those for normal forms and for properties. A
// property in a literal, /\p{L}/u, is ranges of characters once it is compiled; only one in a text
// that is made a RegExp while a Pack runs is refused.
// SPDX-License-Identifier: Apache-2.0
#define unicode_normalize unused_normalize
#define unicode_script unused_script
#define unicode_general_category unused_general_category
#define unicode_prop unused_prop
#define unicode_sequence_prop unused_sequence_prop
#include "libunicode.c"
#undef unicode_normalize
#undef unicode_script
#undef unicode_general_category
#undef unicode_prop
#undef unicode_sequence_prop

enum { UNKNOWN = -2 }; // what these answer for a name that they do not have

int unicode_script(CharRange *cr, const char *name, bool is_extended) {
    (void)cr, (void)name, (void)is_extended;
    return UNKNOWN;
}

int unicode_general_category(CharRange *cr, const char *name) {
    (void)cr, (void)name;
    return UNKNOWN;
}

int unicode_prop(CharRange *cr, const char *name) {
    (void)cr, (void)name;
    return UNKNOWN;
}

int unicode_sequence_prop(const char *name, UnicodeSequencePropCB *use, void *user, CharRange *cr) {
    (void)name, (void)use, (void)user, (void)cr;
    return UNKNOWN;
}

/** The text as it is: localeCompare compares by code points. */
int unicode_normalize(uint32_t **to, const uint32_t *from, int length,
                      UnicodeNormalizationEnum form, void *user, DynBufReallocFunc *resize) {
    (void)form;
    *to = resize(user, NULL, sizeof **to * (size_t)(length ? length : 1));
    if (!*to) return -1;
    memcpy(*to, from, sizeof **to * (size_t)length);
    return length;
}
