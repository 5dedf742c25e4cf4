//! Lines for the log, seen by who writes the Pack: `taskless_pdk::info!("{} items", count);`
//!
//! A line that is put together brings some KB of formatting into the Pack; one that is only text
//! does not.
// SPDX-License-Identifier: Apache-2.0
use crate::host;
use core::fmt::Arguments;

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Level {
    Debug,
    Info,
    Warn,
    Error,
}

/// Writes a line.
pub fn line(level: Level, line: &str) {
    let block = host::give(line.as_bytes());
    if block != 0 {
        match level {
            Level::Debug => host::log_debug(block),
            Level::Info => host::log_info(block),
            Level::Warn => host::log_warn(block),
            Level::Error => host::log_error(block),
        }
    }
}

#[doc(hidden)]
#[inline(always)]
pub fn write(level: Level, words: Arguments) {
    match words.as_str() {
        Some(text) => line(level, text),
        None => line(level, &alloc::fmt::format(words)),
    }
}

/// Writes a line of level `debug`, put together as `format!` does.
#[macro_export]
macro_rules! debug {
    ($($word:tt)*) => {
        $crate::log::write($crate::log::Level::Debug, ::core::format_args!($($word)*))
    };
}

/// Writes a line of level `info`, put together as `format!` does.
#[macro_export]
macro_rules! info {
    ($($word:tt)*) => {
        $crate::log::write($crate::log::Level::Info, ::core::format_args!($($word)*))
    };
}

/// Writes a line of level `warn`, put together as `format!` does.
#[macro_export]
macro_rules! warn {
    ($($word:tt)*) => {
        $crate::log::write($crate::log::Level::Warn, ::core::format_args!($($word)*))
    };
}

/// Writes a line of level `error`, put together as `format!` does.
#[macro_export]
macro_rules! error {
    ($($word:tt)*) => {
        $crate::log::write($crate::log::Level::Error, ::core::format_args!($($word)*))
    };
}
