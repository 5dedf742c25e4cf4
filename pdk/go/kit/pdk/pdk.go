// SPDX-License-Identifier: Apache-2.0

// Package pdk is what a Pack for taskless is written with, in Go.
//
// A Pack knows one service: it is shown a call to it and says what happened. A hook is an exported
// function that takes the [Input] and ends with what it found:
//
//	package main
//
//	import "taskless/pdk"
//
//	//go:wasmexport post
//	func post() int32 {
//		call := pdk.Input()
//		if call.Response == nil {
//			return 0
//		}
//		problem := call.Response.Body.Get("error").Object()
//		verdict := pdk.VerdictOfStatus(call.Response.Status)
//		if problem.Get("code").Is("out_of_credit") {
//			verdict = pdk.VerdictOf(pdk.Quota)
//		}
//		var capture pdk.Capture
//		capture.Class(verdict)
//		capture.ErrorCode(problem.Get("code"))
//		capture.Retry(verdict)
//		capture.RequestID(call.Response.Headers.Get("acme-request-id"))
//		return capture.Done()
//	}
//
//	func main() {}
//
// What a service sends is never what its manual says, so nothing here fails: a member that is not
// there, is of another type or was cut off is an absent [Value], in which nothing is found and of which
// nothing is captured. There is no encoding/json in it, which would make a Pack eight times as large.
//
// Hooks are pre, chunk and post. Built with TinyGo a Pack has some 25 KB; with Go itself, 2 MB.
package pdk
