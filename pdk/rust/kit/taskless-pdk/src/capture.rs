//! What a hook answers: what it captured, and what it keeps for the next hook.
// SPDX-License-Identifier: Apache-2.0
use crate::value::is_number;
use crate::{escape, Advice, Kind, Value, Verdict};
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

/// What a hook found out. Captures are shown in the order in which they are set: `ok` and `class`,
/// `error.*`, `retry.*`, `request_id` and so on, then names of the service's own.
///
/// Messages may hold what a customer typed: capture them only where a field of the manifest asks
/// for it.
#[derive(Clone, Debug)]
pub struct Capture {
    captured: Vec<u8>, // the answer as far as it is written, a comma behind each member
    kept: Vec<u8>,     // the same of the context
}

macro_rules! vocabulary {
    ($($method:ident $name:literal $about:literal)*) => {
        /// The names that mean the same in every Pack.
        impl Capture {
            $(#[doc = concat!("`", $name, "`: ", $about)]
            pub fn $method(&mut self, value: impl Worth) -> &mut Self {
                self.set($name, value)
            })*
        }
    };
}
vocabulary! {
    error_type "error.type" "the service's word for the kind of failure."
    error_code "error.code" "its word for this failure."
    error_message "error.message" "its sentence about it, which may hold what a customer typed."
    error_param "error.param" "which parameter is at fault."
    error_doc_url "error.doc_url" "where it is explained."
    error_log_url "error.log_url" "where this call is seen in the service's own log."
    error_count "error.count" "how many failures there are in one answer."
    error_decline_code "error.decline_code" "why a payment was declined."
    request_id "request_id" "what the service calls this call."
    idempotency_key "idempotency_key" "the key under which it may be sent again."
    rate_limit "rate.limit" "how many calls are allowed."
    rate_remaining "rate.remaining" "how many are left."
    rate_reset_ms "rate.reset_ms" "when there are more, in milliseconds from now."
    rate_scope "rate.scope" "what the limit is on."
    usage_input "usage.input" "tokens or units that went in."
    usage_output "usage.output" "tokens or units that came out."
    usage_cached "usage.cached" "those of the input that were known already."
    model "model" "which model answered."
    finish "finish" "why the answer ended."
}

impl Capture {
    /// Nothing found as yet.
    pub fn new() -> Self {
        Self {
            captured: b"{\"capture\":{".to_vec(),
            kept: Vec::new(),
        }
    }

    /// Captures a value under a name. What is absent, null, empty, an object, an array, or a string
    /// of more than 16 KiB is captured as nothing.
    pub fn set(&mut self, name: &str, value: impl Worth) -> &mut Self {
        member(&mut self.captured, name, |out| value.write(out));
        self
    }

    /// Keeps a value for the next hook of the same exchange, which finds it under `context`. What
    /// one hook keeps takes the place of all that was kept before.
    pub fn keep(&mut self, name: &str, value: impl Worth) -> &mut Self {
        member(&mut self.kept, name, |out| value.write(out));
        self
    }

    /// `ok` and `class`. They come first in the order of captures.
    pub fn class(&mut self, verdict: &Verdict) -> &mut Self {
        self.set("ok", verdict.class.is_none())
            .set("class", verdict.class.map(|class| class.word()))
    }

    /// `retry.advice` and `retry.after_ms`. They follow `error.*`.
    pub fn retry(&mut self, verdict: &Verdict) -> &mut Self {
        let after_ms = verdict
            .after_ms
            .filter(|_| verdict.advice == Some(Advice::After));
        self.set("retry.advice", verdict.advice.map(|advice| advice.word()))
            .set("retry.after_ms", after_ms)
    }

    /// The answer as the host reads it.
    pub(crate) fn into_json(self) -> Vec<u8> {
        let Self {
            captured: mut out,
            kept,
        } = self;
        close(&mut out);
        if !kept.is_empty() {
            out.extend_from_slice(b",\"context\":{");
            out.extend_from_slice(&kept);
            close(&mut out);
        }
        out.push(b'}');
        out
    }
}

impl Default for Capture {
    fn default() -> Self {
        Self::new()
    }
}

/// Ends an object in which each member has a comma behind it.
fn close(out: &mut Vec<u8>) {
    if out.last() == Some(&b',') {
        out.pop();
    }
    out.push(b'}');
}

