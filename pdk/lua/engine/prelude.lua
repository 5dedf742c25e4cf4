-- prelude: the words all Packs share, and how they follow from one another; run before the snapshot.
-- SPDX-License-Identifier: Apache-2.0

local advice_of = {
  auth = "reauth", permission = "fix", invalid = "fix", not_found = "fix", conflict = "yes", idempotency = "fix",
  rate = "yes", quota = "pay", declined = "pay", overloaded = "yes", timeout = "yes", server = "yes", partial = "yes",
  network = "yes",
}
local class_of = {
  [401] = "auth", [402] = "quota", [403] = "permission", [404] = "not_found", [408] = "timeout", [409] = "conflict",
  [410] = "not_found", [424] = "server", [429] = "rate", [503] = "overloaded", [504] = "timeout", [529] = "overloaded",
}

-- What a status means where the service does not say more; nil below 400.
function class_of_status(status)
  if not status or status < 400 then return nil end
  return class_of[status] or (status < 500 and "invalid" or "server")
end

-- A judgement of one call, {class, advice}; without a class it did not fail.
function verdict(class, advice)
  return { class = class, advice = advice or (class and advice_of[class]) }
end

-- Takes in what the service says about trying again, "true" or "false", and how long to wait.
function heed(judged, should_retry, after_ms)
  if not judged.class then return end
  -- Money does not come back by asking again.
  if should_retry == "true" and judged.class ~= "quota" then judged.advice = "yes" end
  if judged.advice ~= "yes" then return end
  if should_retry == "false" then
    judged.advice = "no"
  elseif after_ms and after_ms >= 0 then
    judged.advice, judged.after_ms = "after", after_ms
  end
end

-- `ok` and `class`: the first captures.
function capture_class(judged)
  capture("ok", not judged.class)
  capture("class", judged.class)
end

-- `retry.advice` and `retry.after_ms`: behind `error.*`.
function capture_retry(judged)
  capture("retry.advice", judged.advice)
  if judged.advice == "after" then capture("retry.after_ms", judged.after_ms) end
end

-- A whole number, or a text that is one, as headers have them; else nil.
function count(value)
  if math.type(value) == "integer" then return value >= 0 and value or nil end
  return type(value) == "string" and #value < 16 and value:match("^%d+$") and math.tointeger(tonumber(value)) or nil
end
