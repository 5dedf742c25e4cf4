//! Reading JSON: a value is only a place in a text, so it costs as much as is looked at.
// SPDX-License-Identifier: Apache-2.0
use crate::{escape, Cursor};
use alloc::borrow::Cow;

/// A value in a JSON text, or *absent*.
///
/// The text need not be good JSON; it may be cut off anywhere and nested to any depth. What cannot
/// be read is absent: what is looked for in it is absent too, and capturing it does nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Value<'a> {
    text: &'a [u8], // from its first byte to its last; empty when it is absent
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    Absent,
    Null,
    Bool,
    Number,
    String,
    Array,
    Object,
}

impl<'a> Value<'a> {
    /// No value.
    pub const ABSENT: Value<'static> = Value { text: &[] };

    /// The value that a text begins with, white space aside.
    pub fn parse(text: &'a [u8]) -> Self {
        token(trim(text)).0
    }

    /// The value as it is written; empty when it is absent.
    pub fn raw(self) -> &'a [u8] {
        self.text
    }

    /// What it is, judged by its first byte.
    pub fn kind(self) -> Kind {
        match self.text.first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::String,
            Some(b't' | b'f') => Kind::Bool,
            Some(b'n') => Kind::Null,
            Some(b'-' | b'0'..=b'9') => Kind::Number,
            _ => Kind::Absent,
        }
    }

    /// True where there is something to tell: not absent, not null, not a string of no letters.
    pub fn is_set(self) -> bool {
        !matches!(self.kind(), Kind::Absent | Kind::Null) && self.text != b"\"\""
    }

    /// This value where it is set, else the other.
    pub fn or(self, other: Value<'a>) -> Self {
        if self.is_set() {
            self
        } else {
            other
        }
    }

    /// The member, or header, of that name.
    pub fn get(self, name: &str) -> Self {
        let [value] = self.pick([name]);
        value
    }

    /// An item of an array; the first is 0.
    pub fn at(self, index: usize) -> Self {
        self.items().nth(index).unwrap_or_default()
    }

    /// Several members, or headers, in one walk: `let [id, code] = error.pick(["id", "code"]);` Of
    /// several of the same name the first counts.
    pub fn pick<const N: usize>(self, names: [&str; N]) -> [Self; N] {
        let mut values = [Self::default(); N];
        self.pick_into(&names, &mut values);
        values
    }

    // Of one size, so that there is one of it.
    #[inline(never)]
    fn pick_into(self, names: &[&str], values: &mut [Self]) {
        Cursor::from(self).walk(&mut |name, cursor| {
            let mut slots = values.iter_mut().zip(names);
            match slots.find(|(slot, wanted)| wanted.as_bytes() == name && slot.text.is_empty()) {
                Some((slot, _)) => *slot = cursor.take(),
                None => return false,
            }
            true
        });
    }

    /// The members of an object with their names, in their order. An array of `["name", value]` is
    /// walked like one: lists of headers are written that way.
    pub fn members(self) -> Members<'a> {
        Members {
            is_object: self.kind() == Kind::Object,
            items: self.items_between(b"{["),
        }
    }

    /// The items of an array.
    pub fn items(self) -> Items<'a> {
        self.items_between(b"[")
    }

    fn items_between(self, opening: &[u8]) -> Items<'a> {
        match self.text.split_first() {
            Some((first, rest)) if opening.contains(first) => Items { rest: trim(rest) },
            _ => Items { rest: &[] },
        }
    }

    /// The bytes between the quotes of a string.
    pub(crate) fn quoted(self) -> Option<&'a [u8]> {
        match self.text {
            [b'"', inner @ .., b'"'] => Some(inner),
            _ => None,
        }
    }

    /// A string of plain ASCII without escapes, as codes and types are; empty for all else. It is
    /// made to be matched: `match error.code.word() { "card_declined" => ..., _ => ... }`
    pub fn word(self) -> &'a str {
        let word = self.quoted().filter(|word| escape::is_plain(word));
        // SAFETY: what is plain is ASCII.
        word.map_or("", |word| unsafe { core::str::from_utf8_unchecked(word) })
    }

    /// Any string, its escapes undone. A surrogate without its other half becomes U+FFFD; what is
    /// not UTF-8, or has an escape that is none, is no string.
    pub fn text(self) -> Option<Cow<'a, str>> {
        escape::undo(self.quoted()?)
    }

    /// A whole number that fits. Neither `1.0` nor `"1"` is one.
    pub fn int(self) -> Option<i64> {
        let negative = self.text.first() == Some(&b'-');
        let digits = self.text.get(usize::from(negative)..)?;
        let sign = if negative { -1 } else { 1 };
        digits
            .iter()
            .try_fold(0i64, |number, digit| {
                number
                    .checked_mul(10)?
                    .checked_add(sign * i64::from(digit_of(*digit)?))
            })
            .filter(|_| !digits.is_empty())
    }

    /// A whole number from 0 up, or a string that is one: headers have no other.
    pub fn count(self) -> Option<u64> {
        let digits = self.quoted().unwrap_or(self.text);
        (Value { text: digits })
            .int()
            .and_then(|number| u64::try_from(number).ok())
    }

    /// Any number. It weighs some 20 KB, so what is only captured is best left a [`Value`].
    pub fn float(self) -> Option<f64> {
        is_number(self.text).then_some(())?;
        core::str::from_utf8(self.text).ok()?.parse().ok()
    }

    /// A boolean.
    pub fn bool(self) -> Option<bool> {
        match self.text {
            b"true" => Some(true),
            b"false" => Some(false),
            _ => None,
        }
    }
}

