// SPDX-License-Identifier: Apache-2.0

package pdk

import "strconv"

// A Capture is what a hook found out. Captures are shown in the order in which they are set: ok and
// class, error.*, retry.*, request_id and so on, then names of the service's own.
//
// Messages may hold what a customer typed: capture them only where a field of the manifest asks for it.
type Capture struct {
	captured, kept []byte // members of a JSON object, each with a comma behind it
}

// A longer string is no answer to anything.
const longest = 16384

// Set captures a value under a name. What is absent, null, empty, an object, an array, or a string of
// more than 16 KiB is captured as nothing.
func (c *Capture) Set(name string, value Value) {
	c.captured = appendValue(c.captured, name, value)
}

// SetText captures a text; an empty one is captured as nothing.
func (c *Capture) SetText(name, text string) {
	c.captured = appendText(c.captured, name, text)
}

// SetInt captures a whole number.
func (c *Capture) SetInt(name string, number int64) {
	c.captured = appendInt(c.captured, name, number)
}

// SetBool captures a boolean.
func (c *Capture) SetBool(name string, value bool) {
	c.captured = append(strconv.AppendBool(appendName(c.captured, name), value), ',')
}

// Keep keeps a value for the next hook of the same exchange, which finds it in Context. What one hook
// keeps takes the place of all that was kept before.
func (c *Capture) Keep(name string, value Value) {
	c.kept = appendValue(c.kept, name, value)
}

// KeepText keeps a text.
func (c *Capture) KeepText(name, text string) {
	c.kept = appendText(c.kept, name, text)
}

// KeepInt keeps a whole number.
func (c *Capture) KeepInt(name string, number int64) {
	c.kept = appendInt(c.kept, name, number)
}

// Class captures ok and class. They come first in the order of captures.
func (c *Capture) Class(verdict Verdict) {
	c.SetBool("ok", verdict.Class == NoClass)
	c.SetText("class", string(verdict.Class))
}

// Retry captures retry.advice and retry.after_ms. They follow error.*.
func (c *Capture) Retry(verdict Verdict) {
	c.SetText("retry.advice", string(verdict.Advice))
	if verdict.Advice == After {
		c.SetInt("retry.after_ms", verdict.AfterMs)
	}
}

// Done ends a hook with what was captured and kept: return capture.Done()
func (c *Capture) Done() int32 {
	out := append([]byte(`{"capture":{`), withoutComma(c.captured)...)
	out = append(out, '}')
	if len(c.kept) > 0 {
		out = append(out, `,"context":{`...)
		out = append(out, withoutComma(c.kept)...)
		out = append(out, '}')
	}
	Output(append(out, '}'))
	return 0
}

// Fail ends a hook as failed, saying why: return pdk.Fail("...") Only for faults of the Pack itself: a
// failed call is what a Pack is there to explain.
func Fail(why string) int32 {
	setError(why)
	return 1
}

// The names that mean the same in every Pack.

// ErrorType captures error.type, the service's word for the kind of failure.
func (c *Capture) ErrorType(value Value) { c.Set("error.type", value) }

// ErrorCode captures error.code, its word for this failure.
func (c *Capture) ErrorCode(value Value) { c.Set("error.code", value) }

// ErrorMessage captures error.message, its sentence about it, which may hold what a customer typed.
func (c *Capture) ErrorMessage(value Value) { c.Set("error.message", value) }

// ErrorParam captures error.param, which parameter is at fault.
func (c *Capture) ErrorParam(value Value) { c.Set("error.param", value) }

// ErrorDocURL captures error.doc_url, where it is explained.
func (c *Capture) ErrorDocURL(value Value) { c.Set("error.doc_url", value) }

// ErrorLogURL captures error.log_url, where this call is seen in the service's own log.
func (c *Capture) ErrorLogURL(value Value) { c.Set("error.log_url", value) }

// ErrorCount captures error.count, how many failures there are in one answer.
func (c *Capture) ErrorCount(count int64) { c.SetInt("error.count", count) }

// ErrorDeclineCode captures error.decline_code, why a payment was declined.
func (c *Capture) ErrorDeclineCode(value Value) { c.Set("error.decline_code", value) }

// RequestID captures request_id, what the service calls this call.
func (c *Capture) RequestID(value Value) { c.Set("request_id", value) }

// IdempotencyKey captures idempotency_key, the key under which it may be sent again.
func (c *Capture) IdempotencyKey(value Value) { c.Set("idempotency_key", value) }

// RateLimit captures rate.limit, how many calls are allowed.
func (c *Capture) RateLimit(count Value) { c.Set("rate.limit", count) }

// RateRemaining captures rate.remaining, how many are left.
func (c *Capture) RateRemaining(count Value) { c.Set("rate.remaining", count) }

// RateResetMs captures rate.reset_ms, when there are more, in milliseconds from now.
func (c *Capture) RateResetMs(ms int64) { c.SetInt("rate.reset_ms", ms) }

// RateScope captures rate.scope, what the limit is on.
func (c *Capture) RateScope(value Value) { c.Set("rate.scope", value) }

// UsageInput captures usage.input, tokens or units that went in.
func (c *Capture) UsageInput(value Value) { c.Set("usage.input", value) }

// UsageOutput captures usage.output, tokens or units that came out.
func (c *Capture) UsageOutput(value Value) { c.Set("usage.output", value) }

// UsageCached captures usage.cached, those of the input that were known already.
func (c *Capture) UsageCached(value Value) { c.Set("usage.cached", value) }

// Model captures model, which model answered.
func (c *Capture) Model(value Value) { c.Set("model", value) }

// Finish captures finish, why the answer ended.
func (c *Capture) Finish(value Value) { c.Set("finish", value) }

func withoutComma(members []byte) []byte {
	if len(members) == 0 {
		return members
	}
	return members[:len(members)-1]
}

func appendName(out []byte, name string) []byte {
	return append(appendQuoted(out, name), ':')
}

func appendText(out []byte, name, text string) []byte {
	if text == "" {
		return out
	}
	return append(appendQuoted(appendName(out, name), text), ',')
}

func appendInt(out []byte, name string, number int64) []byte {
	return append(strconv.AppendInt(appendName(out, name), number, 10), ',')
}

func appendValue(out []byte, name string, value Value) []byte {
	switch value.Kind() {
	case KindString:
		inner, _ := value.quoted()
		if len(value.text) > longest || inner == "" {
			return out
		}
		if !isPlain(inner) {
			return appendText(out, name, unescape(inner))
		}
	case KindNumber:
		if !isNumber(value.text) {
			return out
		}
	default:
		if _, ok := value.Bool(); !ok {
			return out
		}
	}
	out = append(appendName(out, name), value.text...)
	return append(out, ',')
}
