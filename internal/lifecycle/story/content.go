package story

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"shifan/internal/chars"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/personal"
)

// How much a story holds, in 字 where nothing else is said.
const (
	TitleMax    = 40
	TextMax     = 5000
	PicturesMax = 6 // pictures
	DescribeMax = 100
	CaptionMax  = 60
	ReasonMax   = 500
)

var (
	errNoTitle = fault.Define(fault.Invalid, "story.content.title", "标题没有写。用一句话写明做了什么，最多%d字。", theBasis)
	errNoText  = fault.Define(fault.Invalid, "story.content.text", "正文没有写。", theBasis)
	errLong    = fault.Define(fault.Invalid, "story.content.long", "%s有%d字，最多%d字，或者有无法保存的字符。删减后再保存。", "")
	errNumbers = fault.Define(fault.Invalid, "story.content.personal",
		"%s里有%s。先进事迹向所有人公开，不能有个人号码：删去，或者改写为概括的说法。", "个人信息保护法；制度:公开前隐去个人信息")
	errMany        = fault.Define(fault.Invalid, "story.content.pictures", "选了%d张图片，最多%d张。去掉几张。", "")
	errUnusable    = fault.Define(fault.Invalid, "story.content.picture", "选中的图片里有一张不能用：只能用本单位申报时提交、已去除元数据的图片。重新选一次。", theBasis)
	errUndescribed = fault.Define(fault.Invalid, "story.content.describe",
		"第%d张图片没有说明画面。写一句画面上有什么，给看不见图片的人读。", "无障碍环境建设法；GB/T 37668-2019")
)

// part is one text of a content, with the field it stands in.
type part struct {
	path, word, text string
	most             int
}

func (c Content) parts() []part {
	all := []part{{"title", "标题", c.Title, TitleMax}, {"text", "正文", c.Text, TextMax}}
	for n, p := range c.Pictures {
		at := string(p.File)
		all = append(all,
			part{"describes." + at, fmt.Sprintf("第%d张图片的画面说明", n+1), p.Describes, DescribeMax},
			part{"caption." + at, fmt.Sprintf("第%d张图片的图注", n+1), p.Caption, CaptionMax})
	}
	return all
}

// keepable refuses what is not even kept in a draft: what is too long, numbers of
// persons, and pictures that are not the organisation's own.
func (c Content) keepable(usable []id.File) error {
	var wrong []*fault.Fault
	for _, p := range c.parts() {
		if !fits(p.text, p.most) {
			wrong = append(wrong, errLong.At(p.path, p.word, chars.Count(p.text), p.most))
		}
		if found := personal.Scan(p.text); len(found) > 0 {
			wrong = append(wrong, errNumbers.At(p.path, p.word, personal.Say(found)))
		}
	}
	if len(c.Pictures) > PicturesMax {
		wrong = append(wrong, errMany.At("pictures", len(c.Pictures), PicturesMax))
	}
	var seen []id.File
	for _, p := range c.Pictures {
		if !slices.Contains(usable, p.File) || slices.Contains(seen, p.File) {
			wrong = append(wrong, errUnusable.At("pictures"))
			break
		}
		seen = append(seen, p.File)
	}
	return fault.All(wrong...)
}

// complete refuses what is not to be offered, reviewed or published: what lacks a
// title, a text or the description of a picture (GB/T 37668), and numbers of persons.
func (c Content) complete() error {
	var wrong []*fault.Fault
	if strings.TrimSpace(c.Title) == "" {
		wrong = append(wrong, errNoTitle.At("title", TitleMax))
	}
	if strings.TrimSpace(c.Text) == "" {
		wrong = append(wrong, errNoText.At("text"))
	}
	for n, p := range c.Pictures {
		if strings.TrimSpace(p.Describes) == "" {
			wrong = append(wrong, errUndescribed.At("describes."+string(p.File), n+1))
		}
	}
	for _, p := range c.parts() {
		if found := personal.Scan(p.text); len(found) > 0 {
			wrong = append(wrong, errNumbers.At(p.path, p.word, personal.Say(found)))
		}
	}
	return fault.All(wrong...)
}

// Lacks says in sentences what a content lacks before it can be offered; nil when
// nothing.
func (c Content) Lacks() (all []string) {
	if f, ok := c.complete().(*fault.Fault); ok && f != nil {
		for _, w := range f.Fields {
			all = append(all, w.Say)
		}
	}
	return all
}

// Paragraphs returns the text as it is set: without empty lines and the blanks that
// somebody put before a paragraph.
func Paragraphs(text string) (all []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

func fits(text string, most int) bool {
	return chars.Count(text) <= most && len(text) <= 20*most && utf8.ValidString(text) &&
		!strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' })
}

func readable(text string, most int) bool { return strings.TrimSpace(text) != "" && fits(text, most) }
