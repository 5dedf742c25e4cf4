// Wasmtime's C API, re-exported so that one static library carries it. No logic lives here.
pub use wasmtime_c_api::*;
