package check

import (
	"regexp"
	"strings"
)

// The numbers of the standard, in mm and points.
const (
	top, left, wide, high = 37.0, 28.0, 156.0, 225.0
	bottom                = top + high
	cell                  = wide / 28
	pitch                 = high / 22
	point                 = 25.4 / 72
)

var (
	number     = regexp.MustCompile(`^\p{Han}{2,14}〔(19|20)\d{2}〕[1-9]\d{0,4}号$`)
	likeNumber = regexp.MustCompile(`^\p{Han}{2,14}\s*[〔\[【（(［]?\s*\d{2,4}\s*[〕\]】）)］]?\s*第?\d+号$`)
	day        = regexp.MustCompile(`^(19|20)\d{2}年[1-9]\d?月[1-9]\d?日$`)
	likeDay    = regexp.MustCompile(`^[\d〇○零一二三四五六七八九]{4}年.{1,3}月.{1,3}日$`)
	pageNumber = regexp.MustCompile(`^[—–―－─\-]*\d{1,3}[—–―－─\-]*$`)
	printed    = regexp.MustCompile(`印发$`)
	annexWord  = regexp.MustCompile(`^附件\d*$`)
	levels     = []*regexp.Regexp{regexp.MustCompile(`^[一二三四五六七八九十]{1,3}、`), regexp.MustCompile(`^（[一二三四五六七八九十]{1,3}）`)}
	levelFaces = []string{hei, kai}
	levelWords = []string{"一级标题“一、”", "二级标题“（一）”"}
)

// numberRule checks the form of the number of a document.
func (r *Report) numberRule(text string) {
	r.want("7.2.5", "发文字号写法", "机关代字〔年份〕序号“号”，六角括号，年份四位，序号不编虚位", text, number.MatchString(strings.ReplaceAll(text, " ", "")))
}

// dayRule checks the form of the date.
func (r *Report) dayRule(text string) {
	r.want("7.3.5.4", "成文日期写法", "阿拉伯数字，年月日标全，不编虚位", text, day.MatchString(text))
}

// pageNumberRule checks the form of a page number.
func (r *Report) pageNumberRule(text string) {
	r.want("7.5", "页码写法", "数字左右各一条一字线：— 1 —", text, strings.HasPrefix(text, "—") && strings.HasSuffix(text, "—") && pageNumber.MatchString(text))
}

// addresseeRule checks how the addressees end.
func (r *Report) addresseeRule(text string) {
	short := []rune(text)
	if len(short) > 16 {
		short = append([]rune("…"), short[len(short)-15:]...)
	}
	r.want("7.3.2", "主送机关末尾", "全角冒号", string(short), strings.HasSuffix(text, "："))
}
