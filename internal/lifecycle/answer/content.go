package answer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"shifan/internal/chars"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/programme"
)

// signatoryMax bounds who signs, in 字: a name and a post.
const signatoryMax = 60

var (
	errIndicator  = fault.Define(fault.Invalid, "answer.keep.indicator", "本届没有指标“%s”。刷新页面，按现在的指标填写。", "四")
	gapSignatory  = fault.Define(fault.Invalid, "answer.complete.signatory", "还没有填写签署人的姓名和职务。", "办法(一)")
	gapCommitment = fault.Define(fault.Invalid, "answer.complete.commitment", "还没有作出材料真实的承诺。", "五(一) 实事求是")
)

// Content is what an applicant submits: what the digest covers.
type Content struct {
	Round        id.Round          `json:"round"`
	Organisation id.Organisation   `json:"organisation"`
	Name         string            `json:"name"`
	PartyBody    string            `json:"party_body"`
	Category     string            `json:"category"`
	Answers      map[string]Answer `json:"answers"`
	Signatory    string            `json:"signatory"`
	Committed    bool              `json:"committed"`
}

// Canonical returns the one form that the digest is computed from: JSON in
// UTF-8 with the keys of Content in its order, those of answers sorted, no
// blanks and no line end.
func (c Content) Canonical() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(c); err != nil {
		panic("application: content is not JSON: " + err.Error()) // strings, numbers and maps always are
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// Digest returns the SHA-256 of the canonical form, in hex.
func (c Content) Digest() string {
	sum := sha256.Sum256(c.Canonical())
	return hex.EncodeToString(sum[:])
}

// Part is what one save holds: the answers of a section, or the parts beside
// them. What it does not hold stays as it is.
type Part struct {
	Answers   map[string]Answer
	Party     *id.PartyBody
	Signatory *string
	Committed *bool
	Files     map[string][]File // by indicator, of all of them; nil: they stay
	Sure      []string          // indicators whose answer of an earlier round is confirmed for this one
	Seen      map[string]string // the seals of what the form was drawn from: by indicator, and Signed
}

// Attach puts the files of each indicator beside its answer.
func (c *Content) Attach(files map[string][]File) {
	if c.Answers == nil {
		c.Answers = map[string]Answer{}
	}
	for code, w := range c.Answers {
		w.Files = files[code]
		c.Answers[code] = w
	}
	for code, all := range files {
		if w, known := c.Answers[code]; !known && len(all) > 0 {
			w.Files = all
			c.Answers[code] = w
		}
	}
}

// Signed is the place of Part.Seen for what is beside the answers: the Party
// organisation, who signs, and the commitment.
const Signed = "signed"

// Placed reports whether a part says of everything in it what it was drawn from,
// so that the version of the whole need not be asked.
func (in Part) Placed() bool {
	for code := range in.Answers {
		if in.Seen[code] == "" {
			return false
		}
	}
	return in.Seen[Signed] != "" || in.Party == nil && in.Signatory == nil && in.Committed == nil
}

// Chooses reports whether a part names another Party organisation than the one that
// applies: only then are the others of the round asked about.
func (in Part) Chooses(applies id.PartyBody) bool { return in.Party != nil && *in.Party != applies }

// Untouched reports whether the writer left an answer as the form showed it.
func (in Part) Untouched(i programme.Indicator) bool {
	w, _ := in.Answers[i.Code].Keep(i)
	return in.Seen[i.Code] != "" && w.Seal() == in.Seen[i.Code]
}

// Take puts a part into a content, or says everything that cannot be kept.
func (c *Content) Take(p *programme.Programme, year int, in Part) error {
	var faults []*fault.Fault
	if c.Answers == nil {
		c.Answers = map[string]Answer{}
	}
	for _, code := range slices.Sorted(maps.Keys(in.Answers)) {
		i, known := p.Indicator(code)
		if !known || !i.CountsIn(year) {
			faults = append(faults, errIndicator.At(code, chars.Cut(strings.ToValidUTF8(code, ""), 20)))
			continue
		}
		w, wrong := in.Answers[code].Keep(i)
		faults = append(faults, wrong...)
		w.Files = c.Answers[code].Files // a form holds no files; they have acts of their own
		c.Answers[code] = w
	}
	if in.Signatory != nil {
		c.Signatory = strings.TrimSpace(*in.Signatory)
		faults = append(faults, fact.Text("signatory", "签署人", c.Signatory, signatoryMax, false))
	}
	if in.Committed != nil {
		c.Committed = *in.Committed
	}
	return fault.All(faults...)
}

// Gaps lists what is still missing for submission, each at its field, in the
// order of the form.
func (c Content) Gaps(p *programme.Programme, year int) (all []*fault.Fault) {
	for _, i := range p.Indicators(year) {
		all = append(all, c.Answers[i.Code].Gaps(i)...)
	}
	if c.Signatory == "" {
		all = append(all, gapSignatory.At("signatory"))
	}
	if !c.Committed {
		all = append(all, gapCommitment.At("committed"))
	}
	return all
}

// Repeated lists the pieces of evidence that are described alike more than once,
// each with the indicators that it stands under: one paper does not stand for
// several things (S12). It is for people to look at, and refuses nothing.
func (c Content) Repeated() (all []Repeat) {
	under := map[string][]string{}
	var order []string
	for _, code := range slices.Sorted(maps.Keys(c.Answers)) {
		for _, e := range c.Answers[code].Evidence {
			key := strings.Join(strings.Fields(e), "")
			if key == "" {
				continue
			}
			if under[key] == nil {
				order = append(order, key)
			}
			under[key] = append(under[key], code)
		}
	}
	for _, key := range order {
		if len(under[key]) > 1 {
			all = append(all, Repeat{Evidence: key, Under: under[key]})
		}
	}
	return all
}

// Repeat is evidence that is described alike under several indicators, or several
// times under one.
type Repeat struct {
	Evidence string
	Under    []string
}

// personal finds identity card and mobile telephone numbers (facts.md §8).
var personal = regexp.MustCompile(`(^|[^0-9])([1-9][0-9]{16}[0-9Xx]|1[3-9][0-9]{9})($|[^0-9])`)

// Personal lists the indicators whose answer holds what looks like the number of
// an identity card or of a mobile telephone. The pages warn of it.
func (c Content) Personal() (codes []string) {
	for _, code := range slices.Sorted(maps.Keys(c.Answers)) {
		w := c.Answers[code]
		if personal.MatchString(w.Statement) || slices.ContainsFunc(w.Evidence, personal.MatchString) {
			codes = append(codes, code)
		}
	}
	return codes
}
