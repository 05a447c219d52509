package upload_test

import (
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/upload"
)

var (
	deadline = calendar.MustDate("2021-07-10").End()
	start    = deadline.Add(-2 * time.Hour)
	sender   = stage.Actor{Account: "acc_1", Role: stage.Applicant, Organisation: "org_1"}
)

// somewhere is an indicator of a draft in time.
func somewhere() upload.Place {
	p := &programme.Programme{Criteria: []programme.Group{{Code: "1", Indicators: []programme.Indicator{{Code: "1-1"}, {Code: "1-2"}}}}}
	r := &round.Round{Year: 2021, State: round.Open, PublishedAt: calendar.MustDate("2021-06-21").Start(), Deadline: deadline}
	return upload.Place{
		Application: &application.Application{ID: "app_1", Organisation: "org_1", State: application.Draft}, Programme: p, Round: r, Indicator: "1-1",
		Room: file.Room{File: 100, Application: 150, Files: 2},
	}
}

func begun(t *testing.T, size int64) (upload.Upload, upload.Place) {
	t.Helper()
	at := somewhere()
	u, m, err := upload.Begin(upload.Upload{ID: "upl_1", Name: "章程.pdf", Size: size}, sender, at, start)
	if err != nil || m.Act != "begin" || u.State != upload.Coming || u.Account != "acc_1" || !u.Expires.Equal(start.Add(72*time.Hour)) {
		t.Fatalf("%+v %v %v", u, m, err)
	}
	at.Others = []upload.Upload{u}
	return u, at
}

func code(err error) string {
	if err == nil {
		return ""
	}
	return fault.CodeOf(err)
}

// TestBegin: an upload is refused before anything comes as the file would be.
func TestBegin(t *testing.T) {
	t.Parallel()
	coming := upload.Upload{ID: "upl_9", Indicator: "1-1", State: upload.Coming, Size: 60, Expires: start.Add(1)}
	for _, tt := range []struct {
		what   string
		size   int64
		by     stage.Role
		change func(*upload.Place)
		now    time.Time
		want   string
	}{
		{"in time, in its place", 100, stage.Applicant, nil, start, ""},
		{"an empty one, which is looked at like others", 0, stage.Applicant, nil, start, ""},
		{"less than nothing", -1, stage.Applicant, nil, start, "upload.size"},
		{"too large", 101, stage.Applicant, nil, start, "file.put.big"},
		{"the office", 10, stage.Clerk, nil, start, "stage.not_allowed"},
		{"too late", 10, stage.Applicant, nil, deadline, "file.attach.late"},
		{"no such indicator", 10, stage.Applicant, func(at *upload.Place) { at.Indicator = "9-9" }, start, "file.attach.indicator"},
		{"no room beside what is there", 91, stage.Applicant, func(at *upload.Place) { at.Kept = []file.File{{ID: "f", SHA256: "f", Size: 60}} }, start, "file.put.full"},
		{"no room beside what is on its way", 91, stage.Applicant, func(at *upload.Place) { at.Others = []upload.Upload{coming} }, start, "file.put.full"},
		{"what is on its way has expired", 91, stage.Applicant, func(at *upload.Place) { at.Others = []upload.Upload{coming} }, start.Add(1), ""},
		{"no place more under the indicator", 1, stage.Applicant, func(at *upload.Place) {
			at.Standing, at.Others = []file.Place{{File: "f", Indicator: "1-1"}}, []upload.Upload{coming}
		}, start, "file.put.many"},
		{"under another there is one", 1, stage.Applicant, func(at *upload.Place) {
			at.Indicator, at.Standing, at.Others = "1-2", []file.Place{{File: "f", Indicator: "1-1"}}, []upload.Upload{coming}
		}, start, ""},
	} {
		at := somewhere()
		if tt.change != nil {
			tt.change(&at)
		}
		by := sender
		by.Role = tt.by
		if _, _, err := upload.Begin(upload.Upload{ID: "upl_1", Name: "a.pdf", Size: tt.size}, by, at, tt.now); code(err) != tt.want {
			t.Errorf("%s: %v, want %q", tt.what, err, tt.want)
		}
	}
	u, _, err := upload.Begin(upload.Upload{ID: "upl_1", Name: strings.Repeat("长", 200) + "\xff", Size: 1}, sender, somewhere(), start)
	if err != nil || u.Name != strings.Repeat("长", 85) {
		t.Errorf("a long name: %q %v", u.Name, err)
	}
}

