// SPDX-License-Identifier: Apache-2.0
#include "inspect/code_state.h"
#include "compiler.h"
#include "store/code_entry.h"
#include "store/code_folders.h"

static bool look(const char *folder, const tskl_sha256 *wasm, tskl_slice key, size_t *bytes) {
    char name[TSKL_CODE_NAME_MAX];
    tskl_code code;
    tskl_descriptor opened;
    if (tskl_code_entry_name(wasm, key, name, NULL) != TSKL_OK ||
        tskl_code_folder_open(folder, &opened, NULL) != TSKL_OK)
        return false;
    bool found = tskl_code_entry_map(&opened, name, &code, NULL) == TSKL_OK;
    *bytes = code.bytes.len;
    tskl_code_unmap(&code);
    tskl_descriptor_close(&opened);
    return found;
}

tskl_code_state tskl_code_state_of(const tskl_sha256 *wasm, tskl_arena *arena) {
    const char *folders[TSKL_CODE_FOLDERS];
    const tskl_slice keys[] = {tskl_compiler_key(), tskl_compiler_portable_key()};
    tskl_code_state state = {NULL, false, 0};
    if (tskl_code_folders(arena, folders, NULL) != TSKL_OK) return state;
    for (size_t k = 0; k < TSKL_COUNT(keys); k++)
        for (size_t f = 0; f < TSKL_CODE_FOLDERS; f++)
            if (folders[f] && look(folders[f], wasm, keys[k], &state.bytes)) {
                state.folder = folders[f];
                state.portable = k > 0;
                return state;
            }
    return state;
}
