// SPDX-License-Identifier: Apache-2.0

// Hooks as the host runs them: what they are shown, what they say.
package kit_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"taskless/pdk"
)

func run(input string, hook func(*pdk.Call)) pdk.TestOutcome {
	return pdk.TestHost{}.Run(input, func() int32 {
		hook(pdk.Input())
		return 0
	})
}

func captured(write func(*pdk.Capture)) string {
	return pdk.TestHost{}.Run("{}", func() int32 {
		var capture pdk.Capture
		write(&capture)
		return capture.Done()
	}).Output
}

func TestACallIsShownAsFarAsItHasCome(t *testing.T) {
	run(`{"requestId":"i","request":{"url":"https://a.example/p","domain":"a.example","path":"/p",
		"method":"POST","headers":[["accept","*/*"]],"body":{"x":1}},
		"response":{"status":429,"headers":[["retry-after","3"]],"body":"text"},
		"context":{"kept":1},"environment":{"E":"v"},"configuration":{"on":true},
		"time":{"start":1000,"end":2000},"truncated":["response"],"attempt":2}`, func(call *pdk.Call) {
		request, response := call.Request, call.Response
		if !call.ID.Is("i") || !request.Method.Is("POST") || !request.Domain.Is("a.example") || !request.Path.Is("/p") ||
			request.Body.Get("x").Raw() != "1" || !request.Headers.Get("accept").Is("*/*") {
			t.Error("the request")
		}
		if response.Status != 429 || !response.Headers.Get("retry-after").Is("3") || !response.Body.Is("text") || call.Failure != nil {
			t.Error("the response")
		}
		if call.Context.Get("kept").Raw() != "1" || !call.Environment.Get("E").Is("v") || call.Configuration.Get("on").Raw() != "true" {
			t.Error("what was kept and set")
		}
		if call.StartMs() != 1000 || call.EndMs() != 2000 || call.Attempt != 2 || !call.IsResponseTruncated() || call.IsRequestTruncated() {
			t.Error("the rest")
		}
	})
	run(`{"error":{"kind":"connect","code":"ECONNREFUSED"}}`, func(call *pdk.Call) {
		if call.Response != nil || !call.Failure.Kind.Is("connect") || !call.Failure.Code.Is("ECONNREFUSED") || call.Failure.Message.IsSet() || call.Attempt != 1 {
			t.Error("a failure")
		}
	})
	run(`{"chunk":"ZGF0YTogMQoK","done":false}`, func(call *pdk.Call) {
		if string(call.Chunk()) != "data: 1\n\n" || call.Done {
			t.Error("a chunk")
		}
	})
	run(`{"chunk":"","done":true}`, func(call *pdk.Call) {
		if len(call.Chunk()) != 0 || !call.Done {
			t.Error("the last chunk")
		}
	})
	for _, bad := range []string{"", "[]", "{", `{"response":1,"request":[],"error":"x","chunk":{}}`} {
		run(bad, func(call *pdk.Call) {
			if call.Response != nil || call.Failure != nil || len(call.Chunk()) != 0 {
				t.Error(bad)
			}
		})
	}
}

