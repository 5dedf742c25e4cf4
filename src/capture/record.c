// SPDX-License-Identifier: Apache-2.0
#include "capture/record.h"

const char *tskl_result_text(tskl_result result) {
    switch (result) {
#define TEXT(name)                                                                                 \
    case TSKL_RESULT_##name: return #name;
        TSKL_RESULTS(TEXT)
#undef TEXT
    }
    return "unknown";
}
