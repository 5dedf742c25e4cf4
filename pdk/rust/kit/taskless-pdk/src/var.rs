//! What outlives a call: Extism's variables, of each Pack its own in each process. The manifest
//! asks for them with `"permissions": {"vars": true}`, the configuration grants them.
// SPDX-License-Identifier: Apache-2.0
use crate::host;
use alloc::vec::Vec;

/// The value of a variable; None when there is none, or an empty one.
pub fn get(name: &str) -> Option<Vec<u8>> {
    host::take(host::var_get(host::give(name.as_bytes())))
}

/// Sets a variable. The hook ends when there is no room for it, or it was not granted.
pub fn set(name: &str, value: &[u8]) {
    host::var_set(host::give(name.as_bytes()), host::give(value));
}

/// Removes a variable.
pub fn remove(name: &str) {
    host::var_set(host::give(name.as_bytes()), 0);
}
