// SPDX-License-Identifier: Apache-2.0

package pdk

// A Call is one call to a service, as far as it has come.
type Call struct {
	// ID is the exchange's, a UUID.
	ID      Value
	Request Request
	// Response is what came back: in post, and without its body in chunk. Nil where nothing did.
	Response *Response
	// Failure is why nothing came back, or not all of it: in post. Nil otherwise.
	Failure *Failure
	// Context is what this Pack kept before.
	Context Value
	// Environment has the variables that were granted.
	Environment Value
	// Configuration has the manifest's fields, as they were set or by default.
	Configuration Value
	// Attempt is 1, or 2 for the first retry, and so on.
	Attempt int64
	// Done is true for the last piece in chunk, which is empty.
	Done bool

	time, truncated, chunk Value
}

// A Request is what was sent.
type Request struct {
	// Method is GET, POST, ...
	Method Value
	// URL is the whole address, without what identifies a person; Domain its host, Path its path.
	URL, Domain, Path Value
	// Headers have names in lower case, sorted.
	Headers Object
	// Body is JSON where it was JSON, else a string; absent where the Pack may not see it.
	Body Value
}

// A Response is what came back.
type Response struct {
	Status int
	// Headers have names in lower case, sorted.
	Headers Object
	// Body is JSON where it was JSON, else a string; absent where the Pack may not see it.
	Body Value
}

// A Failure is why nothing came back, or not all of it.
type Failure struct {
	// Kind is one of dns connect tls reset timeout aborted protocol other.
	Kind Value
	// Code is the system's word for it, such as ECONNREFUSED.
	Code Value
	// Message is the runtime's sentence about it.
	Message Value
}

// Input is what the hook is shown.
func Input() *Call {
	return callOf(Parse(input()))
}

func callOf(in Value) *Call {
	call := &Call{Attempt: 1}
	for _, member := range in.Object() {
		value := member.Value
		switch member.Name {
		case "requestId":
			call.ID = value
		case "request":
			call.Request = requestOf(value)
		case "response":
			if value.Kind() == KindObject {
				call.Response = responseOf(value)
			}
		case "error":
			if value.Kind() == KindObject {
				call.Failure = &Failure{value.Get("kind"), value.Get("code"), value.Get("message")}
			}
		case "context":
			call.Context = value
		case "environment":
			call.Environment = value
		case "configuration":
			call.Configuration = value
		case "attempt":
			call.Attempt, _ = value.Count()
		case "time":
			call.time = value
		case "truncated":
			call.truncated = value
		case "chunk":
			call.chunk = value
		case "done":
			call.Done, _ = value.Bool()
		}
	}
	return call
}

func requestOf(in Value) (request Request) {
	for _, member := range in.Object() {
		switch member.Name {
		case "method":
			request.Method = member.Value
		case "url":
			request.URL = member.Value
		case "domain":
			request.Domain = member.Value
		case "path":
			request.Path = member.Value
		case "headers":
			request.Headers = member.Value.Object()
		case "body":
			request.Body = member.Value
		}
	}
	return request
}

func responseOf(in Value) *Response {
	response := &Response{}
	for _, member := range in.Object() {
		switch member.Name {
		case "status":
			status, _ := member.Value.Count()
			response.Status = int(status)
		case "headers":
			response.Headers = member.Value.Object()
		case "body":
			response.Body = member.Value
		}
	}
	return response
}

// StartMs is when the request was sent, in milliseconds since the epoch; 0 where it is not known.
func (c *Call) StartMs() int64 {
	ms, _ := c.time.Get("start").Count()
	return ms
}

// EndMs is when the response had ended, in milliseconds since the epoch; 0 where it is not known.
func (c *Call) EndMs() int64 {
	ms, _ := c.time.Get("end").Count()
	return ms
}

// IsRequestTruncated is true where not all of the request's body is there.
func (c *Call) IsRequestTruncated() bool { return c.isTruncated("request") }

// IsResponseTruncated is true where not all of the response's body is there.
func (c *Call) IsResponseTruncated() bool { return c.isTruncated("response") }

func (c *Call) isTruncated(which string) bool {
	for _, item := range c.truncated.Items() {
		if item.Is(which) {
			return true
		}
	}
	return false
}

// Chunk is, in the hook chunk, a piece of the response's body: an event of a stream, a line of NDJSON,
// else 16 KiB.
func (c *Call) Chunk() []byte {
	text, _ := c.chunk.quoted()
	return decodeBase64(text)
}

// The bytes of a text in base64. What is not of its alphabet is passed over.
func decodeBase64(text string) []byte {
	bytes := make([]byte, 0, len(text)/4*3+3)
	bits, count := uint32(0), 0
	for i := 0; i < len(text); i++ {
		six := text[i]
		switch {
		case six >= 'A' && six <= 'Z':
			six -= 'A'
		case six >= 'a' && six <= 'z':
			six -= 'a' - 26
		case isDigit(six):
			six += 52 - '0'
		case six == '+':
			six = 62
		case six == '/':
			six = 63
		default:
			continue
		}
		bits = bits<<6 | uint32(six)
		if count += 6; count >= 8 {
			count -= 8
			bytes = append(bytes, byte(bits>>count))
		}
	}
	return bytes
}
