// @NAME@: why a call to @NAME@ failed.
import { Class, Output, Verdict, classOfStatus, input } from "./taskless";

export function post(): i32 {
  // Whatever comes from outside may be missing: what is not there is absent, and is not captured.
  const response = input().get("response");
  const code = response.get("body").get("error").get("code");
  const verdict = new Verdict(code.is("out_of_credit") ? Class.QUOTA : classOfStatus(response.get("status").count(0)));

  const output = new Output();
  output.verdict(verdict);
  output.capture("error.code", code);
  output.retry(verdict);
  output.capture("request_id", response.get("headers").get("x-request-id"));
  return output.done();
}
