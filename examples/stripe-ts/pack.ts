// stripe: why a call to Stripe failed, where its log is, and what to do now.
// SPDX-License-Identifier: Apache-2.0
import { type Advice, type Class, type Failure, type Json, type Post, type Verdict } from "./taskless.js";
import { captureClass, captureRetry, classOfStatus, count, heed, verdictOf } from "./taskless.js";

interface Configuration {
  enableSuccess: boolean;
  captureMessage: boolean;
}

// What Stripe's own words mean, whichever of type, code, decline_code or advice_code has them. The
// first that is found counts, so what is more exact stands above.
const meanings: { word: string; kind: Class; advice: Advice }[] = [
  { word: "try_again_later", kind: "declined", advice: "yes" },
  { word: "confirm_card_data", kind: "declined", advice: "fix" },
  { word: "authentication_required", kind: "declined", advice: "fix" },
  { word: "processing_error", kind: "declined", advice: "yes" },
  { word: "card_error", kind: "declined", advice: "pay" },
  { word: "idempotency_key_in_use", kind: "idempotency", advice: "yes" },
  { word: "idempotency_error", kind: "idempotency", advice: "fix" },
  { word: "rate_limit", kind: "rate", advice: "yes" },
  { word: "lock_timeout", kind: "conflict", advice: "yes" },
  { word: "resource_missing", kind: "not_found", advice: "fix" },
  { word: "temporary_session_expired", kind: "auth", advice: "reauth" },
  { word: "invalid_grant", kind: "auth", advice: "reauth" },
];

function judgeResponse(status: number, reason: string | undefined, error: Json): Verdict {
  // Only a 429 that names a limiter is one: without it, lock_timeout is two calls for one object.
  if (reason !== undefined) return verdictOf("rate");
  const words = [error?.type, error?.code, error?.decline_code, error?.advice_code];
  const meaning = meanings.find(({ word }) => words.includes(word));
  // 402: the call was right, the payment was not.
  const verdict = meaning
    ? verdictOf(meaning.kind, meaning.advice)
    : verdictOf(status === 402 ? "declined" : classOfStatus(status));
  const mistyped = /^(incorrect|invalid)_/.test(error?.code); // a card's data
  if (verdict.class === "declined" && mistyped) verdict.advice = "fix";
  return verdict;
}

// Without an answer nobody knows what Stripe did: only what cannot happen twice may be sent again.
function judgeSilence({ kind }: Failure, method: string, key: string | undefined): Verdict {
  const neverSent = kind === "dns" || kind === "connect" || kind === "tls";
  const harmless = method !== "POST" || key !== undefined;
  const again = (neverSent || harmless) && kind !== "aborted"; // by the application itself
  return verdictOf(kind === "timeout" ? "timeout" : "network", again ? "yes" : "no");
}

export const post: Post<never, Configuration> = ({ request, response, error: failure, configuration }) => {
  const status = response?.status ?? 0;
  const header = (name: string) => response?.headers.get(name);
  const echoed = (name: string) => header(name) || request.headers.get(name); // not by every endpoint
  const body = response?.body;
  // OAuth: {"error": "...", "error_description": "..."}
  const isOAuth = typeof body?.error === "string";
  let error: Json = isOAuth ? { code: body.error, message: body.error_description } : body?.error;
  const reason = header("stripe-rate-limited-reason");
  const key = echoed("idempotency-key");

  let verdict: Verdict = {};
  if (status >= 400) {
    verdict = judgeResponse(status, reason, error);
    const seconds = count(header("retry-after"));
    heed(verdict, header("stripe-should-retry"), seconds === undefined ? undefined : seconds * 1000);
  } else if (failure) {
    verdict = judgeSilence(failure, request.method, key);
    error = { ...error, code: failure.code, message: failure.message };
  }
  if (!verdict.class && configuration.enableSuccess === false) return;

  const told = configuration.captureMessage;
  return {
    capture: {
      ...captureClass(verdict),
      "error.type": error?.type,
      "error.code": error?.code,
      "error.message": told ? error?.message : undefined,
      "error.param": error?.param,
      "error.doc_url": error?.doc_url,
      "error.log_url": error?.request_log_url,
      "error.decline_code": error?.decline_code,
      ...captureRetry(verdict),
      request_id: header("request-id"),
      idempotency_key: key,
      "rate.scope": reason,
      "error.advice_code": error?.advice_code,
      "error.network_decline_code": error?.network_decline_code,
      "error.network_advice_code": error?.network_advice_code,
      "error.payment_method_type": error?.payment_method_type,
      "error.charge": error?.charge,
      "error.user_message": told ? error?.user_message : undefined,
      "payment_intent.id": error?.payment_intent?.id,
      "payment_intent.status": error?.payment_intent?.status,
      "setup_intent.id": error?.setup_intent?.id,
      "setup_intent.status": error?.setup_intent?.status,
      "payment_method.id": error?.payment_method?.id,
      "source.id": error?.source?.id,
      "source.status": error?.source?.status,
      "stripe-version": echoed("stripe-version"),
      "stripe-account": echoed("stripe-account"),
      "stripe-should-retry": header("stripe-should-retry"),
    },
  };
};