fn member(out: &mut Vec<u8>, name: &str, write: impl FnOnce(&mut Vec<u8>)) {
    let before = out.len();
    escape::write(out, name);
    out.push(b':');
    let named = out.len();
    write(out);
    if out.len() == named {
        out.truncate(before);
    } else {
        out.push(b',');
    }
}

/// What can be captured and kept.
pub trait Worth {
    /// Writes the value as JSON; nothing where there is none.
    fn write(self, out: &mut Vec<u8>);
}

impl Worth for Value<'_> {
    fn write(self, out: &mut Vec<u8>) {
        const LONGEST: usize = 16384; // a longer string is no answer to anything
        let raw = self.raw();
        let good = match self.kind() {
            Kind::String if raw.len() > LONGEST => false,
            Kind::String => {
                let plain = self.quoted().is_some_and(escape::is_plain);
                if !plain {
                    return self.text().as_deref().unwrap_or_default().write(out);
                }
                raw.len() > 2
            }
            Kind::Number => is_number(raw),
            _ => self.bool().is_some(),
        };
        if good {
            out.extend_from_slice(raw);
        }
    }
}

impl Worth for &str {
    fn write(self, out: &mut Vec<u8>) {
        if !self.is_empty() {
            escape::write(out, self);
        }
    }
}

impl Worth for String {
    fn write(self, out: &mut Vec<u8>) {
        self.as_str().write(out);
    }
}

impl Worth for &String {
    fn write(self, out: &mut Vec<u8>) {
        self.as_str().write(out);
    }
}

impl Worth for Cow<'_, str> {
    fn write(self, out: &mut Vec<u8>) {
        self.as_ref().write(out);
    }
}

impl Worth for bool {
    fn write(self, out: &mut Vec<u8>) {
        out.extend_from_slice(if self { b"true" } else { b"false" });
    }
}

impl Worth for u64 {
    fn write(self, out: &mut Vec<u8>) {
        let (mut digits, mut rest, mut count) = ([0; 20], self, 0);
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
            count += 1;
            if rest == 0 {
                break;
            }
        }
        out.extend_from_slice(digits.get(20 - count..).unwrap_or_default());
    }
}

impl Worth for i64 {
    fn write(self, out: &mut Vec<u8>) {
        if self < 0 {
            out.push(b'-');
        }
        self.unsigned_abs().write(out);
    }
}

/// A number that is none, or has no end, is captured as nothing.
impl Worth for f64 {
    fn write(self, out: &mut Vec<u8>) {
        if self.is_finite() {
            out.extend_from_slice(alloc::format!("{self}").as_bytes());
        }
    }
}

macro_rules! whole_numbers {
    ($($small:ident $large:ident)*) => {$(
        impl Worth for $small {
            fn write(self, out: &mut Vec<u8>) {
                $large::from(self).write(out);
            }
        }
    )*};
}
whole_numbers! { u8 u64 u16 u64 u32 u64 i8 i64 i16 i64 i32 i64 }

impl Worth for usize {
    fn write(self, out: &mut Vec<u8>) {
        (self as u64).write(out);
    }
}

/// None is captured as nothing.
impl<W: Worth> Worth for Option<W> {
    fn write(self, out: &mut Vec<u8>) {
        if let Some(value) = self {
            value.write(out);
        }
    }
}

/// What a hook may return: a [`Capture`], nothing, or why the Pack failed. A failed *call* is no
/// failure of the Pack, which is there to explain it.
pub trait Answer {
    /// The capture, or the message of a failure.
    fn answer(self) -> Result<Option<Capture>, String>;
}

impl Answer for Capture {
    fn answer(self) -> Result<Option<Capture>, String> {
        Ok(Some(self))
    }
}

impl Answer for () {
    fn answer(self) -> Result<Option<Capture>, String> {
        Ok(None)
    }
}

impl<A: Answer> Answer for Option<A> {
    fn answer(self) -> Result<Option<Capture>, String> {
        self.map_or(Ok(None), A::answer)
    }
}

impl<A: Answer, E: Into<String>> Answer for Result<A, E> {
    fn answer(self) -> Result<Option<Capture>, String> {
        self.map_err(E::into)?.answer()
    }
}
