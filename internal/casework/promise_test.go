package casework_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/calibration"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/message"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/round"
	"shifan/internal/record"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// heard passes log lines on, and tells those of a context that listens to it.
type heard struct{ slog.Handler }

type listening struct{}

func (h heard) Handle(ctx context.Context, r slog.Record) error {
	if to, ok := ctx.Value(listening{}).(*bytes.Buffer); ok {
		return slog.NewTextHandler(to, nil).Handle(ctx, r)
	}
	return h.Handler.Handle(ctx, r)
}

func init() { slog.SetDefault(slog.New(heard{slog.NewTextHandler(os.Stderr, nil)})) }

// wrongs are writes that no act makes: for each table that a promise looks at, one
// that breaks a promise, from whatever side the promise is seen.
var wrongs = []struct {
	promise string
	write   func(*store.Tx, lived) error
}{
	{"round.closed.after_deadline", func(tx *store.Tx, l lived) error {
		return changed(tx.Round, tx.PutRound)(l.early, func(r *round.Round) { r.State, r.Deadline = round.Closed, l.now.Add(time.Second) })
	}},
	{"application.submitted.in_time", func(tx *store.Tx, l lived) error { // seen from the round
		return changed(tx.Round, tx.PutRound)(l.round, func(r *round.Round) { r.PublishedAt = r.PublishedAt.Add(time.Second) })
	}},
	{"application.not_chosen.by_committee", func(tx *store.Tx, l lived) error {
		return changed(tx.Application, tx.PutApplication)(l.accepted, func(a *application.Application) { a.State, a.Stage = application.NotChosen, "" })
	}},
	{"review.confirmed.four_eyes", func(tx *store.Tx, l lived) error {
		r, err := tx.ReviewOf(l.file)
		r.Confirmer = r.Reviewer
		return errors.Join(err, tx.PutReview(&r))
	}},
	{"visit.signed.by_all", func(tx *store.Tx, l lived) error {
		v, err := tx.VisitOf(l.file)
		v.Signatures = v.Signatures[1:]
		return errors.Join(err, tx.PutVisit(&v))
	}},
	{"meeting.seat.once", func(tx *store.Tx, l lived) error {
		i, err := tx.ItemsAbout(item.Subject{Kind: "application", ID: string(l.file)})
		m, err2 := tx.Meeting(i[0].Meeting)
		m.Roster[1].Account = m.Roster[0].Account
		return errors.Join(err, err2, tx.PutMeeting(&m))
	}},
	{"item.tally.sums", func(tx *store.Tx, l lived) error {
		i, err := tx.ItemsAbout(item.Subject{Kind: "application", ID: string(l.file)})
		i[0].Tally.Ayes++
		return errors.Join(err, tx.PutItem(&i[0]))
	}},
	{"application.chosen.carried", func(tx *store.Tx, l lived) error { // seen from the item
		i, err := tx.ItemsAbout(item.Subject{Kind: "application", ID: string(l.file)})
		i[0].State, i[0].Reason = item.Deferred, "重新审议"
		return errors.Join(err, tx.PutItem(&i[0]))
	}},
	{"publicity.served.days", func(tx *store.Tx, l lived) error {
		return changed(tx.Publicity, tx.PutPublicity)(l.list, func(p *publicity.Publicity) { p.State, p.ServedAt = publicity.Served, p.Ends.Add(-time.Second) })
	}},
	{"candidate.cleared.unopposed", func(tx *store.Tx, l lived) error {
		c, err := tx.CandidateOf(l.file)
		c.State, c.ChangedAt = publicity.Cleared, l.now
		return errors.Join(err, tx.PutCandidate(&c))
	}},
	{"objection.founded.heard", func(tx *store.Tx, l lived) error {
		return changed(tx.Objection, tx.PutObjection)(l.objection, func(o *objection.Objection) { o.State = objection.Founded })
	}},
	{"naming.issued.released", func(tx *store.Tx, l lived) error {
		d, err := tx.Designation(l.title)
		return errors.Join(err, changed(tx.Naming, tx.PutNaming)(d.Naming, func(n *naming.Naming) { n.Releases[1].By = n.Releases[0].By }))
	}},
	{"designation.ended.dated", func(tx *store.Tx, l lived) error {
		d, err := tx.Designation(l.title)
		d.EndedOn = d.NamedOn
		return errors.Join(err, tx.PutDesignation(&d))
	}},
	{"plaque.after_naming", func(tx *store.Tx, l lived) error {
		q, err := tx.PlaqueOf(l.title)
		q.OrderedOn = q.OrderedOn.AddDays(-1)
		return errors.Join(err, tx.PutPlaque(&q))
	}},
	{"recheck.concluded.four_eyes", func(tx *store.Tx, l lived) error {
		d, err := tx.Designation(l.title)
		return errors.Join(err, tx.AddRecheck(&recheck.Recheck{ID: "rck_x", Programme: d.Programme, Designation: d.ID, Organisation: d.Organisation, State: recheck.Passed, DueOn: d.RecheckDue}))
	}},
	{"rectification.running.marks_title", func(tx *store.Tx, l lived) error {
		d, err := tx.Designation(l.title)
		return errors.Join(err, tx.AddRectification(&rectification.Rectification{ID: "rct_x", Programme: d.Programme, Designation: d.ID, Organisation: d.Organisation, State: rectification.Ordered}))
	}},
	{"revocation.revoked.title_gone", func(tx *store.Tx, l lived) error {
		d, err := tx.Designation(l.title)
		return errors.Join(err, tx.AddRevocation(&revocation.Revocation{
			ID: "rvk_x", Programme: d.Programme, Designation: d.ID, Organisation: d.Organisation, State: revocation.Revoked, Ground: revocation.Untrue,
			Decision: "itm_x", NotifiedOn: d.NamedOn, DecidedOn: d.NamedOn, Statement: "有话说", Facts: "查实",
		}))
	}},
	{"draw.restarted.once", func(tx *store.Tx, l lived) error {
		return tx.AddDraw(&draw.Draw{ID: "drw_x", Programme: "base", Round: l.round, State: draw.Frozen, Attempt: 2, Edition: 1})
	}},
	{"calibration.marked.while_open", func(tx *store.Tx, l lived) error { // seen from the marks
		return errors.Join(
			tx.AddCalibration(&calibration.Calibration{ID: "cal_x", Programme: "base", Round: l.round, State: calibration.Prepared, Title: "样本", PreparedBy: "acc_x"}),
			tx.AddMarking(&calibration.Marking{ID: "mrk_x", Calibration: "cal_x", Account: "acc_y", At: l.now}),
		)
	}},
	{"delivery.over.never_due", func(tx *store.Tx, l lived) error {
		return tx.AddDelivery(&message.Delivery{ID: "dlv_x", Channel: message.Mail, Account: "acc_x", State: message.Sent, Tries: 1, Due: l.now, EndedAt: l.now})
	}},
	{"delivery.letter.own", func(tx *store.Tx, l lived) error {
		return errors.Join(
			tx.AddMessage(&message.Message{ID: "msg_x", Kind: "accepted", Account: "acc_x", Role: "applicant", MadeAt: l.now}),
			tx.AddDelivery(&message.Delivery{ID: "dlv_x", Channel: message.Mail, Account: "acc_y", Messages: []id.Message{"msg_x"}, State: message.Queued, Due: l.now}),
		)
	}},
}

