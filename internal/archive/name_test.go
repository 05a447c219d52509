package archive_test

import (
	"io"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"shifan/internal/archive"
)

func TestSafe(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"章程.pdf":                          "章程.pdf",
		"a/b\\c:d*e?f\"g<h>i|j.pdf":       "a_b_c_d_e_f_g_h_i_j.pdf",
		"CON":                             "_CON",
		"con.pdf":                         "_con.pdf",
		"Com¹.tar.gz":                     "_Com¹.tar.gz",
		"lpt9 .x":                         "_lpt9 .x",
		"报告fdp.exe\u202e":                 "报告fdp.exe",
		"\u202e\u2066fdp.x":               "fdp.x",
		"吉\u200b林":                        "吉林",
		"..":                              "未命名",
		"":                                "未命名",
		". .":                             "未命名",
		".htaccess":                       "_htaccess",
		"-rf":                             "rf",
		"a. . .":                          "a",
		" a\tb\n":                         "a b",
		"𠮷松协会":                            "𠮷松协会",
		"e\u0301.txt":                     "é.txt",
		"a\x00b":                          "ab",
		strings.Repeat("长", 80) + ".docx": strings.Repeat("长", 55) + ".docx",
		strings.Repeat("𠮷", 80) + ".docx": strings.Repeat("𠮷", 48) + ".docx",
	} {
		if got := archive.Safe(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.RuneFrom([]rune(`./\:*-~ _aCONnul1²é`+"\u0301\u202e\u200b\u3000長\U00020bb7")), 0, 90, -1)).Draw(t, "name")
		once := archive.Safe(in)
		if archive.Safe(once) != once || once == "" || len([]rune(once)) > 60 || len(once) > 200 || strings.ContainsAny(once, "/\\:*?\"<>|\x00\u202e\u200b") || strings.HasSuffix(once, ".") || strings.HasSuffix(once, " ") {
			t.Fatalf("%q became %q and %q", in, once, archive.Safe(once))
		}
	})
}

func TestNames(t *testing.T) {
	t.Parallel()
	var n archive.Names
	long := strings.Repeat("长", 55) + ".docx"
	for _, tt := range [][3]string{
		{"", "佐证", "佐证"},
		{"佐证", "a.pdf", "佐证/a.pdf"},
		{"佐证", "A.PDF", "佐证/A(2).PDF"},
		{"佐证", "ａ.pdf", "佐证/ａ(3).pdf"},
		{"", "a.pdf", "a.pdf"},
		{"", long, long},
		{"", long, strings.Repeat("长", 52) + "(2).docx"},
		{"", "con", "_con"},
		{"", "CON", "_CON(2)"},
	} {
		if got := n.In(tt[0], tt[1]); got != tt[2] {
			t.Errorf("%s: %s, want %s", tt[1], got, tt[2])
		}
	}
}

// TestManifestsOfOthers: one that leaves its folder, or whose files some machine cannot
// keep apart, is no manifest.
func TestManifestsOfOthers(t *testing.T) {
	t.Parallel()
	file := func(p string) archive.File {
		return archive.File{Path: p, SHA256: strings.Repeat("0", 64), SM3: strings.Repeat("0", 64)}
	}
	for name, files := range map[string][]archive.File{
		"up": {file("../a")}, "from the root": {file("/a")}, "up within": {file("a/../../b")}, "a drive": {file("c:a")}, "back": {file(`a\b`)},
		"twice": {file("a"), file("a")}, "in two cases": {file("A"), file("a")}, "itself": {file("Manifest.json")}, "not in order": {file("b"), file("a")},
		"a turned name": {file("a\u202eb")}, "too long": {file(strings.Repeat("长/", 120) + "x")}, "no digest": {{Path: "a"}},
	} {
		text, err := archive.Manifest{Format: archive.Format, Version: archive.Version, Files: files}.Text()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := archive.ParseManifest(text); err == nil {
			t.Errorf("%s: it is read", name)
		}
	}
	for _, text := range []string{"", "{}", "null", `{"format":"shifan-archive","version":1}`} {
		if _, err := archive.ParseManifest([]byte(text)); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}

// TestPages: what people wrote is text on a page and nothing else, and links lead where
// the files are.
func TestPages(t *testing.T) {
	t.Parallel()
	text := func() string {
		r, err := archive.Page{
			Title: "<script>alert(1)</script>", Up: archive.Cell{Text: "返回", Link: "../index.html"}, Notes: []string{"a & b"},
			Facts:    []archive.Cell{{Word: "单位", Text: `"甲"`}},
			Sections: []archive.Section{{Title: "文件", Head: []string{"名称"}, Rows: [][]archive.Cell{{{Text: "100%", Link: "佐证/100%#1 'x'.pdf"}}}}},
		}.Render()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}()
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var links []string
	for n := range doc.Descendants() {
		if n.Data == "script" {
			t.Error("a script")
		}
		if n.Data == "a" && n.Type == html.ElementNode {
			links = append(links, n.Attr[0].Val)
		}
	}
	if strings.Join(links, " ") != "../index.html %E4%BD%90%E8%AF%81/100%25%231%20%27x%27.pdf" {
		t.Error(links)
	}
}
