// SPDX-License-Identifier: Apache-2.0

package pdk

// A Class is what kind of failure it was: the capture class. NoClass is none.
type Class string

// The classes, the same in every Pack.
const (
	NoClass     Class = ""
	Auth        Class = "auth"
	Permission  Class = "permission"
	Invalid     Class = "invalid"
	NotFound    Class = "not_found"
	Conflict    Class = "conflict"
	Idempotency Class = "idempotency"
	Rate        Class = "rate"
	Quota       Class = "quota"
	Declined    Class = "declined"
	Overloaded  Class = "overloaded"
	Timeout     Class = "timeout"
	Server      Class = "server"
	Partial     Class = "partial"
	Network     Class = "network"
)

// An Advice is what to do now: the capture retry.advice.
type Advice string

// The advices, the same in every Pack.
const (
	NoAdvice Advice = ""
	Yes      Advice = "yes"    // the same call may succeed later
	No       Advice = "no"     // it will not, or trying again is not safe
	After    Advice = "after"  // it may succeed after retry.after_ms
	Reauth   Advice = "reauth" // with other credentials
	Pay      Advice = "pay"    // when money is there, or with another means of payment
	Fix      Advice = "fix"    // when the call or the account's settings are changed
)

// A Verdict is a judgement of one call. The zero Verdict says that it did not fail.
type Verdict struct {
	Class   Class
	Advice  Advice
	AfterMs int64 // how long to wait, with After
}

// ClassOfStatus is what a status means where a service does not say more; NoClass below 400.
func ClassOfStatus(status int) Class {
	switch status {
	case 401:
		return Auth
	case 402:
		return Quota
	case 403:
		return Permission
	case 404, 410:
		return NotFound
	case 408, 504:
		return Timeout
	case 409:
		return Conflict
	case 424:
		return Server
	case 429:
		return Rate
	case 503, 529:
		return Overloaded
	}
	switch {
	case status < 400:
		return NoClass
	case status < 500:
		return Invalid
	}
	return Server
}

// VerdictOfStatus is the verdict where only the status is known.
func VerdictOfStatus(status int) Verdict {
	return VerdictOf(ClassOfStatus(status))
}

// VerdictOf is the verdict where only the class is known, with what is mostly to be done about it.
func VerdictOf(class Class) Verdict {
	switch class {
	case NoClass:
		return Verdict{}
	case Auth:
		return Verdict{Class: class, Advice: Reauth}
	case Permission, Invalid, NotFound, Idempotency:
		return Verdict{Class: class, Advice: Fix}
	case Quota, Declined:
		return Verdict{Class: class, Advice: Pay}
	}
	return Verdict{Class: class, Advice: Yes}
}

// Heed takes in what the service says about trying again: a header such as x-should-retry, which knows
// more than a status does, and how long to wait; below 0 where it does not say.
func (v *Verdict) Heed(shouldRetry Value, afterMs int64) {
	if v.Class == NoClass {
		return
	}
	// Money does not come back by asking again.
	if v.Class != Quota && shouldRetry.Is("true") {
		v.Advice = Yes
	}
	if v.Advice != Yes {
		return
	}
	if shouldRetry.Is("false") {
		v.Advice = No
	} else if afterMs >= 0 {
		v.Advice, v.AfterMs = After, afterMs
	}
}