// lived is a world in which every table has something that can be wronged.
type lived struct {
	round, early   id.Round
	accepted, file id.Application
	list           id.Publicity
	objection      id.Objection
	title          id.Designation
	now            time.Time
}

// TestAWrongWriteIsRefusedAndLogged: a write that breaks a promise is undone, is an
// error of ours, and the log says which promise and of what, without what people
// wrote.
func TestAWrongWriteIsRefusedAndLogged(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	l := lived{round: w.OpenRound()}
	l.accepted, l.file = w.Accepted(l.round), w.Accepted(l.round)
	w.Reviewed(l.file)
	w.At("2021-08-02 09:00:00")
	w.Visited(l.file)
	w.Decided(l.round, l.file)
	l.list = w.Publicised(l.file)
	l.objection = w.Objected(l.file).Objection.ID
	l.title, l.now = w.Designation(), w.Now()
	early := testkit.Plan2021()
	early.Year, early.DatedOn, early.DeadlineDate, early.DocNumber = 2022, early.DatedOn.AddDays(60), early.DeadlineDate.AddDays(400), "吉社联党发〔2022〕9号"
	key, err := w.Desk.DraftRound(t.Context(), w.Office().Clerk, w.Programme().Name, early)
	if err != nil {
		t.Fatal(err)
	}
	l.early = key
	for _, tt := range wrongs {
		before, log := w.Entries(""), &bytes.Buffer{}
		err := w.Desk.Store.Change(context.WithValue(t.Context(), listening{}, log), func(tx *store.Tx) (record.Entry, error) {
			return record.Entry{At: l.now, By: "test", Role: "clerk", Act: "test.wrong", Thing: "thing"}, tt.write(tx, l)
		})
		if !errors.Is(err, store.ErrInvariant) || fault.KindOf(err) != fault.Internal || !strings.Contains(fmt.Sprint(err), tt.promise+":") {
			t.Errorf("%s: got %v", tt.promise, err)
		}
		if line := log.String(); !strings.Contains(line, "level=ERROR") || !strings.Contains(line, "invariant="+tt.promise) {
			t.Errorf("%s: the log says %q", tt.promise, line)
		}
		for _, written := range []string{"柳树林", "年报没有公开", "重新审议"} {
			if strings.Contains(log.String(), written) {
				t.Errorf("%s: the log tells %s", tt.promise, written)
			}
		}
		if diff := cmp.Diff(before, w.Entries("")); diff != "" {
			t.Errorf("%s left a line in the record: %s", tt.promise, diff)
		}
	} // and when the test ends, the world holds that no row differs from the record
}

// changed reads a thing, lets a test change it, and writes it.
func changed[K, T any](get func(K) (T, error), put func(*T) error) func(K, func(*T)) error {
	return func(key K, change func(*T)) error {
		v, err := get(key)
		change(&v)
		return errors.Join(err, put(&v))
	}
}

// BenchmarkSaveDraft measures what the promises cost an act: saving an answer of a
// draft, durably, with them and without.
func BenchmarkSaveDraft(b *testing.B) {
	for _, on := range []bool{true, false} {
		b.Run(fmt.Sprintf("promises=%t", on), func(b *testing.B) {
			w := testkit.New(b)
			if guarded := w.Desk.Store; !on {
				defer func() { w.Desk.Store = guarded }()
				w.Desk.Store = testkit.Store(b)
			}
			key := w.Drafted(w.OpenRound())
			by := w.ApplicantOf(w.ApplicationOf(key).Organisation)
			n := 0
			for b.Loop() {
				n++
				in := answer.Part{Answers: map[string]answer.Answer{"1-1": {Rating: answer.Meets, Statement: fmt.Sprint("第", n, "稿")}}}
				if err := w.Desk.SaveApplication(b.Context(), by, key, 0, in); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acts/s")
		})
	}
}
