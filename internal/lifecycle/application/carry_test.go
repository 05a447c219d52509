package application_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/stage"
)

// TestSeveralClerks: what a writer did not touch stays as another saved it; what
// both changed to different things is refused; the same change twice is no clash.
func TestSeveralClerks(t *testing.T) {
	t.Parallel()
	f := someFacts()
	text := func(s string) answer.Answer { return answer.Answer{Rating: answer.Meets, Statement: s} }
	was := text("原来的")
	for name, tt := range map[string]struct {
		now, mine, want answer.Answer
		code            string
	}{
		"only I changed it":     {was, text("我写的"), text("我写的"), ""},
		"only another did":      {text("别人写的"), was, text("别人写的"), ""},
		"both, to the same":     {text("一样"), text(" 一样 "), text("一样"), ""},
		"both, to other things": {text("别人写的"), text("我写的"), text("别人写的"), "thing.stale"},
		"neither":               {was, was, was, ""},
		"I emptied it":          {was, answer.Answer{}, answer.Answer{}, ""},
		"and another changed":   {text("别人写的"), answer.Answer{}, text("别人写的"), "thing.stale"},
	} {
		a := draft(t, f)
		a.Answers["1-1"] = tt.now
		in := answer.Part{Answers: map[string]answer.Answer{"1-1": tt.mine}, Seen: map[string]string{"1-1": was.Seal()}}
		if !in.Placed() {
			t.Error(name, "is not placed")
		}
		_, err := a.Save(applicant, f, in, at(t, "2021-06-23 09:00:00"))
		if fault.CodeOf(err) != tt.code && (err != nil || tt.code != "") {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(tt.want, a.Answers["1-1"]); diff != "" {
			t.Error(name, diff)
		}
	}
}

// TestTheSignatureOfSeveralClerks: the same for what stands beside the answers.
func TestTheSignatureOfSeveralClerks(t *testing.T) {
	t.Parallel()
	f := someFacts()
	a := draft(t, f)
	seen := map[string]string{answer.Signed: a.SealSigned()}
	yes, no, mine, theirs := true, false, "书记甲", "书记乙"
	a.Signatory = theirs
	if _, err := a.Save(applicant, f, answer.Part{Signatory: &mine, Committed: &yes, Seen: seen}, at(t, "2021-06-23 09:00:00")); fault.CodeOf(err) != "thing.stale" {
		t.Error("both changed it:", err)
	}
	blank := ""
	if _, err := a.Save(applicant, f, answer.Part{Signatory: &blank, Committed: &no, Seen: seen}, at(t, "2021-06-23 09:00:00")); err != nil || a.Signatory != theirs {
		t.Error("what was not touched:", a.Signatory, err)
	}
	if (answer.Part{Signatory: &mine}).Placed() || (answer.Part{Answers: map[string]answer.Answer{"1-1": {}}}).Placed() {
		t.Error("a part that does not say what it was drawn from is placed")
	}
}

// TestCarry: what was answered before comes over where nothing is written, once,
// and is a gap until it is confirmed.
func TestCarry(t *testing.T) {
	t.Parallel()
	f := someFacts()
	from := submitted(t, f)
	from.ID = "app_0"
	from.Answers["1-3"] = answer.Answer{Rating: answer.Meets, Statement: "不在本届"}
	when := at(t, "2021-06-25 09:00:00")
	a := draft(t, f)
	a.Answers["1-2"] = answer.Answer{Statement: "本届写的"}
	from.Answers["1-1"] = withFile(from.Answers["1-1"])
	files, m, err := a.Carry(applicant, f, from, 2020, when)
	if err != nil || m.Act != "carry" || !cmp.Equal(a.Carried, map[string]int{"1-1": 2020}) || !a.SavedAt.Equal(when) {
		t.Fatal(m, err, a.Carried)
	}
	plain := from.Answers["1-1"]
	plain.Files = nil
	if diff := cmp.Diff(map[string]answer.Answer{"1-1": plain, "1-2": {Statement: "本届写的"}}, a.Answers); diff != "" {
		t.Error(diff)
	}
	if len(files) != 1 || len(files["1-1"]) != 1 || files["1-1"][0].SHA256 != "aa" {
		t.Errorf("the files come over with their answer: %v", files)
	}
	begun := f
	begun.Files = map[string][]answer.File{"1-1": {{SHA256: "bb"}}, "1-2": {{SHA256: "bb"}}}
	if _, _, err := draft(t, f).Carry(applicant, begun, from, 2020, when); fault.CodeOf(err) != "application.carry.nothing" {
		t.Error("over files that stand there:", err)
	}
	if _, _, err := a.Carry(applicant, f, from, 2020, when); fault.CodeOf(err) != "application.carry.nothing" {
		t.Error("twice:", err)
	}
	gap := func() (n int) {
		for _, g := range a.Gaps(f.Programme, f.Round.Year) {
			if g.Code == "answer.complete.carried" && g.Fields[0].Path == "1-1.sure" {
				n++
			}
		}
		return n
	}
	if gap() != 1 {
		t.Error("what is not confirmed is no gap")
	}
	if _, err := a.Save(applicant, f, answer.Part{Answers: map[string]answer.Answer{"1-1": {Rating: answer.Meets, Statement: "改了"}}}, when); err != nil || gap() != 1 {
		t.Error("changing it confirms it:", err)
	}
	if _, err := a.Save(applicant, f, answer.Part{Sure: []string{"1-1", "1-2", "none"}}, when); err != nil || gap() != 0 || len(a.Carried) != 0 {
		t.Error("confirmed:", err, a.Carried)
	}
	for name, tt := range map[string]struct {
		by     stage.Actor
		change func(*application.Application)
		now    string
		code   string
	}{
		"another's":       {applicant, func(a *application.Application) { a.Organisation = "org_2" }, "2021-06-25 09:00:00", "thing.not_found"},
		"the office":      {clerk, nil, "2021-06-25 09:00:00", "stage.not_allowed"},
		"at the deadline": {applicant, nil, "2021-07-11 00:00:00", "application.submit.late"},
	} {
		a := draft(t, f)
		if tt.change != nil {
			tt.change(a)
		}
		if _, _, err := a.Carry(tt.by, f, from, 2020, at(t, tt.now)); fault.CodeOf(err) != tt.code || len(a.Carried) > 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// withFile is an answer with a file beside it.
func withFile(w answer.Answer) answer.Answer {
	w.Files = []answer.File{{Name: "章程.pdf", SHA256: "aa", Size: 1}}
	return w
}
