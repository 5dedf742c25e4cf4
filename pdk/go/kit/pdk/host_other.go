// SPDX-License-Identifier: Apache-2.0

//go:build !wasm

package pdk

import "maps"

// A TestHost is the host of hooks that are tested in native code, without a sandbox. It is not for
// several goroutines at once.
type TestHost struct {
	Config      map[string]string
	Vars        map[string]string
	HTTPAnswer  HTTPResponse // what requests come to
	HTTPHeaders string       // its headers, as a JSON object
}

// A TestOutcome is what came of a hook.
type TestOutcome struct {
	Status   int32    // 0, or 1 when it failed
	Output   string   // empty when there was none
	Error    string   // why it failed
	Log      []string // each line behind its level
	Requests []string // each request's JSON and its body
}

var testing struct {
	TestHost
	TestOutcome
	input  string
	blocks [][]byte
}

// Run runs a hook on an input as the host writes it.
func (h TestHost) Run(input string, hook func() int32) TestOutcome {
	testing.TestHost, testing.TestOutcome = h, TestOutcome{}
	testing.Vars = maps.Clone(h.Vars)
	if testing.Vars == nil {
		testing.Vars = map[string]string{}
	}
	testing.input, testing.blocks = input, nil
	status := hook()
	testing.Status = status
	return testing.TestOutcome
}

// Blocks are named by where they begin, far from each other.
const apart = 1 << 32

func add(text string) block {
	if text == "" {
		return 0
	}
	testing.blocks = append(testing.blocks, []byte(text))
	return block(len(testing.blocks)) * apart
}

func bytesAt(at uint64) []byte {
	if at < apart {
		return nil
	}
	return testing.blocks[at/apart-1][at%apart:]
}

func textAt(at block) string { return string(bytesAt(at)) }

func alloc(size uint64) block { return add(string(make([]byte, size))) }

func free(at block) {}

func blockLength(at block) uint64 { return uint64(len(bytesAt(at))) }

func loadHost8(at uint64) uint32 { return uint32(bytesAt(at)[0]) }

func loadHost64(at uint64) uint64 { return load64(textAt(at), 0) }

func storeHost8(at uint64, value uint32) { bytesAt(at)[0] = byte(value) }

func storeHost64(at uint64, value uint64) { store64(bytesAt(at), value) }

func inputLength() uint64 { return uint64(len(testing.input)) }

func inputLoad8(index uint64) uint32 { return uint32(testing.input[index]) }

func inputLoad64(index uint64) uint64 { return load64(testing.input, int(index)) }

func setOutput(at block, length uint64) { testing.Output = string(bytesAt(at)[:length]) }

func errorSet(message block) { testing.Error = textAt(message) }

func configGet(key block) block { return add(testing.Config[textAt(key)]) }

func varGet(name block) block { return add(testing.Vars[textAt(name)]) }

func varSet(name, value block) {
	if value == 0 {
		delete(testing.Vars, textAt(name))
		return
	}
	testing.Vars[textAt(name)] = textAt(value)
}

func httpRequest(request, body block) block {
	testing.Requests = append(testing.Requests, textAt(request), textAt(body))
	return add(string(testing.HTTPAnswer.Body))
}

func httpStatusCode() int32 { return int32(testing.HTTPAnswer.Status) }

func httpHeaders() block { return add(testing.HTTPHeaders) }

func logDebug(line block) { testing.Log = append(testing.Log, "debug "+textAt(line)) }

func logInfo(line block) { testing.Log = append(testing.Log, "info "+textAt(line)) }

func logWarn(line block) { testing.Log = append(testing.Log, "warn "+textAt(line)) }

func logError(line block) { testing.Log = append(testing.Log, "error "+textAt(line)) }
