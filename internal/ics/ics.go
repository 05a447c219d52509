// Package ics writes calendars (日历订阅) as RFC 5545 says: what is due on which days,
// escaped and folded, for any program that keeps calendars.
package ics

import (
	"strings"
	"time"
	"unicode/utf8"

	"shifan/internal/calendar"
)

// Event is something on a day, for the whole day.
type Event struct {
	UID     string // the same as long as it is the same; no two events have one
	On      calendar.Date
	Summary string
	Text    string
	URL     string
}

// lineMost is how many octets a line has at most, without its end (RFC 5545, 3.1).
const lineMost = 75

// Write writes a calendar with a name. stamp is when it was made.
func Write(name string, events []Event, stamp time.Time) []byte {
	var b strings.Builder
	line := func(property, value string) { fold(&b, property+":"+value) }
	line("BEGIN", "VCALENDAR")
	line("VERSION", "2.0")
	line("PRODID", "-//shifan//calendar//ZH")
	line("CALSCALE", "GREGORIAN")
	line("METHOD", "PUBLISH")
	line("X-WR-CALNAME", escape(name))
	line("REFRESH-INTERVAL;VALUE=DURATION", "PT6H")
	for _, e := range events {
		line("BEGIN", "VEVENT")
		line("UID", escape(e.UID))
		line("DTSTAMP", stamp.UTC().Format("20060102T150405Z"))
		line("DTSTART;VALUE=DATE", day(e.On))
		line("DTEND;VALUE=DATE", day(e.On.AddDays(1)))
		line("SUMMARY", escape(e.Summary))
		if e.Text != "" {
			line("DESCRIPTION", escape(e.Text))
		}
		if e.URL != "" {
			line("URL", strings.Map(plain, e.URL))
		}
		line("TRANSP", "TRANSPARENT")
		line("END", "VEVENT")
	}
	line("END", "VCALENDAR")
	return []byte(b.String())
}

func day(d calendar.Date) string { return strings.ReplaceAll(d.String(), "-", "") }

// escape writes a text value (RFC 5545, 3.3.11). Control characters are left out: no
// calendar may hold them, and a bare line end would begin a property.
func escape(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		return plain(r)
	}, s)
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(s)
}

// plain leaves out control characters.
func plain(r rune) rune {
	if r < ' ' && r != '\t' || r == 0x7f {
		return -1
	}
	return r
}

// fold writes a line, in several when it is long: the following begin with a blank, and
// no sign is cut in two.
func fold(b *strings.Builder, line string) {
	room := lineMost
	for len(line) > room {
		cut := room
		for !utf8.RuneStart(line[cut]) {
			cut--
		}
		b.WriteString(line[:cut] + "\r\n ")
		line, room = line[cut:], lineMost-1
	}
	b.WriteString(line + "\r\n")
}
