package credential

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// begins is when the samples begin.
var begins = time.Date(2026, 6, 30, 16, 0, 0, 0, time.UTC)

func sample() *Claims {
	return &Claims{
		ID: "https://base.example/credentials/crd_0000000000000001", Issuer: "did:web:base.example", IssuerName: "某某省民政厅",
		From: begins, Until: time.Date(2029, 6, 30, 15, 59, 59, 0, time.UTC),
		Subject: "https://base.example/designations/dsg_0000000000000001", Holder: "某某省物流协会", Code: "51220000MJ0000000A", Number: "2026-007",
		Title: "社会组织党建工作示范基地", About: "由某某省民政厅命名", Criteria: "https://base.example/programmes/base", Narrative: "按方案规定的条件和程序审定",
		List: "https://base.example/status/1", Index: 94567,
	}
}

func forever() *Claims { c := sample(); c.Until = time.Time{}; return c }

func odd() *Claims {
	c := sample()
	c.Holder, c.About = `“引号”"quote"\back𠮷㛃䶮`, "a\u202eb\u00ad\ufeff…"
	return c
}

// ring is keys for tests, the same each time.
func ring(n int) *Ring {
	g, r := &Ring{}, rand.NewChaCha8([32]byte{7})
	for range n {
		must(g.Add(r))
	}
	return g
}

// office is an issuer with one key, its document and its list.
type office struct {
	ring             *Ring
	method           string
	document, listed []byte
}

func newOffice(revoked ...int) *office {
	o := &office{ring: ring(1), method: "did:web:base.example#key-1"}
	o.document = must(Document("did:web:base.example", []Method{{o.method, o.ring.Newest()}}))
	l := must(NewList("https://base.example/status/1", "did:web:base.example", revoked, begins))
	o.listed = must(l.Sign(o.signer(), o.method))
	return o
}

func (o *office) signer() Signer { return o.ring.Signer(o.ring.Newest()) }

func (o *office) issue(c *Claims) []byte {
	intent, _, err := c.Intent()
	if err != nil {
		panic(err)
	}
	return must(Issue(intent, o.signer(), o.method, begins))
}

func (o *office) sources(now time.Time) Sources {
	return Sources{Now: now, Document: func(string) []byte { return o.document }, List: func(string) []byte { return o.listed }}
}

// TestVerify: signature, validity and status are three questions, and the whole
// answer is never better than the worst of them.
func TestVerify(t *testing.T) {
	t.Parallel()
	o, now := newOffice(5), begins.AddDate(1, 0, 0)
	good := o.issue(sample())
	revoked := sample()
	revoked.Index = 5
	retired := newOffice()
	retired.document = must(Document("did:web:base.example", []Method{{o.method, o.ring.Newest()}, {"did:web:base.example#key-2", ring(2).Newest()}}))
	retired.listed = o.listed
	other := newOffice()
	other.document = must(Document("did:web:base.example", []Method{{"did:web:base.example#key-9", ring(2).Newest()}}))
	swapped := newOffice()
	swapped.document = must(Document("did:web:base.example", []Method{{o.method, ring(2).Newest()}}))
	none := Sources{Now: now, Document: func(string) []byte { return nil }, List: func(string) []byte { return nil }}
	noList := o.sources(now)
	noList.List = none.List
	badList := o.sources(now)
	badList.List = func(string) []byte { return bytes.Replace(o.listed, []byte("2026-06-30"), []byte("2026-06-29"), 1) }
	for name, c := range map[string]struct {
		text []byte
		from Sources
		want [4]Result // signature, validity, status, all
	}{
		"good":                     {good, o.sources(now), [4]Result{Holds, Holds, Holds, Holds}},
		"last second":              {good, o.sources(sample().Until), [4]Result{Holds, Holds, Holds, Holds}},
		"a second later":           {good, o.sources(sample().Until.Add(time.Second)), [4]Result{Holds, Fails, Holds, Fails}},
		"first second":             {good, o.sources(begins), [4]Result{Holds, Holds, Holds, Holds}},
		"a second before":          {good, o.sources(begins.Add(-time.Second)), [4]Result{Holds, Fails, Unknown, Fails}},
		"no end, years later":      {o.issue(forever()), o.sources(now.AddDate(50, 0, 0)), [4]Result{Holds, Holds, Holds, Holds}},
		"revoked":                  {o.issue(revoked), o.sources(now), [4]Result{Holds, Holds, Fails, Fails}},
		"a retired key":            {good, retired.sources(now), [4]Result{Holds, Holds, Holds, Holds}},
		"a key that is not listed": {good, other.sources(now), [4]Result{Fails, Unknown, Unknown, Fails}},
		"another key of that name": {good, swapped.sources(now), [4]Result{Fails, Unknown, Unknown, Fails}},
		"no document":              {good, none, [4]Result{Unknown, Unknown, Unknown, Unknown}},
		"no list":                  {good, noList, [4]Result{Holds, Holds, Unknown, Unknown}},
		"a list that was changed":  {good, badList, [4]Result{Holds, Holds, Unknown, Unknown}},
		"a list as credential":     {o.listed, o.sources(now), [4]Result{Fails, Unknown, Unknown, Fails}},
		"not JSON":                 {[]byte("{"), o.sources(now), [4]Result{Fails, Unknown, Unknown, Fails}},
		"a key twice":              {bytes.Replace(good, []byte(`{"@context"`), []byte(`{"name":"x","@context"`), 1), o.sources(now), [4]Result{Fails, Unknown, Unknown, Fails}},
	} {
		r := Verify(c.text, c.from)
		if got := [4]Result{r.Signature.Result, r.Validity.Result, r.Status.Result, r.Result()}; got != c.want {
			t.Errorf("%s: %v, want %v: %+v", name, got, c.want, r)
		}
	}
}

