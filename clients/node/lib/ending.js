// ending: how a call came to its end, by the error that ended it.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { ABORTED, FAILED } = require('./call.js');

const ABORT_CODES = new Set([
  'ABORT_ERR',
  'ERR_CANCELED',
  'UND_ERR_ABORTED',
  'UND_ERR_DESTROYED',
  'UND_ERR_REQ_RETRY', // an answer that undici's RetryAgent does not read, for it tries again
]);

/**
 * Ends `call` with `error`: aborted when the application gave up, else failed, with code and
 * message. An application may end a call with whatever it likes as a reason; only what has a code
 * or is a timeout says more than that it gave up.
 */
function endWithError(call, error) {
  const code = codeOf(error);
  if (code === '') call.end(ABORTED);
  else call.end(FAILED, code, messageOf(error));
}

function codeOf(error) {
  if (typeof error !== 'object' || error === null) return '';
  if (isRefusedByProxy(error)) return error.code;
  // A DOMException has numbers for codes; its name is what programs look at.
  if (error.name === 'AbortError') return isTimeout(error.cause) ? error.cause.name : '';
  if (isTimeout(error)) return error.name;
  if (typeof error.code !== 'string' || ABORT_CODES.has(error.code)) return '';
  return error.code;
}

/** What AbortSignal.timeout gives, by itself or as what made somebody abort. */
function isTimeout(error) {
  return typeof error === 'object' && error !== null && error.name === 'TimeoutError' && typeof error.code !== 'string';
}

/** undici has one code for what the application gave up and for a proxy that opens no tunnel. */
function isRefusedByProxy({ code, message }) {
  return code === 'UND_ERR_ABORTED' && /^Proxy response/.test(message);
}

function messageOf(error) {
  if (error.message) return String(error.message);
  // Where several addresses were tried, the words are in the errors for each of them.
  const first = Array.isArray(error.errors) ? error.errors[0] : undefined;
  return first && first.message ? String(first.message) : '';
}

module.exports = { endWithError };
