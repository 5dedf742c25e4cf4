//! Extism's own configuration. A Pack of taskless reads [`Call::configuration`](crate::Call); this
//! is for plugins that are used elsewhere too.
// SPDX-License-Identifier: Apache-2.0
use crate::host;
use alloc::string::String;

/// The value of a key; None when it has none, or an empty one.
pub fn get(key: &str) -> Option<String> {
    host::take_text(host::config_get(host::give(key.as_bytes())))
}
