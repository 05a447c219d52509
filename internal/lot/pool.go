package lot

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"shifan/internal/calendar"
)

// Format names the format of what is published, and its version.
const Format = "shifan-draw/1"

// Pool is who may be drawn for what. Its text is published and hashed.
type Pool struct {
	ID      string   `json:"id"` // of the draw, and how often its pool was frozen
	Cases   []string `json:"cases"`
	Members []Member `json:"members"`
}

// Member is one of the pool. Nobody's name is in it: ID is a digest that the
// member and the office know.
type Member struct {
	ID       string   `json:"id"`
	Stratum  string   `json:"stratum"`
	Recusals []string `json:"recusals,omitempty"` // the cases that the member stays out of
}

// Key is the digest by which a pool knows a thing, so that two pools say nothing
// about one another.
func Key(kind, pool, thing string) string {
	return hexOf([]byte(Format + " " + kind + "\n" + pool + "\n" + thing))
}

func hexOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Text is the pool as it is published: in one order, whatever order it was
// gathered in.
func (p Pool) Text() string {
	cases, members := slices.Clone(p.Cases), slices.Clone(p.Members)
	slices.Sort(cases)
	slices.SortFunc(members, func(a, b Member) int { return strings.Compare(a.ID, b.ID) })
	var b strings.Builder
	fmt.Fprintf(&b, "%s pool %s\n", Format, p.ID)
	for _, c := range cases {
		fmt.Fprintf(&b, "case %s\n", c)
	}
	for _, m := range members {
		recusals := slices.Clone(m.Recusals)
		slices.Sort(recusals)
		if len(recusals) == 0 {
			recusals = []string{"-"}
		}
		fmt.Fprintf(&b, "member %s %s %s\n", m.ID, m.Stratum, strings.Join(recusals, ","))
	}
	return b.String()
}

// Digest is the SHA-256 of the pool's text.
func (p Pool) Digest() string { return hexOf([]byte(p.Text())) }

// Rule is how the draw goes. Its text is published and hashed.
type Rule struct {
	Quotas   []Quota   `json:"quotas"`
	Lead     string    `json:"lead"`               // the stratum whose first leads the team
	RevealBy time.Time `json:"reveal_by"`          // who has not revealed by then fails the draw
	External string    `json:"external,omitempty"` // where a value from outside comes from; empty: there is none
}

// Quota is how many of a stratum are in a team.
type Quota struct {
	Stratum string `json:"stratum"`
	Seats   int    `json:"seats"`
}

// none stands in a rule that takes no value from outside.
const none = "none"

// Text is the rule as it is published.
func (r Rule) Text() string {
	quotas := slices.Clone(r.Quotas)
	slices.SortFunc(quotas, func(a, b Quota) int { return strings.Compare(a.Stratum, b.Stratum) })
	var b strings.Builder
	fmt.Fprintf(&b, "%s rule\nalgorithm hmac-sha256\n", Format)
	for _, q := range quotas {
		fmt.Fprintf(&b, "quota %s %d\n", q.Stratum, q.Seats)
	}
	external := r.External
	if external == "" {
		external = none
	}
	fmt.Fprintf(&b, "lead %s\nrecusal next\nreveal-by %s\nexternal %s\n", r.Lead, Instant(r.RevealBy), external)
	return b.String()
}

// Digest is the SHA-256 of the rule's text.
func (r Rule) Digest() string { return hexOf([]byte(r.Text())) }

// Instant writes a moment, to the second, in the programme's zone; "" for none.
func Instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(calendar.Zone).Format(time.RFC3339)
}

var (
	errPoolText = errors.New("名单的写法与格式不符")
	errRuleText = errors.New("规则的写法与格式不符")
)

// ParsePool reads a pool's text, and refuses one that is not written as Text
// writes it.
func ParsePool(text string) (p Pool, err error) {
	for n, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		f := strings.Split(line, " ")
		switch {
		case n == 0 && len(f) == 3 && f[0] == Format && f[1] == "pool" && f[2] != "":
			p.ID = f[2]
		case n > 0 && len(f) == 2 && f[0] == "case" && isHex(f[1]) && !slices.Contains(p.Cases, f[1]):
			p.Cases = append(p.Cases, f[1])
		case n > 0 && len(f) == 4 && f[0] == "member" && isHex(f[1]) && isCode(f[2]):
			m := Member{ID: f[1], Stratum: f[2]}
			if f[3] != "-" {
				m.Recusals = strings.Split(f[3], ",")
			}
			p.Members = append(p.Members, m)
		default:
			return p, errPoolText
		}
	}
	seen := map[string]bool{}
	for _, m := range p.Members {
		if seen[m.ID] || slices.ContainsFunc(m.Recusals, func(c string) bool { return !slices.Contains(p.Cases, c) }) {
			return p, errPoolText
		}
		seen[m.ID] = true
	}
	if p.Text() != text {
		return p, errPoolText
	}
	return p, nil
}

// ParseRule reads a rule's text, and refuses one that is not written as Text
// writes it.
func ParseRule(text string) (r Rule, err error) {
	for line := range strings.Lines(text) {
		word, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		switch word {
		case "quota":
			stratum, seats, _ := strings.Cut(rest, " ")
			n, err := strconv.Atoi(seats)
			if err != nil || n < 1 || !isCode(stratum) {
				return r, errRuleText
			}
			r.Quotas = append(r.Quotas, Quota{stratum, n})
		case "lead":
			r.Lead = rest
		case "reveal-by":
			if r.RevealBy, err = time.Parse(time.RFC3339, rest); err != nil {
				return r, errRuleText
			}
		case "external":
			if rest != none {
				r.External = rest
			}
		}
	}
	led := slices.ContainsFunc(r.Quotas, func(q Quota) bool { return q.Stratum == r.Lead })
	if !led || r.Text() != text || strings.Count(text, "\nquota "+r.Lead+" ") != 1 {
		return r, errRuleText
	}
	return r, nil
}

func isHex(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == sha256.Size && strings.ToLower(s) == s
}

// isCode reports whether a stratum's code is one: letters, digits, - and _.
func isCode(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_'
	})
}

// DigestOf is the SHA-256 of what was published, in hex.
func DigestOf(b []byte) string { return hexOf(b) }
