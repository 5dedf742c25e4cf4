// SPDX-License-Identifier: Apache-2.0

//go:build tinygo && wasm

package pdk

import "unsafe"

//go:wasmimport wasi_snapshot_preview1 random_get
func randomGet(to unsafe.Pointer, size uint32) uint32

// TinyGo's runtime asks a C library for these, which a Pack has not.
//
//export strlen
func strlen(text *byte) (length uintptr) {
	for *(*byte)(unsafe.Add(unsafe.Pointer(text), length)) != 0 {
		length++
	}
	return length
}

//export arc4random
func arc4random() (number uint32) {
	randomGet(unsafe.Pointer(&number), 4)
	return number
}
