package lot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Reveal is what a party committed to: a secret, and a nonce that keeps it from
// being guessed from its commitment.
type Reveal struct {
	Secret string `json:"secret"`
	Nonce  string `json:"nonce"`
}

var nonceForm = regexp.MustCompile(`^[0-9a-f]{32}$`)

// The bounds of a secret, in characters.
const SecretMin, SecretMax = 8, 200

// Complete reports whether a reveal is one: a secret of one line, and a nonce of 32
// hexadecimal digits. What is longer or shorter could hide where one ends.
func (r Reveal) Complete() bool {
	n := utf8.RuneCountInString(r.Secret)
	return n >= SecretMin && n <= SecretMax && utf8.ValidString(r.Secret) && !strings.ContainsFunc(r.Secret, unicode.IsControl) && nonceForm.MatchString(r.Nonce)
}

// Commitment is the digest that a party publishes first: SHA-256(secret‖nonce).
func (r Reveal) Commitment() string { return hexOf([]byte(r.Secret + r.Nonce)) }

// Seed is SHA-256("rz-draw/v1"‖pool‖rule‖sorted reveals‖external): pool and rule by
// their 32-byte digests, each reveal with a line feed after it, so that no two
// inputs read the same.
func Seed(pool, rule string, reveals []Reveal, external string) [sha256.Size]byte {
	p, r := sha256.Sum256([]byte(pool)), sha256.Sum256([]byte(rule))
	all := make([]string, len(reveals))
	for i, v := range reveals {
		all[i] = v.Secret + v.Nonce + "\n"
	}
	slices.Sort(all) // as bytes; the line feed sorts before whatever a reveal may hold
	return sha256.Sum256([]byte("rz-draw/v1" + string(p[:]) + string(r[:]) + strings.Join(all, "") + external))
}

// Ranking is the order of everybody in one stratum.
type Ranking struct {
	Stratum string   `json:"stratum"`
	Order   []Ranked `json:"order"`
}

// Ranked is one place in a ranking, and the number that put it there.
type Ranked struct {
	ID   string `json:"id"`
	HMAC string `json:"hmac"`
}

// Rank orders the pool: in each stratum that the rule names by
// HMAC-SHA-256(seed, member's id), the smallest first.
func Rank(seed [sha256.Size]byte, p Pool, rule Rule) []Ranking {
	all := make([]Ranking, len(rule.Quotas))
	for i, q := range rule.Quotas {
		all[i] = Ranking{q.Stratum, []Ranked{}}
		for _, m := range p.Members {
			if m.Stratum == q.Stratum {
				h := hmac.New(sha256.New, seed[:])
				h.Write([]byte(m.ID))
				all[i].Order = append(all[i].Order, Ranked{m.ID, hex.EncodeToString(h.Sum(nil))})
			}
		}
		slices.SortFunc(all[i].Order, func(a, b Ranked) int { return strings.Compare(a.HMAC, b.HMAC) })
	}
	slices.SortFunc(all, func(a, b Ranking) int { return strings.Compare(a.Stratum, b.Stratum) })
	return all
}

// Team is who was drawn for one case: the leader first.
type Team struct {
	Case    string   `json:"case"`
	Members []string `json:"members"`
}

// TeamFor takes from each stratum the first of the ranking who are not out, as many
// as the rule says. The first of the leading stratum leads. Where a stratum has
// too few, the team is short, and whoever looks sees it.
func TeamFor(rule Rule, ranking []Ranking, out func(member string) bool) []string {
	var team, led []string
	for _, k := range ranking {
		i := slices.IndexFunc(rule.Quotas, func(q Quota) bool { return q.Stratum == k.Stratum })
		if i < 0 {
			continue
		}
		var some []string
		for _, r := range k.Order {
			if len(some) < rule.Quotas[i].Seats && !out(r.ID) {
				some = append(some, r.ID)
			}
		}
		if k.Stratum == rule.Lead {
			led = some
		} else {
			team = append(team, some...)
		}
	}
	return append(led, team...)
}

// Teams draws every case's team.
func Teams(p Pool, rule Rule, ranking []Ranking) []Team {
	recused := map[string]bool{}
	for _, m := range p.Members {
		for _, c := range m.Recusals {
			recused[m.ID+c] = true
		}
	}
	cases := slices.Sorted(slices.Values(p.Cases))
	all := make([]Team, len(cases))
	for i, c := range cases {
		all[i] = Team{c, TeamFor(rule, ranking, func(m string) bool { return recused[m+c] })}
	}
	return all
}