// TestReceive: parts come in order, from who began, while the file may still come.
func TestReceive(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		what   string
		by     func(*stage.Actor)
		change func(*upload.Place)
		offset int64
		size   int64
		now    time.Time
		want   string
	}{
		{"the rest", nil, nil, 60, 40, start, ""},
		{"some of it, in the last moment", nil, nil, 60, 1, deadline.Add(-1), ""},
		{"from too far back", nil, nil, 59, 1, start, "upload.offset"},
		{"from too far ahead", nil, nil, 61, 1, start, "upload.offset"},
		{"more than was said", nil, nil, 60, 41, start, "upload.size"},
		{"nothing", nil, nil, 60, 0, start, "upload.size"},
		{"at the deadline", nil, nil, 60, 40, deadline, "file.attach.late"},
		{"when its time is over", nil, nil, 60, 40, start.Add(upload.Lifetime), "upload.expired"},
		{"from a colleague", func(a *stage.Actor) { a.Account = "acc_2" }, nil, 60, 40, start, "thing.not_found"},
		{"from the same account for another organisation", func(a *stage.Actor) { a.Organisation = "org_2" }, nil, 60, 40, start, "thing.not_found"},
		{"when other files took the room", nil, func(at *upload.Place) { at.Kept = []file.File{{ID: "f", SHA256: "f", Size: 51}} }, 60, 40, start, "file.put.full"},
		{"when it is submitted", nil, func(at *upload.Place) { at.Application.State = application.Submitted }, 60, 40, start, "stage.not_allowed"},
	} {
		u, at := begun(t, 100)
		if _, err := u.Receive(sender, at, 0, upload.Part{SHA256: "a", Size: 60}, start); err != nil {
			t.Fatal(err)
		}
		if tt.change != nil {
			tt.change(&at)
		}
		by := sender
		if tt.by != nil {
			tt.by(&by)
		}
		m, err := u.Receive(by, at, tt.offset, upload.Part{SHA256: "b", Size: tt.size}, tt.now)
		if code(err) != tt.want || err == nil && (m.Act != "receive" || u.Received() != 60+tt.size || u.Whole() != (tt.size == 40)) {
			t.Errorf("%s: %v %v, %d received", tt.what, m, err, u.Received())
		}
	}
}

// TestEnds: whole it is kept or refused, once; it can be given up before; the clock
// takes every one away when its time is over, and none earlier.
func TestEnds(t *testing.T) {
	t.Parallel()
	colleague := sender
	colleague.Account = "acc_2"
	half, at := begun(t, 100)
	if _, err := half.Keep(sender, "fil_1", start); code(err) != "upload.offset" {
		t.Error("half of it was kept:", err)
	}
	if _, err := half.GiveUp(colleague); code(err) != "thing.not_found" {
		t.Error("a colleague gave it up:", err)
	}
	gone := half
	if m, err := gone.GiveUp(sender); err != nil || m.To != upload.Gone {
		t.Error(m, err)
	}
	whole := half
	if _, err := whole.Receive(sender, at, 0, upload.Part{SHA256: "a", Size: 100}, start); err != nil {
		t.Fatal(err)
	}
	kept, refused := whole, whole
	if m, err := kept.Keep(sender, "fil_1", start); err != nil || m.To != upload.Kept || kept.File != "fil_1" || kept.Received() != 100 || kept.Parts != nil {
		t.Errorf("%v %v %+v", m, err, kept)
	}
	why := fault.Missing()
	if m, err := refused.Refuse(sender, why, start); err != nil || m.To != upload.Refused || refused.Say != why.Say || refused.Code != why.Code {
		t.Errorf("%v %v %+v", m, err, refused)
	}
	for _, u := range []*upload.Upload{&kept, &refused} {
		if _, err := u.Keep(sender, "fil_2", start); code(err) != "stage.not_allowed" {
			t.Error("it ended twice:", err)
		}
		if _, err := u.GiveUp(sender); code(err) != "stage.not_allowed" {
			t.Error("what ended was given up:", err)
		}
	}
	for act, u := range map[string]*upload.Upload{"expire": &half, "forget": &kept} {
		if _, err := u.Expire(stage.TheClock, u.Expires.Add(-1)); code(err) != "thing.stale" {
			t.Errorf("%s too early: %v", act, err)
		}
		if _, err := u.Expire(sender, u.Expires); code(err) != "stage.not_allowed" {
			t.Errorf("%s by its sender: %v", act, err)
		}
		if m, err := u.Expire(stage.TheClock, u.Expires); err != nil || m.Act != act || m.To != upload.Gone {
			t.Errorf("%v %v", m, err)
		}
	}
}
