package store_test

import (
	"testing"
	"time"

	"shifan/internal/lifecycle/inquiry"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

func fullPublicity(key id.Publicity) publicity.Publicity {
	day := calendar.MustDate("2021-09-08")
	return publicity.Publicity{
		ID: key, Programme: "base", Round: "rnd_a", About: publicity.Naming, Title: "公示", Text: "现予公示，𠮷。", Contact: "办公室",
		Place: "某网站", Days: 5, CountFirst: true, RealName: true, OnChange: publicity.Extend, AnswerDays: 10, Acknowledged: true,
		PublishedAt: someInstant, Posting: publicity.Posting{URL: "https://example.org", At: someInstant}, StartedAt: someInstant,
		First: day, Last: day, Ends: day.End().UTC(), Lost: []calendar.Date{day}, CalendarVersion: "v", Provisional: true, ServedAt: someInstant, TakenDownAt: someInstant,
		Changes:  []publicity.Change{{At: someInstant, Act: "correct", From: someInstant, To: someInstant, Say: "漏字", Before: day, After: day, Digest: "d"}},
		Snapshot: "s", Digest: "d", Objections: 2, State: publicity.Running, PreparedBy: "acc_a", Reason: "r",
	}
}

func fullCandidate(key id.Candidate, p id.Publicity, a id.Application) publicity.Candidate {
	return publicity.Candidate{
		ID: key, Publicity: p, Programme: "base", Round: "rnd_a", Application: a, Organisation: "org_1", Position: 1, Name: "甲𠮷协会", PartyBody: "支部",
		Code: "5122", Category: "社会团体", State: publicity.Listed, Reason: "r", ChangedAt: someInstant,
	}
}

func fullObjection(key id.Objection) objection.Objection {
	day := calendar.MustDate("2021-09-18")
	return objection.Objection{
		ID: key, Programme: "base", Publicity: "pub_a", Candidate: "cnd_a", Application: "app_a", Organisation: "org_1", Name: "甲协会", Number: 1,
		Channel: objection.Letter, Anonymous: true, Text: "事实", ArrivedAt: someInstant, WithdrawnAt: someInstant, State: objection.Investigating, Why: objection.Late,
		AdmittedAt: someInstant, Handler: "acc_clerk", AnswerDue: someInstant, AnswerOn: day, Question: "请说明", AskedAt: someInstant, ReplyDue: someInstant, ReplyOn: day,
		Reply: "已说明", RepliedAt: someInstant, Summary: "摘要", Finding: "结论", FoundAt: someInstant, Sent: "补查", Outcome: objection.Unfounded, Decision: "itm_a",
		Answer: "答复", AnsweredAt: someInstant,
	}
}

// onTheList adds a running publicity with one candidate.
func onTheList(t *testing.T, s *store.Store) {
	t.Helper()
	if err := written(t, s, func(tx *store.Tx) error {
		p, c := fullPublicity("pub_a"), fullCandidate("cnd_a", "pub_a", "app_a")
		if err := tx.AddPublicity(&p); err != nil {
			return err
		}
		return tx.AddCandidate(&c)
	}); err != nil {
		t.Fatal(err)
	}
}

func TestAPublicityIsKeptWhole(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	onTheList(t, s)
	want, wantC := fullPublicity("pub_a"), fullCandidate("cnd_a", "pub_a", "app_a")
	whole(t, want)
	whole(t, wantC)
	want.Version, wantC.Version = 1, 1
	if err := s.View(t.Context(), func(tx *store.Tx) error {
		got, err := tx.Publicity("pub_a")
		if err != nil {
			return err
		}
		c, err := tx.CandidateOf("app_a")
		if err != nil {
			return err
		}
		if diff := cmp.Diff(want, got) + cmp.Diff(wantC, c); diff != "" {
			t.Error(diff)
		}
		if due, err := tx.PublicitiesDue(want.Ends.Add(-time.Microsecond)); err != nil || len(due) != 0 {
			t.Errorf("due a moment early: %d, %v", len(due), err)
		}
		if due, err := tx.PublicitiesDue(want.Ends); err != nil || len(due) != 1 {
			t.Errorf("due at the instant: %d, %v", len(due), err)
		}
		_, err = tx.CandidateOf("app_never")
		if fault.KindOf(err) != fault.NotFound {
			t.Errorf("never on a list: %v", err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := written(t, s, func(tx *store.Tx) error { want.Version = 0; return tx.PutPublicity(&want) }); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a stale save: %v", err)
	}
	// One application stands on one list at a time; off it, it may stand on another.
	second := func(state stage.State) error {
		return written(t, s, func(tx *store.Tx) error {
			p := fullPublicity(id.Publicity("pub_" + state))
			c := fullCandidate(id.Candidate("cnd_"+state), p.ID, "app_a")
			c.State = state
			if err := tx.AddPublicity(&p); err != nil {
				return err
			}
			return tx.AddCandidate(&c)
		})
	}
	if err := second(publicity.Cleared); err == nil {
		t.Error("an application stands on two lists")
	}
	if err := second(publicity.Removed); err != nil {
		t.Error(err)
	}
}

func TestWhoSeesPublicities(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	onTheList(t, s)
	if err := written(t, s, func(tx *store.Tx) error {
		d := fullPublicity("pub_draft")
		d.State, d.PublishedAt = publicity.Drafted, time.Time{}
		return tx.AddPublicity(&d)
	}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		viewer stage.Actor
		sees   int
	}{
		{stage.Actor{Role: stage.Clerk, Programme: "base"}, 2},
		{stage.Actor{Role: stage.Clerk, Programme: "other"}, 1},
		{stage.Actor{Role: stage.Director}, 2},
		{stage.Actor{Role: stage.Chair}, 2},
		{stage.Actor{Role: stage.Auditor}, 2},
		{stage.Actor{Role: stage.Member}, 1},
		{stage.Actor{Role: stage.Applicant}, 1},
		{stage.Actor{Role: stage.Operator}, 1},
		{stage.Anyone, 1},
	} {
		if err := s.View(t.Context(), func(tx *store.Tx) error {
			all, err := tx.Publicities(tt.viewer, store.PublicityFilter{Programme: "base", Round: "rnd_a", States: []stage.State{publicity.Running, publicity.Drafted}})
			if err != nil || len(all) != tt.sees {
				t.Errorf("%+v lists %d, %v", tt.viewer, len(all), err)
			}
			if _, err := tx.PublicityFor(tt.viewer, "pub_draft"); (err == nil) != (tt.sees == 2) {
				t.Errorf("%+v reads the draft: %v", tt.viewer, err)
			}
			_, err = tx.CandidateFor(tt.viewer, "cnd_a")
			return err
		}); err != nil {
			t.Error(err)
		}
	}
}

// TestWhoSeesAnObjection: who objected is for the handler and the director, and
// the text for the office; the organisation gets what it was asked, and others
// nothing.
func TestWhoSeesAnObjection(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	onTheList(t, s)
	want := fullObjection("obj_a")
	whole(t, want)
	who := objection.Objector{Objection: "obj_a", Unit: true, Source: inquiry.Source{Name: "柳某", Contact: "0431"}, CodeHash: "h", Fingerprint: "f"}
	if err := written(t, s, func(tx *store.Tx) error {
		o, w := want, who
		if err := tx.AddObjection(&o); err != nil {
			return err
		}
		return tx.AddObjector(&w)
	}); err != nil {
		t.Fatal(err)
	}
	want.Version = 1
	for name, tt := range map[string]struct {
		viewer          stage.Actor
		sees, text, who bool
	}{
		"the handler":             {stage.Actor{Account: "acc_clerk", Role: stage.Clerk}, true, true, true},
		"another clerk":           {stage.Actor{Account: "acc_other", Role: stage.Clerk}, true, true, false},
		"the director":            {stage.Actor{Account: "acc_dir", Role: stage.Director, Programme: "base"}, true, true, true},
		"another's director":      {stage.Actor{Account: "acc_dir", Role: stage.Director, Programme: "other"}, false, false, false},
		"the handler as a member": {stage.Actor{Account: "acc_clerk", Role: stage.Member}, true, false, false},
		"the chair":               {stage.Actor{Account: "acc_chair", Role: stage.Chair}, true, false, false},
		"an auditor":              {stage.Actor{Account: "acc_aud", Role: stage.Auditor}, true, false, false},
		"the organisation":        {stage.Actor{Account: "acc_app", Role: stage.Applicant, Organisation: "org_1"}, true, false, false},
		"another organisation":    {stage.Actor{Account: "acc_app", Role: stage.Applicant, Organisation: "org_2"}, false, false, false},
		"an applicant for nobody": {stage.Actor{Account: "acc_app", Role: stage.Applicant}, false, false, false},
		"an assessor":             {stage.Actor{Account: "acc_ass", Role: stage.Assessor}, false, false, false},
		"the operator":            {stage.Actor{Account: "acc_op", Role: stage.Operator}, false, false, false},
		"anyone":                  {stage.Anyone, false, false, false},
	} {
		if err := s.View(t.Context(), func(tx *store.Tx) error {
			o, err := tx.ObjectionFor(tt.viewer, "obj_a")
			if (err == nil) != tt.sees || (o.Text != "") != tt.text {
				t.Errorf("%s: %+v %v", name, o, err)
			}
			all, err := tx.Objections(tt.viewer, store.ObjectionFilter{Publicity: "pub_a", States: []stage.State{objection.Investigating}})
			if err != nil || (len(all) == 1) != tt.sees {
				t.Errorf("%s lists %d, %v", name, len(all), err)
			}
			got, err := tx.ObjectorFor(tt.viewer, "obj_a")
			if (err == nil) != tt.who || tt.who && got != who {
				t.Errorf("%s, who objected: %+v %v", name, got, err)
			}
			if tt.viewer.Role == stage.Clerk && tt.who {
				if diff := cmp.Diff(want, o); diff != "" {
					t.Error(diff)
				}
			}
			if tt.viewer.Role == stage.Applicant && tt.sees && (o.Summary+o.Finding+o.Answer+o.Channel+string(o.Handler) != "" || o.Question == "" || o.Reply == "") {
				t.Errorf("the organisation is told %+v", o)
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
	}
	if err := s.View(t.Context(), func(tx *store.Tx) error {
		o, err := tx.ObjectionByCode("h")
		if err != nil || o.ID != "obj_a" || o.Handler != "" || o.Finding != "" || o.Answer == "" {
			t.Errorf("by code: %+v %v", o, err)
		}
		if _, err := tx.ObjectionByCode(""); fault.KindOf(err) != fault.NotFound {
			t.Errorf("by no code: %v", err)
		}
		if like, err := tx.ObjectionLike("f"); err != nil || like.ID != "obj_a" {
			t.Errorf("%v", err)
		}
		all, err := tx.ObjectionsAgainst("cnd_a")
		if err != nil || len(all) != 1 {
			t.Errorf("%v %v", all, err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := written(t, s, func(tx *store.Tx) error {
		o := fullObjection("obj_b")
		return tx.AddObjection(&o)
	}); err == nil {
		t.Error("two objections of one number are kept")
	}
}
