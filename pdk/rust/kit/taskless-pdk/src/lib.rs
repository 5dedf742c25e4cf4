//! Packs for taskless, in Rust.
//!
//! A Pack knows one service: it is shown a call to it and says what happened. A hook is a plain
//! function that takes the [`Call`] and returns a [`Capture`]:
//!
//! ```
//! #![no_std]
//! use taskless_pdk::{object, post, Call, Capture, Class, Verdict};
//!
//! object! {
//!     struct Problem { kind = "type", code, message }
//! }
//!
//! #[post]
//! fn post(call: Call) -> Option<Capture> {
//!     let response = call.response?;
//!     let [request_id] = response.headers.pick(["acme-request-id"]);
//!     let problem = Problem::from(response.body.get("error"));
//!     let verdict = match problem.code.word() {
//!         "out_of_credit" => Class::Quota.into(),
//!         _ => Verdict::of_status(response.status),
//!     };
//!     let mut capture = Capture::new();
//!     capture
//!         .class(&verdict)
//!         .error_type(problem.kind)
//!         .error_code(problem.code)
//!         .retry(&verdict)
//!         .request_id(request_id);
//!     Some(capture)
//! }
//! # fn main() {}
//! ```
//!
//! What a service sends is never what its manual says, so nothing here fails: a member that is not
//! there, is of another type or was cut off is an *absent* [`Value`], in which nothing is found and
//! of which nothing is captured.
//!
//! On wasm the crate brings an allocator and says where a panic was; a Pack that links `std` brings
//! its own of both and leaves the feature `runtime` out. Anywhere else, for tests, it has a host of
//! its own: see [`testing`].
// SPDX-License-Identifier: Apache-2.0
#![no_std]
#![warn(missing_docs)]

extern crate alloc;
#[cfg(not(target_family = "wasm"))]
extern crate std;

mod call;
mod capture;
pub mod config;
mod cursor;
mod escape;
mod host;
pub mod http;
pub mod log;
#[cfg(all(target_family = "wasm", feature = "runtime"))]
mod runtime;
mod times;
mod value;
pub mod var;
mod verdict;

pub use call::{Call, Failure, Request, Response};
pub use capture::{Answer, Capture, Worth};
pub use cursor::{Cursor, Read};
#[cfg(not(target_family = "wasm"))]
pub use host::testing;
pub use taskless_pdk_macros::{chunk, post, pre};
pub use value::{Items, Kind, Members, Value};
pub use verdict::{Advice, Class, Verdict};

/// Runs a hook on the host's input and gives the host its answer: what `#[post]` and its like
/// export. 0, or 1 when the hook failed.
pub fn run<A: Answer>(hook: impl FnOnce(Call<'_>) -> A) -> i32 {
    let input = host::input();
    match hook(Call::from(Value::parse(&input))).answer() {
        Ok(answer) => {
            if let Some(capture) = answer {
                host::output(&capture.into_json());
            }
            0
        }
        Err(message) => {
            host::fail(message.as_bytes());
            1
        }
    }
}
