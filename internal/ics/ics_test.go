package ics_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	ical "github.com/arran4/golang-ical"

	"shifan/internal/calendar"
	"shifan/internal/ics"
)

// TestWrite: what is written is read again by another program, whole; no line is longer
// than 75 octets, none cuts a sign, and no text can begin a property of its own.
func TestWrite(t *testing.T) {
	t.Parallel()
	on := calendar.DateOf(time.Date(2021, 12, 31, 9, 0, 0, 0, calendar.Zone))
	texts := []string{
		"初审截止", `a,b;c\d`, "两行\n第二行", strings.Repeat("长", 24), strings.Repeat("长", 25), strings.Repeat("长", 200), strings.Repeat("x", 67), strings.Repeat("x", 68),
		"x\r\nEND:VCALENDAR\x00", "𠮷" + strings.Repeat("𠮷", 40),
	}
	var events []ics.Event
	for i, s := range texts {
		events = append(events, ics.Event{UID: string(rune('a' + i)), On: on, Summary: s, Text: s + s, URL: "https://example.org/work"})
	}
	b := ics.Write("到期提醒", events, time.Date(2021, 6, 1, 1, 2, 3, 0, time.UTC))
	for line := range bytes.SplitSeq(bytes.TrimSuffix(b, []byte("\r\n")), []byte("\r\n")) {
		if len(line) > 75 || bytes.ContainsAny(line, "\r\n\x00") || !bytes.Equal(line, bytes.ToValidUTF8(line, nil)) {
			t.Errorf("%d octets: %q", len(line), line)
		}
	}
	c, err := ical.ParseCalendar(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	read := c.Events()
	if len(read) != len(texts) {
		t.Fatalf("%d events of %d", len(read), len(texts))
	}
	for i, e := range read {
		want := strings.NewReplacer("\r", "", "\x00", "").Replace(texts[i])
		if got := ical.FromText(e.GetProperty(ical.ComponentPropertySummary).Value); got != want {
			t.Errorf("%q became %q", want, got)
		}
		start, err := e.GetAllDayStartAt()
		end, err2 := e.GetAllDayEndAt()
		if err != nil || err2 != nil || start.Format(time.DateOnly) != "2021-12-31" || end.Format(time.DateOnly) != "2022-01-01" {
			t.Error(start, end, err, err2)
		}
		if e.Id() != string(rune('a'+i)) {
			t.Error(e.Id())
		}
	}
}