// TestDeterministic: the same intent, key and instant give the same bytes, so that what
// was not signed before a crash is signed after it as it would have been.
func TestDeterministic(t *testing.T) {
	t.Parallel()
	a, b := newOffice(1, 2), newOffice(2, 1)
	if !bytes.Equal(a.issue(odd()), b.issue(odd())) || !bytes.Equal(a.listed, b.listed) || !bytes.Equal(a.document, b.document) {
		t.Error("two times signed, two texts")
	}
}

// TestEveryByte flips one bit of each byte of a credential and of its list, in turn:
// nothing of it verifies.
func TestEveryByte(t *testing.T) {
	t.Parallel()
	o := newOffice()
	good := o.issue(sample())
	for _, bit := range []byte{1, 0x20} {
		for i := range good {
			text := slices.Clone(good)
			text[i] ^= bit
			if r := Verify(text, o.sources(begins)); r.Signature.Result != Fails {
				t.Fatalf("byte %d ^ %#x (%q): %+v", i, bit, text[max(0, i-20):i+1], r)
			}
		}
	}
	list := slices.Clone(o.listed)
	for i := range list {
		o.listed = slices.Clone(list)
		o.listed[i] ^= 1
		if r := Verify(good, o.sources(begins)); r.Status.Result != Unknown {
			t.Fatalf("byte %d of the list: %+v", i, r)
		}
	}
}

