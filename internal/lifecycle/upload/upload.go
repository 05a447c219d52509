// Package upload is a file on its way in (上传): who sends it, for which indicator of
// which application, and how much of it has come. A line that breaks, a tab that is
// closed or a server that is killed interrupts an upload and does not end it: its
// sender goes on where it stopped, at this server or at another one.
//
// An upload decides nothing about files. Whoever begins one, and each time more of it
// comes, is asked what putting the file there asks (file.Attach, file.Put); whole, it
// goes the way of every other file. What became of it is told for a while to its
// sender, who may not have heard the answer.
package upload

import (
	"strings"
	"time"

	"shifan/internal/chars"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
)

// The states of an upload.
const (
	Coming  stage.State = "coming"  // more of it may come
	Kept    stage.State = "kept"    // it is whole, and a file of the application
	Refused stage.State = "refused" // it is whole, and was not taken
	Gone    stage.State = "gone"    // its row is removed
)

const (
	goesOn  = "制度:断点续传"
	forgets = "制度:没有传完的文件保留72小时"
)

// Kind is the machine of an upload. Its sender moves it, and the clock takes it away.
var Kind = stage.Kind{
	Name: "upload", Label: "上传", Start: Coming,
	Moves: []stage.Move{
		{From: Coming, Act: "receive", By: stage.Applicant, To: Coming, Basis: goesOn},
		{From: Coming, Act: "keep", By: stage.Applicant, To: Kept, Basis: "办法(一) 含佐证材料"},
		{From: Coming, Act: "refuse", By: stage.Applicant, To: Refused, Basis: "制度:按文件内容收文件"},
		{From: Coming, Act: "give_up", By: stage.Applicant, To: Gone, Basis: goesOn},
		{From: Coming, Act: "expire", By: stage.Clock, To: Gone, Basis: forgets},
		{From: Kept, Act: "forget", By: stage.Clock, To: Gone, Basis: forgets},
		{From: Refused, Act: "forget", By: stage.Clock, To: Gone, Basis: forgets},
	},
	Ends: map[stage.State]bool{Gone: false},
	Words: map[string]string{
		"coming": "正在上传", "kept": "已存入", "refused": "未收", "gone": "已清除",
		"begin": "开始上传", "receive": "接收一段", "keep": "存入", "refuse": "不收", "give_up": "放弃上传", "expire": "过期清除", "forget": "清除结果",
	},
}

// Lifetime is how long after its beginning an upload can be finished, and what became
// of it is told.
const Lifetime = 72 * time.Hour

// PartMost is how much of a file comes at most before it is kept for good: so much is
// sent again when a server is killed.
const PartMost = 4 << 20

// Upload is a file on its way in.
type Upload struct {
	ID           id.Upload
	Programme    id.Programme
	Organisation id.Organisation
	Application  id.Application
	Indicator    string
	Account      id.Account // who sends it, and nobody else goes on with it
	Name         string     // as given
	Size         int64      // bytes, when it is whole
	Modified     int64      // when its sender last changed it, in ms since 1970: by name, size and this it is known again
	Parts        []Part     // what has come; none any more once it is kept or refused
	State        stage.State
	File         id.File // what it became, once it is kept
	Code, Say    string  // why it was refused
	StartedAt    time.Time
	Expires      time.Time // the first instant at which it is too late
	Version      int64
}

// Part is a piece of a file, in the order of the file.
type Part struct {
	SHA256 string `json:"sha256"` // under which its bytes are kept, in hex
	Size   int64  `json:"size"`   // bytes of the file in it
}

// Received is how much has come, in bytes.
func (u *Upload) Received() (n int64) {
	if u.State != Coming {
		return u.Size
	}
	for _, p := range u.Parts {
		n += p.Size
	}
	return n
}

// Whole reports whether all has come.
func (u *Upload) Whole() bool { return u.Received() == u.Size }

// nameMost is how much of a name is kept, in bytes.
const nameMost = 255

var (
	errExpired   = fault.Define(fault.Refused, "upload.expired", "“%s”开始上传已满72小时，没有传完的部分已经清除。请重新上传。", forgets)
	errElsewhere = fault.Define(fault.Conflict, "upload.offset", "“%s”已经从别处接着传了。刷新页面，看现在传到哪里。", goesOn)
	errSize      = fault.Define(fault.Invalid, "upload.size", "“%s”的大小不对，请重新选择这个文件。", "")
)

// Place is where a file is to stand, and what decides whether it may.
type Place struct {
	Application *application.Application
	Programme   *programme.Programme
	Round       *round.Round
	Indicator   string
	Kept        []file.File  // of the application
	Standing    []file.Place // the same
	Others      []Upload     // of the application; the upload itself may be among them
	Room        file.Room
}

