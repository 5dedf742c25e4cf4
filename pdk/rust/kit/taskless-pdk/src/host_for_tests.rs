//! A host for tests of native code: what a hook is given and what it says, one host a thread.
// SPDX-License-Identifier: Apache-2.0
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::string::String;
use std::vec::Vec;

/// Running hooks in tests that are native code, without a sandbox.
pub mod testing {
    use super::{with, Host};
    use crate::{run, Answer, Call};
    use std::string::{String, ToString};
    use std::vec::Vec;

    /// What came of a hook.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct Outcome {
        /// 0, or 1 when it failed.
        pub status: i32,
        /// Its output; empty when there was none.
        pub output: String,
        /// Why it failed.
        pub error: Option<String>,
        /// What it logged: the level and the line.
        pub log: Vec<(&'static str, String)>,
    }

    /// Gives the hooks that follow on this thread Extism's configuration for a key.
    pub fn set_config(key: &str, value: &str) {
        with(|host| host.config.insert(key.into(), value.into()));
    }

    /// Says what requests of the hooks that follow on this thread come to.
    pub fn set_http_answer(status: i32, headers: &str, body: &str) {
        with(|host| host.http = (status, headers.into(), body.into()));
    }

    /// The requests that were made since: each its JSON and its body.
    pub fn take_http_requests() -> Vec<(String, String)> {
        with(|host| std::mem::take(&mut host.requests))
    }

    /// Runs a hook on an input as the host writes it.
    ///
    /// ```
    /// use taskless_pdk::{testing, Call, Capture};
    /// fn post(call: Call) -> Capture {
    ///     let mut capture = Capture::new();
    ///     capture.set("method", call.request.method);
    ///     capture
    /// }
    /// let outcome = testing::run_on(r#"{"request":{"method":"GET"}}"#, post);
    /// assert_eq!(outcome.output, r#"{"capture":{"method":"GET"}}"#);
    /// ```
    pub fn run_on<A: Answer>(input: &str, hook: impl FnOnce(Call<'_>) -> A) -> Outcome {
        with(|host| {
            let kept = std::mem::take(host);
            *host = Host {
                input: input.into(),
                config: kept.config,
                vars: kept.vars,
                http: kept.http,
                ..Host::default()
            };
        });
        let status = run(hook);
        with(|host| Outcome {
            status,
            output: String::from_utf8_lossy(&host.output).to_string(),
            error: host.error.take(),
            log: std::mem::take(&mut host.log),
        })
    }
}

/// Blocks are named by where they begin, far from each other.
const APART: u64 = 1 << 32;

#[derive(Default)]
struct Host {
    input: Vec<u8>,
    blocks: Vec<Vec<u8>>,
    output: Vec<u8>,
    error: Option<String>,
    log: Vec<(&'static str, String)>,
    config: BTreeMap<String, String>,
    vars: BTreeMap<String, Vec<u8>>,
    http: (i32, String, String),
    requests: Vec<(String, String)>,
}

impl Host {
    fn add(&mut self, bytes: &[u8]) -> u64 {
        if bytes.is_empty() {
            return 0;
        }
        self.blocks.push(bytes.into());
        self.blocks.len() as u64 * APART
    }

    fn block(&mut self, at: u64) -> Option<&mut Vec<u8>> {
        self.blocks.get_mut((at / APART).checked_sub(1)? as usize)
    }

    fn bytes(&mut self, block: u64) -> Vec<u8> {
        self.block(block).cloned().unwrap_or_default()
    }

    fn text(&mut self, block: u64) -> String {
        String::from_utf8(self.bytes(block)).expect("a text")
    }
}

fn with<T>(use_it: impl FnOnce(&mut Host) -> T) -> T {
    std::thread_local!(static HOST: RefCell<Host> = RefCell::default());
    HOST.with(|host| use_it(&mut host.borrow_mut()))
}

fn eight(bytes: &[u8], at: u64) -> u64 {
    let word = bytes
        .get(at as usize..)
        .and_then(|bytes| bytes.first_chunk());
    word.map_or(0, |word| u64::from_le_bytes(*word))
}

fn log(level: &'static str, line: u64) {
    with(|host| {
        let line = host.text(line);
        host.log.push((level, line));
    });
}

pub fn alloc(size: u64) -> u64 {
    with(|host| host.add(&std::vec![0; size as usize]))
}

pub fn free(block: u64) {
    with(|host| host.block(block).map(Vec::clear));
}

pub fn length(block: u64) -> u64 {
    with(|host| host.bytes(block).len() as u64)
}

pub fn load_u8(at: u64) -> u32 {
    with(|host| {
        host.bytes(at)
            .get((at % APART) as usize)
            .map_or(0, |byte| u32::from(*byte))
    })
}

pub fn load_u64(at: u64) -> u64 {
    with(|host| eight(&host.bytes(at), at % APART))
}

pub fn store_u8(at: u64, byte: u32) {
    with(|host| host.block(at).expect("a block")[(at % APART) as usize] = byte as u8);
}

pub fn store_u64(at: u64, bytes: u64) {
    let from = (at % APART) as usize;
    with(|host| {
        host.block(at).expect("a block")[from..from + 8].copy_from_slice(&bytes.to_le_bytes())
    });
}

pub fn input_length() -> u64 {
    with(|host| host.input.len() as u64)
}

pub fn input_load_u8(index: u64) -> u32 {
    with(|host| {
        host.input
            .get(index as usize)
            .map_or(0, |byte| u32::from(*byte))
    })
}

pub fn input_load_u64(index: u64) -> u64 {
    with(|host| eight(&host.input, index))
}

pub fn output_set(block: u64, length: u64) {
    with(|host| {
        host.output = host.bytes(block);
        host.output.truncate(length as usize);
    });
}

pub fn error_set(message: u64) {
    with(|host| host.error = Some(host.text(message)));
}

pub fn config_get(key: u64) -> u64 {
    with(|host| {
        let key = host.text(key);
        let value = host.config.get(&key).cloned().unwrap_or_default();
        host.add(value.as_bytes())
    })
}

pub fn var_get(key: u64) -> u64 {
    with(|host| {
        let key = host.text(key);
        let value = host.vars.get(&key).cloned().unwrap_or_default();
        host.add(&value)
    })
}

pub fn var_set(key: u64, value: u64) {
    with(|host| {
        let (key, bytes) = (host.text(key), host.bytes(value));
        if value == 0 {
            host.vars.remove(&key);
        } else {
            host.vars.insert(key, bytes);
        }
    });
}

pub fn http_request(request: u64, body: u64) -> u64 {
    with(|host| {
        let request = (host.text(request), host.text(body));
        host.requests.push(request);
        let answer = host.http.2.clone();
        host.add(answer.as_bytes())
    })
}

pub fn http_status_code() -> i32 {
    with(|host| host.http.0)
}

pub fn http_headers() -> u64 {
    with(|host| {
        let headers = host.http.1.clone();
        host.add(headers.as_bytes())
    })
}

pub fn log_debug(line: u64) {
    log("debug", line);
}

pub fn log_info(line: u64) {
    log("info", line);
}

pub fn log_warn(line: u64) {
    log("warn", line);
}

pub fn log_error(line: u64) {
    log("error", line);
}
