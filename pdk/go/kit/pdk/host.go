// SPDX-License-Identifier: Apache-2.0

package pdk

import "unsafe"

// A block of the host's memory, which is not the Pack's own; 0 is none.
type block = uint64

// The hook's input: JSON, where the host is taskless.
func input() string {
	length := int(inputLength())
	bytes := make([]byte, length)
	at := 0
	for ; at+8 <= length; at += 8 {
		store64(bytes[at:], inputLoad64(uint64(at)))
	}
	for ; at < length; at++ {
		bytes[at] = byte(inputLoad8(uint64(at)))
	}
	return textOf(bytes)
}

// InputText is the hook's input as it is, for plugins that are used elsewhere too.
func InputText() string { return input() }

// Output is what the hook answers. A Pack of taskless ends with [Capture.Done] in its place.
func Output(bytes []byte) {
	setOutput(give(textOf(bytes)), uint64(len(bytes)))
}

func setError(why string) { errorSet(give(why)) }

// A block with these bytes. Whoever is given the block takes it.
func give(text string) block {
	to := alloc(uint64(len(text)))
	if to == 0 {
		return 0
	}
	at := 0
	for ; at+8 <= len(text); at += 8 {
		storeHost64(to+uint64(at), load64(text, at))
	}
	for ; at < len(text); at++ {
		storeHost8(to+uint64(at), uint32(text[at]))
	}
	return to
}

// A copy of a block, which is freed. Nil for none.
func take(from block) []byte {
	if from == 0 {
		return nil
	}
	length := int(blockLength(from))
	bytes := make([]byte, length)
	at := 0
	for ; at+8 <= length; at += 8 {
		store64(bytes[at:], loadHost64(from+uint64(at)))
	}
	for ; at < length; at++ {
		bytes[at] = byte(loadHost8(from + uint64(at)))
	}
	free(from)
	return bytes
}

func store64(to []byte, word uint64) {
	*(*uint64)(unsafe.Pointer(unsafe.SliceData(to[:8]))) = word
}

// The bytes as a text, which nobody changes any more.
func textOf(bytes []byte) string {
	return unsafe.String(unsafe.SliceData(bytes), len(bytes))
}

// GetConfig is the value Extism's own configuration has for a key; false when it has none, or an empty one.
// A Pack of taskless reads [Call.Configuration].
func GetConfig(key string) (string, bool) {
	value := take(configGet(give(key)))
	return textOf(value), value != nil
}

// GetVar is a variable, which outlives a call: of each Pack its own in each process. Nil when there is
// none, or an empty one. The manifest asks for them with "permissions": {"vars": true}.
func GetVar(name string) []byte {
	return take(varGet(give(name)))
}

// SetVar sets a variable. The hook ends when there is no room for it, or it was not granted.
func SetVar(name string, value []byte) {
	varSet(give(name), give(textOf(value)))
}

// RemoveVar removes a variable.
func RemoveVar(name string) {
	varSet(give(name), 0)
}

// A LogLevel is how much a line of the log matters.
type LogLevel uint8

// The levels of lines.
const (
	LogDebug LogLevel = iota
	LogInfo
	LogWarn
	LogError
)

// Log writes a line into the log, which is seen by who writes the Pack.
func Log(level LogLevel, line string) {
	text := give(line)
	if text == 0 {
		return
	}
	switch level {
	case LogDebug:
		logDebug(text)
	case LogInfo:
		logInfo(text)
	case LogWarn:
		logWarn(text)
	default:
		logError(text)
	}
}