/// True when the value is this string.
impl PartialEq<&str> for Value<'_> {
    fn eq(&self, other: &&str) -> bool {
        let Some(inner) = self.quoted() else {
            return false;
        };
        // Escapes only make a string longer.
        if inner.len() < other.len() || !inner.contains(&b'\\') {
            return inner == other.as_bytes();
        }
        self.text().is_some_and(|text| text == *other)
    }
}

impl PartialEq<str> for Value<'_> {
    fn eq(&self, other: &str) -> bool {
        *self == other
    }
}

/// See [`Value::items`].
#[derive(Clone, Debug)]
pub struct Items<'a> {
    rest: &'a [u8], // at an item, or at the end
}

impl<'a> Items<'a> {
    /// Moves past a name and the mark behind it.
    fn take_name(&mut self, mark: u8) -> Option<Value<'a>> {
        let (name, rest) = token(self.rest);
        name.quoted()?;
        let rest = trim(rest).strip_prefix(&[mark])?;
        self.rest = trim(rest);
        Some(name)
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        let (value, rest) = token(self.rest);
        self.rest = match trim(rest).split_first() {
            Some((b',', rest)) => trim(rest),
            _ => &[],
        };
        // A number or a word that the text ends with may have been cut off.
        let has_end = matches!(value.text.first(), Some(b'"' | b'{' | b'['));
        (has_end || !rest.is_empty() && !value.text.is_empty()).then_some(value)
    }
}

/// See [`Value::members`].
#[derive(Clone, Debug)]
pub struct Members<'a> {
    items: Items<'a>,
    is_object: bool,
}

impl<'a> Iterator for Members<'a> {
    type Item = (Value<'a>, Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_object {
            let name = self.items.take_name(b':')?;
            return Some((name, self.items.next()?));
        }
        loop {
            let mut pair = self.items.next()?.items();
            if let Some(name) = pair.take_name(b',') {
                return Some((name, pair.next()?));
            }
        }
    }
}

/// The value at the beginning of a text, and what stands behind it. A string without its end is
/// absent.
pub(crate) fn token(text: &[u8]) -> (Value<'_>, &[u8]) {
    let length = token_length(text);
    let (token, rest) = text.split_at_checked(length).unwrap_or((text, &[]));
    (Value { text: token }, rest)
}

/// How long the value is that a text begins with; 0 when there is none.
fn token_length(text: &[u8]) -> usize {
    match text.first() {
        Some(b'"') => string_length(text).map_or(0, |(length, _)| length),
        Some(b'{' | b'[') => container_length(text),
        _ => scalar_length(text),
    }
}

