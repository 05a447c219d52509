package photograph

import (
	"errors"
	"strings"
	"testing"
	"time"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/stage"
)

var (
	clerk  = stage.Actor{Account: "acc_clerk", Role: stage.Clerk}
	holder = stage.Actor{Account: "acc_holder", Role: stage.Applicant, Organisation: "org_a"}
	now    = time.Date(2021, 8, 2, 9, 0, 0, 0, time.UTC)
)

func handed() *plaque.Plaque {
	return &plaque.Plaque{ID: "plq_a", Programme: "p", Organisation: "org_a", State: plaque.HandedOver}
}

func code(err error) string {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.Code
	}
	return ""
}

// TestMay: who brings a photograph when, and never without words.
func TestMay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		by          stage.Actor
		state       stage.State
		before      int
		description string
		act, want   string
	}{
		{"the office, made", clerk, plaque.Ordered, 0, "铜牌", "add", ""},
		{"the office, handed over", clerk, plaque.HandedOver, most - 1, "铜牌", "add", ""},
		{"the holder", holder, plaque.HandedOver, 0, "铜牌", "offer", ""},
		{"the holder has it not yet", holder, plaque.Ordered, 0, "铜牌", "offer", "photograph.add.plaque"},
		{"lost", clerk, plaque.Lost, 0, "铜牌", "add", "photograph.add.plaque"},
		{"too many", clerk, plaque.HandedOver, most, "铜牌", "add", "photograph.add.many"},
		{"no words", clerk, plaque.HandedOver, 0, " \n", "add", "words.missing"},
		{"too many words", clerk, plaque.HandedOver, 0, strings.Repeat("字", DescriptionMax+1), "add", "words.long"},
		{"as many as may be", clerk, plaque.HandedOver, 0, strings.Repeat("字", DescriptionMax), "add", ""},
		{"the chair", stage.Actor{Role: stage.Chair}, plaque.HandedOver, 0, "铜牌", "add", "thing.not_found"},
	} {
		q := handed()
		q.State = c.state
		m, err := May(c.by, q, make([]Photograph, c.before), c.description)
		got := code(err)
		if strings.HasPrefix(c.want, "words.") && got != "" {
			got = c.want
		}
		if got != c.want || m.Act != c.act {
			t.Errorf("%s: %s %v", c.name, m.Act, err)
		}
	}
}

// TestSent: a picture that was looked into, and nothing else.
func TestSent(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]Sent{
		"": {"门口.jpg", "jpg", true}, "photograph.add.kind": {"说明.pdf", "pdf", true}, "photograph.add.unscanned": {"门口.png", "png", false},
	} {
		if err := s.Check(); code(err) != want {
			t.Errorf("%v: %v", s, err)
		}
	}
}

// TestOneIsShown: the holder's waits for the office, the office's is shown at once, and each
// takes the place of what was there; what ended stays in the history with its reason.
func TestOneIsShown(t *testing.T) {
	t.Parallel()
	q := handed()
	first, m, other, _, err := Add(holder, q, nil, Photograph{ID: "pht_1", SHA256: "a", Description: "铜牌"}, now)
	if err != nil || m.Act != "offer" || first.State != Offered || !first.ByHolder || !first.ShownAt.IsZero() || other != nil || ShownOf([]Photograph{first}) != nil {
		t.Fatalf("%+v %v", first, err)
	}
	if _, _, _, _, err := Add(holder, q, []Photograph{first}, first, now); code(err) != "photograph.add.twice" {
		t.Error(err)
	}
	second, _, other, gave, err := Add(holder, q, []Photograph{first}, Photograph{ID: "pht_2", SHA256: "b", Description: "铜牌"}, now)
	if err != nil || other == nil || other.ID != "pht_1" || other.State != Replaced || gave.By != stage.Applicant || first.State != Offered {
		t.Fatalf("%+v %+v %v", second, other, err)
	}
	if _, _, _, err := second.Show(holder, nil, now); code(err) != "stage.not_allowed" {
		t.Error("the holder shows it", err)
	}
	if _, _, _, err := second.Show(clerk, []Photograph{*other, second}, now); err != nil || second.State != Shown || second.ShownAt != now {
		t.Fatal(err)
	}
	third, m, other, gave, err := Add(clerk, q, []Photograph{second}, Photograph{ID: "pht_3", SHA256: "c", Description: "铜牌"}, now)
	if err != nil || m.Act != "add" || third.State != Shown || other == nil || other.ID != "pht_2" || other.State != Replaced || other.EndedAt != now || gave.Act != "replace" {
		t.Fatalf("%+v %+v %v", third, other, err)
	}
	if got := ShownOf([]Photograph{*other, third}); got == nil || got.ID != "pht_3" {
		t.Error(got)
	}
	if _, err := third.Remove(holder, "有人入镜", now); code(err) != "photograph.remove.office" {
		t.Error(err)
	}
	if _, err := third.Remove(clerk, "", now); err == nil || third.State != Shown {
		t.Error("without a reason")
	}
	if _, err := third.Remove(clerk, "有人入镜", now); err != nil || third.State != Removed || third.Reason != "有人入镜" || third.EndedAt != now {
		t.Error(err)
	}
	if _, err := third.Remove(clerk, "再撤", now); code(err) != "stage.not_allowed" {
		t.Error(err)
	}
}

// TestDecline: the office does not take what was offered, and says why; its holder may take
// it back before that.
func TestDecline(t *testing.T) {
	t.Parallel()
	p := Photograph{State: Offered, ByHolder: true}
	if _, err := p.Decline(holder, "模糊", now); code(err) != "stage.not_allowed" {
		t.Error(err)
	}
	back := p
	if m, err := back.TakeBack(holder, now); err != nil || m.To != Removed {
		t.Error(err)
	}
	if _, err := back.TakeBack(holder, now); code(err) != "stage.not_allowed" {
		t.Error(err)
	}
	if m, err := p.Decline(clerk, "看不清文字", now); err != nil || m.To != Declined || p.Reason != "看不清文字" {
		t.Error(err)
	}
}