// TestProofs: one proof alone, a proof twice, or more than a proof holds is refused.
func TestProofs(t *testing.T) {
	t.Parallel()
	o := newOffice()
	for name, change := range map[string]func(doc map[string]any, proofs []any){
		"none":     func(doc map[string]any, _ []any) { delete(doc, "proof") },
		"one":      func(doc map[string]any, p []any) { doc["proof"] = p[1:] },
		"no list":  func(doc map[string]any, p []any) { doc["proof"] = p[1] },
		"the same": func(doc map[string]any, p []any) { doc["proof"] = []any{p[1], p[1]} },
		"three":    func(doc map[string]any, p []any) { doc["proof"] = append(p, p[0]) },
		"more":     func(_ map[string]any, p []any) { p[0].(map[string]any)["nonce"] = "1" },
		"purpose":  func(_ map[string]any, p []any) { p[0].(map[string]any)["proofPurpose"] = "authentication" },
		"claim":    func(doc map[string]any, _ []any) { doc["evidence"] = "1" },
		"type":     func(doc map[string]any, _ []any) { doc["type"] = []any{"VerifiableCredential"} },
	} {
		doc := must(parse(o.issue(sample()))).(map[string]any)
		change(doc, doc["proof"].([]any))
		if r := Verify(must(canonical(doc)), o.sources(begins)); r.Signature.Result != Fails {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// TestClaims: what no credential can say is refused before anything is signed.
func TestClaims(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Claims){
		"no holder":       func(c *Claims) { c.Holder = "" },
		"a control sign":  func(c *Claims) { c.Holder = "a\nb" },
		"broken UTF-8":    func(c *Claims) { c.Holder = "\xff" },
		"no address":      func(c *Claims) { c.ID = "crd_1" },
		"an odd address":  func(c *Claims) { c.Subject = "https://a.example/<b>" },
		"no begin":        func(c *Claims) { c.From = time.Time{} },
		"ends before":     func(c *Claims) { c.Until = c.From.Add(-1) },
		"index too high":  func(c *Claims) { c.Index = ListSize },
		"index below all": func(c *Claims) { c.Index = -1 },
	} {
		c := sample()
		change(c)
		if _, _, err := c.Intent(); !errors.Is(err, errClaims) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestList: an entry is where the standard puts it, and others stay clear.
func TestList(t *testing.T) {
	t.Parallel()
	l := must(NewList("https://a.example/status/1", "did:web:a.example", []int{0, 9, ListSize - 1}, begins))
	for i, want := range map[int]bool{0: true, 1: false, 7: false, 8: false, 9: true, 10: false, ListSize - 2: false, ListSize - 1: true} {
		if got, err := l.Revoked(i); err != nil || got != want {
			t.Errorf("entry %d: %v, %v", i, got, err)
		}
	}
	for _, i := range []int{-1, ListSize} {
		if _, err := l.Revoked(i); !errors.Is(err, errIndex) {
			t.Errorf("entry %d: %v", i, err)
		}
		if _, err := NewList(l.URL, l.Issuer, []int{i}, begins); !errors.Is(err, errIndex) {
			t.Errorf("a list with entry %d: %v", i, err)
		}
	}
	for _, bits := range []string{"", "u", "uAAAA", "z" + l.bits[1:], l.bits[:len(l.bits)-9]} {
		if _, err := (&List{bits: bits}).Revoked(0); !errors.Is(err, errList) {
			t.Errorf("%.12q…: %v", bits, err)
		}
	}
}

// TestFreeIndex: an entry that is given is not given again, and a list that is full
// says so.
func TestFreeIndex(t *testing.T) {
	t.Parallel()
	r, given := rand.NewChaCha8([32]byte{1}), map[int]bool{}
	for range ListFull / 16 {
		i, err := FreeIndex(r, func(i int) (bool, error) { return given[i], nil })
		if err != nil || given[i] || i < 0 || i >= ListSize {
			t.Fatal(i, err)
		}
		given[i] = true
	}
	if _, err := FreeIndex(r, func(int) (bool, error) { return true, nil }); !errors.Is(err, errFull) {
		t.Error(err)
	}
}

// TestRing: keys at rest open with their passphrase and with no other.
func TestRing(t *testing.T) {
	t.Parallel()
	g := ring(2)
	r := rand.NewChaCha8([32]byte{3})
	text := must(g.Seal(r, "right", 1000))
	back := must(OpenRing(text, "right"))
	if back.Newest() != g.Newest() || back.Signer(ring(1).Newest()) == nil || back.Signer("z") != nil {
		t.Error("another ring came back")
	}
	if _, err := OpenRing(text, "wrong"); !errors.Is(err, ErrPassphrase) {
		t.Error(err)
	}
	if _, err := OpenRing([]byte("{}"), "right"); !errors.Is(err, errRing) {
		t.Error(err)
	}
	if bytes.Contains(text, g.keys[0].private.Seed()) {
		t.Error("a seed stands in the file")
	}
}

// TestDID: the identifier, and where its document is.
func TestDID(t *testing.T) {
	t.Parallel()
	for base, want := range map[string][2]string{
		"https://base.example":   {"did:web:base.example", "https://base.example/.well-known/did.json"},
		"https://Base.example/":  {"did:web:base.example", "https://base.example/.well-known/did.json"},
		"https://a.example:8443": {"did:web:a.example%3A8443", "https://a.example:8443/.well-known/did.json"},
		"http://127.0.0.1:8080":  {"did:web:127.0.0.1%3A8080", "http://127.0.0.1:8080/.well-known/did.json"},
	} {
		did, err := DID(base)
		if err != nil || did != want[0] {
			t.Errorf("%s: %s, %v", base, did, err)
		}
		if u, err := DocumentURL(did); err != nil || u != want[1] {
			t.Errorf("%s: %s, %v", did, u, err)
		}
	}
	for _, base := range []string{"", "base.example", "https://a.example/b", "ftp://a.example"} {
		if did, err := DID(base); err == nil {
			t.Errorf("%s: %s", base, did)
		}
	}
	for _, did := range []string{"did:key:z", "did:web:", "did:web:a%2Fb", "did:web:a%40b", "did:web:%"} {
		if u, err := DocumentURL(did); err == nil {
			t.Errorf("%s: %s", did, u)
		}
	}
}

// FuzzVerify: no text makes it panic or passes that the issuer did not sign.
func FuzzVerify(f *testing.F) {
	o := newOffice()
	good := o.issue(sample())
	f.Add(good)
	f.Add(o.listed)
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := parse(text)
		r := Verify(text, o.sources(begins))
		if r.Signature.Result == Holds && (err != nil || !same(v, must(parse(good)))) {
			t.Errorf("%q verifies", text)
		}
	})
}

// BenchmarkIssue issues and lists 1,000 credentials in each round (goal: 5 s).
func BenchmarkIssue(b *testing.B) {
	o, r := newOffice(), rand.NewChaCha8([32]byte{1})
	for b.Loop() {
		given := map[int]bool{}
		for range 1000 {
			c := sample()
			c.Index = must(FreeIndex(r, func(i int) (bool, error) { return given[i], nil }))
			given[c.Index] = true
			o.issue(c)
		}
		var all []int
		for i := range given {
			all = append(all, i)
		}
		must(must(NewList(sample().List, sample().Issuer, all, begins)).Sign(o.signer(), o.method))
	}
}

// BenchmarkVerify verifies one credential with its list.
func BenchmarkVerify(b *testing.B) {
	o := newOffice(1, 2, 3)
	text := o.issue(sample())
	for b.Loop() {
		if r := Verify(text, o.sources(begins)); r.Result() != Holds {
			b.Fatal(strings.Join([]string{r.Signature.Say, r.Validity.Say, r.Status.Say}, "\n"))
		}
	}
}
