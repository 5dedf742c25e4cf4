-- @NAME@: why a call to @NAME@ failed.

function post(input)
  local response = input.response
  -- Whatever comes from outside may be missing: looking into nil finds nil, and capturing nil does nothing.
  local code = response.body.error.code
  local judged = verdict(code == "out_of_credit" and "quota" or class_of_status(response.status))

  capture_class(judged)
  capture("error.code", code)
  capture_retry(judged)
  capture("request_id", response.headers["x-request-id"])
end
