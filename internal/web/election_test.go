package web_test

import (
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// TestSecretBallotPages: the office appoints three trustees and a registrar, each sees
// their own part, and a page without script says what to do instead.
func TestSecretBallotPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	clerk, round := w.Office().Clerk, w.OpenRound()
	on := calendar.DateOf(w.Now()).AddDays(10)
	var all []stage.Actor
	for _, name := range []string{"监票人甲", "监票人乙", "监票人丙", "监督员丁"} {
		all = append(all, w.Person(name, stage.Scrutineer))
	}
	m, err := w.Desk.ConveneMeeting(t.Context(), clerk, w.Programme().Name, meeting.Plan{
		Round: round, Title: "无记名表决会议", At: on.Start().Add(9 * time.Hour), Place: "三楼会议室", Presiding: w.Office().Chair.Account, Ballot: "secret",
	})
	if err != nil {
		t.Fatal(err)
	}
	at := "/meetings/" + string(m) + "/elections"
	office := w.Browser(clerk)
	office.Get("/meetings/"+string(m)).Want(200, "无记名表决")
	office.Get(at).Want(200, "指定监票人和监督员")
	office.Post(at+"/appoint", "trustees", string(all[0].Account), "registrar", string(all[3].Account)).Want(422, "选3人")
	p := office.Post(at+"/appoint", "trustees", string(all[0].Account), "trustees", string(all[1].Account), "trustees", string(all[2].Account), "registrar", string(all[3].Account))
	office.Follow(p).Want(200, "2人到场即可解密")
	w.Browser(all[0]).Get(at).Want(200, "生成密钥", "这一页要用脚本")
	w.Browser(all[0]).Get(at+"/state").Want(200, `"phase":"certify"`)
	w.Browser(all[0]).Post(at+"/send", "act", "certify", "message", "{}").Want(409)
	w.Browser(all[3]).Post(at+"/send", "act", "certify", "message", "{}").Want(409, "不是这次会议指定的监票人")
}
