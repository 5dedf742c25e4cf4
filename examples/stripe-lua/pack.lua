-- stripe: why a call to Stripe failed, where its log is, and what to do now.
-- SPDX-License-Identifier: Apache-2.0

-- What Stripe's own words mean, whichever of type, code, decline_code or advice_code has them. The
-- first that is found counts, so what is more exact stands above.
local meanings = {
  { "try_again_later", "declined", "yes" },
  { "confirm_card_data", "declined", "fix" },
  { "authentication_required", "declined", "fix" },
  { "processing_error", "declined", "yes" },
  { "card_error", "declined", "pay" },
  { "idempotency_key_in_use", "idempotency", "yes" },
  { "idempotency_error", "idempotency", "fix" },
  { "rate_limit", "rate", "yes" },
  { "lock_timeout", "conflict", "yes" },
  { "resource_missing", "not_found", "fix" },
  { "temporary_session_expired", "auth", "reauth" },
  { "invalid_grant", "auth", "reauth" },
}

local function meaning_of(err, status)
  for _, meaning in ipairs(meanings) do
    local word = meaning[1]
    if err.type == word or err.code == word or err.decline_code == word or err.advice_code == word then
      return verdict(meaning[2], meaning[3])
    end
  end
  -- 402: the call was right, the payment was not.
  return verdict(status == 402 and "declined" or class_of_status(status))
end

local function judge_response(err, status, headers)
  -- Only a 429 that names a limiter is one: without it, lock_timeout is two calls for one object.
  local judged = headers["stripe-rate-limited-reason"] and verdict("rate") or meaning_of(err, status)
  local code = type(err.code) == "string" and err.code or ""
  local mistyped = code:find("^incorrect_") or code:find("^invalid_") -- a card's data
  if judged.class == "declined" and mistyped then judged.advice = "fix" end
  local seconds = count(headers["retry-after"])
  heed(judged, headers["stripe-should-retry"], seconds and seconds * 1000)
  return judged
end

-- Without an answer nobody knows what Stripe did: only what cannot happen twice may be sent again.
local function judge_silence(failure, method, key)
  local kind = failure.kind
  local never_sent = kind == "dns" or kind == "connect" or kind == "tls"
  local harmless = method ~= "POST" or key
  local again = (never_sent or harmless) and kind ~= "aborted" -- by the application itself
  return verdict(kind == "timeout" and "timeout" or "network", again and "yes" or "no")
end

local function filled(value, other)
  if value == nil or value == "" then return other end
  return value
end

function post(input)
  local request, response, configuration = input.request, input.response, input.configuration
  local headers = response.headers or {}
  -- Echoed, but not by every endpoint.
  local function echoed(name) return filled(headers[name], request.headers[name]) end
  local key = echoed("idempotency-key")
  local body = response.body
  -- Looking into what is not there finds nil.
  local err = body.error
  local status = response.status or 0
  local code, message = err.code, err.message
  if type(err) == "string" then -- OAuth: {"error": "...", "error_description": "..."}
    code, message = err, body.error_description
    err = { code = code }
  end
  if type(err) ~= "table" then err = {} end

  local judged = verdict()
  if status >= 400 then
    judged = judge_response(err, status, headers)
  elseif input.error then
    judged = judge_silence(input.error, request.method, key)
    code, message = input.error.code, input.error.message
  end
  if not judged.class and configuration.enableSuccess == false then return end

  local told = configuration.captureMessage
  capture_class(judged)
  capture("error.type", err.type)
  capture("error.code", code)
  if told then capture("error.message", message) end
  capture("error.param", err.param)
  capture("error.doc_url", err.doc_url)
  capture("error.log_url", err.request_log_url)
  capture("error.decline_code", err.decline_code)
  capture_retry(judged)
  capture("request_id", headers["request-id"])
  capture("idempotency_key", key)
  capture("rate.scope", headers["stripe-rate-limited-reason"])
  capture("error.advice_code", err.advice_code)
  capture("error.network_decline_code", err.network_decline_code)
  capture("error.network_advice_code", err.network_advice_code)
  capture("error.payment_method_type", err.payment_method_type)
  capture("error.charge", err.charge)
  if told then capture("error.user_message", err.user_message) end
  capture("payment_intent.id", err.payment_intent.id)
  capture("payment_intent.status", err.payment_intent.status)
  capture("setup_intent.id", err.setup_intent.id)
  capture("setup_intent.status", err.setup_intent.status)
  capture("payment_method.id", err.payment_method.id)
  capture("source.id", err.source.id)
  capture("source.status", err.source.status)
  capture("stripe-version", echoed("stripe-version"))
  capture("stripe-account", echoed("stripe-account"))
  capture("stripe-should-retry", headers["stripe-should-retry"])
end
