// Headers that a Pack sends: what is taken are whole fields, none of them the connection's.
// SPDX-License-Identifier: Apache-2.0
#include "must.h"
#include "net/fields.h"
#include "net/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tskl_slice input = tskl_slice_make(data, size), name, value;
    size_t body_size = take_byte(&input), count = 0, bytes = 0;
    tskl_error err;
    if (tskl_fields_check(input, body_size, &err) != TSKL_OK) {
        MUST(err.message[0]);
        return 0;
    }
    for (tskl_slice rest = input; tskl_fields_next(&rest, &name, &value); count++) {
        MUST(name.len > 0 && !tskl_slice_contains(name, ' ') && !tskl_slice_contains(name, ':'));
        for (size_t i = 0; i < value.len; i++)
            MUST(value.ptr[i] == '\t' || (unsigned char)value.ptr[i] >= ' ');
        bytes += name.len + value.len;
    }
    MUST(count <= TSKL_HTTP_HEADER_COUNT_MAX && bytes <= input.len);
    MUST(!tskl_fields_have(input, "host") && !tskl_fields_have(input, "transfer-encoding"));
    MUST(!tskl_fields_have(input, "connection") && !tskl_fields_have(input, "proxy-connection"));
    return 0;
}
