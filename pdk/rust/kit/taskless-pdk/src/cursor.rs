//! Reading structs in one walk through a text: what `object!` is made of.
// SPDX-License-Identifier: Apache-2.0
use crate::value::{string_length, token, trim};
use crate::{escape, Value};

/// A place in a JSON text, where a value is read next.
#[derive(Clone, Debug)]
pub struct Cursor<'a> {
    rest: &'a [u8], // no white space at its beginning
}

/// What is read where a cursor stands: a [`Value`], or a struct of [`object!`](crate::object).
pub trait Read<'a>: Sized {
    /// What stands for a value that is not there.
    const ABSENT: Self;

    /// True when nothing was read.
    fn is_absent(&self) -> bool;

    /// Reads the value and moves the cursor behind it.
    fn read(cursor: &mut Cursor<'a>) -> Self;
}

impl<'a> Read<'a> for Value<'a> {
    const ABSENT: Self = Value::ABSENT;

    fn is_absent(&self) -> bool {
        self.raw().is_empty()
    }

    fn read(cursor: &mut Cursor<'a>) -> Self {
        cursor.take()
    }
}

/// None where there is no object.
impl<'a, T: Read<'a>> Read<'a> for Option<T> {
    const ABSENT: Self = None;

    fn is_absent(&self) -> bool {
        self.is_none()
    }

    fn read(cursor: &mut Cursor<'a>) -> Self {
        if cursor.rest.first() == Some(&b'{') {
            return Some(T::read(cursor));
        }
        cursor.pass();
        None
    }
}

impl<'a> From<Value<'a>> for Cursor<'a> {
    fn from(value: Value<'a>) -> Self {
        Self { rest: value.raw() }
    }
}

/// Takes what has this name: reads its value, or returns false.
type Take<'t, 'a> = dyn FnMut(&[u8], &mut Cursor<'a>) -> bool + 't;

impl<'a> Cursor<'a> {
    /// Walks the members of an object, or an array of `["name", value]`, and moves behind it.
    /// `take` is given each name, and reads the value where it wants it. Behind what is not good
    /// JSON nothing is found.
    pub fn walk(&mut self, take: &mut Take<'_, 'a>) {
        let is_object = match self.rest.first() {
            Some(b'{') => true,
            Some(b'[') => false,
            _ => return self.pass(),
        };
        self.skip(1);
        loop {
            match self.rest.first() {
                Some(b'}' | b']') => return self.skip(1),
                _ if is_object => self.member(take),
                Some(b'[') => self.pair(take),
                _ => self.pass(),
            }
            match self.rest.first() {
                Some(b',') => self.skip(1),
                Some(b'}' | b']') => {}
                _ => return self.rest = &[],
            }
        }
    }

    /// Takes the value that stands here, and moves behind it.
    pub(crate) fn take(&mut self) -> Value<'a> {
        let (value, rest) = token(self.rest);
        self.rest = trim(rest);
        // A number or a word that the text ends with may have been cut off.
        let has_end = matches!(value.raw().first(), Some(b'"' | b'{' | b'['));
        if has_end || !rest.is_empty() {
            value
        } else {
            Value::ABSENT
        }
    }

    /// Moves behind the value that stands here.
    fn pass(&mut self) {
        self.take();
    }

    fn skip(&mut self, count: usize) {
        self.rest = trim(self.rest.get(count..).unwrap_or_default());
    }

    /// Takes a name, if one stands here with `mark` behind it, and moves behind that.
    fn name(&mut self, mark: u8) -> Option<Name<'a>> {
        let (length, is_escaped) = string_length(self.rest)?;
        let inner = self.rest.get(1..length - 1)?;
        let behind = trim(self.rest.get(length..)?);
        self.rest = trim(behind.strip_prefix(&[mark])?);
        Some(Name { inner, is_escaped })
    }

    fn member(&mut self, take: &mut Take<'_, 'a>) {
        match self.name(b':') {
            Some(name) => self.value(name, take),
            None => self.rest = &[],
        }
    }

    /// An item of an array: ["name", value], or another, which is passed over.
    fn pair(&mut self, take: &mut Take<'_, 'a>) {
        let mut inner = self.clone();
        inner.skip(1);
        let Some(name) = inner.name(b',') else {
            return self.pass();
        };
        inner.value(name, take);
        while inner.rest.first() == Some(&b',') {
            inner.skip(1);
            inner.pass();
        }
        inner.skip(1);
        *self = inner;
    }

    /// The value behind a name.
    fn value(&mut self, name: Name, take: &mut Take<'_, 'a>) {
        let is_taken = if name.is_escaped {
            escape::undo(name.inner).is_some_and(|name| take(name.as_bytes(), self))
        } else {
            take(name.inner, self)
        };
        if !is_taken {
            self.pass();
        }
    }
}

/// What stands between the quotes of a name.
struct Name<'a> {
    inner: &'a [u8],
    is_escaped: bool,
}
