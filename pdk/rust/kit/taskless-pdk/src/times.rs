//! Times, as services write them.
// SPDX-License-Identifier: Apache-2.0
use crate::Value;

impl Value<'_> {
    /// Milliseconds of a duration: "12ms", "1s", "6m0s", "1h30m", "59.95s"; a number alone counts
    /// seconds.
    pub fn duration_ms(self) -> Option<u64> {
        let mut rest = self.quoted()?;
        let mut total = 0u64;
        if rest.is_empty() {
            return None;
        }
        while !rest.is_empty() {
            let thousandths = decimal(&mut rest)?;
            let (unit_ms, behind) = match rest {
                [] => (1000, rest),
                [b'm', b's', behind @ ..] => (1, behind),
                [b's', behind @ ..] => (1000, behind),
                [b'm', behind @ ..] => (60_000, behind),
                [b'h', behind @ ..] => (3_600_000, behind),
                _ => return None,
            };
            total = total.checked_add(thousandths.checked_mul(unit_ms)? / 1000)?;
            rest = behind;
        }
        Some(total)
    }

    /// How long a service asks to wait by the header `retry-after`: seconds, or a date, seen from
    /// `now_ms` (see [`Call::end_ms`](crate::Call::end_ms)).
    pub fn retry_after_ms(self, now_ms: Option<u64>) -> Option<u64> {
        self.duration_ms()
            .or_else(|| Some(self.http_date_ms()?.saturating_sub(now_ms?)))
    }

    /// Milliseconds since the epoch of "Sun, 06 Nov 1994 08:49:37 GMT", the one form of an HTTP
    /// date that is still sent. From 1970 to 2099.
    pub fn http_date_ms(self) -> Option<u64> {
        let date: &[u8; 29] = self.quoted()?.try_into().ok()?;
        let two = |at: usize| {
            let digit = |at: usize| {
                u64::from(date[at])
                    .checked_sub(48)
                    .filter(|digit| *digit < 10)
            };
            Some(digit(at)? * 10 + digit(at + 1)?)
        };
        // Two letters tell the months apart. They begin with March: a leap day is then the last of
        // its year, and until 2099 each fourth year has one.
        let months = b"arprayunulugepctovecaneb".chunks_exact(2);
        let month = months.clone().position(|month| month == &date[9..11])? as u64;
        let (day, year) = (two(5)?, two(12)? * 100 + two(14)?);
        let year = year - u64::from(month > 9).min(year);
        let days = (year * 1461 / 4 + (month * 153 + 2) / 5 + day).checked_sub(719_484)?;
        Some((((days * 24 + two(17)?) * 60 + two(20)?) * 60 + two(23)?) * 1000)
    }
}

/// A number in thousandths; digits behind the third are passed over.
fn decimal(rest: &mut &[u8]) -> Option<u64> {
    let (mut number, mut place, mut behind_point, mut digits) = (0u64, 1000, false, 0);
    while let [byte @ (b'0'..=b'9' | b'.'), behind @ ..] = *rest {
        *rest = behind;
        if *byte == b'.' {
            if core::mem::replace(&mut behind_point, true) {
                return None;
            }
            continue;
        }
        digits += 1;
        if behind_point {
            place /= 10;
        } else {
            number = number.checked_mul(10)?;
        }
        number = number.checked_add(u64::from(byte - b'0') * place)?;
    }
    (digits > 0).then_some(number)
}
