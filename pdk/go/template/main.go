// @NAME@: why a call to @NAME@ failed.
package main

import "taskless/pdk"

//go:wasmexport post
func post() int32 {
	call := pdk.Input()
	if call.Response == nil {
		return 0
	}
	code := call.Response.Body.Get("error").Get("code")

	// What a status means everywhere, then what this service means by its own codes.
	verdict := pdk.VerdictOfStatus(call.Response.Status)
	switch code.Word() {
	case "out_of_credit":
		verdict = pdk.VerdictOf(pdk.Quota)
	}

	// What is not there is absent, and captured as nothing.
	var capture pdk.Capture
	capture.Class(verdict)
	capture.ErrorCode(code)
	capture.Retry(verdict)
	capture.RequestID(call.Response.Headers.Get("x-request-id"))
	return capture.Done()
}

func main() {}
