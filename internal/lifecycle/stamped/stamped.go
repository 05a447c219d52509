// Package stamped (盖章件) is the print edition of an application after it was printed,
// stamped and scanned. Each page carries a code with the number, the digest of the
// content that was printed, and which page of how many it is, so that a copy whose
// content differs from what was submitted, or that lacks a page, is noticed (S43).
package stamped

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Stamp is what the code of a page says.
type Stamp struct {
	Number      string // of the application; empty: printed before it was submitted
	Digest      string // of the content: the first half of it in hex, so that the code is coarse enough for any scanner
	Page, Pages int
}

// stampForm is SHIFAN:NUMBER:DIGEST:PAGE/PAGES, in the signs that make a small code.
var stampForm = regexp.MustCompile(`^SHIFAN:([0-9Z-]{0,20}):([0-9A-F]{32}):([1-9][0-9]{0,3})/([1-9][0-9]{0,3})$`)

// String writes a stamp as a code says it.
func (s Stamp) String() string {
	return fmt.Sprintf("SHIFAN:%s:%s:%d/%d", strings.ReplaceAll(s.Number, "增", "Z"), strings.ToUpper(half(s.Digest)), s.Page, s.Pages)
}

func half(digest string) string { return digest[:min(len(digest), 32)] }

// ParseStamp reads a code; false when it is none of ours.
func ParseStamp(code string) (s Stamp, ok bool) {
	m := stampForm.FindStringSubmatch(code)
	if m == nil {
		return s, false
	}
	s.Number, s.Digest = strings.ReplaceAll(m[1], "Z", "增"), strings.ToLower(m[2])
	s.Page, _ = strconv.Atoi(m[3])
	s.Pages, _ = strconv.Atoi(m[4])
	return s, s.Page <= s.Pages
}

// Copy is what a stamped copy turned out to be.
type Copy struct {
	Same    bool     // every page was read and is of what holds now
	Say     []string // what is wrong, in sentences; empty when it is the same
	Sheets  int      // pages of the scan
	Matched int      // pages whose content is the application's
}

// Original is what a copy should be of.
type Original struct {
	Number string // of the application; empty while it is a draft
	Digest string // of its content now
	Before string // of its content before a correction; empty where there was none
}

// Compare holds a stamped copy against the application: page by page of the scan,
// nil for one without a code that is ours.
func (o Original) Compare(sheets []*Stamp) (c Copy) {
	c.Sheets = len(sheets)
	seen, pages := map[int]bool{}, 0
	var unread, others, before, altered []string
	for i, s := range sheets {
		at := strconv.Itoa(i + 1)
		switch {
		case s == nil:
			unread = append(unread, at)
		case s.Number != "" && s.Number != o.Number:
			others = append(others, at+"页（编号"+s.Number+"）")
		case s.Digest == half(o.Digest):
			c.Matched++
			seen[s.Page], pages = true, s.Pages
		case o.Before != "" && s.Digest == half(o.Before):
			before = append(before, at)
		default:
			altered = append(altered, at)
		}
	}
	say := func(pages []string, sentence string) {
		if len(pages) > 0 {
			c.Say = append(c.Say, fmt.Sprintf(sentence, strings.Join(pages, "、")))
		}
	}
	say(altered, "扫描件第%s页与提交的内容不一致：打印以后内容改过。重新打印、盖章、扫描。")
	say(before, "扫描件第%s页是补正以前的内容。补正后重新打印、盖章、扫描。")
	say(others, "扫描件第%s属于另一件申报。")
	say(unread, "扫描件第%s页没有读到页脚的码。页脚扫完整、摆正，分辨率不低于200dpi。")
	var missing []string
	for n := 1; n <= pages; n++ {
		if !seen[n] {
			missing = append(missing, strconv.Itoa(n))
		}
	}
	say(missing, "缺打印版的第%s页。")
	if len(sheets) == 0 {
		c.Say = []string{"这个PDF里没有扫描的页面。盖章以后用扫描仪或者手机扫描，再上传扫描件。"}
	}
	c.Same = len(c.Say) == 0
	return c
}