// Begin begins an upload. It is refused as the whole file would be: who may not put a
// file there, or a file of this size, sends none of it (S43).
func Begin(u Upload, by stage.Actor, at Place, now time.Time) (Upload, stage.Move, error) {
	a := at.Application
	u.Programme, u.Organisation, u.Application, u.Indicator = a.Programme, a.Organisation, a.ID, at.Indicator
	u.Account, u.State, u.StartedAt, u.Expires = by.Account, Coming, now, now.Add(Lifetime)
	u.Name = strings.ToValidUTF8(u.Name, "")
	for len(u.Name) > nameMost {
		u.Name = strings.ToValidUTF8(u.Name[:nameMost], "")
	}
	if u.Size < 0 {
		return u, stage.Move{}, errSize.At("file", u.quote())
	}
	if err := u.fits(by, at, now); err != nil {
		return u, stage.Move{}, err
	}
	return u, stage.Move{Act: "begin", By: by.Role, To: Coming, Basis: goesOn}, nil
}

// fits asks what putting the file there would ask: its time, its place and its room,
// in which the other files on their way are counted as if they had come.
func (u *Upload) fits(by stage.Actor, at Place, now time.Time) error {
	if _, err := file.Attach(at.Application, by, at.Programme, at.Round, u.Indicator, now); err != nil {
		return err
	}
	if err := at.Room.Takes(u.quote(), u.Size); err != nil {
		return err
	}
	kept, standing := at.Kept[:len(at.Kept):len(at.Kept)], at.Standing[:len(at.Standing):len(at.Standing)]
	for _, o := range at.Others {
		if o.ID != u.ID && o.State == Coming && now.Before(o.Expires) {
			kept = append(kept, o.asFile())
			standing = append(standing, file.Place{File: id.File(o.ID), Indicator: o.Indicator})
		}
	}
	_, err := file.Put(u.asFile(), u.Indicator, kept, standing, at.Room, now)
	return err
}

// asFile is the file that an upload would become, of bytes that nobody knows yet.
func (u *Upload) asFile() file.File {
	return file.File{ID: id.File(u.ID), Application: u.Application, Name: u.Name, Size: u.Size, SHA256: string(u.ID)}
}

// Goes decides whether more of an upload may come now, from an offset on. It is asked
// before anything is read.
func (u *Upload) Goes(by stage.Actor, at Place, offset int64, now time.Time) (stage.Move, error) {
	m, err := u.mine(by, "receive", now)
	switch {
	case err != nil:
		return m, err
	case offset != u.Received():
		return m, errElsewhere.New(u.quote())
	}
	return m, u.fits(by, at, now)
}

// Receive takes a part that came at an offset and is kept. Of two that came at the
// same offset, at two servers or over a line that was thought dead, one is taken.
func (u *Upload) Receive(by stage.Actor, at Place, offset int64, part Part, now time.Time) (stage.Move, error) {
	m, err := u.Goes(by, at, offset, now)
	switch {
	case err != nil:
		return m, err
	case part.Size <= 0 || offset+part.Size > u.Size:
		return m, errSize.At("file", u.quote())
	}
	u.Parts = append(u.Parts, part)
	return m, nil
}

// Keep ends an upload that is whole and became a file.
func (u *Upload) Keep(by stage.Actor, f id.File, now time.Time) (stage.Move, error) {
	m, err := u.ended(by, "keep", now)
	if err == nil {
		u.File = f
	}
	return m, err
}

// Refuse ends an upload that is whole and was not taken, with the reason.
func (u *Upload) Refuse(by stage.Actor, why *fault.Fault, now time.Time) (stage.Move, error) {
	m, err := u.ended(by, "refuse", now)
	if err == nil {
		u.Code, u.Say = why.Code, why.Say
	}
	return m, err
}

func (u *Upload) ended(by stage.Actor, act string, now time.Time) (stage.Move, error) {
	m, err := u.mine(by, act, now)
	switch {
	case err != nil:
		return m, err
	case !u.Whole():
		return m, errElsewhere.New(u.quote())
	}
	u.State, u.Parts = m.To, nil
	return m, nil
}

// GiveUp ends an upload that its sender does not want any more.
func (u *Upload) GiveUp(by stage.Actor) (stage.Move, error) {
	if by.Account != u.Account {
		return stage.Move{}, fault.Missing()
	}
	return u.step("give_up", by)
}

// Expire takes an upload away whose time is over, whatever became of it.
func (u *Upload) Expire(by stage.Actor, now time.Time) (stage.Move, error) {
	if now.Before(u.Expires) {
		return stage.Move{}, fault.Stale()
	}
	if u.State == Coming {
		return u.step("expire", by)
	}
	return u.step("forget", by)
}

// mine is a step of an upload by who sends it, in time. To everybody else there is
// none.
func (u *Upload) mine(by stage.Actor, act string, now time.Time) (stage.Move, error) {
	switch {
	case by.Account != u.Account || by.Organisation != u.Organisation:
		return stage.Move{}, fault.Missing()
	case !now.Before(u.Expires):
		return stage.Move{}, errExpired.New(u.quote())
	}
	return Kind.Step(u.State, act, by.Role)
}

func (u *Upload) step(act string, by stage.Actor) (stage.Move, error) {
	m, err := Kind.Step(u.State, act, by.Role)
	if err == nil {
		u.State = m.To
	}
	return m, err
}

// quote is the upload's name as sentences quote it.
func (u *Upload) quote() string { return chars.Cut(u.Name, 60) }
