// stripe: why a call to Stripe failed, where its log is, and what to do now.
// SPDX-License-Identifier: Apache-2.0
import { Advice, Class, Json, Output, Verdict, absent, classOfStatus, input } from "./taskless";

// What Stripe's own words mean, whichever of type, code, decline_code or advice_code has them. The
// first that is found counts, so what is more exact stands above.
const words: StaticArray<string> = [
  "try_again_later", "confirm_card_data", "authentication_required", "processing_error", "card_error",
  "idempotency_key_in_use", "idempotency_error", "rate_limit", "lock_timeout", "resource_missing",
  "temporary_session_expired", "invalid_grant",
];
const kinds: StaticArray<i32> = [
  Class.DECLINED, Class.DECLINED, Class.DECLINED, Class.DECLINED, Class.DECLINED,
  Class.IDEMPOTENCY, Class.IDEMPOTENCY, Class.RATE, Class.CONFLICT, Class.NOT_FOUND,
  Class.AUTH, Class.AUTH,
];
const advices: StaticArray<i32> = [
  Advice.YES, Advice.FIX, Advice.FIX, Advice.YES, Advice.PAY,
  Advice.YES, Advice.FIX, Advice.YES, Advice.YES, Advice.FIX,
  Advice.REAUTH, Advice.REAUTH,
];

function meaningOf(error: Json, code: Json, status: i64): Verdict {
  const type = error.get("type"), decline = error.get("decline_code"), advice = error.get("advice_code");
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (type.is(word) || code.is(word) || decline.is(word) || advice.is(word)) return new Verdict(kinds[i], advices[i]);
  }
  // 402: the call was right, the payment was not.
  return new Verdict(status == 402 ? Class.DECLINED : classOfStatus(status));
}

function judgeResponse(error: Json, code: Json, status: i64, headers: Json): Verdict {
  // Only a 429 that names a limiter is one: without it, lock_timeout is two calls for one object.
  const limited = headers.get("stripe-rate-limited-reason") != absent;
  const verdict = limited ? new Verdict(Class.RATE) : meaningOf(error, code, status);
  const mistyped = code.startsWith("incorrect_") || code.startsWith("invalid_"); // a card's data
  if (verdict.kind == Class.DECLINED && mistyped) verdict.advice = Advice.FIX;
  verdict.heed(headers.get("stripe-should-retry"), headers.get("retry-after").count(-1) * 1000);
  return verdict;
}

// Without an answer nobody knows what Stripe did: only what cannot happen twice may be sent again.
function judgeSilence(kind: Json, method: Json, key: Json): Verdict {
  const neverSent = kind.is("dns") || kind.is("connect") || kind.is("tls");
  const harmless = !method.is("POST") || key != absent;
  const again = (neverSent || harmless) && !kind.is("aborted"); // by the application itself
  return new Verdict(kind.is("timeout") ? Class.TIMEOUT : Class.NETWORK, again ? Advice.YES : Advice.NO);
}

export function post(): i32 {
  const all = input();
  const request = all.get("request"), response = all.get("response"), failure = all.get("error");
  const sent = request.get("headers"), headers = response.get("headers");
  const configuration = all.get("configuration");
  // Echoed, but not by every endpoint.
  const key = headers.get("idempotency-key").or(sent.get("idempotency-key"));
  const body = response.get("body");
  const error = body.get("error");
  // OAuth: {"error": "...", "error_description": "..."}
  let code = error.isString ? error : error.get("code");
  let message = error.isString ? body.get("error_description") : error.get("message");

  const status = response.get("status").count(0);
  let verdict = new Verdict();
  if (status >= 400) verdict = judgeResponse(error, code, status, headers);
  else if (failure != absent) {
    verdict = judgeSilence(failure.get("kind"), request.get("method"), key);
    code = failure.get("code");
    message = failure.get("message");
  }
  if (verdict.kind == Class.NONE && configuration.get("enableSuccess").isFalse) return 0;

  const told = configuration.get("captureMessage").isTrue;
  const output = new Output();
  output.verdict(verdict);
  output.capture("error.type", error.get("type"));
  output.capture("error.code", code);
  if (told) output.capture("error.message", message);
  output.capture("error.param", error.get("param"));
  output.capture("error.doc_url", error.get("doc_url"));
  output.capture("error.log_url", error.get("request_log_url"));
  output.capture("error.decline_code", error.get("decline_code"));
  output.retry(verdict);
  output.capture("request_id", headers.get("request-id"));
  output.capture("idempotency_key", key);
  output.capture("rate.scope", headers.get("stripe-rate-limited-reason"));
  output.capture("error.advice_code", error.get("advice_code"));
  output.capture("error.network_decline_code", error.get("network_decline_code"));
  output.capture("error.network_advice_code", error.get("network_advice_code"));
  output.capture("error.payment_method_type", error.get("payment_method_type"));
  output.capture("error.charge", error.get("charge"));
  if (told) output.capture("error.user_message", error.get("user_message"));
  output.capture("payment_intent.id", error.get("payment_intent").get("id"));
  output.capture("payment_intent.status", error.get("payment_intent").get("status"));
  output.capture("setup_intent.id", error.get("setup_intent").get("id"));
  output.capture("setup_intent.status", error.get("setup_intent").get("status"));
  output.capture("payment_method.id", error.get("payment_method").get("id"));
  output.capture("source.id", error.get("source").get("id"));
  output.capture("source.status", error.get("source").get("status"));
  output.capture("stripe-version", headers.get("stripe-version").or(sent.get("stripe-version")));
  output.capture("stripe-account", headers.get("stripe-account").or(sent.get("stripe-account")));
  output.capture("stripe-should-retry", headers.get("stripe-should-retry"));
  return output.done();
}
