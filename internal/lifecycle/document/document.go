package document

import (
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

// The states of a document. A prepared one is not kept: it is made when somebody asks.
const (
	Prepared   stage.State = "prepared"   // 稿
	Signed     stage.State = "signed"     // in force
	Superseded stage.State = "superseded" // another one stands in its place
	Voided     stage.State = "voided"     // withdrawn; nothing stands in its place
)

// Kind is the machine of a document. Those signed by the act that issues them need no
// move of their own: who may take the act signs by it. That the head of an office signs is
// the rule of Party and state organs too (党政机关公文处理工作条例 第二十二条).
var Kind = stage.Kind{
	Name: "document", Label: "文书", Start: Prepared,
	Moves: []stage.Move{
		{From: Prepared, Act: "sign", By: stage.Director, To: Signed, Basis: "制度:文书由负责人签发，签发即定稿"},
		{From: Prepared, Act: "sign", By: stage.Chair, To: Signed, Basis: "制度:文书由负责人签发，签发即定稿"},
		{From: Signed, Act: "supersede", By: stage.Director, To: Superseded, Basis: "制度:签发的文书不改动，有错的另行更正"},
		{From: Signed, Act: "supersede", By: stage.Chair, To: Superseded, Basis: "制度:签发的文书不改动，有错的另行更正"},
		{From: Signed, Act: "void", By: stage.Director, To: Voided, Basis: "制度:作废的文书和文号留在登记簿里"},
	},
	Ends: map[stage.State]bool{Superseded: false, Voided: false},
	Words: map[string]string{
		"prepared": "稿", "signed": "已签发", "superseded": "已被更正替代", "voided": "已作废",
		"sign": "签发", "supersede": "更正", "void": "作废",
	},
}

// Sort is a sort of document that is signed.
type Sort struct {
	Code   string   // of template.Documents
	Word   string   // 命名通知
	Thing  string   // the kind of thing it is about
	Issuer bool     // signed by the issuer, from whose register it takes a number; else by the office
	Acts   []string // the acts, as the record names them, that issue it by themselves
	Stands bool     // what it says holds for everybody: it can be superseded, and not made void
	Once   bool     // its acts sign it only where nobody signed it before: it is served first
	Early  string   // why there is nothing to sign yet
}

// Sorts lists what is signed, in the order of the life.
var Sorts = []Sort{
	{Code: "call", Word: "创建通知", Thing: "round", Issuer: true, Acts: []string{"round.publish", "round.extend"}, Stands: true, Early: "通知还没有发布"},
	{Code: "correction", Word: "补正通知书", Thing: "application", Acts: []string{"application.request_correction"}, Early: "没有要求补正"},
	{Code: "acceptance", Word: "受理通知书", Thing: "application", Acts: []string{"application.accept"}, Early: "申报还没有受理"},
	{Code: "refusal", Word: "不予受理通知书", Thing: "application", Acts: []string{"application.decline"}, Early: "没有作出不予受理的决定"},
	{Code: "visit_notice", Word: "实地考核通知", Thing: "visit", Acts: []string{"visit.schedule", "visit.reschedule", "visit.team"}, Early: "考核的日期还没有通知"},
	{Code: "minutes", Word: "会议纪要", Thing: "meeting", Early: "会议还没有结束"},
	{Code: "publicity", Word: "公示", Thing: "publicity", Acts: []string{"publicity.publish", "publicity.correct", "publicity.interrupt", "publicity.recount", "candidate.remove", "candidate.rename"}, Stands: true, Early: "公示还没有发布"},
	{Code: "naming", Word: "命名通知", Thing: "naming", Issuer: true, Acts: []string{"naming.issue"}, Stands: true, Early: "命名通知还没有印发"},
	{Code: "recheck", Word: "复查结果通报", Thing: "recheck", Issuer: true, Acts: []string{"recheck.pass", "recheck.slip"}, Early: "复查还没有作出结论"},
	{Code: "rectification", Word: "责令限期整改通知书", Thing: "rectification", Acts: []string{"rectification.order"}, Early: "没有责令整改"},
	{Code: "hearing", Word: "拟撤销称号告知书", Thing: "revocation", Acts: []string{"revocation.notify"}, Once: true, Early: "没有提出撤销"},
	{Code: "revocation", Word: "撤销称号决定书", Thing: "revocation", Issuer: true, Acts: []string{"revocation.revoke"}, Early: "没有作出撤销的决定"},
}

// SortOf returns the sort with a code.
func SortOf(code string) (Sort, bool) {
	i := slices.IndexFunc(Sorts, func(s Sort) bool { return s.Code == code })
	if i < 0 {
		return Sort{}, false
	}
	return Sorts[i], true
}

// IssuedBy returns the sort of document that an act of the record issues, if any.
func IssuedBy(act string) (Sort, bool) {
	i := slices.IndexFunc(Sorts, func(s Sort) bool { return slices.Contains(s.Acts, act) })
	if i < 0 {
		return Sort{}, false
	}
	return Sorts[i], true
}

// Numbered reports whether a document of the sort takes a number: those of the issuer do,
// whose word (机关代字) the register is of, unless the programme's documents say that this
// one is plain.
func (s Sort) Numbered(p *programme.Programme) bool {
	plain := slices.ContainsFunc(p.Documents, func(d programme.Document) bool { return d.Code == s.Code && d.Type == "plain" })
	return s.Issuer && !plain
}

// Bytes names what is kept of a document in one format.
type Bytes struct {
	SHA256 string // in hex
	Size   int64  // in bytes
}

// whole reports whether it can name bytes at all.
func (b Bytes) whole() bool {
	sum, err := hex.DecodeString(b.SHA256)
	return err == nil && len(sum) == 32 && b.SHA256 == strings.ToLower(b.SHA256) && b.Size > 0
}

// Document is one document as it was signed.
type Document struct {
	ID        id.Document
	Programme id.Programme
	Sort      string // a code of Sorts
	Subject   string // identifier of what it is about
	State     stage.State
	Number    string // 文号, as printed; empty: it bears none
	Title     string
	Name      string        // of its file, without ending
	To        string        // 主送; empty: everybody
	On        calendar.Date // 成文日期, or of the signing
	PDF, DOCX Bytes
	SignedAt  time.Time
	SignedBy  id.Account
	Role      stage.Role // in which it was signed

	Supersedes   id.Document // whose place it took
	SupersededBy id.Document
	Reason       string    // why it was superseded or made void
	EndedAt      time.Time // when
	EndedBy      id.Account
	Version      int64
}

// InForce reports whether it is what stands.
func (d *Document) InForce() bool { return d.State == Signed }

// Whole reports whether it says which bytes were signed.
func (d *Document) Whole() bool { return d.PDF.whole() && d.DOCX.whole() && d.Name != "" }

// Longest texts, in characters.
const (
	titleMax = 200
	textMax  = 2000
)

var (
	errInForceAlready = fault.Define(fault.Refused, "document.sign.again", "“%s”已经在%s签发，正在生效，不能再签发。文字有错的，办理更正。", "制度:签发的文书不改动，有错的另行更正")
	errUnlike         = fault.Define(fault.Refused, "document.supersede.same", "现在生成的“%s”同已经签发的一模一样，不用更正。先把有错的内容改好。", "制度:签发的文书不改动，有错的另行更正")
	errReason         = fault.Define(fault.Invalid, "document.reason", "理由没有填写，或超过2000字。", "制度:更正和作废说明理由")
	errStands         = fault.Define(fault.Refused, "document.void.stands", "“%s”已经向社会公布并且生效，不能作废。文字有错的，办理更正。", "制度:公布的文书不能作废")
	errEarly          = fault.Define(fault.Refused, "document.sign.early", "%s还不能签发：%s。", "制度:事实齐备方可签发")
	errNoSort         = fault.Define(fault.Refused, "document.sign.sort", "这种文书不签发：读者不同，看到的文字也不同，或者由当事人当面签字。", "制度:一份文书只有一个签发的文本")
)

// Draft is a document that is ready to be signed.
type Draft struct {
	Sort      Sort
	Subject   string
	Programme id.Programme
	Number    string
	Title     string
	Name      string
	To        string
	On        calendar.Date
	PDF, DOCX Bytes
}

// Unready says why there is nothing to sign yet.
func (s Sort) Unready() error { return errEarly.New(s.Word, s.Early) }

// MaySign refuses who may not sign by hand a document that is not in force; standing is
// the one that is, if any.
func MaySign(by stage.Actor, code string, standing *Document) (stage.Move, error) {
	if _, known := SortOf(code); !known {
		return stage.Move{}, errNoSort.New()
	}
	m, err := Kind.Step(Prepared, "sign", by.Role)
	if err == nil && standing != nil {
		err = errInForceAlready.New(standing.Title, calendar.DateOf(standing.SignedAt).Chinese())
	}
	return m, err
}

// Sign keeps a draft as it is signed. by is who signs: by hand after MaySign, or by the
// act that issues it.
func Sign(by stage.Actor, key id.Document, d Draft, now time.Time) (*Document, stage.Move) {
	return &Document{
		ID: key, Programme: d.Programme, Sort: d.Sort.Code, Subject: d.Subject, State: Signed, Number: d.Number, Title: d.Title, Name: d.Name, To: d.To, On: d.On,
		PDF: d.PDF, DOCX: d.DOCX, SignedAt: now, SignedBy: by.Account, Role: by.Role,
	}, stage.Move{From: Prepared, Act: "sign", By: by.Role, To: Signed, Basis: "制度:文书由负责人签发，签发即定稿"}
}

// MaySupersede refuses who may not correct a document, and a correction without a reason.
func (d *Document) MaySupersede(by stage.Actor, reason string) error {
	if _, err := Kind.Step(d.State, "supersede", by.Role); err != nil {
		return err
	}
	if !readable(reason, textMax) {
		return errReason.At("reason")
	}
	return nil
}

// Same reports whether a draft says what was signed, byte for byte.
func (d *Document) Same(of Draft) bool { return d.PDF == of.PDF && d.DOCX == of.DOCX }

// Unchanged refuses a correction that corrects nothing.
func (d *Document) Unchanged() error { return errUnlike.New(d.Title) }

// Supersede has another document stand in the place of this one, which stays readable. It
// keeps the number: they are one document, corrected. by is who corrects: by hand after
// MaySupersede, or by the act that issues it anew.
func (d *Document) Supersede(by stage.Actor, other *Document, reason string, now time.Time) stage.Move {
	m := stage.Move{From: d.State, Act: "supersede", By: by.Role, To: Superseded, Basis: "制度:签发的文书不改动，有错的另行更正"}
	d.State, d.SupersededBy, d.Reason, d.EndedAt, d.EndedBy = m.To, other.ID, reason, now, by.Account
	other.Supersedes = d.ID
	return m
}

// Void withdraws a document. Its number, if it took one, is void with it.
func (d *Document) Void(by stage.Actor, reason string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(d.State, "void", by.Role)
	if err != nil {
		return m, err
	}
	if s, _ := SortOf(d.Sort); s.Stands {
		return m, errStands.New(d.Title)
	}
	if !readable(reason, textMax) {
		return m, errReason.At("reason")
	}
	d.State, d.Reason, d.EndedAt, d.EndedBy = m.To, reason, now, by.Account
	return m, nil
}

// May lists what a role may do with a signed document now.
func (d *Document) May(by stage.Role) []string {
	s, _ := SortOf(d.Sort)
	return slices.DeleteFunc(Kind.May(d.State, by), func(act string) bool { return act == "void" && s.Stands })
}

// Frozen reports whether two states of one document say the same of what was signed.
func (d *Document) Frozen(was *Document) bool {
	a, b := *d, *was
	for _, x := range []*Document{&a, &b} {
		x.State, x.SupersededBy, x.Reason, x.EndedAt, x.EndedBy, x.Version = "", "", "", time.Time{}, "", 0
		x.SignedAt = x.SignedAt.UTC()
	}
	return a == b
}

// line reports whether a text stands on one line, not empty and not too long.
func line(s string, most int) bool {
	return readable(s, most) && !strings.ContainsAny(s, "\r\n\t")
}

func readable(s string, most int) bool {
	return strings.TrimSpace(s) != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= most &&
		!strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' })
}
