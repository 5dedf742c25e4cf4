// A Pack made with Extism's kit for Go, and one export for each other thing the kit can do.
// SPDX-License-Identifier: Apache-2.0
package main

import (
	"errors"
	"fmt"

	"github.com/extism/go-pdk"
)

type input struct {
	Request struct {
		Path string `json:"path"`
	} `json:"request"`
	Response struct {
		Body struct {
			Error struct {
				Code   string `json:"code"`
				DocURL string `json:"doc_url"`
			} `json:"error"`
		} `json:"body"`
	} `json:"response"`
	Context struct {
		Path string `json:"path"`
	} `json:"context"`
}

type output struct {
	Capture map[string]string `json:"capture"`
	Context map[string]string `json:"context,omitempty"`
}

// What a hook answers: the kit's error where there was one.
func done(err error) int32 {
	if err != nil {
		pdk.SetError(err)
		return 1
	}
	return 0
}

//go:wasmexport pre
func pre() int32 {
	var in input
	if err := pdk.InputJSON(&in); err != nil {
		return done(err)
	}
	path := map[string]string{"path": in.Request.Path}
	return done(pdk.OutputJSON(output{Capture: path, Context: path}))
}

//go:wasmexport post
func post() int32 {
	var in input
	if err := pdk.InputJSON(&in); err != nil {
		return done(err)
	}
	capture := map[string]string{"told": in.Context.Path}
	if code := in.Response.Body.Error.Code; code != "" {
		capture["error.code"] = code
	}
	if url := in.Response.Body.Error.DocURL; url != "" {
		capture["error.doc_url"] = url
	}
	return done(pdk.OutputJSON(output{Capture: capture}))
}

//go:wasmexport reflect
func reflect() int32 {
	pdk.Output(pdk.Input())
	return 0
}

//go:wasmexport config_get
func configGet() int32 {
	value, ok := pdk.GetConfig(pdk.InputString())
	if !ok {
		value = "none"
	}
	pdk.OutputString(value)
	return 0
}

//go:wasmexport vars
func vars() int32 {
	before := pdk.GetVar("kept")
	pdk.SetVar("kept", pdk.Input())
	kept := pdk.GetVar("kept")
	pdk.RemoveVar("kept")
	after := pdk.GetVar("kept")
	pdk.OutputString(fmt.Sprintf("%t %s %t", before == nil, kept, after == nil))
	return 0
}

//go:wasmexport logs
func logs() int32 {
	pdk.Log(pdk.LogInfo, "info "+pdk.InputString())
	pdk.Log(pdk.LogWarn, "warn "+pdk.InputString())
	pdk.Log(pdk.LogError, "error "+pdk.InputString())
	return 0
}

//go:wasmexport http_get
func httpGet() int32 {
	request := pdk.NewHTTPRequest(pdk.MethodGet, pdk.InputString())
	request.SetHeader("x-kit", "go")
	response := request.Send()
	pdk.OutputString(fmt.Sprintf("%d %s %s", response.Status(),
		response.Headers()["content-type"], response.Body()))
	return 0
}

//go:wasmexport fails
func fails() int32 {
	pdk.SetError(errors.New("failed at " + pdk.InputString()))
	return 7
}

//go:wasmexport panics
func panics() int32 {
	panic("no")
}

func main() {}
