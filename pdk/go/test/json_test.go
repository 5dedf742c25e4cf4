// SPDX-License-Identifier: Apache-2.0

// Reading JSON, good and bad: what services and their proxies send is never what they document.
package kit_test

import (
	"math"
	"strings"
	"testing"

	"taskless/pdk"
)

func TestFindsMembersHeadersAndItemsByTheirNames(t *testing.T) {
	value := pdk.Parse(` { "z" : [{"a":1}], "a":7 , "list":[{"d":7},[8],9],
		"headers":[["a","1"],["x-id", "r1"],["x-id","r2"]],
		"inner":{"c\u006fde":"c","type":"t","more":{"type":"no"}}, "last":true }`)
	object := value.Object()
	for name, raw := range map[string]string{"a": "7", "last": "true", "list": `[{"d":7},[8],9]`, "none": ""} {
		if got := value.Get(name).Raw(); got != raw {
			t.Errorf("Get(%q) is %q", name, got)
		}
		if got := object.Get(name).Raw(); got != raw {
			t.Errorf("of the object Get(%q) is %q", name, got)
		}
	}
	list := value.Get("list")
	if list.At(0).Get("d").Raw() != "7" || list.At(1).At(0).Raw() != "8" || list.At(3).Raw() != "" || len(list.Items()) != 3 {
		t.Error("items")
	}
	if !value.Get("headers").Get("x-id").Is("r1") || !value.Get("headers").Object().Get("x-id").Is("r1") {
		t.Error("headers")
	}
	if inner := value.Get("inner"); !inner.Get("code").Is("c") || !inner.Get("type").Is("t") {
		t.Error("an object in an object")
	}
	if first := pdk.Parse(`{"a":1,"a":2}`); first.Get("a").Raw() != "1" || first.Object().Get("a").Raw() != "1" {
		t.Error("the first of two members counts")
	}
}

