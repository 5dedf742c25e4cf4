// SPDX-License-Identifier: Apache-2.0

package pdk

// An HTTPRequest is a request of the Pack's own, to a host that its manifest asks for and the
// configuration grants. A worker waits with the hook, so they are for failures only. What is
// refused, fails or takes too long ends the hook with a result that says so.
type HTTPRequest struct {
	Method, URL string
	headers     []byte
}

// An HTTPResponse is what came back. Any status is an answer.
type HTTPResponse struct {
	Status  int
	Headers Object // by their names in lower case
	Body    []byte
}

// SetHeader adds a header.
func (r *HTTPRequest) SetHeader(name, value string) {
	r.headers = append(appendQuoted(appendName(r.headers, name), value), ',')
}

// Send sends it with a body, or without where that is empty, and waits for the answer.
func (r *HTTPRequest) Send(body []byte) HTTPResponse {
	json := appendText([]byte{'{'}, "method", r.Method)
	json = appendText(json, "url", r.URL)
	json = append(appendName(json, "headers"), '{')
	json = append(json, withoutComma(r.headers)...)
	json = append(json, '}', '}')
	sent := block(0)
	if len(body) > 0 {
		sent = give(textOf(body))
	}
	answer := httpRequest(give(textOf(json)), sent)
	return HTTPResponse{
		Status:  int(httpStatusCode()),
		Body:    take(answer),
		Headers: Parse(textOf(take(httpHeaders()))).Object(),
	}
}
