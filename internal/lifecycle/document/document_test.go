package document_test

import (
	"strings"
	"testing"
	"time"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/document"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

var (
	one = document.Bytes{SHA256: strings.Repeat("0a", 32), Size: 9}
	two = document.Bytes{SHA256: strings.Repeat("0b", 32), Size: 9}
)

func draft(code string) document.Draft {
	s, _ := document.SortOf(code)
	return document.Draft{Sort: s, Subject: "x_1", Programme: "base", Title: s.Word, Name: s.Word, PDF: one, DOCX: two, On: day("2021-09-15")}
}

func signed(code string) *document.Document {
	d, _ := document.Sign(director, "doc_1", draft(code), now)
	return d
}

// TestWhoSigns: by hand the director and the chair, once; nobody signs what has no one text.
func TestWhoSigns(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		by       stage.Actor
		sort     string
		standing *document.Document
		code     string
	}{
		"the director":  {director, "minutes", nil, ""},
		"the chair":     {chair, "hearing", nil, ""},
		"a clerk":       {clerk, "minutes", nil, "stage.not_allowed"},
		"the public":    {stage.Anyone, "call", nil, "stage.not_allowed"},
		"again":         {director, "minutes", signed("minutes"), "document.sign.again"},
		"a clerk again": {clerk, "minutes", signed("minutes"), "stage.not_allowed"},
		"no one text":   {director, "objection_answer", nil, "document.sign.sort"},
	} {
		_, err := document.MaySign(tt.by, tt.sort, tt.standing)
		if tt.code == "" && err != nil || tt.code != "" && fault.CodeOf(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSupersede: a correction needs a reason and another text; what it replaces stays.
func TestSupersede(t *testing.T) {
	t.Parallel()
	d := signed("naming")
	if err := d.MaySupersede(director, " "); fault.CodeOf(err) != "document.reason" {
		t.Errorf("no reason: %v", err)
	}
	if err := d.MaySupersede(clerk, "单位名称有误"); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("a clerk: %v", err)
	}
	if err := d.MaySupersede(chair, "单位名称有误"); err != nil {
		t.Error(err)
	}
	other := draft("naming")
	if !d.Same(other) {
		t.Error("the same bytes differ")
	}
	other.DOCX = one
	if d.Same(other) {
		t.Error("another file counts as the same")
	}
	was := *d
	next, m := document.Sign(chair, "doc_2", other, now.Add(time.Hour))
	if m.Basis == "" || m.To != document.Signed {
		t.Error(m)
	}
	if m := d.Supersede(chair, next, "单位名称有误", now.Add(time.Hour)); m.To != document.Superseded || d.SupersededBy != "doc_2" || next.Supersedes != "doc_1" || d.InForce() || !next.InForce() {
		t.Errorf("%+v %+v %+v", m, d, next)
	}
	if !d.Frozen(&was) {
		t.Error("superseding changes what was signed")
	}
	if err := d.MaySupersede(chair, "再改"); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("superseded twice: %v", err)
	}
}

// TestVoid: what holds for everybody is corrected and not made void.
func TestVoid(t *testing.T) {
	t.Parallel()
	for _, s := range document.Sorts {
		d := signed(s.Code)
		_, err := d.Void(director, "发错了单位", now)
		if s.Stands && fault.CodeOf(err) != "document.void.stands" || !s.Stands && (err != nil || d.State != document.Voided || d.Reason == "") {
			t.Errorf("%s: %v", s.Code, err)
		}
	}
	d := signed("rectification")
	if _, err := d.Void(chair, "发错了", now); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("the chair: %v", err)
	}
	if _, err := d.Void(director, "", now); fault.CodeOf(err) != "document.reason" || !d.InForce() {
		t.Errorf("no reason: %v", err)
	}
	n := document.Number{Word: "吉社联党发", Year: 2021, Seq: 4, Use: document.ForDocument, State: document.Taken}
	if _, err := n.Cancel(director, "不要了"); fault.CodeOf(err) != "document.number.in_force" {
		t.Errorf("a document's number alone: %v", err)
	}
	d = signed("recheck")
	if _, err := d.Void(director, "发错了单位", now); err != nil {
		t.Fatal(err)
	}
	if _, err := n.CancelWith(d, director); err != nil || n.State != document.Void || n.Why != "发错了单位" {
		t.Errorf("with its document: %v %+v", err, n)
	}
	if next, err := document.Next("吉社联党发", 2021, []document.Number{{Word: "吉社联党发", Year: 2021, Seq: 1}, n}); err == nil {
		t.Errorf("a gap before a void one is passed over: %v", next)
	}
}

// TestFrozen: every part of what was signed counts, and nothing else.
func TestFrozen(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*document.Document){
		"number": func(d *document.Document) { d.Number = "吉社联党发〔2021〕9号" }, "title": func(d *document.Document) { d.Title += "x" },
		"PDF": func(d *document.Document) { d.PDF.SHA256 = two.SHA256 }, "size": func(d *document.Document) { d.DOCX.Size++ },
		"subject": func(d *document.Document) { d.Subject = "x_2" }, "who signed": func(d *document.Document) { d.SignedBy = "acc_other" },
		"when": func(d *document.Document) { d.SignedAt = d.SignedAt.Add(time.Second) }, "name": func(d *document.Document) { d.Name = "y" },
	} {
		d := signed("call")
		change(d)
		if d.Frozen(signed("call")) {
			t.Errorf("%s can be changed", name)
		}
	}
	d := signed("call")
	d.Version, d.State, d.SignedAt = 7, document.Superseded, d.SignedAt.In(time.FixedZone("", 3600))
	if !d.Frozen(signed("call")) || !d.Whole() {
		t.Error("its state counts as what was signed")
	}
	for name, b := range map[string]document.Bytes{"none": {}, "short": {"0a", 9}, "no hex": {strings.Repeat("xy", 32), 9}, "upper case": {strings.Repeat("0A", 32), 9}, "empty": {one.SHA256, 0}} {
		if d.PDF = b; d.Whole() {
			t.Errorf("%s names bytes", name)
		}
	}
}

// TestNumbered: what the issuer signs takes a number, unless the programme has it plain.
func TestNumbered(t *testing.T) {
	t.Parallel()
	plain := &programme.Programme{Documents: []programme.Document{{Code: "recheck", Type: "plain"}, {Code: "call", Type: "通知"}, {Code: "rectification", Type: "通知"}}}
	for code, want := range map[string][2]bool{"call": {true, true}, "naming": {true, true}, "recheck": {true, false}, "rectification": {false, false}, "acceptance": {false, false}} {
		s, known := document.SortOf(code)
		if got := [2]bool{s.Numbered(&programme.Programme{}), s.Numbered(plain)}; !known || got != want {
			t.Errorf("%s: %v", code, got)
		}
	}
	if s, ok := document.IssuedBy("recheck.slip"); !ok || s.Code != "recheck" {
		t.Error(s)
	}
	if _, ok := document.IssuedBy("recheck.end"); ok {
		t.Error("an act that issues nothing does")
	}
}
