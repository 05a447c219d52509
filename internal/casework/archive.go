package casework

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"shifan/internal/archive"
	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	archiving "shifan/internal/lifecycle/archive"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/paper"
	"shifan/internal/record"
	"shifan/internal/store"
)

// Archived is what became of packing a round.
type Archived struct {
	Manifest archive.Manifest
	Digest   string // of the manifest, as the record names it
	Bytes    int64  // of all files that the manifest lists
}

var errArchiveTied = fault.Define(fault.Refused, "round.archive.tied",
	"您和本届的申报单位有利害关系，不能下载归档包。由另一位负责人下载，或者由管理员在服务器上用命令行生成。", "制度:利害关系人不接触材料")

// reading is as whom a package is put together: who sees every document, and of
// objections not who wrote them.
var reading = stage.Actor{Role: stage.Auditor}

// ArchiveRound puts a round into an archive package (S76): the originals, what was
// decided and how, and the proofs of the record. The record gets a line with the digest
// of the package's manifest, and the package a proof of that line. Two packages of the
// same state are the same, that proof aside.
func (d *Desk) ArchiveRound(ctx context.Context, by stage.Actor, key id.Round, to archive.Target) (done Archived, err error) {
	defer fault.Wrap(&err, "casework.ArchiveRound(%s)", key)
	if err := d.Store.Sequence(ctx); err != nil { // so that everything can be proved
		return done, err
	}
	p, err := d.pack(ctx, by, key)
	if err != nil {
		return done, err
	}
	return d.archived(ctx, p, to, string(key), archive.Act, func(done Archived) error { return d.recordArchive(ctx, by, key, done) })
}

// archived writes what was gathered, lets the record name its manifest by an act on a
// thing, and puts the proof of that line into the package.
func (d *Desk) archived(ctx context.Context, p *packing, to archive.Target, thing, act string, record func(Archived) error) (done Archived, err error) {
	w := archive.NewWriter(to, p.manifest)
	if err := p.write(ctx, w, to.Several()); err != nil {
		return done, err
	}
	if done.Digest, done.Manifest, err = w.Finish(); err != nil {
		return done, err
	}
	for _, f := range done.Manifest.Files {
		done.Bytes += f.Size
	}
	if err := errors.Join(record(done), d.Store.Sequence(ctx)); err != nil {
		return done, err
	}
	return done, d.Store.View(ctx, func(tx *store.Tx) error {
		proof, err := tx.ProveAct(reading, thing, act)
		if err != nil {
			return err
		}
		return w.Prove(proof)
	})
}

// MayArchive refuses what ArchiveRound would refuse, before anything is written.
func (d *Desk) MayArchive(ctx context.Context, by stage.Actor, key id.Round) (r round.Round, err error) {
	defer fault.Wrap(&err, "casework.MayArchive(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		r, err = archivable(tx, by, key)
		return err
	})
	return r, err
}

// archivable returns a round that somebody may archive. Who has a tie to one of its
// applicants, or to a holder of one of its titles, may not, whatever the role: the package
// holds that organisation's file.
func archivable(tx *store.Tx, by stage.Actor, key id.Round) (r round.Round, err error) {
	if r, err = tx.RoundFor(stage.Actor{Role: stage.Auditor, Programme: by.Programme}, key); err != nil {
		return r, err
	}
	if by.Programme != "" && by.Programme != r.Programme {
		return r, fault.Missing()
	}
	if _, err := archiving.Pack(by, &r); err != nil || by.Account == Console.Account {
		return r, err
	}
	tied, err := tx.TiesOf(by.Account)
	if err != nil || len(tied) == 0 {
		return r, err
	}
	all, err := tx.ApplicationsOf(key)
	for _, a := range all {
		if slices.Contains(tied, a.Organisation) {
			return r, errArchiveTied.New()
		}
	}
	if err != nil {
		return r, err
	}
	titles, err := tx.DesignationsIn(key)
	for _, t := range titles { // a successor never applied
		if slices.Contains(tied, t.Organisation) {
			return r, errArchiveTied.New()
		}
	}
	return r, err
}

