// stripe: why a call to Stripe failed, where its log is, and what to do now.
// SPDX-License-Identifier: Apache-2.0
package main

import (
	"strings"

	"taskless/pdk"
)

// What Stripe's own words mean, whichever of type, code, decline_code or advice_code has them. The
// first that is found counts, so what is more exact stands above.
var meanings = [...]struct {
	word   string
	class  pdk.Class
	advice pdk.Advice
}{
	{"try_again_later", pdk.Declined, pdk.Yes},
	{"confirm_card_data", pdk.Declined, pdk.Fix},
	{"authentication_required", pdk.Declined, pdk.Fix},
	{"processing_error", pdk.Declined, pdk.Yes},
	{"card_error", pdk.Declined, pdk.Pay},
	{"idempotency_key_in_use", pdk.Idempotency, pdk.Yes},
	{"idempotency_error", pdk.Idempotency, pdk.Fix},
	{"rate_limit", pdk.Rate, pdk.Yes},
	{"lock_timeout", pdk.Conflict, pdk.Yes},
	{"resource_missing", pdk.NotFound, pdk.Fix},
	{"temporary_session_expired", pdk.Auth, pdk.Reauth},
	{"invalid_grant", pdk.Auth, pdk.Reauth},
}

// What is looked at of a call, once as it is known where it stands.
type stripe struct {
	status         int
	sent, headers  pdk.Object
	error          pdk.Object
	code, message  pdk.Value
	limiter        pdk.Value
	idempotencyKey pdk.Value
}

func meaningOf(s *stripe) pdk.Verdict {
	// Only a 429 that names a limiter is one: without it, lock_timeout is two calls for one object.
	if s.limiter.IsSet() {
		return pdk.VerdictOf(pdk.Rate)
	}
	words := [...]string{
		s.error.Get("type").Word(), s.code.Word(),
		s.error.Get("decline_code").Word(), s.error.Get("advice_code").Word(),
	}
	for _, meaning := range meanings {
		for _, word := range words {
			if word == meaning.word {
				return pdk.Verdict{Class: meaning.class, Advice: meaning.advice}
			}
		}
	}
	if s.status == 402 { // the call was right, the payment was not
		return pdk.VerdictOf(pdk.Declined)
	}
	return pdk.VerdictOfStatus(s.status)
}

func judgeAnswer(s *stripe) pdk.Verdict {
	verdict := meaningOf(s)
	code := s.code.Word()
	mistyped := strings.HasPrefix(code, "incorrect_") || strings.HasPrefix(code, "invalid_")
	if verdict.Class == pdk.Declined && mistyped {
		verdict.Advice = pdk.Fix // a card's data
	}
	afterMs := int64(-1)
	if seconds, ok := s.headers.Get("retry-after").Count(); ok {
		afterMs = seconds * 1000
	}
	verdict.Heed(s.headers.Get("stripe-should-retry"), afterMs)
	return verdict
}

// Without an answer nobody knows what Stripe did: only what cannot happen twice may be sent again.
func judgeSilence(kind string, isHarmless bool) pdk.Verdict {
	verdict := pdk.Verdict{Class: pdk.Network, Advice: pdk.No}
	switch kind {
	case "dns", "connect", "tls": // it never arrived
		verdict.Advice = pdk.Yes
		return verdict
	case "aborted": // by the application itself
		return verdict
	case "timeout":
		verdict.Class = pdk.Timeout
	}
	if isHarmless {
		verdict.Advice = pdk.Yes
	}
	return verdict
}

//go:wasmexport post
func post() int32 {
	call := pdk.Input()
	s := stripe{sent: call.Request.Headers}
	if response := call.Response; response != nil {
		s.status, s.headers = response.Status, response.Headers
		said := response.Body.Get("error")
		s.error = said.Object()
		s.code, s.message = s.error.Get("code"), s.error.Get("message")
		if said.Kind() == pdk.KindString { // OAuth: {"error": "...", "error_description": "..."}
			s.code, s.message = said, response.Body.Get("error_description")
		}
	}
	s.limiter = s.headers.Get("stripe-rate-limited-reason")
	s.idempotencyKey = s.echoed("idempotency-key")

	var verdict pdk.Verdict
	if s.status >= 400 {
		verdict = judgeAnswer(&s)
	} else if failure := call.Failure; failure != nil {
		s.code, s.message = failure.Code, failure.Message
		isHarmless := !call.Request.Method.Is("POST") || s.idempotencyKey.IsSet()
		verdict = judgeSilence(failure.Kind.Word(), isHarmless)
	}
	wantsSuccess, isSet := call.Configuration.Get("enableSuccess").Bool()
	if verdict.Class == pdk.NoClass && isSet && !wantsSuccess {
		return 0
	}
	wantsMessage, _ := call.Configuration.Get("captureMessage").Bool()
	return s.capture(verdict, wantsMessage)
}

// What came back, else what was sent: it is echoed, but not by every endpoint.
func (s *stripe) echoed(name string) pdk.Value {
	return s.headers.Get(name).Or(s.sent.Get(name))
}

func (s *stripe) capture(verdict pdk.Verdict, wantsMessage bool) int32 {
	var capture pdk.Capture
	capture.Class(verdict)
	capture.ErrorType(s.error.Get("type"))
	capture.ErrorCode(s.code)
	if wantsMessage {
		capture.ErrorMessage(s.message)
	}
	capture.ErrorParam(s.error.Get("param"))
	capture.ErrorDocURL(s.error.Get("doc_url"))
	capture.ErrorLogURL(s.error.Get("request_log_url"))
	capture.ErrorDeclineCode(s.error.Get("decline_code"))
	capture.Retry(verdict)
	capture.RequestID(s.headers.Get("request-id"))
	capture.IdempotencyKey(s.idempotencyKey)
	capture.RateScope(s.limiter)
	for _, name := range [...]string{
		"advice_code", "network_decline_code", "network_advice_code", "payment_method_type", "charge",
	} {
		capture.Set("error."+name, s.error.Get(name))
	}
	if wantsMessage {
		capture.Set("error.user_message", s.error.Get("user_message"))
	}
	for _, name := range [...]string{"payment_intent", "setup_intent", "payment_method", "source"} {
		object := s.error.Get(name)
		capture.Set(name+".id", object.Get("id"))
		if name != "payment_method" {
			capture.Set(name+".status", object.Get("status"))
		}
	}
	capture.Set("stripe-version", s.echoed("stripe-version"))
	capture.Set("stripe-account", s.echoed("stripe-account"))
	capture.Set("stripe-should-retry", s.headers.Get("stripe-should-retry"))
	return capture.Done()
}

func main() {}