func TestValuesAreCapturedInOrderAndNothingIsLeftOut(t *testing.T) {
	value := pdk.Parse(`{"s":"a\"b\u00e9\ud83d","n":-1.5e3,"t":true,"e":"","z":null,"o":{},"l":[1],"bad":01}`)
	got := captured(func(capture *pdk.Capture) {
		for _, member := range value.Object() {
			capture.Set(member.Name, member.Value)
		}
		capture.SetText("x", "y")
		capture.SetText("none", "")
		capture.SetInt("least", math.MinInt64)
		capture.SetBool("no", false)
		capture.SetText(`quote"`, "\\\n\x7f\xff")
		capture.RequestID(pdk.Parse(`"r"`))
		capture.Keep("k", pdk.Parse("1"))
		capture.KeepText("none", "")
		capture.KeepInt("i", 7)
	})
	want := `{"capture":{"s":"a\"bé` + "\ufffd" + `","n":-1.5e3,"t":true,"x":"y","least":-9223372036854775808,` +
		`"no":false,"quote\"":"\\\u000a` + "\x7f\ufffd" + `","request_id":"r"},"context":{"k":1,"i":7}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAStringThatIsTooLongIsNoAnswer(t *testing.T) {
	for length, fits := range map[int]bool{16_382: true, 16_383: false} {
		text := `"` + strings.Repeat("x", length) + `"`
		got := captured(func(capture *pdk.Capture) { capture.Set("a", pdk.Parse(text)) })
		if (len(got) > 16_384) != fits {
			t.Error(length)
		}
	}
}

func TestAHookMaySayNothingOrWhyItFailed(t *testing.T) {
	if said := run("{}", func(*pdk.Call) {}); said.Output != "" || said.Error != "" {
		t.Error(said)
	}
	failed := pdk.TestHost{}.Run("{}", func() int32 { return pdk.Fail("out of luck") })
	if failed.Status != 1 || failed.Error != "out of luck" {
		t.Error(failed)
	}
}

func TestVerdictsAreOfTheWordsAllPacksShare(t *testing.T) {
	said := func(verdict pdk.Verdict) string {
		return captured(func(capture *pdk.Capture) {
			capture.Class(verdict)
			capture.Retry(verdict)
		})
	}
	for _, fine := range []pdk.Verdict{{}, pdk.VerdictOfStatus(200)} {
		if got := said(fine); got != `{"capture":{"ok":true}}` {
			t.Error(got)
		}
	}
	for status, words := range map[int]string{
		400: "invalid fix", 401: "auth reauth", 402: "quota pay", 403: "permission fix", 404: "not_found fix",
		408: "timeout yes", 409: "conflict yes", 410: "not_found fix", 422: "invalid fix", 424: "server yes",
		429: "rate yes", 500: "server yes", 503: "overloaded yes", 504: "timeout yes", 529: "overloaded yes", 599: "server yes",
	} {
		class, advice, _ := strings.Cut(words, " ")
		want := `{"capture":{"ok":false,"class":"` + class + `","retry.advice":"` + advice + `"}}`
		if got := said(pdk.VerdictOfStatus(status)); got != want {
			t.Errorf("%d: %s", status, got)
		}
	}
	yes, no, silent := pdk.Parse(`"true"`), pdk.Parse(`"false"`), pdk.Value{}
	for _, row := range []struct {
		class   pdk.Class
		retry   pdk.Value
		afterMs int64
		advice  pdk.Advice
	}{
		{pdk.Rate, silent, 1500, pdk.After}, {pdk.Rate, silent, -1, pdk.Yes}, {pdk.Rate, no, 1, pdk.No},
		{pdk.Invalid, yes, -1, pdk.Yes}, {pdk.Quota, yes, 1, pdk.Pay}, {pdk.NoClass, yes, 1, pdk.NoAdvice},
	} {
		verdict := pdk.VerdictOf(row.class)
		verdict.Heed(row.retry, row.afterMs)
		if verdict.Advice != row.advice || verdict.Advice == pdk.After && verdict.AfterMs != row.afterMs {
			t.Errorf("%+v: %+v", row, verdict)
		}
	}
}

func TestTheRestOfTheHostIsAtHand(t *testing.T) {
	host := pdk.TestHost{
		Config:      map[string]string{"key": "value"},
		HTTPAnswer:  pdk.HTTPResponse{Status: 503, Body: []byte("down for now")},
		HTTPHeaders: `{"content-type":"text/plain"}`,
	}
	outcome := host.Run("{}", func() int32 {
		value, ok := pdk.GetConfig("key")
		_, other := pdk.GetConfig("other")
		if value != "value" || !ok || other {
			t.Error("configuration")
		}
		pdk.SetVar("kept", []byte("seventeen bytes.."))
		if string(pdk.GetVar("kept")) != "seventeen bytes.." {
			t.Error("a variable")
		}
		pdk.RemoveVar("kept")
		if pdk.GetVar("kept") != nil {
			t.Error("a variable that was removed")
		}
		request := pdk.HTTPRequest{Method: "POST", URL: `https://a.example/"`}
		request.SetHeader("a", "b")
		request.SetHeader("c", "d")
		answer := request.Send([]byte("body"))
		if answer.Status != 503 || string(answer.Body) != "down for now" || !answer.Headers.Get("content-type").Is("text/plain") {
			t.Error("an answer")
		}
		pdk.Log(pdk.LogInfo, "plain")
		pdk.Log(pdk.LogError, "bad")
		return 0
	})
	if !slices.Equal(outcome.Log, []string{"info plain", "error bad"}) {
		t.Error(outcome.Log)
	}
	json := `{"method":"POST","url":"https://a.example/\"","headers":{"a":"b","c":"d"}}`
	if !slices.Equal(outcome.Requests, []string{json, "body"}) {
		t.Error(outcome.Requests)
	}
}
