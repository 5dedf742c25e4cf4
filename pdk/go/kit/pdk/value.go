// SPDX-License-Identifier: Apache-2.0

package pdk

import (
	"strconv"
	"unsafe"
)

// A Value is a value in a JSON text, or absent: the zero Value is. It is only a place in the text, so it
// costs as much as is looked at.
//
// The text need not be good JSON; it may be cut off anywhere and nested to any depth.
type Value struct {
	text string // from its first byte to its last; empty when it is absent
}

// A Kind is what a Value is.
type Kind uint8

// The kinds of values.
const (
	KindAbsent Kind = iota
	KindNull
	KindBool
	KindNumber
	KindString
	KindArray
	KindObject
)

// Parse is the value that a text begins with, white space aside.
func Parse(text string) Value {
	text = trimSpace(text)
	return Value{text[:tokenLength(text)]}
}

// Raw is the value as it is written; empty when it is absent.
func (v Value) Raw() string { return v.text }

// Kind is what the value is, judged by its first byte.
func (v Value) Kind() Kind {
	if v.text == "" {
		return KindAbsent
	}
	switch c := v.text[0]; {
	case c == '{':
		return KindObject
	case c == '[':
		return KindArray
	case c == '"':
		return KindString
	case c == 't' || c == 'f':
		return KindBool
	case c == 'n':
		return KindNull
	case c == '-' || isDigit(c):
		return KindNumber
	}
	return KindAbsent
}

// IsSet is true where there is something to tell: not absent, not null, not a string of no letters.
func (v Value) IsSet() bool {
	kind := v.Kind()
	return kind != KindAbsent && kind != KindNull && v.text != `""`
}

// Or is this value where it is set, else the other.
func (v Value) Or(other Value) Value {
	if v.IsSet() {
		return v
	}
	return other
}

// Get is the member, or header, of that name. Of several of the same name the first counts. Who wants
// several members of one object takes its [Value.Object] first, so that it is walked once.
func (v Value) Get(name string) Value {
	for it := v.walk(); it.nextMember(); {
		if it.memberName() == name {
			return it.value
		}
	}
	return Value{}
}

// At is an item of an array; the first is 0.
func (v Value) At(index int) Value {
	for it := v.walk(); v.Kind() == KindArray && it.next(); index-- {
		if index == 0 {
			return it.value
		}
	}
	return Value{}
}

// Items are the items of an array.
func (v Value) Items() []Value {
	var items []Value
	for it := v.walk(); v.Kind() == KindArray && it.next(); {
		items = append(items, it.value)
	}
	return items
}

// A Member is a name and its value.
type Member struct {
	Name  string
	Value Value
}

// An Object is the members of an object, in their order.
type Object []Member

// Object is the members of an object. An array of ["name", value] is one as well: lists of headers
// are written that way.
func (v Value) Object() Object {
	var members Object
	for it := v.walk(); it.nextMember(); {
		if members == nil {
			members = make(Object, 0, 16)
		}
		members = append(members, Member{it.memberName(), it.value})
	}
	return members
}

// Get is the first member of that name.
func (o Object) Get(name string) Value {
	for i := range o {
		if o[i].Name == name {
			return o[i].Value
		}
	}
	return Value{}
}

// The text between the quotes of a string.
func (v Value) quoted() (string, bool) {
	if len(v.text) < 2 || v.text[0] != '"' {
		return "", false
	}
	return v.text[1 : len(v.text)-1], true
}

// Word is a string of plain ASCII without escapes, as codes and types are; empty for all else. It costs
// nothing, and is made for a switch: switch code.Word() { case "card_declined": ... }
func (v Value) Word() string {
	inner, ok := v.quoted()
	if !ok || !isPlain(inner) {
		return ""
	}
	return inner
}

// Is is true when the value is this string.
func (v Value) Is(text string) bool {
	// Escapes only make a string longer.
	if len(v.text) < len(text)+2 || v.text[0] != '"' {
		return false
	}
	inner := v.text[1 : len(v.text)-1]
	if len(inner) == len(text) {
		return inner == text && indexByte(inner, '\\') < 0
	}
	return indexByte(inner, '\\') >= 0 && v.Text() == text
}

// Text is any string, its escapes undone; empty where there is none. A surrogate without its other half
// becomes U+FFFD; what is not UTF-8, or has an escape that is none, is no string.
func (v Value) Text() string {
	inner, _ := v.quoted()
	return unescape(inner)
}

// Int is a whole number that fits. Neither 1.0 nor "1" is one.
func (v Value) Int() (number int64, ok bool) {
	digits := v.text
	negative := digits != "" && digits[0] == '-'
	if negative {
		digits = digits[1:]
	}
	if digits == "" {
		return 0, false
	}
	for i := 0; i < len(digits); i++ {
		digit := int64(digits[i] - '0')
		// Below 0 there is room for one more, so it is counted down from there.
		if digit > 9 || number < (-1<<63+digit)/10 {
			return 0, false
		}
		number = number*10 - digit
	}
	if negative {
		return number, true
	}
	return -number, number != -1<<63
}

// Count is a whole number from 0 up, or a string that is one: headers have no other.
func (v Value) Count() (count int64, ok bool) {
	if inner, quoted := v.quoted(); quoted {
		v.text = inner
	}
	count, ok = v.Int()
	if !ok || count < 0 {
		return 0, false
	}
	return count, true
}

// Float is any number. What reads them weighs some KB, so what is only captured is best left a Value.
func (v Value) Float() (number float64, ok bool) {
	if !isNumber(v.text) {
		return 0, false
	}
	number, err := strconv.ParseFloat(v.text, 64)
	return number, err == nil
}

