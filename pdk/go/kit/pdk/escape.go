// SPDX-License-Identifier: Apache-2.0

package pdk

import "unicode/utf8"

// True when a text is the same between quotes and without: ASCII that JSON does not escape.
func isPlain(text string) bool {
	for i := 0; i < len(text); i++ {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// The text that stands between two quotes; empty where it is not good.
func unescape(inner string) string {
	if indexByte(inner, '\\') < 0 {
		if !utf8.ValidString(inner) {
			return ""
		}
		return inner
	}
	text := make([]byte, 0, len(inner))
	for at := 0; at < len(inner); {
		c := inner[at]
		at++
		if c != '\\' {
			text = append(text, c)
			continue
		}
		if at == len(inner) {
			return ""
		}
		c = inner[at]
		at++
		switch c {
		case '"', '\\', '/':
		case 'b':
			c = '\b'
		case 'f':
			c = '\f'
		case 'n':
			c = '\n'
		case 'r':
			c = '\r'
		case 't':
			c = '\t'
		case 'u':
			letter := hex4(inner[at:])
			if letter < 0 {
				return ""
			}
			at += 4
			if low := lowHalf(inner[at:]); letter>>10 == 0xd800>>10 && low >= 0 {
				letter = 0x10000 + (letter-0xd800)<<10 + low
				at += 6
			}
			text = utf8.AppendRune(text, letter) // half a pair becomes U+FFFD
			continue
		default:
			return ""
		}
		text = append(text, c)
	}
	if !utf8.Valid(text) {
		return ""
	}
	return string(text)
}

// The second half of a pair, where an escape with one stands; else -1.
func lowHalf(text string) rune {
	if len(text) < 2 || text[0] != '\\' || text[1] != 'u' {
		return -1
	}
	if letter := hex4(text[2:]); letter>>10 == 0xdc00>>10 {
		return letter - 0xdc00
	}
	return -1
}

// Four hexadecimal digits, or -1.
func hex4(text string) rune {
	if len(text) < 4 {
		return -1
	}
	number := rune(0)
	for i := 0; i < 4; i++ {
		digit := rune(text[i])
		switch letter := digit | 0x20; {
		case isDigit(text[i]):
			digit -= '0'
		case letter >= 'a' && letter <= 'f':
			digit = letter - 'a' + 10
		default:
			return -1
		}
		number = number<<4 | digit
	}
	return number
}

// Appends a text between quotes. What is not UTF-8 becomes U+FFFD.
func appendQuoted(out []byte, text string) []byte {
	const digits = "0123456789abcdef"
	out = append(out, '"')
	if isPlain(text) {
		out = append(out, text...)
		return append(out, '"')
	}
	for _, letter := range text {
		switch {
		case letter == '"' || letter == '\\':
			out = append(out, '\\', byte(letter))
		case letter < ' ':
			out = append(out, '\\', 'u', '0', '0', digits[letter>>4], digits[letter&15])
		default:
			out = utf8.AppendRune(out, letter)
		}
	}
	return append(out, '"')
}
