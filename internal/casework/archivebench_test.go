package casework_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"shifan/internal/archive"
	"shifan/internal/casework"
	"shifan/internal/play"
	"shifan/internal/testkit"
)

// BenchmarkArchive packs a round of 300 applications with 6,000 files of 220 kB, with all
// documents set anew, and does cp -r and sha256sum of the package that came out (issue 6
// wants the first to be 60 % of the second). SHIFAN_BENCH_APPLICATIONS makes it smaller.
func BenchmarkArchive(b *testing.B) {
	applications := 300
	if s := os.Getenv("SHIFAN_BENCH_APPLICATIONS"); s != "" {
		if _, err := fmt.Sscan(s, &applications); err != nil {
			b.Fatal(err)
		}
	}
	w := testkit.New(b)
	key := w.OpenRound()
	random := rand.New(rand.NewPCG(1, 2))
	indicators := w.Criteria(key)
	for range applications {
		a := w.Drafted(key)
		for n := range 20 {
			noise := make([]byte, 27<<10)
			for i := range noise {
				noise[i] = byte(random.Uint32())
			}
			w.Uploaded(a, indicators[n%len(indicators)].Code, fmt.Sprintf("材料%d.pdf", n), play.PDF(fmt.Sprintf("材料%d %x", n, noise)))
		}
		if err := w.Desk.SubmitApplication(b.Context(), w.ApplicantOf(w.ApplicationOf(a).Organisation), a, 0, w.Desk.SubmissionKey()); err != nil {
			b.Fatal(err)
		}
		if err := w.Desk.AcceptApplication(b.Context(), w.Office().Clerk, a); err != nil {
			b.Fatal(err)
		}
	}
	made := ""
	b.Run("archive", func(b *testing.B) {
		for i := range b.N {
			made = filepath.Join(b.TempDir(), fmt.Sprint(i))
			f, err := archive.NewFolder(made)
			if err != nil {
				b.Fatal(err)
			}
			done, err := w.Desk.ArchiveRound(b.Context(), casework.Console, key, f)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(done.Bytes)
			if err := f.Done(); err != nil {
				b.Fatal(err)
			}
			if i == b.N-1 {
				keep := filepath.Join(os.TempDir(), fmt.Sprintf("shifan-bench-%d", os.Getpid()))
				if err := os.Rename(made, keep); err != nil {
					b.Fatal(err)
				}
				made = keep
			}
		}
	})
	defer os.RemoveAll(made) //nolint:errcheck // a temporary folder
	b.Run("cp-and-sha256sum", func(b *testing.B) {
		for i := range b.N {
			to := filepath.Join(b.TempDir(), fmt.Sprint(i))
			if out, err := exec.Command("sh", "-c", fmt.Sprintf("cp -r '%s' '%s' && find '%s' -type f -print0 | xargs -0 sha256sum >'%s.txt'", made, to, to, to)).CombinedOutput(); err != nil {
				b.Fatalf("%v %s", err, out)
			}
		}
	})
}
