package page

import (
	"slices"

	"github.com/a-h/templ"
)

// Link is a place to go to, with the word people read.
type Link struct {
	Word string
	URL  string
	Here bool // this is where the reader is
	Rare bool // a long bar folds it, unless the reader is there
}

// Site is what stands on every page of an installation. Empty lines are left
// out.
type Site struct {
	Name       string // 示范创建管理平台
	Owner      string // 主办单位
	Contact    string // how to reach the office: number and hours
	Records    string // 网站标识码, ICP备案, 公安备案
	Notice     string // 非涉密系统，严禁上传涉密信息。
	Stylesheet string // URL, with the hash of its contents
	Icon       string // URL
	Script     string // URL; empty: a page without any
	Offline    string // URL of the script that keeps checklists on a device
	Library    string // URL of what the script sends files piece by piece with; empty: it sends them at once
}

// Frame is everything around the contents of one page. The doors make it; a
// page passes it on to Layout.
type Frame struct {
	Site
	Title  string // of the page, without the site's name
	Scope  string // under the site's name on work pages: programme and round
	Public bool   // the red bar of public pages; otherwise the bar of work pages
	Wide   bool   // for pages with two panes
	Parts  bool   // the contents are parts of their own, with space between
	Nav    []Link
	Tools  []Link // after 大字版, at the right
	Person string // who is signed in, in which role; empty when nobody is
	Footer []Link // at the end of the page
	Crumbs []Link // from the outermost to this page
	Large  bool   // 大字版
	Resize string // URL that switches 大字版
	Flash  string // what just happened, said once after a redirect
	Form   Form   // what was typed, when the form comes back
	Banner templ.Component
	Keep   string // who is signed in, in a few signs: under it the script keeps what was typed and is not saved
}

// Heading returns the page's title as the browser shows it; one that failed
// begins with 错误.
func (f Frame) Heading() string {
	t := f.Title
	if t != f.Name && f.Name != "" {
		if t != "" {
			t += " - "
		}
		t += f.Name
	}
	if f.Form.Failed() && !f.Form.Resumed {
		return "错误：" + t
	}
	return t
}

func (f Frame) size() string {
	if f.Large {
		return "large"
	}
	return "normal"
}

func (f Frame) width() string {
	if f.Wide {
		return "page page-wide"
	}
	return "page"
}

// navMost is how many links a bar has before it folds the rare ones: more take a second
// line on a screen of 1280 pixels.
const navMost = 18

func (f Frame) folds(l Link) bool { return len(f.Nav) > navMost && l.Rare && !l.Here }

// often are the links that stand in the bar of a work page.
func (f Frame) often() []Link { return slices.DeleteFunc(slices.Clone(f.Nav), f.folds) }

// rarely are those that a long bar folds.
func (f Frame) rarely() []Link {
	return slices.DeleteFunc(slices.Clone(f.Nav), func(l Link) bool { return !f.folds(l) })
}

// linkTo returns a link to a page of the public bar, or none when this
// installation does not have it.
func (f Frame) linkTo(url, word string) Link {
	for _, l := range f.Nav {
		if l.URL == url {
			return Link{Word: word, URL: url}
		}
	}
	return Link{}
}
