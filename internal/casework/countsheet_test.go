package casework_test

import (
	"bytes"
	"io"
	"testing"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/testkit"
)

// TestThePaperBallotNeedsItsSheet: two scrutineers count alike, the sheet that they signed
// is scanned and kept for good, its digest stands in the record and on the result sheet, and
// only then is the result declared.
func TestThePaperBallotNeedsItsSheet(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Fonts()
	w.Reconfigure("ballot: named", "ballot: paper")
	in := w.OpenRound()
	key := w.Accepted(in)
	w.Reviewed(key)
	w.Visited(key)
	m, items := w.MeetingOn(in, key)
	one, two, tied := w.Person("监票人甲", stage.Scrutineer), w.Person("监票人乙", stage.Scrutineer), w.Person("监票人丙", stage.Scrutineer)
	office, members := w.Office(), w.Members()
	ok(t, declare(w, tied, casework.NewTie{Organisation: w.ApplicationOf(key).Name, Kind: "kin", Reason: "配偶任副会长"}))

	blank, err := w.Desk.MeetingPaper(t.Context(), one, m, casework.CountSheet, "")
	ok(t, err)
	wants(w, w.Read(blank.PDF), "计票单", w.ApplicationOf(key).Name, "赞成", "反对", "弃权", "无效", "发出", "收回", "四项相加", "监票人", "签字")
	if docx, err := blank.DOCX(); err != nil || len(docx) == 0 {
		t.Error(err)
	}
	if _, err := w.Desk.MeetingPaper(t.Context(), members[0], m, casework.CountSheet, ""); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a member's blank sheet: %v", err)
	}

	w.Sitting(m)
	i, scan := items[0], play.PDF("计票单", "赞成5票。")
	ok(t, w.Desk.OpenVote(t.Context(), office.Chair, i))
	ok(t, w.Desk.CloseVote(t.Context(), office.Chair, i))
	bring := func(by stage.Actor, name string, b []byte) error {
		return w.Desk.AttachCountSheet(t.Context(), by, i, name, bytes.NewReader(b))
	}
	tally := ballot.Tally{Issued: 5, Collected: 5, Ayes: 5}
	w.Refused(bring(one, "计票单.pdf", scan), "countsheet.attach.differ")
	ok(t, w.Desk.CountBallots(t.Context(), one, i, tally))
	ok(t, w.Desk.CountBallots(t.Context(), two, i, ballot.Tally{Issued: 5, Collected: 5, Ayes: 4, Noes: 1}))
	w.Refused(bring(one, "计票单.pdf", scan), "countsheet.attach.differ")
	ok(t, w.Desk.CountBallots(t.Context(), two, i, tally))
	w.Refused(w.Desk.Declare(t.Context(), office.Chair, i, "", ""), "countsheet.declare.missing")
	if v, err := w.Desk.Item(t.Context(), office.Chair, i); err != nil || fault.CodeOf(v.Blocked) != "countsheet.declare.missing" {
		t.Errorf("the chair's page: %v %v", v.Blocked, err)
	}
	if !tasks(w, one)["上传计票单："+w.ApplicationOf(key).Name] || tasks(w, tied)["上传计票单："+w.ApplicationOf(key).Name] {
		t.Errorf("work: %v, of who is tied: %v", tasks(w, one), tasks(w, tied))
	}
	w.Refused(bring(tied, "计票单.pdf", scan), "countsheet.attach.interest")
	w.Refused(bring(one, "计票单.exe", []byte("MZ")), "evidence.file.type")
	w.Refused(bring(office.Chair, "计票单.pdf", scan), "stage.not_allowed")
	if err := bring(w.Person("别处监票人", stage.Assessor), "计票单.pdf", scan); fault.KindOf(err) != fault.NotFound {
		t.Errorf("who sees no meeting: %v", err)
	}
	ok(t, bring(one, "计票单.pdf", scan))
	w.Refused(bring(office.Clerk, "又一份.pdf", scan), "countsheet.attach.twice")
	ok(t, bring(office.Clerk, "照片.jpg", shot(t, 90))) // of a phone: it says where it was taken

	v, err := w.Desk.Item(t.Context(), members[0], i)
	ok(t, err)
	if len(v.Sheets) != 2 || !v.Sheets[0].Holds {
		t.Fatalf("%+v", v.Sheets)
	}
	read := func(by stage.Actor, key id.CountSheet) ([]byte, error) {
		_, _, r, err := w.Desk.OpenCountSheet(t.Context(), by, i, key)
		if err != nil {
			return nil, err
		}
		defer r.Close()
		b, err := io.ReadAll(io.NewSectionReader(r, 0, 1<<20))
		return b, err
	}
	if b, err := read(office.Clerk, v.Sheets[0].ID); err != nil || !bytes.Equal(b, scan) {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	for by, says := range map[stage.Actor]bool{office.Clerk: true, members[0]: false, office.Chair: false, one: false} {
		if b, err := read(by, v.Sheets[1].ID); err != nil || len(b) == 0 || bytes.Contains(b, []byte("GPS")) != says {
			t.Errorf("the photo's position, to a %s: %v %v", by.Role, !says, err)
		}
	}
	if _, err := read(tied, v.Sheets[0].ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("who is tied opens it: %v", err)
	}
	found := false
	for _, e := range w.Entries(string(i)) {
		found = found || e.Act == "item.attach_sheet" && e.Facts["sha256"] == v.Sheets[0].SHA256
	}
	if !found {
		t.Error("the record does not say its digest")
	}
	gone, err := w.Desk.SweepBlobs(t.Context(), w.Now().AddDate(1, 0, 0))
	if err != nil || gone != 0 {
		t.Errorf("%d blobs were tidied away, %v", gone, err)
	}
	if b, err := read(one, v.Sheets[1].ID); err != nil || len(b) == 0 {
		t.Error(err)
	}

	ok(t, w.Desk.Declare(t.Context(), office.Chair, i, "", ""))
	w.Refused(bring(one, "迟到.png", play.Photo(4)), "stage.not_allowed")
	ok(t, w.Desk.CloseMeeting(t.Context(), office.Chair, m))
	w.Refused(bring(office.Clerk, "迟到.png", play.Photo(4)), "stage.not_allowed")
	p, err := w.Desk.MeetingPaper(t.Context(), members[0], m, casework.VoteResult, "")
	ok(t, err)
	wants(w, w.Read(p.PDF), "计票单扫描件", v.Sheets[0].SHA256[:8], v.Sheets[1].SHA256[:8])
	if v, err := w.Desk.Item(t.Context(), office.Clerk, i); err != nil || v.Item.State != item.Carried {
		t.Errorf("%s, %v", v.Item.State, err)
	}
}

// tasks are the titles of what waits for somebody.
func tasks(w *testkit.World, by stage.Actor) map[string]bool {
	w.Helper()
	all, err := w.Desk.Work(w.Context(), by)
	if err != nil {
		w.Fatal(err)
	}
	titles := map[string]bool{}
	for _, i := range all {
		titles[i.Title] = true
	}
	return titles
}
