// taskless: the words all Packs share, and how they follow from one another; types in taskless.d.ts.
// SPDX-License-Identifier: Apache-2.0
const ADVICE = {
  auth: "reauth",
  permission: "fix",
  invalid: "fix",
  not_found: "fix",
  conflict: "yes",
  idempotency: "fix",
  rate: "yes",
  quota: "pay",
  declined: "pay",
  overloaded: "yes",
  timeout: "yes",
  server: "yes",
  partial: "yes",
  network: "yes",
};
const OF_STATUS = {
  401: "auth",
  402: "quota",
  403: "permission",
  404: "not_found",
  408: "timeout",
  409: "conflict",
  410: "not_found",
  424: "server",
  429: "rate",
  503: "overloaded",
  504: "timeout",
  529: "overloaded",
};

export const classOfStatus = (status) => (status < 400 ? undefined : (OF_STATUS[status] ?? (status < 500 ? "invalid" : "server")));

export const verdictOf = (kind, advice = ADVICE[kind]) => ({ class: kind, advice });

export function heed(verdict, shouldRetry, afterMs) {
  if (!verdict.class) return;
  // Money does not come back by asking again.
  if (shouldRetry === "true" && verdict.class !== "quota") verdict.advice = "yes";
  if (verdict.advice !== "yes") return;
  if (shouldRetry === "false") verdict.advice = "no";
  else if (afterMs >= 0) Object.assign(verdict, { advice: "after", afterMs });
}

export const captureClass = (verdict) => ({ ok: !verdict.class, class: verdict.class });

export const captureRetry = ({ advice, afterMs }) => ({
  "retry.advice": advice,
  "retry.after_ms": advice === "after" ? afterMs : undefined,
});

export const count = (value) => (/^\d{1,15}$/.test(value) ? Number(value) : undefined);
