//! What a hook is shown: one call to a service.
// SPDX-License-Identifier: Apache-2.0
use crate::{Cursor, Read, Value};
use alloc::vec::Vec;

/// One call to a service, as far as it has come. All that is in it is borrowed from the hook's
/// input.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The exchange's id, a UUID.
    pub id: Value<'a>,
    /// What was sent.
    pub request: Request<'a>,
    /// What came back: in `post`, and without its body in `chunk`.
    pub response: Option<Response<'a>>,
    /// Why nothing came back, or not all of it: in `post`.
    pub failure: Option<Failure<'a>>,
    /// What this Pack kept before.
    pub context: Value<'a>,
    /// The variables that were granted.
    pub environment: Value<'a>,
    /// The manifest's fields, as they were set or by default.
    pub configuration: Value<'a>,
    time: Value<'a>,
    truncated: Value<'a>,
    attempt: Value<'a>,
    chunk: Value<'a>,
    done: Value<'a>,
}

crate::object! {
    /// What was sent.
    pub struct Request {
        /// GET, POST, ...
        method,
        /// The whole address, without what identifies a person.
        url,
        /// Its host.
        domain,
        /// Its path.
        path,
        /// Names in lower case, sorted.
        headers,
        /// JSON where it was JSON, else a string; absent where the Pack may not see it.
        body,
    }

    /// Why nothing came back, or not all of it.
    pub struct Failure {
        /// `dns connect tls reset timeout aborted protocol other`
        kind,
        /// The system's word for it, such as `ECONNREFUSED`.
        code,
        /// The runtime's sentence about it.
        message,
    }
}

/// What came back.
#[derive(Clone, Copy, Debug)]
pub struct Response<'a> {
    /// 200, 404, ...
    pub status: u16,
    /// Names in lower case, sorted.
    pub headers: Value<'a>,
    /// JSON where it was JSON, else a string; absent where the Pack may not see it.
    pub body: Value<'a>,
}

impl<'a> Read<'a> for Response<'a> {
    const ABSENT: Self = Self {
        status: 0,
        headers: Value::ABSENT,
        body: Value::ABSENT,
    };

    fn is_absent(&self) -> bool {
        self.status == 0 && self.headers.is_absent() && self.body.is_absent()
    }

    fn read(cursor: &mut Cursor<'a>) -> Self {
        let Answer {
            status,
            headers,
            body,
        } = Answer::read(cursor);
        let status = status.count().and_then(|status| u16::try_from(status).ok());
        Self {
            status: status.unwrap_or(0),
            headers,
            body,
        }
    }
}

type MaybeResponse<'a> = Option<Response<'a>>;
type MaybeFailure<'a> = Option<Failure<'a>>;

crate::object! {
    struct Answer { status, headers, body }

    struct Input {
        id = "requestId",
        request: Request,
        response: MaybeResponse,
        failure = "error": MaybeFailure,
        context,
        environment,
        configuration,
        time,
        truncated,
        attempt,
        chunk,
        done,
    }
}

impl<'a> From<Value<'a>> for Call<'a> {
    fn from(value: Value<'a>) -> Self {
        let input = Input::from(value);
        Self {
            id: input.id,
            request: input.request,
            response: input.response,
            failure: input.failure,
            context: input.context,
            environment: input.environment,
            configuration: input.configuration,
            time: input.time,
            truncated: input.truncated,
            attempt: input.attempt,
            chunk: input.chunk,
            done: input.done,
        }
    }
}

impl Call<'_> {
    /// When the request was sent, in milliseconds since the epoch.
    pub fn start_ms(&self) -> Option<u64> {
        self.time.get("start").count()
    }

    /// When the response had ended, in milliseconds since the epoch.
    pub fn end_ms(&self) -> Option<u64> {
        self.time.get("end").count()
    }

    /// True where not all of the request's body is there.
    pub fn request_is_truncated(&self) -> bool {
        self.truncated.items().any(|which| which == "request")
    }

    /// True where not all of the response's body is there.
    pub fn response_is_truncated(&self) -> bool {
        self.truncated.items().any(|which| which == "response")
    }

    /// 1, or 2 for the first retry, and so on.
    pub fn attempt(&self) -> u64 {
        self.attempt.count().unwrap_or(1)
    }

    /// In `chunk`: a piece of the response's body. An event of a stream, a line of NDJSON, else
    /// 16 KiB.
    pub fn chunk(&self) -> Vec<u8> {
        base64(self.chunk.quoted().unwrap_or_default())
    }

    /// In `chunk`: true for the last one, which is empty.
    pub fn is_done(&self) -> bool {
        self.done.bool() == Some(true)
    }
}

/// The bytes of a text in base64. What is not of its alphabet is passed over.
fn base64(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut bits, mut count) = (0u32, 0);
    for &letter in text {
        let six = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}
