package casework_test

import (
	"strings"
	"testing"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// copied is a statement that somebody wrote and somebody else takes over.
const copied = "党支部每月第一个星期一召开支部委员会，研究重大事项，会前三天把议题送到每位委员手里。表决时逐项举手，记录人当场念出结果。会后两日内把决定贴在一楼公示栏，保留十五天，接受全体从业人员监督。"

// filedWith files an application in which the first indicators say the given
// texts, and the office accepts it.
func filedWith(w *testkit.World, round id.Round, o id.Organisation, texts map[string]string) id.Application {
	w.Helper()
	key := w.DraftedBy(round, o)
	a := w.ApplicationOf(key)
	in := answer.Part{Answers: map[string]answer.Answer{}}
	for code, text := range texts {
		said := a.Answers[code]
		said.Statement = text
		in.Answers[code] = said
	}
	by := w.ApplicantOf(o)
	if err := w.Desk.SaveApplication(w.Context(), by, key, 0, in); err != nil {
		w.Fatal(err)
	}
	if err := w.Desk.SubmitApplication(w.Context(), by, key, 0, w.Desk.SubmissionKey()); err != nil {
		w.Fatal(err)
	}
	if err := w.Desk.AcceptApplication(w.Context(), w.Office().Clerk, key); err != nil {
		w.Fatal(err)
	}
	return key
}

// TestWhatApplicantsCopied: a statement that was taken over is found, whatever its
// figures; what the programme itself says is not; and the office alone is told.
func TestWhatApplicantsCopied(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	var asked string
	for _, i := range w.Criteria(round) {
		asked += i.Text
	}
	asked = string([]rune(asked)[:300])
	a := filedWith(w, round, w.Organisation(), map[string]string{"1-1": copied, "1-2": asked})
	b := filedWith(w, round, w.Organisation(), map[string]string{"1-2": asked, "1-3": strings.NewReplacer("三天", "3天", "十五", "三十").Replace(copied)})
	office := w.Office()

	v, err := w.Desk.RoundLikeness(t.Context(), office.Clerk, round)
	if err != nil {
		t.Fatal(err)
	}
	if v.Compared != 2 || v.Found != 1 || v.Pairs[0].Percent < 70 || v.Pairs[0].SameHouse {
		t.Fatalf("%d compared, %d found: %+v", v.Compared, v.Found, v.Pairs)
	}
	codes := map[id.Application]string{v.Pairs[0].Here.Application: v.Pairs[0].Here.Indicator.Code, v.Pairs[0].There.Application: v.Pairs[0].There.Indicator.Code}
	if codes[a] != "1-1" || codes[b] != "1-3" {
		t.Errorf("found in %v", codes)
	}
	one, err := w.Desk.ApplicationLikeness(t.Context(), office.Director, b)
	if err != nil || one.Found != 1 || one.Pairs[0].Here.Application != b || one.Review == "" {
		t.Errorf("of one application: %+v, %v", one, err)
	}
	side, err := w.Desk.CompareStatements(t.Context(), office.Clerk, a, "1-1", b, "1-3")
	if err != nil || len(side.HerePieces) < 3 || !side.HerePieces[0].Shared || side.Percent != v.Pairs[0].Percent {
		t.Errorf("side by side: %+v, %v", side, err)
	}

	for name, who := range map[string]stage.Actor{
		"an applicant": w.ApplicantOf(w.ApplicationOf(a).Organisation), "the chair": office.Chair, "a member": w.Members()[0],
		"an assessor": w.Team()[0], "anyone": stage.Anyone,
	} {
		_, round := w.Desk.RoundLikeness(t.Context(), who, round)
		_, app := w.Desk.ApplicationLikeness(t.Context(), who, a)
		_, side := w.Desk.CompareStatements(t.Context(), who, a, "1-1", b, "1-3")
		for _, err := range []error{round, app, side} {
			if fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// TestALikenessIsHiddenWithItsApplication: who has an interest in one of two learns
// nothing of it from the other.
func TestALikenessIsHiddenWithItsApplication(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	a := filedWith(w, round, w.Organisation(), map[string]string{"1-1": copied})
	b := filedWith(w, round, w.Organisation(), map[string]string{"1-1": copied})
	clerk := w.Office().Clerk
	if err := w.Desk.DeclareReviewInterest(t.Context(), clerk, w.ReviewOf(b).ID, "配偶在该单位任职"); err != nil {
		t.Fatal(err)
	}
	v, err := w.Desk.ApplicationLikeness(t.Context(), clerk, a)
	if err != nil || v.Compared != 1 || v.Found != 0 {
		t.Errorf("%+v, %v", v, err)
	}
	if _, err := w.Desk.CompareStatements(t.Context(), clerk, a, "1-1", b, "1-1"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("side by side: %v", err)
	}
}

// TestWhatASecondLookFinds: what was sketched once is found again, and what came since
// too.
func TestWhatASecondLookFinds(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	filedWith(w, round, w.Organisation(), map[string]string{"1-1": copied})
	filedWith(w, round, w.Organisation(), map[string]string{"1-1": copied})
	for range 2 {
		if v, err := w.Desk.RoundLikeness(t.Context(), w.Office().Clerk, round); err != nil || v.Found != 1 || v.Pairs[0].Percent != 100 {
			t.Fatalf("%+v, %v", v.Pairs, err)
		}
	}
	filedWith(w, round, w.Organisation(), map[string]string{"1-2": copied})
	if v, err := w.Desk.RoundLikeness(t.Context(), w.Office().Clerk, round); err != nil || v.Found != 3 {
		t.Errorf("with a third: %+v, %v", v.Pairs, err)
	}
}
