// @NAME@: why a call to @NAME@ failed.
import { captureClass, captureRetry, classOfStatus, verdictOf } from "./taskless.js";

/** @type {import("./taskless.js").Post} */
export const post = ({ response }) => {
  // Whatever comes from outside may be missing: `?.` looks into it, and what is not there is not captured.
  const error = response?.body?.error;
  const outOfCredit = error?.code === "out_of_credit";
  const verdict = verdictOf(outOfCredit ? "quota" : classOfStatus(response?.status ?? 0));

  return {
    capture: {
      ...captureClass(verdict),
      "error.code": error?.code,
      ...captureRetry(verdict),
      request_id: response?.headers.get("x-request-id"),
    },
  };
};
