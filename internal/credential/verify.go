package credential

import (
	"errors"
	"strings"
	"time"
)

// Result is what a check found.
type Result int

// The results.
const (
	Unknown Result = iota // what it needs is not there
	Fails
	Holds
)

// Check is one question about a credential and its answer.
type Check struct {
	Result Result
	Say    string // in Chinese, for people
}

// Report is what verifying a credential found. Signature, Validity and Status are
// asked in this order; after one that fails or is unknown the others are still said as
// far as they can be, but nothing of an unsigned text is believed.
type Report struct {
	Claims    Claims // what it says; zero when it is not a credential of this shape
	Signature Check
	Validity  Check
	Status    Check
}

// Result is the whole answer: it holds when all three do. A revoked credential never
// does, however well it is signed.
func (r Report) Result() Result {
	all := []Check{r.Signature, r.Validity, r.Status}
	worst := Holds
	for _, c := range all {
		if c.Result == Fails {
			return Fails
		}
		worst = min(worst, c.Result)
	}
	return worst
}

// Sources are what a credential is checked against, as they were fetched or lie beside
// it.
type Sources struct {
	Document func(did string) []byte // the issuer's DID document; nil: not at hand
	List     func(url string) []byte // a status list; nil: not at hand
	Now      time.Time
}

// Verify checks a credential.
func Verify(text []byte, from Sources) Report {
	r := Report{Validity: Check{Unknown, "签名没有核对成立，有效期不作判断"}, Status: Check{Unknown, "签名没有核对成立，状态不作判断"}}
	doc, proofs, err := open(text)
	if err != nil {
		r.Signature = Check{Fails, "不成立：不是一份完整的凭证，或者内容被改过"}
		return r
	}
	c, err := claimsOf(doc)
	if err != nil {
		r.Signature = Check{Fails, "不成立：不是本平台凭证的写法，或者内容被改过"}
		return r
	}
	r.Claims = *c
	if r.Signature = signature(c, c.Issuer, proofs, from); r.Signature.Result != Holds {
		return r
	}
	r.Validity = validity(c, from.Now)
	r.Status = status(c, from)
	return r
}

// open parses a signed document and takes the proofs out of it.
func open(text []byte) (map[string]any, []proof, error) {
	v, err := parse(text)
	if err != nil {
		return nil, nil, err
	}
	doc, ok := v.(map[string]any)
	if !ok {
		return nil, nil, errForeign
	}
	proofs, err := proofsOf(doc)
	return doc, proofs, err
}

// signature checks both proofs with keys of the issuer's.
func signature(s shape, issuer string, proofs []proof, from Sources) Check {
	for _, p := range proofs {
		if !strings.HasPrefix(p.method, issuer+"#") {
			return Check{Fails, "不成立：签名用的不是签发单位的密钥"}
		}
		document := from.Document(issuer)
		if document == nil {
			return Check{Unknown, "无法核对：没有签发单位的公钥文件 did.json（" + issuer + "）"}
		}
		key, err := keyIn(document, issuer, p.method)
		switch {
		case errors.Is(err, errNoKey):
			return Check{Fails, "不成立：签发单位的公钥文件里没有这把密钥"}
		case err != nil:
			return Check{Unknown, "无法核对：公钥文件 did.json 不是" + issuer + "的，或者不完整"}
		}
		m, err := p.message(s)
		if err != nil || p.verify(key, m) != nil {
			return Check{Fails, "不成立：内容或签名被改过（" + p.suite + "）"}
		}
	}
	return Check{Holds, "成立：由" + issuer + "签发，内容没有改动（" + RDFC + "、" + JCS + "）"}
}

// day writes a day as people in China read it.
func day(t time.Time) string { return t.In(time.FixedZone("", 8*60*60)).Format("2006年1月2日") }

func validity(c *Claims, now time.Time) Check {
	switch {
	case now.Before(c.From):
		return Check{Fails, "还没有开始：自" + day(c.From) + "起有效"}
	case c.Until.IsZero():
		return Check{Holds, "在有效期内：自" + day(c.From) + "起，没有期限"}
	case now.After(c.Until.Add(time.Second - 1)):
		return Check{Fails, "已到期：有效期至" + day(c.Until)}
	}
	return Check{Holds, "在有效期内：" + day(c.From) + "至" + day(c.Until)}
}

func status(c *Claims, from Sources) Check {
	text := from.List(c.List)
	if text == nil {
		return Check{Unknown, "无法核对：没有状态列表（" + c.List + "）"}
	}
	l, check := readList(text, c.List, c.Issuer, from)
	if check.Result != Holds {
		return check
	}
	revoked, err := l.Revoked(c.Index)
	switch {
	case err != nil:
		return Check{Unknown, "无法核对：状态列表读不出来"}
	case revoked:
		return Check{Fails, "已作废：称号已撤销、终止，或者已换发新的凭证"}
	}
	return Check{Holds, "没有作废：截至" + l.From.In(time.FixedZone("", 8*60*60)).Format("2006年1月2日15时04分") + "的状态列表"}
}

// readList reads the list at an address and checks that its issuer signed it. A list
// that is not so says nothing, neither good nor bad.
func readList(text []byte, address, issuer string, from Sources) (*List, Check) {
	doc, proofs, err := open(text)
	if err != nil {
		return nil, Check{Unknown, "无法核对：状态列表不完整，或者被改过"}
	}
	l, err := listOf(doc)
	if err != nil || l.URL != address || l.Issuer != issuer {
		return nil, Check{Unknown, "无法核对：状态列表不是这份凭证的"}
	}
	if l.From.After(from.Now) {
		return nil, Check{Unknown, "无法核对：状态列表的时间在以后，核对本机的时钟"}
	}
	if s := signature(l, issuer, proofs, from); s.Result != Holds {
		return nil, Check{Unknown, "无法核对：状态列表的签名不成立"}
	}
	return l, Check{Result: Holds}
}

// Named returns the address of the status list that a credential names, and its
// issuer, before anything is checked: where to fetch what checking needs.
func Named(text []byte) (list, issuer string, err error) {
	doc, _, err := open(text)
	if err != nil {
		return "", "", err
	}
	c, err := claimsOf(doc)
	if err != nil {
		return "", "", err
	}
	return c.List, c.Issuer, nil
}
