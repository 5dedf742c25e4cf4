// SPDX-License-Identifier: Apache-2.0

package pdk

// DurationMs is a duration in milliseconds: "12ms", "1s", "6m0s", "1h30m", "59.95s"; a number alone
// counts seconds. -1 where it is none.
func (v Value) DurationMs() int64 {
	const most = 1 << 53
	rest, _ := v.quoted()
	if rest == "" {
		return -1
	}
	total := int64(0)
	for rest != "" {
		number, length := thousandths(rest)
		rest = rest[length:]
		unitMs := int64(1000)
		switch {
		case length == 0:
			return -1
		case rest == "":
		case len(rest) > 1 && rest[:2] == "ms":
			unitMs, rest = 1, rest[2:]
		case rest[0] == 's':
			rest = rest[1:]
		case rest[0] == 'm':
			unitMs, rest = 60_000, rest[1:]
		case rest[0] == 'h':
			unitMs, rest = 3_600_000, rest[1:]
		default:
			return -1
		}
		if number > most/unitMs || total > most {
			return -1
		}
		total += number * unitMs / 1000
	}
	return total
}

// A decimal number in thousandths, and how long it is: 0 when it is none. Digits behind the third
// are passed over.
func thousandths(text string) (number int64, length int) {
	end := skipDigits(text, 0)
	if end == 0 || end > 15 {
		return 0, 0
	}
	for _, digit := range text[:end] {
		number = number*10 + int64(digit-'0')
	}
	number *= 1000
	if end == len(text) || text[end] != '.' {
		return number, end
	}
	point := end
	end = skipDigits(text, point+1)
	if end == point+1 {
		return 0, 0
	}
	place := int64(100)
	for _, digit := range text[point+1 : end] {
		number += int64(digit-'0') * place
		place /= 10
	}
	return number, end
}

// RetryAfterMs is how long a service asks to wait by the header retry-after: seconds, or a date, seen
// from nowMs (see [Call.EndMs]). -1 where it does not say.
func (v Value) RetryAfterMs(nowMs int64) int64 {
	if wait := v.DurationMs(); wait >= 0 {
		return wait
	}
	date := v.HTTPDateMs()
	if date < 0 || nowMs <= 0 {
		return -1
	}
	return max(date-nowMs, 0)
}

// HTTPDateMs is in milliseconds since the epoch "Sun, 06 Nov 1994 08:49:37 GMT", the one form of an HTTP
// date that is still sent, from 1970 to 2099. -1 for all else.
func (v Value) HTTPDateMs() int64 {
	// Two letters tell the months apart. They begin with March: a leap day is then the last of its year,
	// and until 2099 each fourth year has one.
	const months = "arprayunulugepctovecaneb"
	date, _ := v.quoted()
	if len(date) != 29 {
		return -1
	}
	month := int64(0)
	for month < 12 && date[9:11] != months[2*month:2*month+2] {
		month++
	}
	day, century, year := twoDigits(date[5:]), twoDigits(date[12:]), twoDigits(date[14:])
	hour, minute, second := twoDigits(date[17:]), twoDigits(date[20:]), twoDigits(date[23:])
	if month == 12 || day|century|year|hour|minute|second < 0 {
		return -1
	}
	year += century * 100
	if month > 9 {
		year--
	}
	days := year*1461/4 + (month*153+2)/5 + day - 719_484
	if year < 0 || days < 0 {
		return -1
	}
	return (((days*24+hour)*60+minute)*60 + second) * 1000
}

// Two digits as a number; below 0 when they are none.
func twoDigits(text string) int64 {
	if !isDigit(text[0]) || !isDigit(text[1]) {
		return -1
	}
	return int64(text[0]-'0')*10 + int64(text[1]-'0')
}
