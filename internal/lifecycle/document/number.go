package document

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
)

// The states of a document number.
const (
	Taken stage.State = "taken" // used by a document
	Void  stage.State = "void"  // came to nothing; never used again
)

// NumberKind is the machine of a document number. A number begins when it is
// taken and is never given back.
var NumberKind = stage.Kind{
	Name: "number", Label: "文号", Start: Taken,
	Moves: []stage.Move{
		{From: Taken, Act: "describe", By: stage.Clerk, To: Taken, Basis: "党政机关公文处理工作条例；制度:文号登记连续不重号"},
		{From: Taken, Act: "void", By: stage.Director, To: Void, Basis: "制度:作废的文号不再使用"},
	},
	Ends: map[stage.State]bool{Void: false},
	Words: map[string]string{
		"taken": "已使用", "void": "作废", "take": "取号", "enter": "补登系统外文号", "describe": "更正文件名称",
	},
}

// What a number was used for.
const (
	ForNaming   = "naming"   // a naming document of this system
	ForDocument = "document" // another document that was signed in it
	Outside     = "outside"  // a document written outside it
)

// Number is one line of the register of document numbers: 机关代字, year and place
// (facts.md §6).
type Number struct {
	Word  string // 吉社联党发
	Year  int    // four digits
	Seq   int    // 1 to 99999, no leading zero
	Use   string
	Thing string // what its document is about: a naming, a call; empty: written outside
	Title string // of the document
	State stage.State
	Why   string // why it is void
	By    id.Account
	At    time.Time

	Key     string // as printed: the register's key
	Version int64
}

var numberShape = regexp.MustCompile(`^(\p{Han}{2,12})〔((?:19|20)\d{2})〕([1-9]\d{0,4})号$`)

var wordShape = regexp.MustCompile(`^\p{Han}{2,12}$`)

const seqMax = 99999

var (
	errWord        = fault.Define(fault.Refused, "document.number.word", "方案没有设定机关代字，或不是2至12个汉字，不能取号。在方案文件 naming.numbers 里写明。", "GB/T 9704-2012 7.2.5")
	errFull        = fault.Define(fault.Refused, "document.number.full", "%d年的文号已用到%d号，不能再取。", "GB/T 9704-2012 7.2.5")
	errSkip        = fault.Define(fault.Invalid, "document.number.skip", "登记到第%d号的文号要比已登记的第%d号大，一次最多补%d个。", "制度:文号登记连续不重号")
	errNumberTitle = fault.Define(fault.Invalid, "document.number.title", "文件名称没有填写，或超过200字。", "制度:文号登记连续不重号")
	errInForce     = fault.Define(fault.Refused, "document.number.in_force", "%s是系统内签发的文书的文号，不能单独作废。", "制度:作废的文号不再使用")
	errGap         = fault.Define(fault.Refused, "document.number.gap", "登记簿里%s〔%d〕缺第%s号，文号要连续。先在发文登记簿补登缺的号，再取号。", "制度:文号登记连续不重号")
	errUsed        = fault.Define(fault.Refused, "document.number.used", "%s已经在发文登记簿里：%s。换一个没有用过的文号，或者不填，由系统取号。", "制度:文号登记连续不重号")
	errWhy         = fault.Define(fault.Invalid, "document.number.why", "作废的理由没有填写，或超过2000字。", "制度:作废的文号不再使用")
	errEnterer     = fault.Define(fault.Forbidden, "document.number.role", "文号由办公室经办人登记，%s不能登记。", "制度:未列明的行为一律不许")
)

// String returns the number as documents print it: 吉社联党发〔2021〕1号, with the
// hexagonal brackets, the year in full, and no leading zero.
func (n Number) String() string { return fmt.Sprintf("%s〔%d〕%d号", n.Word, n.Year, n.Seq) }

// IsNumber reports whether a text is a number as documents print it.
func IsNumber(s string) bool { return numberShape.MatchString(s) }

// ParseNumber reads a number as documents print it.
func ParseNumber(s string) (Number, bool) {
	m := numberShape.FindStringSubmatch(s)
	if m == nil {
		return Number{}, false
	}
	year, _ := strconv.Atoi(m[2]) //nolint:errcheck // four digits by the expression
	seq, _ := strconv.Atoi(m[3])  //nolint:errcheck // at most five digits by the expression
	return Number{Word: m[1], Year: year, Seq: seq}, true
}

// Gaps lists the places of a word and a year that no line of the register holds,
// though a later one does: the register lost a line, or was brought in with a hole.
func Gaps(word string, year int, taken []Number) (all []int) {
	there := map[int]bool{}
	for _, n := range taken {
		if n.Word == word && n.Year == year {
			there[n.Seq] = true
		}
	}
	for s := range last(word, year, taken) {
		if !there[s+1] {
			all = append(all, s+1)
		}
	}
	return all
}

// spoken says some places as people do, the first few of many.
func spoken(places []int) string {
	words := make([]string, 0, len(places))
	for i, s := range places {
		if i == 5 {
			return strings.Join(words, "、") + "等" + strconv.Itoa(len(places)) + "个"
		}
		words = append(words, strconv.Itoa(s))
	}
	return strings.Join(words, "、")
}