// Bool is a boolean.
func (v Value) Bool() (value, ok bool) {
	return v.text == "true", v.text == "true" || v.text == "false"
}

// ---- Walking a text --------------------------------------------------------------------------------

// A walk stands at an item of a container, or at its end.
type walk struct {
	rest     string
	isObject bool
	name     string // between its quotes
	value    Value
}

func (v Value) walk() walk {
	kind := v.Kind()
	if kind != KindArray && kind != KindObject {
		return walk{}
	}
	return walk{rest: trimSpace(v.text[1:]), isObject: kind == KindObject}
}

// Takes the value that stands here and moves to the next, if there is one.
func (w *walk) next() bool {
	length := tokenLength(w.rest)
	w.value = Value{w.rest[:length]}
	if length == 0 {
		return false
	}
	rest := w.rest[length:]
	c := w.value.text[0]
	// A number or a word that the text ends with may have been cut off.
	if rest == "" && c != '"' && c != '{' && c != '[' {
		return false
	}
	w.rest = trimSpace(rest)
	if w.rest != "" && w.rest[0] == ',' {
		w.rest = trimSpace(w.rest[1:])
	} else {
		w.rest = ""
	}
	return true
}

// Takes a name and moves past the mark behind it.
func (w *walk) nextName(mark byte) bool {
	length := tokenLength(w.rest)
	if length < 2 || w.rest[0] != '"' {
		return false
	}
	rest := trimSpace(w.rest[length:])
	if rest == "" || rest[0] != mark {
		return false
	}
	w.name = w.rest[1 : length-1]
	w.rest = trimSpace(rest[1:])
	return true
}

func (w *walk) memberName() string {
	if unmarkedLength(w.name) == len(w.name) {
		return w.name
	}
	return unescape(w.name)
}

func (w *walk) nextMember() bool {
	if w.isObject {
		return w.nextName(':') && w.next()
	}
	for w.next() {
		pair := w.value.walk()
		if !pair.isObject && pair.nextName(',') && pair.next() {
			w.name, w.value = pair.name, pair.value
			return true
		}
	}
	return false
}

// How long the value is that a text begins with; 0 when there is none, or a string without its end.
func tokenLength(text string) int {
	depth := 0
	for at := 0; at < len(text); {
		switch text[at] {
		case '"':
			length := stringLength(text[at:])
			if length == 0 {
				if depth == 0 {
					return 0
				}
				return len(text)
			}
			at += length
		case '{', '[':
			depth++
			at++
			continue
		case '}', ']':
			if depth == 0 {
				return 0
			}
			depth--
			at++
		default:
			if depth == 0 {
				return scalarLength(text)
			}
			at++
			continue
		}
		if depth == 0 {
			return at
		}
	}
	return len(text)
}

// How long a number or a word is.
func scalarLength(text string) int {
	at := 0
	for at < len(text) && text[at] > ' ' {
		switch text[at] {
		case ',', ':', '}', ']', '"':
			return at
		}
		at++
	}
	return at
}

// How long the string is that a text begins with, its quotes included; 0 when it has no end.
func stringLength(text string) int {
	for at := 1; at < len(text); {
		at += unmarkedLength(text[at:])
		if at >= len(text) {
			return 0
		}
		if text[at] == '"' {
			return at + 1
		}
		at += 2 // with what the backslash escapes
	}
	return 0
}

// How many bytes come before the first quote or backslash. Most of what a hook is given are strings that
// it skips: eight bytes at a time.
func unmarkedLength(text string) int {
	const ones = 0x0101010101010101
	at := 0
	for ; at+8 <= len(text); at += 8 {
		word := load64(text, at)
		quote, slash := word^ones*'"', word^ones*'\\'
		// Where a byte was zero its high bit is left.
		if ((quote-ones)&^quote|(slash-ones)&^slash)&(ones<<7) != 0 {
			break
		}
	}
	for at < len(text) && text[at] != '"' && text[at] != '\\' {
		at++
	}
	return at
}

// Eight bytes at once.
func load64(text string, at int) uint64 {
	return *(*uint64)(unsafe.Pointer(unsafe.StringData(text[at : at+8])))
}

func trimSpace(text string) string {
	for text != "" && (text[0] == ' ' || text[0] == '\n' || text[0] == '\r' || text[0] == '\t') {
		text = text[1:]
	}
	return text
}

func indexByte(text string, c byte) int {
	for i := 0; i < len(text); i++ {
		if text[i] == c {
			return i
		}
	}
	return -1
}

func isDigit(c byte) bool { return c-'0' < 10 }

// Past the digits at `at`.
func skipDigits(text string, at int) int {
	for at < len(text) && isDigit(text[at]) {
		at++
	}
	return at
}

// True when a text is a number as JSON writes it.
func isNumber(text string) bool {
	at := 0
	if text != "" && text[0] == '-' {
		at = 1
	}
	end := skipDigits(text, at)
	if end == at || text[at] == '0' && end > at+1 {
		return false
	}
	if end < len(text) && text[end] == '.' {
		at = end + 1
		if end = skipDigits(text, at); end == at {
			return false
		}
	}
	if end < len(text) && text[end]|0x20 == 'e' {
		at = end + 1
		if at < len(text) && (text[at] == '+' || text[at] == '-') {
			at++
		}
		if end = skipDigits(text, at); end == at {
			return false
		}
	}
	return end == len(text)
}
