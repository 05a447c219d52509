package lot

import (
	"bytes"
	_ "embed" // the script that recomputes a draw
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Script is the program of fifteen lines that recomputes a draw from its
// document, as it is printed with the certificate.
//
//go:embed recompute.py
var Script string

// Document is what is published of a draw: docs/draw-format.md.
type Document struct {
	Format     string      `json:"format"`
	Draw       string      `json:"draw"`
	Programme  string      `json:"programme"`
	Round      string      `json:"round"`
	State      string      `json:"state"`
	Attempt    int         `json:"attempt"`
	Earlier    *Earlier    `json:"earlier,omitempty"`
	Reason     string      `json:"reason,omitempty"`
	Pool       string      `json:"pool"`
	PoolDigest string      `json:"pool_sha256"`
	Rule       string      `json:"rule"`
	RuleDigest string      `json:"rule_sha256"`
	Parties    []Published `json:"parties"`
	External   *External   `json:"external,omitempty"`
	Seed       string      `json:"seed"`
	Ranking    []Ranking   `json:"ranking"`
	Teams      []Team      `json:"teams"`
	Digest     string      `json:"sha256"` // of the document with this field empty
}

// Earlier is the attempt that failed before this one.
type Earlier struct {
	Draw    string   `json:"draw"`
	Pool    string   `json:"pool_sha256"`
	Missing []string `json:"missing"` // the parties that did not reveal
	Reason  string   `json:"reason"`
}

// Published is a party as the document shows it. The reveal is there once all are.
type Published struct {
	Side        string `json:"side"`
	Commitment  string `json:"commitment"`
	HashedBy    string `json:"hashed_by"` // party: the server saw only the digest; server: it saw the secret
	CommittedAt string `json:"committed_at"`
	RevealedAt  string `json:"revealed_at"`
	Reveal
}

// External is the value from outside, as two people typed it.
type External struct {
	Value string `json:"value"`
	Typed int    `json:"typed"` // by how many, each for themselves
}

// Bytes writes the document with its digest. There is one way to write it, so a
// changed byte is seen wherever it is.
func (d Document) Bytes() []byte {
	d.Digest = ""
	d.Digest = hexOf(d.write())
	return d.write()
}

func (d Document) write() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(d); err != nil {
		panic(err) // strings, numbers and lists of them
	}
	return b.Bytes()
}

// Drawn returns the document with what a seed gives.
func (d Document) Drawn(seed [32]byte, p Pool, rule Rule) Document {
	d.Seed, d.Ranking = hex.EncodeToString(seed[:]), Rank(seed, p, rule)
	d.Teams = Teams(p, rule, d.Ranking)
	return d
}

// Report is what a recomputation found.
type Report struct {
	Draw    string    `json:"draw"`
	State   string    `json:"state"`
	Pool    string    `json:"pool_sha256"`
	Rule    string    `json:"rule_sha256"`
	Members int       `json:"members"`
	Parties int       `json:"parties"`
	Seed    string    `json:"seed,omitempty"`
	Ranking []Ranking `json:"ranking,omitempty"`
	Teams   []Team    `json:"teams,omitempty"`
	Digest  string    `json:"sha256"` // of the document, as the record of the platform has it
}

// Concluded is the state of a draw that has a result.
const Concluded = "concluded"

// unfinished says of every other state what there is instead.
var unfinished = map[string]string{
	"frozen": "名单已经冻结，规则还没有公布", "ruled": "规则已经公布，各方正在承诺", "committed": "各方已经承诺，还没有全部揭示",
	"revealed": "各方已经揭示，结果还没有产生", "failed": "有一方没有承诺或揭示，这次抽取没有完成", "restarted": "有一方没有承诺或揭示，已经另行抽取",
	"manual": "两次没有完成，改为监督下人工抽取，不能重算", "cancelled": "这次抽取在承诺以前取消",
}

// The sides of a draw, by whose secrets nobody can steer it alone.
var Sides = map[string]string{"office": "秘书处（办公室）", "supervision": "监督方", "applicants": "申报方代表", "committee": "委员会"}

// LeastParties is how many sides there have to be.
const LeastParties = 3

// Who made the digest of a commitment.
const (
	ByParty  = "party"  // the party: the server saw the digest only
	ByServer = "server" // the server: it saw the secret
)

// ErrOpen says that a document holds no result that could be recomputed.
var ErrOpen = errors.New("这次抽取没有可以重算的结果")

