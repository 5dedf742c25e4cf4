//! What stands between the quotes of a JSON string: undoing escapes, and writing them.
// SPDX-License-Identifier: Apache-2.0
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

const ONES: u64 = 0x0101_0101_0101_0101;

/// Marks the bytes of a word that are `byte` by their high bits; the lowest mark is sure.
fn marks(word: u64, byte: u8) -> u64 {
    let zeros = word ^ (ONES * u64::from(byte));
    zeros.wrapping_sub(ONES) & !zeros & (ONES << 7)
}

/// How many bytes come before the first quote or backslash. Most of what a hook is given are
/// strings that it skips: eight bytes at a time.
pub fn unmarked_length(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(word) = text.get(at..).and_then(<[u8]>::first_chunk) {
        let word = u64::from_le_bytes(*word);
        let found = marks(word, b'"') | marks(word, b'\\');
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let tail = text.get(at..).unwrap_or_default();
    at + tail
        .iter()
        .position(|byte| matches!(byte, b'"' | b'\\'))
        .unwrap_or(tail.len())
}

/// True when a text is the same between quotes and without: ASCII that JSON does not escape.
pub fn is_plain(text: &[u8]) -> bool {
    let mut words = text.chunks_exact(8);
    let is_plain = |word: &[u8]| {
        let word = word
            .first_chunk()
            .map_or(0, |word| u64::from_le_bytes(*word));
        // Below ' ' a byte borrows from its high bit, where that is not set already.
        let odd = word.wrapping_sub(ONES * b' ' as u64) | word;
        (odd & (ONES << 7) | marks(word, b'"') | marks(word, b'\\')) == 0
    };
    words.by_ref().all(is_plain)
        && words
            .remainder()
            .iter()
            .all(|&byte| matches!(byte, b' '..=b'\x7f') && !matches!(byte, b'"' | b'\\'))
}

/// The text that stands between two quotes, or None where it is not good.
pub fn undo(inner: &[u8]) -> Option<Cow<'_, str>> {
    if !inner.contains(&b'\\') {
        return core::str::from_utf8(inner).ok().map(Cow::Borrowed);
    }
    let mut text = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        if byte != b'\\' {
            text.push(byte);
            continue;
        }
        let (&mark, behind) = rest.split_first()?;
        rest = behind;
        text.push(match mark {
            b'"' | b'\\' | b'/' => mark,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                let letter = char_of(&mut rest)?;
                text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                continue;
            }
            _ => return None,
        });
    }
    String::from_utf8(text).ok().map(Cow::Owned)
}

/// The character whose digits stand behind `\u`, and with it the other half of a pair.
fn char_of(rest: &mut &[u8]) -> Option<char> {
    let first = hex4(rest)?;
    *rest = rest.get(4..)?;
    if let (0xd800..=0xdbff, [b'\\', b'u', second @ ..]) = (first, *rest) {
        if let Some(low @ 0xdc00..=0xdfff) = hex4(second) {
            *rest = second.get(4..)?;
            return char::from_u32(0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00));
        }
    }
    Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
}

fn hex4(digits: &[u8]) -> Option<u32> {
    digits.get(..4)?.iter().try_fold(0, |number, digit| {
        Some(number << 4 | char::from(*digit).to_digit(16)?)
    })
}

/// Writes a text between quotes.
pub fn write(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    if is_plain(text.as_bytes()) {
        out.extend_from_slice(text.as_bytes());
    } else {
        for &byte in text.as_bytes() {
            match byte {
                b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
                0..=0x1f => {
                    out.extend_from_slice(b"\\u00");
                    for half in [byte >> 4, byte & 15] {
                        out.push(if half < 10 {
                            b'0' + half
                        } else {
                            b'a' + half - 10
                        });
                    }
                }
                _ => out.push(byte),
            }
        }
    }
    out.push(b'"');
}
