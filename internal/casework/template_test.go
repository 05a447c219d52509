package casework_test

import (
	"strconv"
	"strings"
	"testing"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// withText is the shipped file, its next version, with another text of the naming notice.
func withText(w *testkit.World, lines ...string) []byte {
	w.Helper()
	now, err := w.Desk.Programme(w.Context(), stage.Anyone, base)
	if err != nil {
		w.Fatal(err)
	}
	file := now.Versions[0].File
	file = strings.Replace(file, "\nversion: "+strconv.Itoa(now.Standing.Current)+"\n", "\nversion: "+strconv.Itoa(now.Standing.Current+1)+"\n", 1)
	at := strings.Index(file, "  - code: naming\n")
	from := strings.Index(file[at:], "text: |\n") + at + len("text: |\n")
	to := strings.Index(file[from:], "  - {code: recheck") + from
	return []byte(file[:from] + "      " + strings.Join(lines, "\n      ") + "\n" + file[to:])
}

// TestOwnWords: a naming notice has the words of the version that its round froze. A
// character that no font has stops it, and is told.
func TestOwnWords(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Fonts()
	load := func(lines ...string) {
		t.Helper()
		w.Programme()
		if _, err := w.Desk.LoadProgramme(t.Context(), testkit.TheOperator, withText(w, lines...)); err != nil {
			t.Fatal(err)
		}
	}
	load("现将{家数}家{称号}公布如下：", "{名单}", "{结尾}", "自发布之日起施行。")
	_, apps := cleared(w, 2)
	titles := w.Named(apps...)
	load("新的一届：{称号}。", "{名单}", "{结尾}")
	v, err := w.Desk.Designation(t.Context(), stage.Anyone, titles[0])
	if err != nil {
		t.Fatal(err)
	}
	p, err := w.Desk.NamingPaper(t.Context(), stage.Anyone, v.Designation.Naming)
	if err != nil {
		t.Fatal(err)
	}
	text := w.Read(p.PDF)
	wants(w, text, "现将2家", "公布如下：", v.Designation.Number, "自发布之日起施行。")
	if strings.Contains(text, "附件") || strings.Contains(text, "新的一届") {
		t.Error("the words are not those that the round froze:", text)
	}
}

// TestNoFontCovers: a template with a character that no font has stops the document.
func TestNoFontCovers(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Fonts()
	w.Programme()
	if _, err := w.Desk.LoadProgramme(t.Context(), testkit.TheOperator, withText(w, "命名{称号}𐎀𓀀。", "{附件名单}", "{结尾}")); err != nil {
		t.Fatal(err)
	}
	_, apps := cleared(w, 1)
	v, err := w.Desk.Designation(t.Context(), stage.Anyone, w.Named(apps...)[0])
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Desk.NamingPaper(t.Context(), stage.Anyone, v.Designation.Naming)
	w.Refused(err, "paper.characters")
	if say := fault.CodeOf(err); !strings.Contains(err.Error(), "10380") || !strings.Contains(err.Error(), "13000") {
		t.Errorf("%s: %v names no characters", say, err)
	}
}