// Next returns the number after the last that was taken of a word in a year: a void one
// is not used again, and where the register has a gap none is given. taken may hold other
// words and years.
func Next(word string, year int, taken []Number) (Number, error) {
	if !wordShape.MatchString(word) {
		return Number{}, errWord.New()
	}
	n := Number{Word: word, Year: year, Seq: last(word, year, taken) + 1}
	if n.Seq > seqMax {
		return Number{}, errFull.New(year, seqMax)
	}
	if gaps := Gaps(word, year, taken); len(gaps) > 0 {
		return Number{}, errGap.New(word, year, spoken(gaps))
	}
	n.Key = n.String()
	return n, nil
}

func last(word string, year int, taken []Number) (most int) {
	for _, n := range taken {
		if n.Word == word && n.Year == year {
			most = max(most, n.Seq)
		}
	}
	return most
}

// enterMost bounds how many numbers are entered at once.
const enterMost = 200

// Enter writes the numbers up to seq into the register as used outside the
// system, so that the next one follows without a gap. The last gets the title;
// those between are unnamed until somebody describes them. A seq that the register lacks
// between others is written alone.
func Enter(by stage.Actor, word string, year, seq int, title string, taken []Number, now time.Time) ([]Number, stage.Move, error) {
	m := stage.Move{Act: "enter", By: by.Role, To: Taken, Basis: "制度:文号登记连续不重号"}
	if !NumberKind.Takes("describe", by.Role) {
		return nil, m, errEnterer.New(by.Role.Word())
	}
	before := last(word, year, taken)
	missing := slices.Contains(Gaps(word, year, taken), seq)
	switch {
	case !wordShape.MatchString(word):
		return nil, m, errWord.New()
	case !line(title, titleMax):
		return nil, m, errNumberTitle.At("title")
	case missing:
		return fill(word, year, seq-1, seq, title, by.Account, now), m, nil
	case seq <= before || seq-before > enterMost || seq > seqMax:
		return nil, m, errSkip.At("seq", seq, before, enterMost)
	}
	return fill(word, year, before, seq, title, by.Account, now), m, nil
}

// fill makes the lines from the number after before up to seq.
func fill(word string, year, before, seq int, title string, by id.Account, now time.Time) (lines []Number) {
	for s := before + 1; s <= seq; s++ {
		n := Number{Word: word, Year: year, Seq: s, Use: Outside, Title: unnamed, State: Taken, By: by, At: now}
		if s == seq {
			n.Title = title
		}
		n.Key = n.String()
		lines = append(lines, n)
	}
	return lines
}

// Free refuses a number that somebody wrote by hand and that the register holds already
// for something else: for another thing than the given one, as void, or under another
// title. One of another word is no business of the register.
func Free(docNumber, title, thing string, taken []Number) error {
	for _, n := range taken {
		same := n.Thing == thing || n.Thing == "" && (n.Title == title || n.Title == unnamed)
		if n.String() == docNumber && (n.State == Void || !same) {
			what := "《" + n.Title + "》"
			if n.State == Void {
				what = "已经作废"
			}
			return errUsed.New(docNumber, what)
		}
	}
	return nil
}

// unnamed is the title of a line of which nobody said what it was used for.
const unnamed = "系统外文件"

// Printed returns the lines that a register lacks so that it holds a number which
// a call or another document of the office already bears; none when it is no
// number of the word, is there, or lies so far ahead that it must be a slip.
func Printed(docNumber, title, word string, taken []Number, by id.Account, now time.Time) []Number {
	n, ok := ParseNumber(docNumber)
	before := last(word, n.Year, taken)
	if !ok || n.Word != word || n.Seq-before > enterMost {
		return nil
	}
	return fill(word, n.Year, before, n.Seq, title, by, now)
}

// Describe corrects the title of a document outside the system.
func (n *Number) Describe(by stage.Actor, title string) (stage.Move, error) {
	m, err := NumberKind.Step(n.State, "describe", by.Role)
	if err != nil {
		return m, err
	}
	if n.Use != Outside {
		return m, errInForce.New(n.String())
	}
	if !line(title, titleMax) {
		return m, errNumberTitle.At("title")
	}
	n.Title = title
	return m, nil
}

// Cancel makes a number void: its document came to nothing. It stays in the
// register and is never used again.
func (n *Number) Cancel(by stage.Actor, why string) (stage.Move, error) {
	m, err := NumberKind.Step(n.State, "void", by.Role)
	if err != nil {
		return m, err
	}
	if n.Use != Outside {
		return m, errInForce.New(n.String())
	}
	if !readable(why, textMax) {
		return m, errWhy.At("why")
	}
	n.State, n.Why = m.To, why
	return m, nil
}

// CancelWith makes the number of a document void that was made void itself.
func (n *Number) CancelWith(d *Document, by stage.Actor) (stage.Move, error) {
	m, err := NumberKind.Step(n.State, "void", by.Role)
	if err != nil {
		return m, err
	}
	n.State, n.Why = m.To, d.Reason
	return m, nil
}
