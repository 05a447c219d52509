package file_test

import (
	"strings"
	"testing"

	"shifan/internal/lifecycle/file"
)

// TestFind: the very words, however a page breaks them; other words for the same
// are shown to a person (S9).
func TestFind(t *testing.T) {
	t.Parallel()
	const phrase = "坚持党的全面领导"
	filler := strings.Repeat("本会的宗旨是服务会员。", 200)
	for _, tt := range []struct {
		what  string
		pages []string
		want  file.Finding
	}{
		{"the very words", []string{"第一条 总则。", "第二条  本会坚持党的全面领导，设立党的组织。第三条"}, file.Finding{Verdict: file.Stated, Page: 2, Sentence: "第二条本会坚持党的全面领导，设立党的组织。"}},
		{"broken by a line", []string{filler + "第二条 本会坚持党\n 的 全面\n领导；其他"}, file.Finding{Verdict: file.Stated, Page: 1, Sentence: "第二条本会坚持党的全面领导；"}},
		{"broken by a page", []string{"本会坚持党的", "全面领导。"}, file.Finding{Verdict: file.Stated, Page: 1, Sentence: "本会坚持党的…"}},
		{"with marks between", []string{"坚持“党的全面领导”。"}, file.Finding{Verdict: file.Stated, Page: 1, Sentence: "坚持“党的全面领导”。"}},
		{"said otherwise", []string{filler, "第二条 本会坚持中国共产党的全面领导。第三条"}, file.Finding{Verdict: file.Differing, Page: 2, Sentence: "第二条本会坚持中国共产党的全面领导。"}},
		{"with more", []string{"坚持和加强党的全面领导。"}, file.Finding{Verdict: file.Differing, Page: 1, Sentence: "坚持和加强党的全面领导。"}},
		{"with less", []string{"坚持党的领导。"}, file.Finding{Verdict: file.Differing, Page: 1, Sentence: "坚持党的领导。"}},
		{"the nearest of two", []string{"坚持党的领导。", "坚持和加强党的全面领导。"}, file.Finding{Verdict: file.Differing, Page: 2, Sentence: "坚持和加强党的全面领导。"}},
		{"something else", []string{"坚持为会员服务。", filler}, file.Finding{Verdict: file.Absent}},
		{"the words in another order", []string{"全面领导的党坚持"}, file.Finding{Verdict: file.Absent}},
		{"nothing", nil, file.Finding{Verdict: file.Absent}},
		{"less than the phrase", []string{"坚持"}, file.Finding{Verdict: file.Absent}},
	} {
		if got := file.Find(phrase, tt.pages); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.what, got, tt.want)
		}
	}
	if got := file.Find("", []string{"任何文字"}); got.Verdict != file.Absent {
		t.Errorf("%+v", got)
	}
	if got := file.Find("Party Building", []string{"strengthen party\nbuilding work. End."}); got.Verdict != file.Stated || got.Sentence != "strengthen party building work. End." {
		t.Errorf("%+v", got)
	}
}
