// Wasmtime's C API, re-exported so that one static library carries it, and one constructor of ours:
// the API's own, `wasm_engine_new_with_config`, ends the process where the machine has no room.
pub use wasmtime_c_api::*;

use std::mem::{align_of, size_of};
use std::ptr;
use wasmtime::{Config, Engine};

// The API's types for a configuration and an engine are `repr(C)` around one field that their crate
// keeps to itself: a pointer to one is a pointer to the other, as long as nothing is added.
const _: () = assert!(size_of::<wasm_config_t>() == size_of::<Config>());
const _: () = assert!(align_of::<wasm_config_t>() == align_of::<Config>());
const _: () = assert!(size_of::<wasm_engine_t>() == size_of::<Engine>());
const _: () = assert!(align_of::<wasm_engine_t>() == align_of::<Engine>());

/// Makes an engine of `config`, which it takes. NULL: `*engine` is set, to be freed with
/// `wasm_engine_delete`; else why it could not be made, to be freed with `wasmtime_error_delete`.
///
/// # Safety
/// `config` comes from `wasm_config_new`; `engine` can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tskl_engine_try_new(
    config: *mut wasm_config_t,
    engine: *mut *mut wasm_engine_t,
) -> *mut wasmtime_error_t {
    let config = unsafe { Box::from_raw(config.cast::<Config>()) };
    match Engine::new(&config) {
        Ok(made) => {
            unsafe { *engine = Box::into_raw(Box::new(made)).cast() };
            ptr::null_mut()
        }
        Err(why) => {
            unsafe { *engine = ptr::null_mut() };
            Box::into_raw(Box::new(wasmtime_error_t::from(why)))
        }
    }
}