// Verify recomputes a draw from its published document and nothing else. An
// ErrOpen says that all that is there holds, and that there is no result; any other
// error says what does not hold.
func Verify(b []byte) (Report, error) {
	var d Document
	in := json.NewDecoder(bytes.NewReader(b))
	in.DisallowUnknownFields()
	if err := in.Decode(&d); err != nil {
		return Report{}, fmt.Errorf("读不出抽取记录：%w", err)
	}
	if _, known := unfinished[d.State]; !known && d.State != Concluded {
		return Report{}, fmt.Errorf("没有“%s”这样的状态", d.State)
	}
	if d.Format != Format {
		return Report{}, fmt.Errorf("格式是%q，这里只认%q", d.Format, Format)
	}
	r := Report{Draw: d.Draw, State: d.State, Pool: d.PoolDigest, Rule: d.RuleDigest, Parties: len(d.Parties), Digest: d.Digest}
	p, rule, err := d.published()
	r.Members = len(p.Members)
	if err != nil {
		return r, err
	}
	if err := d.committed(); err != nil {
		return r, err
	}
	if d.State == Concluded {
		if err := d.result(&r, p, rule); err != nil {
			return r, err
		}
	} else if d.Seed != "" || len(d.Ranking)+len(d.Teams) > 0 {
		return r, errors.New("没有产生结果的记录里写着结果")
	}
	if !bytes.Equal(d.Bytes(), b) {
		return r, errors.New("文件与其摘要不符，或写法与格式不同：结果以外的内容被改动")
	}
	if d.State != Concluded {
		return r, fmt.Errorf("%w：%s", ErrOpen, unfinished[d.State])
	}
	return r, nil
}

// published checks pool and rule against their digests and their format.
func (d Document) published() (p Pool, rule Rule, err error) {
	if got := hexOf([]byte(d.Pool)); got != d.PoolDigest {
		return p, rule, fmt.Errorf("名单与其摘要不符：名单的SHA-256是%s，记录里写的是%s", got, d.PoolDigest)
	}
	if p, err = ParsePool(d.Pool); err != nil {
		return p, rule, err
	}
	if d.Draw == "" || !strings.HasPrefix(p.ID, d.Draw+".") {
		return p, rule, errors.New("名单不是这次抽取的名单")
	}
	if d.Rule == "" && d.RuleDigest == "" && d.State != Concluded {
		return p, rule, nil
	}
	if got := hexOf([]byte(d.Rule)); got != d.RuleDigest {
		return p, rule, fmt.Errorf("规则与其摘要不符：规则的SHA-256是%s，记录里写的是%s", got, d.RuleDigest)
	}
	rule, err = ParseRule(d.Rule)
	return p, rule, err
}

// committed checks the parties: their sides differ, and what is revealed is what
// was committed to.
func (d Document) committed() error {
	seen := map[string]bool{}
	for _, p := range d.Parties {
		switch {
		case Sides[p.Side] == "" || seen[p.Side] || seen[p.Commitment]:
			return fmt.Errorf("参与方“%s”不存在，或重复", p.Side)
		case !isHex(p.Commitment):
			return fmt.Errorf("%s的承诺不是64位十六进制数", Sides[p.Side])
		case p.HashedBy != ByParty && p.HashedBy != ByServer:
			return fmt.Errorf("%s的承诺没有写明由谁计算", Sides[p.Side])
		case p.Secret != "" && p.Commitment != p.Reveal.Commitment():
			return fmt.Errorf("%s揭示的内容与承诺不符", Sides[p.Side])
		}
		seen[p.Side], seen[p.Commitment] = true, true
	}
	return nil
}

// result recomputes the seed, the order and the teams.
func (d Document) result(r *Report, p Pool, rule Rule) error {
	if len(d.Parties) < LeastParties {
		return fmt.Errorf("只有%d方参与，至少要%d方", len(d.Parties), LeastParties)
	}
	reveals := make([]Reveal, len(d.Parties))
	for i, v := range d.Parties {
		if !v.Complete() {
			return fmt.Errorf("%s没有揭示", Sides[v.Side])
		}
		reveals[i] = v.Reveal
	}
	external := ""
	if d.External != nil {
		external = d.External.Value
	}
	if (rule.External == "") != (d.External == nil) || d.External != nil && (external == "" || d.External.Typed < 2) {
		return errors.New("外部数值与规则不符：规则写了来源的要有两人录入的数值，没有写的不能有")
	}
	want := d.Drawn(Seed(d.Pool, d.Rule, reveals, external), p, rule)
	r.Seed, r.Ranking, r.Teams = want.Seed, want.Ranking, want.Teams
	if r.Seed != d.Seed {
		return fmt.Errorf("种子不符：算得%s，记录里写的是%s", r.Seed, d.Seed)
	}
	if !slices.EqualFunc(r.Ranking, d.Ranking, func(a, b Ranking) bool { return a.Stratum == b.Stratum && slices.Equal(a.Order, b.Order) }) {
		return errors.New("排序不符：记录里的排序不是按种子算出的")
	}
	if !slices.EqualFunc(r.Teams, d.Teams, func(a, b Team) bool { return a.Case == b.Case && slices.Equal(a.Members, b.Members) }) {
		return errors.New("考核组不符：记录里的考核组不是按排序、名额和回避得出的")
	}
	return nil
}
