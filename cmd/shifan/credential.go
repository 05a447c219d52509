package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	vc "shifan/internal/credential"
)

const credentialUsage = "credential verify FILE|URL [--at DATE] [--json] | credential rotate [--data DIR]"

// runCredential verifies a credential, or takes another signing key into use.
func runCredential(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("credential", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var d data
	d.flags(flags)
	asJSON := flags.Bool("json", false, "print one JSON document")
	at := flags.String("at", "", "the `date` at whose noon the validity is asked for; now when empty")
	words, err := interspersed(flags, args)
	now := time.Now()
	if err == nil && *at != "" {
		var day calendar.Date
		if day, err = calendar.ParseDate(*at); err == nil {
			now = day.Start().Add(12 * time.Hour)
		}
	}
	switch {
	case err != nil:
	case len(words) == 2 && words[0] == "verify":
		return verifyCredential(context.Background(), words[1], now, *asJSON, stdout, stderr)
	case len(words) == 1 && words[0] == "rotate":
		return rotateKey(context.Background(), d, stdout, stderr)
	}
	fmt.Fprintln(stderr, "usage: shifan "+credentialUsage)
	return exitUsage
}

// verifyCredential answers three questions, a line each. A file is verified with what
// lies beside it and nothing else; an address with what the credential leads to.
func verifyCredential(ctx context.Context, from string, now time.Time, asJSON bool, stdout, stderr io.Writer) int {
	var text []byte
	var err error
	var sources vc.Sources
	if strings.HasPrefix(from, "https://") || strings.HasPrefix(from, "http://") {
		text, err = download(ctx, from)
		sources = online(ctx)
	} else {
		text, err = readSome(from)
		sources = beside(filepath.Dir(from))
	}
	if err != nil {
		fmt.Fprintln(stderr, "shifan credential:", err)
		if errors.Is(err, os.ErrNotExist) {
			return exitUsage
		}
		return exitUnknown
	}
	sources.Now = now
	r := vc.Verify(text, sources)
	if asJSON {
		err = credentialJSON(r, stdout)
	} else {
		_, err = fmt.Fprintf(stdout, "签名\t%s\n有效期\t%s\n状态\t%s\n", r.Signature.Say, r.Validity.Say, r.Status.Say)
	}
	switch {
	case err != nil || r.Result() == vc.Fails:
		return exitNot
	case r.Result() == vc.Unknown:
		return exitUnknown
	}
	return exitDone
}

// credentialJSON prints a report. verified is true when all three hold, so that nobody
// takes a good signature of a revoked credential for a good credential.
func credentialJSON(r vc.Report, stdout io.Writer) error {
	type check struct {
		Result string `json:"result"`
		Say    string `json:"say"`
	}
	say := func(c vc.Check) check {
		return check{map[vc.Result]string{vc.Holds: "holds", vc.Fails: "fails", vc.Unknown: "unknown"}[c.Result], c.Say}
	}
	type about struct {
		ID     string `json:"id"`
		Issuer string `json:"issuer"`
		Title  string `json:"title"`
		Holder string `json:"holder"`
		Code   string `json:"code"`
		Number string `json:"number"`
	}
	out := struct {
		Verified  bool   `json:"verified"`
		Signature check  `json:"signature"`
		Validity  check  `json:"validity"`
		Status    check  `json:"status"`
		About     *about `json:"credential,omitempty"`
	}{Verified: r.Result() == vc.Holds, Signature: say(r.Signature), Validity: say(r.Validity), Status: say(r.Status)}
	if r.Signature.Result == vc.Holds {
		c := r.Claims
		out.About = &about{c.ID, c.Issuer, c.Title, c.Holder, c.Code, c.Number}
	}
	e := json.NewEncoder(stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(out)
}

// textMost bounds what is read of anything: a status list is at most some 30 KB.
const textMost = 1 << 20

var errLong = errors.New("文件或应答超过1 MB，不是凭证")

// most reads a text that is not too long.
func most(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, textMost+1))
	if err == nil && len(b) > textMost {
		err = errLong
	}
	return b, err
}

func readSome(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	return most(f)
}

// download reads an address.
func download(ctx context.Context, address string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close() //nolint:errcheck // it was only read
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s 应答 %s", address, answer.Status)
	}
	return most(answer.Body)
}

// online fetches what a credential leads to.
func online(ctx context.Context) vc.Sources {
	get := func(address string) []byte {
		b, err := download(ctx, address)
		if err != nil {
			return nil // it cannot be known
		}
		return b
	}
	return vc.Sources{List: get, Document: func(did string) []byte {
		address, err := vc.DocumentURL(did)
		if err != nil {
			return nil
		}
		return get(address)
	}}
}

// beside reads what lies in a folder: did*.json and status*.json, each by what it says
// that it is.
func beside(dir string) vc.Sources {
	find := func(pattern, id string) []byte {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil
		}
		for _, file := range files {
			b, err := readSome(file)
			var is struct {
				ID string `json:"id"`
			}
			if err == nil && json.Unmarshal(b, &is) == nil && is.ID == id {
				return b
			}
		}
		return nil
	}
	return vc.Sources{
		Document: func(did string) []byte { return find("did*.json", did) },
		List:     func(address string) []byte { return find("status*.json", address) },
	}
}

var errNoKeyYet = errors.New("还没有签名密钥。先启动一次 shifan serve --base-url https://域名")

// rotateKey takes another signing key into use. The old one stays in the folder, for
// what it signed, and in did.json.
func rotateKey(ctx context.Context, d data, stdout, stderr io.Writer) int {
	if err := d.there(); err != nil {
		return wrong(stderr, err)
	}
	desk, err := d.open(ctx)
	if err != nil {
		return wrong(stderr, err)
	}
	defer desk.Store.Close() //nolint:errcheck // the process ends
	used, err := desk.SigningKey(ctx)
	if err == nil && used.ID == "" {
		err = errNoKeyYet
	}
	if err != nil {
		return wrong(stderr, err)
	}
	k := &keyring{data: &d, ring: &vc.Ring{}}
	public, err := k.add()
	if err == nil {
		err = desk.UseSigningKey(ctx, casework.Console, used.Base, public, used.ID)
	}
	if err != nil {
		return wrong(stderr, err)
	}
	fmt.Fprintf(stdout, "%s\t%s\n", used.Base, public)
	return exitDone
}