func (d *Desk) recordArchive(ctx context.Context, by stage.Actor, key id.Round, done Archived) error {
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		r, err := archivable(tx, by, key)
		if err != nil {
			return record.Entry{}, err
		}
		m, err := archiving.Pack(by, &r)
		if err != nil {
			return record.Entry{}, err
		}
		e := d.roundEntry(by, &r, m, d.Now())
		e.Facts = done.facts()
		return e, nil
	})
}

// facts are what the record says of a package.
func (a Archived) facts() map[string]string {
	return map[string]string{archive.FactManifest: a.Digest, "files": strconv.Itoa(len(a.Manifest.Files)), "bytes": strconv.FormatInt(a.Bytes, 10)}
}

// piece is one file of a package before it is written.
type piece struct {
	file  archive.File
	about archive.About
	open  func(context.Context) (io.ReadCloser, error)
}

// packing gathers the pieces of a package.
type packing struct {
	desk     *Desk
	tx       *store.Tx     // while it gathers
	round    round.Round   // empty where the package is of titles without one
	former   []formerTitle // the titles of such a package
	rules    *programme.Programme
	manifest archive.Manifest
	names    archive.Names
	pieces   []piece
	proofs   map[string]string // of each thing, the path of its proof
	people   map[id.Account]string
	titles   map[id.Application]designation.Designation
	filed    []packed       // the applications, in the order of their numbers
	counts   map[string]int // applications by state
	unset    bool           // this program has no fonts to set documents in
	infected int            // files that were left out
}

// packed is an application with its folder.
type packed struct {
	a      application.Application
	folder string // "" for one that was never submitted
	page   string
}

// The folders of a package.
const (
	callFolder      = "00方案和通知"
	filedFolder     = "01申报单位"
	drawFolder      = "02考核组抽取"
	meetingFolder   = "03会议"
	publicityFolder = "04公示"
	objectionFolder = "05异议"
	namingFolder    = "06命名"
	recordFolder    = "07存证"
	orderFolder     = "08整改"
	revokedFolder   = "09撤销"
)

// pack reads everything that goes into a package, from one state of the database. The
// bytes of files are read when they are written.
func (d *Desk) pack(ctx context.Context, by stage.Actor, key id.Round) (p *packing, err error) {
	p = d.newPacking()
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		p.tx = tx
		if p.round, err = archivable(tx, by, key); err != nil {
			return err
		}
		if p.rules, err = tx.ProgrammeOf(key); err != nil {
			return err
		}
		p.manifest = archive.Manifest{Round: string(key), Title: p.round.Title, Programme: string(p.round.Programme), Year: p.round.Year, State: string(p.round.State)}
		return p.gather(p.call, p.applications, p.draws, p.calibrations, p.meetings, p.publicities, p.namings, p.afterwards, p.head)
	})
	p.tx = nil
	return p, err
}

func (d *Desk) newPacking() *packing {
	return &packing{
		desk: d, unset: !typesets(), proofs: map[string]string{}, people: map[id.Account]string{}, titles: map[id.Application]designation.Designation{}, counts: map[string]int{},
	}
}

