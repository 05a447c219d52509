package main

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/lot"
)

// drawn is a small draw with a result.
func drawn() lot.Document {
	p := lot.Pool{ID: "drw_1.1", Cases: []string{lot.Key("case", "drw_1.1", "1")}}
	for _, who := range []string{"a", "b", "c", "d"} {
		p.Members = append(p.Members, lot.Member{ID: lot.Key("member", p.ID, who), Stratum: "all"})
	}
	rule := lot.Rule{Quotas: []lot.Quota{{Stratum: "all", Seats: 3}}, Lead: "all", RevealBy: time.Date(2021, 8, 1, 9, 0, 0, 0, calendar.Zone)}
	d := lot.Document{Format: lot.Format, Draw: "drw_1", State: lot.Concluded, Attempt: 1, Pool: p.Text(), PoolDigest: p.Digest(), Rule: rule.Text(), RuleDigest: rule.Digest()}
	var reveals []lot.Reveal
	for _, side := range []string{"office", "supervision", "applicants"} {
		v := lot.Reveal{Secret: "秘密的一句话 " + side, Nonce: strings.Repeat("0f", 16)}
		reveals = append(reveals, v)
		d.Parties = append(d.Parties, lot.Published{Side: side, Commitment: v.Commitment(), HashedBy: lot.ByParty, Reveal: v})
	}
	seed := lot.Seed(d.Pool, d.Rule, reveals, "")
	d.Seed, d.Ranking = hex.EncodeToString(seed[:]), lot.Rank(seed, p, rule)
	d.Teams = lot.Teams(p, rule, d.Ranking)
	return d
}

func TestDrawVerify(t *testing.T) {
	t.Parallel()
	good, other, open := drawn(), drawn(), drawn()
	other.Teams[0].Members[0], other.Teams[0].Members[1] = other.Teams[0].Members[1], other.Teams[0].Members[0]
	open.State, open.Seed, open.Ranking, open.Teams = "committed", "", nil, nil
	for name, tt := range map[string]struct {
		file   []byte
		status int
		says   string
	}{
		"holds":   {good.Bytes(), exitDone, "成立。抽取 drw_1，名单4人，3方"},
		"altered": {other.Bytes(), exitNot, "不成立： 考核组不符"},
		"open":    {open.Bytes(), exitUnknown, "还没有全部揭示"},
		"nothing": {[]byte("{}"), exitNot, "不成立"},
		"missing": {nil, exitUsage, ""},
	} {
		file := filepath.Join(t.TempDir(), "draw.json")
		if tt.file != nil {
			if err := os.WriteFile(file, tt.file, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var out, errs strings.Builder
		if got := run([]string{"draw", "verify", file}, &out, &errs); got != tt.status || !strings.Contains(out.String(), tt.says) {
			t.Errorf("%s: %d %s %s", name, got, &out, &errs)
		}
		for _, args := range [][]string{{"draw", "verify", "--json", file}, {"draw", "verify", file, "--json"}} {
			out.Reset()
			if got := run(args, &out, &errs); got != tt.status || got != exitUsage && !strings.Contains(out.String(), `"holds":`) {
				t.Errorf("%v: %d %s", args, got, &out)
			}
		}
	}
}
