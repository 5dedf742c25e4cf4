//! Requests of a Pack's own, to hosts that its manifest asks for and the configuration grants. A
//! worker waits with the hook, so they are for failures only.
//!
//! What is refused, fails or takes too long ends the hook with a result that says so.
// SPDX-License-Identifier: Apache-2.0
use crate::{escape, host, Value};
use alloc::vec::Vec;

/// A request to send: `Request::get("https://a.example").header("accept", "*/*").send(b"")`
#[derive(Clone, Debug)]
pub struct Request {
    json: Vec<u8>, // as the host takes it, but for what ends it
}

/// What came back. Any status is an answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// 200, 404, ...
    pub status: u16,
    /// The body as it came.
    pub body: Vec<u8>,
    headers: Vec<u8>,
}

impl Request {
    /// A request by any method.
    pub fn new(method: &str, url: &str) -> Self {
        let mut json = b"{\"method\":".to_vec();
        escape::write(&mut json, method);
        json.extend_from_slice(b",\"url\":");
        escape::write(&mut json, url);
        json.extend_from_slice(b",\"headers\":{");
        Self { json }
    }

    /// A request by GET.
    pub fn get(url: &str) -> Self {
        Self::new("GET", url)
    }

    /// A request by POST.
    pub fn post(url: &str) -> Self {
        Self::new("POST", url)
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if self.json.last() != Some(&b'{') {
            self.json.push(b',');
        }
        escape::write(&mut self.json, name);
        self.json.push(b':');
        escape::write(&mut self.json, value);
        self
    }

    /// Sends it with a body, or with none where that is empty, and waits for the answer.
    pub fn send(mut self, body: &[u8]) -> Response {
        self.json.extend_from_slice(b"}}");
        let body = if body.is_empty() { 0 } else { host::give(body) };
        let answer = host::http_request(host::give(&self.json), body);
        Response {
            status: u16::try_from(host::http_status_code()).unwrap_or(0),
            body: host::take(answer).unwrap_or_default(),
            headers: host::take(host::http_headers()).unwrap_or_default(),
        }
    }
}

impl Response {
    /// The headers by their names in lower case: `response.headers().get("content-type")`
    pub fn headers(&self) -> Value<'_> {
        Value::parse(&self.headers)
    }
}
