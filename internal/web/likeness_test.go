package web_test

import (
	"strings"
	"testing"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// TestLikenessesByTheirPages: the applications of the kit say the same to every
// indicator, so the pages have something to show.
func TestLikenessesByTheirPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	a := w.Accepted(round)
	clerk := w.Browser(w.Office().Clerk)
	here := w.ApplicationOf(a)
	clerk.Get("/applications/"+string(a)+"/likenesses").Want(200, "没有发现相近的自评说明", "申报单位看不到")
	there := w.ApplicationOf(w.Accepted(round))

	clerk.Get("/reviews/"+string(w.ReviewOf(a).ID)).Want(200, "与其他申报的相近表述")
	clerk.Get("/rounds/"+string(round)+"/review").Want(200, "申报之间的相近表述")
	clerk.Get("/rounds/"+string(round)+"/likenesses").Want(200, "相近的表述：2021年度", "不是结论")
	clerk.Get("/applications/"+string(a)+"/likenesses").Want(200, here.Name)
	side := "/applications/" + string(a) + "/likenesses/compare?indicator=1-1&other=" + string(there.ID) + "&as=1-1"
	if p := clerk.Get(side).Want(200, here.Name, there.Name, "三年来每年都有安排"); strings.Count(p.Body, "<mark>") != 2 {
		t.Error("what both say is not marked on both sides")
	}
	clerk.Get("/applications/" + string(a) + "/likenesses/compare?indicator=9-9&other=" + string(there.ID) + "&as=1-1").Want(404)
	clerk.Get("/applications/" + string(a) + "/likenesses/compare").Want(404)
	w.Browser(w.ApplicantOf(here.Organisation)).Get(side).Want(403)
	w.Browser(w.Person("委员外", stage.Member)).Get(side).Want(403)
}
