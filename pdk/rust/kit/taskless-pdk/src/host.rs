//! The host: Extism's interface, module `extism:host/env`. Blocks are of the host's memory, which
//! is not the Pack's own, and are reached by its functions alone.
// SPDX-License-Identifier: Apache-2.0
use alloc::string::String;
use alloc::vec::Vec;

#[cfg(target_family = "wasm")]
mod env {
    macro_rules! imports {
        ($(fn $name:ident($($argument:ident: $kind:ty),*) $(-> $result:ty)?;)*) => {
            mod raw {
                #[link(wasm_import_module = "extism:host/env")]
                extern "C" {
                    $(pub fn $name($($argument: $kind),*) $(-> $result)?;)*
                }
            }
            $(#[inline(always)]
            pub fn $name($($argument: $kind),*) $(-> $result)? {
                // SAFETY: it takes and gives numbers, and the host checks what it is given.
                unsafe { raw::$name($($argument),*) }
            })*
        };
    }
    imports! {
        fn alloc(size: u64) -> u64;
        fn free(block: u64);
        fn length(block: u64) -> u64;
        fn load_u8(at: u64) -> u32;
        fn load_u64(at: u64) -> u64;
        fn store_u8(at: u64, byte: u32);
        fn store_u64(at: u64, bytes: u64);
        fn input_length() -> u64;
        fn input_load_u8(index: u64) -> u32;
        fn input_load_u64(index: u64) -> u64;
        fn output_set(block: u64, length: u64);
        fn error_set(message: u64);
        fn config_get(key: u64) -> u64;
        fn var_get(key: u64) -> u64;
        fn var_set(key: u64, value: u64);
        fn http_request(request: u64, body: u64) -> u64;
        fn http_status_code() -> i32;
        fn http_headers() -> u64;
        fn log_debug(line: u64);
        fn log_info(line: u64);
        fn log_warn(line: u64);
        fn log_error(line: u64);
    }
}
#[cfg(not(target_family = "wasm"))]
#[path = "host_for_tests.rs"]
mod env;

#[cfg(not(target_family = "wasm"))]
pub use env::testing;
pub use env::{
    config_get, http_headers, http_request, http_status_code, log_debug, log_error, log_info,
    log_warn, var_get, var_set,
};

/// `length` bytes from `at` on, eight at a time; the rest one by one.
#[inline(always)]
fn load(mut at: u64, length: u64, eight: fn(u64) -> u64, one: fn(u64) -> u32) -> Vec<u8> {
    let mut bytes = alloc::vec![0; length as usize];
    let mut words = bytes.chunks_exact_mut(8);
    for word in &mut words {
        word.copy_from_slice(&eight(at).to_le_bytes());
        at += 8;
    }
    for byte in words.into_remainder() {
        *byte = one(at) as u8;
        at += 1;
    }
    bytes
}

/// The hook's input.
pub fn input() -> Vec<u8> {
    load(
        0,
        env::input_length(),
        env::input_load_u64,
        env::input_load_u8,
    )
}

/// A copy of a block, which is freed. None for the block 0.
pub fn take(block: u64) -> Option<Vec<u8>> {
    if block == 0 {
        return None;
    }
    let bytes = load(block, env::length(block), env::load_u64, env::load_u8);
    env::free(block);
    Some(bytes)
}

/// The same as text; what is not UTF-8 becomes U+FFFD.
pub fn take_text(block: u64) -> Option<String> {
    let bytes = take(block)?;
    Some(
        String::from_utf8(bytes)
            .unwrap_or_else(|bad| String::from_utf8_lossy(bad.as_bytes()).into_owned()),
    )
}

/// A block with these bytes, or 0. Whoever is given the block takes it.
pub fn give(bytes: &[u8]) -> u64 {
    let block = env::alloc(bytes.len() as u64);
    if block == 0 {
        return 0;
    }
    let words = bytes.chunks_exact(8);
    let (rest, mut at) = (words.remainder(), block);
    for word in words {
        env::store_u64(
            at,
            word.first_chunk()
                .map_or(0, |word| u64::from_le_bytes(*word)),
        );
        at += 8;
    }
    for &byte in rest {
        env::store_u8(at, u32::from(byte));
        at += 1;
    }
    block
}

/// What the hook answers.
pub fn output(bytes: &[u8]) {
    env::output_set(give(bytes), bytes.len() as u64);
}

/// Why the hook failed.
pub fn fail(message: &[u8]) {
    env::error_set(give(message));
}