/// How long the object or array is that a text begins with: up to its end, or that of the text.
fn container_length(text: &[u8]) -> usize {
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'"' => match text.get(at..).and_then(string_length) {
                Some((length, _)) => {
                    at += length;
                    continue;
                }
                None => break,
            },
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// How long a number or a word is.
fn scalar_length(text: &[u8]) -> usize {
    let ends = |byte: &u8| matches!(byte, b',' | b':' | b'}' | b']' | b'"') || *byte <= b' ';
    text.iter().position(ends).unwrap_or(text.len())
}

/// How long the string is that a text begins with, its quotes included, and whether anything in it
/// is escaped.
pub(crate) fn string_length(text: &[u8]) -> Option<(usize, bool)> {
    if text.first() != Some(&b'"') {
        return None;
    }
    let mut at = 1;
    let mut is_escaped = false;
    loop {
        let rest = text.get(at..)?;
        let skipped = escape::unmarked_length(rest);
        if *rest.get(skipped)? == b'"' {
            return Some((at + skipped + 1, is_escaped));
        }
        is_escaped = true;
        at += skipped + 2; // with what the backslash escapes
    }
}

/// Past white space, of which there mostly is none.
#[inline]
pub(crate) fn trim(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\n' | b'\r' | b'\t', rest @ ..] = text {
        text = rest;
    }
    text
}

fn digit_of(byte: u8) -> Option<u8> {
    byte.is_ascii_digit().then(|| byte - b'0')
}

/// True when a text is a number as JSON writes it.
pub(crate) fn is_number(text: &[u8]) -> bool {
    let digits = |text: &mut &[u8]| {
        let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        *text = text.get(count..).unwrap_or_default();
        count
    };
    let mut rest = text.strip_prefix(b"-").unwrap_or(text);
    let leading_zero = rest.first() == Some(&b'0');
    let whole = digits(&mut rest);
    if whole == 0 || (leading_zero && whole > 1) {
        return false;
    }
    if let Some(fraction) = rest.strip_prefix(b".") {
        rest = fraction;
        if digits(&mut rest) == 0 {
            return false;
        }
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        rest = exponent
            .strip_prefix(b"+")
            .or(exponent.strip_prefix(b"-"))
            .unwrap_or(exponent);
        if digits(&mut rest) == 0 {
            return false;
        }
    }
    rest.is_empty()
}

/// Declares what a Pack wants of an object, as a struct that is made `From` a [`Value`]: every
/// field is a [`Value`], or another such struct, and found under its own name or the one that is
/// given.
///
/// ```
/// taskless_pdk::object! {
///     /// What Acme says of a failure.
///     struct Problem { kind = "type", code, invoice: Invoice }
///     struct Invoice { id, status }
/// }
/// let body = taskless_pdk::Value::parse(br#"{"type":"a","invoice":{"id":"i1"}}"#);
/// let problem = Problem::from(body);
/// assert!(problem.kind == "a" && problem.invoice.id == "i1");
/// ```
#[macro_export]
macro_rules! object {
    ($($(#[$about:meta])* $visible:vis struct $name:ident {
        $($(#[$field_about:meta])* $field:ident $(= $key:literal)? $(: $kind:ident)?),* $(,)?
    })*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug)]
        $visible struct $name<'a> {
            $($(#[$field_about])* $visible $field: $crate::object!(@kind 'a $($kind)?),)*
        }

        impl<'a> $crate::Read<'a> for $name<'a> {
            const ABSENT: Self = Self { $($field: $crate::Read::ABSENT),* };

            fn is_absent(&self) -> bool {
                $(self.$field.is_absent())&&*
            }

            fn read(cursor: &mut $crate::Cursor<'a>) -> Self {
                let mut this = Self::ABSENT;
                cursor.walk(&mut |name, cursor| {
                    $(if name == $crate::object!(@key $field $($key)?).as_bytes() {
                        if !this.$field.is_absent() {
                            return false;
                        }
                        this.$field = $crate::Read::read(cursor);
                        return true;
                    })*
                    false
                });
                this
            }
        }

        impl<'a> ::core::convert::From<$crate::Value<'a>> for $name<'a> {
            fn from(value: $crate::Value<'a>) -> Self {
                $crate::Read::read(&mut value.into())
            }
        }
    )*};
    (@kind $life:lifetime) => { $crate::Value<$life> };
    (@kind $life:lifetime $kind:ident) => { $kind<$life> };
    (@key $field:ident) => { ::core::stringify!($field) };
    (@key $field:ident $key:literal) => { $key };
}
