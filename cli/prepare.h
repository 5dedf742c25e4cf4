// prepare: Packs compiled before they are needed, since no application ever compiles.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_PREPARE_H
#define TSKL_CLI_PREPARE_H
#include "pack/pack.h"

enum { TSKL_PREPARED_CODE_MAX = 512 * 1024 * 1024 }; // bytes of a module's native code

/** How a Pack's code stands. */
typedef enum tskl_prepared {
    TSKL_PREPARED_BEFORE, // it was in the cache
    TSKL_PREPARED_NOW,
} tskl_prepared;

/** For which processors, and where to. Zeroed: for this one, into the usual cache. */
typedef struct tskl_prepare_options {
    const char *folder; // of the cache; NULL: the usual ones, and what is there is not made again
    bool portable;      // for any processor of this machine's kind
} tskl_prepare_options;

/** What to call a Pack before it is read: its name, else that of its folder or bundle. */
tskl_slice tskl_pack_label(const tskl_config_pack *entry);
/** Compiles one module into the cache, unless it is there. INVALID with the compiler's reason; IO,
 *  UNTRUSTED, NOMEM. */
tskl_status tskl_prepare_wasm(tskl_slice wasm, const tskl_prepare_options *options,
                              tskl_prepared *how, tskl_error *err);
/** The same for each module of a Pack; NOW when one of them was not there. */
tskl_status tskl_prepare_modules(const tskl_pack *pack, const tskl_prepare_options *options,
                                 tskl_prepared *how, tskl_error *err);
/** Reads a Pack as the configuration has it and compiles it. As above, and as tskl_pack_load. */
tskl_status tskl_prepare_pack(const tskl_config_pack *entry, const tskl_config *config,
                              const tskl_prepare_options *options, tskl_prepared *how,
                              tskl_error *err);
/** Compiles what is missing of all Packs in use, and says on a terminal that it does. A Pack that
 *  cannot be read or compiled is complained of: the library, which reads it as well, then does not.
 *  Returns how many failed. */
size_t tskl_prepare_all(const tskl_config *config);
/** The same for `timeout_ms` at most; then the work goes on in a thread, which ends with the
 *  process or with exec, and false is returned. */
bool tskl_prepare_within(const tskl_config *config, unsigned timeout_ms);
#endif
