// SPDX-License-Identifier: Apache-2.0

//go:build wasm

package pdk

// Extism's interface. The host checks what it is given.

//go:wasmimport extism:host/env alloc
func alloc(size uint64) block

//go:wasmimport extism:host/env free
func free(at block)

//go:wasmimport extism:host/env length
func blockLength(at block) uint64

//go:wasmimport extism:host/env load_u8
func loadHost8(at uint64) uint32

//go:wasmimport extism:host/env load_u64
func loadHost64(at uint64) uint64

//go:wasmimport extism:host/env store_u8
func storeHost8(at uint64, value uint32)

//go:wasmimport extism:host/env store_u64
func storeHost64(at uint64, value uint64)

//go:wasmimport extism:host/env input_length
func inputLength() uint64

//go:wasmimport extism:host/env input_load_u8
func inputLoad8(index uint64) uint32

//go:wasmimport extism:host/env input_load_u64
func inputLoad64(index uint64) uint64

//go:wasmimport extism:host/env output_set
func setOutput(at block, length uint64)

//go:wasmimport extism:host/env error_set
func errorSet(message block)

//go:wasmimport extism:host/env config_get
func configGet(key block) block

//go:wasmimport extism:host/env var_get
func varGet(name block) block

//go:wasmimport extism:host/env var_set
func varSet(name, value block)

//go:wasmimport extism:host/env http_request
func httpRequest(request, body block) block

//go:wasmimport extism:host/env http_status_code
func httpStatusCode() int32

//go:wasmimport extism:host/env http_headers
func httpHeaders() block

//go:wasmimport extism:host/env log_debug
func logDebug(line block)

//go:wasmimport extism:host/env log_info
func logInfo(line block)

//go:wasmimport extism:host/env log_warn
func logWarn(line block)

//go:wasmimport extism:host/env log_error
func logError(line block)
