package bench_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"shifan/internal/testkit"
)

// seal finds what the form says of the answer that it shows.
var seal = regexp.MustCompile(`name="1-1\.seen" value="([^"]*)"`)

// BenchmarkSave saves one answer as the page's script does, at the real server, and
// creates a record of the same text at PocketBase, each in a process of its own: what
// the people who wait see, with everything between the wire and the disk. PocketBase
// lets everybody create and does not force its commit to the disk.
func BenchmarkSave(b *testing.B) {
	for _, hands := range clients {
		b.Run(fmt.Sprintf("shifan/%d", hands), func(b *testing.B) {
			w := testkit.New(b)
			keys, by := drafts(w, openNow(b, w), hands)
			at, cookies, seals := make([]string, hands), make([]string, hands), make([]string, hands)
			for n, key := range keys {
				at[n], cookies[n] = "/applications/"+string(key)+"/sections/1", session(b, w, by[n])
			}
			s := serve(b, w)
			for n := range keys {
				page, err := s.call(b.Context(), http.StatusOK, http.MethodGet, at[n], cookies[n], "", nil)
				if err != nil {
					b.Fatal(err)
				}
				seals[n] = seal.FindStringSubmatch(page)[1]
			}
			before := burnt(b, s.cmd)
			share(b, hands, func(hand, n int) error {
				form := url.Values{"1-1.rating": {"meets"}, "1-1.statement": {fmt.Sprint(n) + text}, "1-1.seen": {seals[hand]}}
				var told struct{ Seen map[string]string }
				err := post(b, s.base+at[hand], "application/x-www-form-urlencoded", form.Encode(), cookies[hand], &told)
				seals[hand] = told.Seen["1-1"]
				return err
			})
			b.ReportMetric(float64((burnt(b, s.cmd)-before).Microseconds())/float64(b.N), "server-cpu-µs/act")
		})
	}
	for _, hands := range clients {
		b.Run(fmt.Sprintf("pocketbase/%d", hands), func(b *testing.B) {
			address := free(b)
			cmd := exec.CommandContext(b.Context(), os.Args[0])
			cmd.Env = append(os.Environ(), "BENCH_SERVE=pocketbase", "BENCH_ADDRESS="+address, "BENCH_DIR="+b.TempDir())
			begin(b, cmd, "http://"+address+"/api/collections/titles/records/title0000000001")
			before := burnt(b, cmd)
			share(b, hands, func(_, n int) error {
				body, err := json.Marshal(map[string]string{"text": fmt.Sprint(n) + text})
				if err != nil {
					return err
				}
				return post(b, "http://"+address+"/api/collections/titles/records", "application/json", string(body), "", &struct{}{})
			})
			b.ReportMetric(float64((burnt(b, cmd)-before).Microseconds())/float64(b.N), "server-cpu-µs/act")
		})
	}
}

// post sends a body as a script does and reads the answer into told.
func post(b *testing.B, to, kind, body, cookie string, told any) error {
	r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, to, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(&http.Cookie{Name: "session", Value: cookie})
	res, err := client.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("POST %s: %d", to, res.StatusCode)
	}
	return json.NewDecoder(res.Body).Decode(told)
}

// burnt is the time of processors that a process took so far, to a hundredth of a second
// (proc(5), stat: fields 14 and 15).
func burnt(b *testing.B, of *exec.Cmd) (all time.Duration) {
	b.Helper()
	text, err := os.ReadFile("/proc/" + strconv.Itoa(of.Process.Pid) + "/stat")
	if err != nil {
		b.Fatal(err)
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	for _, f := range fields[11:13] {
		ticks, err := strconv.Atoi(f)
		if err != nil {
			b.Fatal(err)
		}
		all += time.Duration(ticks) * 10 * time.Millisecond
	}
	return all
}