// gather gathers the parts of a package, of the record as it is.
func (p *packing) gather(parts ...func() error) error {
	h, err := p.tx.Head()
	if err != nil {
		return err
	}
	p.manifest.Verifier, p.manifest.Entries = h.Verifier, h.Size
	for _, part := range parts {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

// typesets reports whether the program was built with the fonts of documents.
func typesets() bool {
	_, err := issue("", &paper.Document{Title: "归档", Undated: true, Created: time.Unix(0, 0)})
	return fault.CodeOf(err) != noFonts
}

// add puts a piece into a folder, and returns its path.
func (p *packing) add(folder, name string, f archive.File, a archive.About, open func(context.Context) (io.ReadCloser, error)) string {
	f.Path = p.names.In(folder, name)
	p.pieces = append(p.pieces, piece{f, a, open})
	return f.Path
}

func (p *packing) bytes(folder, name string, f archive.File, a archive.About, text []byte) string {
	return p.add(folder, name, f, a, func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil })
}

// paper puts an official document into a folder. It is set when it is written.
func (p *packing) paper(folder, name string, f archive.File, doc *paper.Document) {
	if p.unset {
		return
	}
	a := archive.About{Number: doc.Number, Author: strings.Join(doc.Signers, "、"), Date: doc.Date.String()}
	p.add(folder, name+".pdf", f, a, func(context.Context) (io.ReadCloser, error) {
		set, err := issue(name, doc)
		return io.NopCloser(bytes.NewReader(set.PDF)), err
	})
}

// signed puts an official document into a folder, as it was signed; where it was not, as it
// would be.
func (p *packing) signed(folder, name string, f archive.File, sort, subject string, doc *paper.Document) error {
	of, err := inForce(p.tx, subject, sort)
	if err != nil || of == nil {
		p.paper(folder, name, f, doc)
		return err
	}
	if err := p.prove("文书", cmp.Or(of.Number, of.Title), string(of.ID)); err != nil {
		return err
	}
	a := archive.About{Number: of.Number, Author: strings.Join(doc.Signers, "、"), Date: of.On.String()}
	p.add(folder, name+".pdf", f, a, func(ctx context.Context) (io.ReadCloser, error) {
		b, err := p.desk.signedBytes(ctx, of.PDF)
		return io.NopCloser(bytes.NewReader(b)), err
	})
	return nil
}

// prove puts the proof of the last entry of a thing into the package, where the record
// has one.
func (p *packing) prove(kind, title, thing string) error {
	if p.proofs[thing] != "" {
		return nil
	}
	proof, err := p.tx.Prove(reading, thing)
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	if err == nil {
		p.proofs[thing] = p.proof(thing, kind+"："+title, thing, proof)
	}
	return err
}

func (p *packing) proof(name, title, thing string, proof record.Proof) string {
	return p.bytes(recordFolder, name+".tlog-proof", p.file("record", "存证证明，"+title, thing), archive.About{}, []byte(proof.String()))
}

// bound binds a file to the record: it looks, among the last entries of some acts on the
// thing, for one whose fact is the digest of the text, and puts its proof into the
// package. Where there is none the file only stands in the manifest.
func (p *packing) bound(f archive.File, fact string, text []byte, acts ...string) (archive.File, error) {
	for _, act := range acts {
		proof, err := p.tx.ProveAct(reading, f.Thing, act)
		if fault.KindOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return f, err
		}
		l, err := record.ParseLeaf(proof.Leaf)
		if err != nil {
			return f, err
		}
		if l.Facts[fact] == hex256(text) {
			f.Proven = &archive.Claim{Proof: p.proof(f.Thing+" "+act, f.Title, f.Thing, proof), Fact: fact}
			break
		}
	}
	return f, nil
}

// file is what the manifest says of a piece of some kind.
func (p *packing) file(kind, title, thing string) archive.File {
	return archive.File{Title: title, Thing: thing, Retention: archiving.Retention(kind)}
}

// who names an account, as minutes do.
func (p *packing) who(key id.Account) (string, error) {
	switch key {
	case "":
		return "", nil
	case stage.TheClock.Account:
		return "系统（到期自动）", nil
	}
	if name, known := p.people[key]; known {
		return name, nil
	}
	a, err := p.tx.Account(key)
	if fault.KindOf(err) == fault.NotFound {
		a.Name, err = string(key), nil
	}
	p.people[key] = a.Name
	return a.Name, err
}

// write writes the pieces, several at once where the target takes them, and then what is
// written about them.
func (p *packing) write(ctx context.Context, w *archive.Writer, several int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan piece)
	var wait sync.WaitGroup
	for range max(several, 1) {
		wait.Go(func() {
			for one := range next {
				if err := p.put(ctx, w, one); err != nil {
					cancel(err)
				}
			}
		})
	}
	for _, one := range p.pieces {
		select {
		case next <- one:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(next)
	wait.Wait()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	return p.describe(w)
}

func (p *packing) put(ctx context.Context, w *archive.Writer, one piece) error {
	if ctx.Err() != nil {
		return nil
	}
	in, err := one.open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(w.Add(one.file, in), in.Close())
}

// day says a date in a metadata element.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return calendar.DateOf(t).String()
}