func TestFindsNothingWhereSomethingElseStands(t *testing.T) {
	for _, text := range []string{
		"", " ", "null", `"a"`, "12", "[1,2]", "{}", "{", `{"a"`, `{"a":`, `{"a":}`, `{"a" 1}`, "{a:1}", `{"a":[1]}`,
		`{"a":null}`, `{"a":"b"`, `[["a"]]`, `[["a",`, `{"a":{`, "{,,,}", `{"a":{"b"`, "]", "}{", "[[[[[[[", `{"a":{:`, `{"\`,
		`{"a\"`, `["a","b"]`, `[,"a"]`, `{"a":12`, `{"a":tru`, `{"a":"b\"}`,
	} {
		a := pdk.Parse(text).Get("a")
		_, isInt := a.Int()
		_, isBool := a.Bool()
		if isInt || isBool || a.Get("b").Kind() != pdk.KindAbsent {
			t.Errorf("%s: something was found", text)
		}
	}
}

func TestReadsOnBehindWhatItSkips(t *testing.T) {
	for _, text := range []string{
		`{"x":"a long string with \"quotes\" and a brace }","a":5}`,
		`{"x":"\\","a":5}`,
		`{"x":[[{"a":1},"]"],{}],"a":5}`,
		`{"x":-1.5e+10,"a":5}`,
		`{"x":{"y":{"z":[]}} , "a" : 5 }`,
		`{"x":"1234567","y":"12345678","z":"123456789","a":5}`,
		"\n\t{\r\n\"x\":null,\n\"a\":5}",
	} {
		if number, _ := pdk.Parse(text).Get("a").Int(); number != 5 {
			t.Error(text)
		}
	}
}

func TestWalksANestingOfAnyDepth(t *testing.T) {
	for _, braces := range [][2]string{{"[", "]"}, {`{"x":[`, "]}"}} {
		text := `{"x":` + strings.Repeat(braces[0], 200_000) + strings.Repeat(braces[1], 200_000) + `,"a":5}`
		if number, _ := pdk.Parse(text).Get("a").Int(); number != 5 {
			t.Error(braces)
		}
	}
	if pdk.Parse(strings.Repeat("[", 200_000)).At(0).Kind() != pdk.KindArray {
		t.Error("a nesting that is cut off")
	}
}

func TestEndsWhereverATextIsCutOff(t *testing.T) {
	const whole = `{"a":[1,{"b":"x\u00e9\ud83d\ude00\n"},["n","v"]],"c":{"d":-1.5e3,"e":true},"f":"é"}`
	for end := range len(whole) + 1 {
		value := pdk.Parse(whole[:end])
		for _, member := range value.Object() {
			member.Value.Text()
			member.Value.Float()
			member.Value.Object()
			for _, item := range member.Value.Items() {
				item.Get("b").Text()
			}
		}
		_, found := value.Get("c").Get("e").Bool()
		if found != (end > strings.Index(whole, `},"f"`)) {
			t.Errorf("up to %d: %t", end, found)
		}
	}
}

func TestComparesWhatAStringSays(t *testing.T) {
	for text, says := range map[string]string{
		`"card_error"`: "card_error", `"\u0063ard\u005ferror"`: "card_error", `"\/"`: "/", `""`: "",
	} {
		if !pdk.Parse(text).Is(says) {
			t.Error(text)
		}
	}
	for _, text := range []string{`"card_error2"`, `"card"`, `"card_error`, "card_error", "", `"card_error\"`} {
		if pdk.Parse(text).Is("card_error") {
			t.Error(text)
		}
	}
	if pdk.Parse(`"a\n"`).Is(`a\n`) {
		t.Error("the letters are the same, what they say is not")
	}
}

func TestUndoesEscapes(t *testing.T) {
	for text, says := range map[string]string{
		`"plain"`:                    "plain",
		`""`:                         "",
		`"\"\\\/\b\f\n\r\t"`:         "\"\\/\b\f\n\r\t",
		`"\u00e9\u20ac"`:             "é€",
		`"\ud83d\ude00!"`:            "😀!",
		`"\uD83D\uDE00"`:             "😀",
		`"a\ud83d"`:                  "a\ufffd", // half a pair without the other
		`"\ud83d\u0041"`:             "\ufffdA",
		`"\ude00b"`:                  "\ufffdb",
		`"\ud83d\ud83d\ude00"`:       "\ufffd😀",
		`"\u0000"`:                   "\x00",
		`"é😀"`:                       "é😀",
		`"\x"`:                       "",
		`"\u12"`:                     "",
		`"\u12g4"`:                   "",
		`"\u+123"`:                   "",
		`"\ud83d\u12"`:               "",
		`"cut`:                       "",
		`"cut\"`:                     "",
		`"cut\u00`:                   "",
		"12":                         "",
		"\"\xff\"":                   "",
		"\"\xed\xa0\x80\\n\"":        "",
		"\"\\n" + "\xc3\"":           "",
		`"` + strings.Repeat("x", 9): "",
	} {
		if got := pdk.Parse(text).Text(); got != says {
			t.Errorf("%s: %q", text, got)
		}
	}
}

func TestWordsArePlainStrings(t *testing.T) {
	for text, word := range map[string]string{
		`"card_declined"`: "card_declined", `"two words"`: "two words", `"a\u0062"`: "", `"é"`: "", "\"a\nb\"": "", "7": "", "": "",
	} {
		if got := pdk.Parse(text).Word(); got != word {
			t.Errorf("%s: %q", text, got)
		}
	}
}

func TestCountsOnlyWhatIsAWholeNumber(t *testing.T) {
	for text, count := range map[string]int64{
		"0": 0, "42 ": 42, `"42"`: 42, "9223372036854775807": math.MaxInt64, "-1": -1, "1.0": -1, "1e3": -1, `""`: -1,
		`" 42"`: -1, `"42`: -1, "-": -1, "true": -1, "9223372036854775808": -1, "99999999999999999999999999999999999": -1,
	} {
		got, ok := pdk.Parse(text).Count()
		if ok != (count >= 0) || ok && got != count {
			t.Errorf("%s: %d %t", text, got, ok)
		}
	}
	if number, ok := pdk.Parse("-9223372036854775808").Int(); !ok || number != math.MinInt64 {
		t.Error("the least number")
	}
	for _, text := range []string{"-9223372036854775809", `"42"`} {
		if _, ok := pdk.Parse(text).Int(); ok {
			t.Error(text)
		}
	}
}

func TestReadsAnyNumberAsJSONHasThem(t *testing.T) {
	for text, number := range map[string]float64{"1.5": 1.5, "-0.25e2": -25, "1E+2": 100, "0": 0} {
		if got, ok := pdk.Parse(text).Float(); !ok || got != number {
			t.Errorf("%s: %g %t", text, got, ok)
		}
	}
	for _, text := range []string{"01", "+1", ".5", "1.", "1e", "1e+", "--1", "0x10", "NaN", "Infinity", "-", `"1"`, "1_0", "1e999"} {
		if _, ok := pdk.Parse(text).Float(); ok {
			t.Error(text)
		}
	}
}

func TestSaysWhatIsSet(t *testing.T) {
	other := pdk.Parse("1")
	for _, text := range []string{"", "null", `""`} {
		if value := pdk.Parse(text); value.IsSet() || value.Or(other) != other {
			t.Error(text)
		}
	}
	for _, text := range []string{"0", "false", `" "`, "[]", "{}"} {
		if !pdk.Parse(text).IsSet() {
			t.Error(text)
		}
	}
}

func TestReadsTimesAsServicesWriteThem(t *testing.T) {
	for text, ms := range map[string]int64{
		"12ms": 12, "1s": 1000, "6m0s": 360_000, "1h30m": 5_400_000, "59.95s": 59_950, "0.0005s": 0, "20": 20_000,
		"": -1, "s": -1, "1x": -1, "1.2.3s": -1, "1.s": -1, "-1s": -1, "999999999999999999999999s": -1, "999999999999999h": -1,
	} {
		if got := pdk.Parse(`"` + text + `"`).DurationMs(); got != ms {
			t.Errorf("%s: %d", text, got)
		}
	}
	date := pdk.Parse(`"Sun, 06 Nov 1994 08:49:37 GMT"`)
	if date.HTTPDateMs() != 784_111_777_000 || date.RetryAfterMs(784_111_770_000) != 7000 ||
		date.RetryAfterMs(1<<60) != 0 || date.RetryAfterMs(0) != -1 || pdk.Parse(`"7"`).RetryAfterMs(0) != 7000 {
		t.Error("a date")
	}
	for text, ms := range map[string]int64{
		"Thu, 01 Jan 1970 00:00:00 GMT": 0, "Thu, 29 Feb 2024 00:00:00 GMT": 1_709_164_800_000,
		"Sun, 06 Xyz 1994 08:49:37 GMT": -1, "Sun, 06 Jan 0000 08:49:37 GMT": -1, "Sun, xx Nov 1994 08:49:37 GMT": -1,
	} {
		if got := pdk.Parse(`"` + text + `"`).HTTPDateMs(); got != ms {
			t.Errorf("%s: %d", text, got)
		}
	}
}
