package ballot_test

import (
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"shifan/internal/ballot"
)

// BenchmarkMeeting sums the ballots of 31 voters on 10 items, and verifies the whole
// archive with its decryptions, beside Debian's belenios-tool on the same machine and the
// same archive.
func BenchmarkMeeting(b *testing.B) {
	const voters, items = 31, 10
	source := rand.NewChaCha8([32]byte{9})
	random := ballot.Uniform(source)
	c, seeds := ceremony(b, 3, 2)
	trustees, key, err := c.Trustees()
	check(b, err)
	uuid, err := ballot.NewToken(source)
	check(b, err)
	e := ballot.Election{Version: 1, Name: "无记名表决", Group: c.Group.Name, PublicKey: key, UUID: uuid}
	for range items {
		e.Questions = append(e.Questions, ballot.Question{Answers: []string{"赞成", "反对", "弃权"}, Min: 1, Max: 1, Text: "议题"})
	}
	election, err := e.Write()
	check(b, err)
	private, public := make([]string, voters), make([]*big.Int, voters)
	for n := range private {
		private[n], err = ballot.NewCredential(source)
		check(b, err)
		secret, err := ballot.SecretOf(private[n], uuid, c.Group)
		check(b, err)
		public[n] = ballot.PublicOf(secret, c.Group)
	}
	credentials, err := ballot.WriteCredentials(public)
	check(b, err)
	a, err := ballot.Begin(1630000000, election, trustees, credentials)
	check(b, err)
	for n, credential := range private {
		votes := make([][]int, items)
		for i := range votes {
			votes[i] = make([]int, 3)
			votes[i][(n+i)%3] = 1
		}
		body, err := ballot.Vote(election, credential, votes, random)
		check(b, err)
		check(b, a.Append(ballot.Cast, body))
	}
	check(b, a.Append(ballot.EndBallots))
	closed := a.Bytes()
	tally, size, err := ballot.TallyOf(closed)
	check(b, err)
	check(b, a.Append(ballot.EncryptedTally, tally, size))
	for who := range 2 {
		sealed, err := ballot.PrivateKey(c.Acceptances[who])
		check(b, err)
		share, err := ballot.ShareOf(c.Group, seeds[who], sealed)
		check(b, err)
		part, whose, err := ballot.Decrypt(a.Bytes(), who+1, share, random)
		check(b, err)
		check(b, a.Append(ballot.PartialDecryption, part, whose))
	}
	result, err := ballot.ResultOf(a.Bytes())
	check(b, err)
	check(b, a.Append(ballot.Outcome, result))
	whole := a.Bytes()

	folder := func(file []byte) string {
		dir := b.TempDir()
		check(b, os.WriteFile(filepath.Join(dir, uuid+".bel"), file, 0o600))
		return dir
	}
	open, done := folder(closed), folder(whole)
	for name, do := range map[string]func() error{
		"tally/ours":  func() error { _, _, err := ballot.TallyOf(closed); return err },
		"tally/tool":  func() error { _, err := tool(b, open, "", "election", "compute-encrypted-tally"); return err },
		"verify/ours": func() error { _, err := ballot.Verify(whole); return err },
		"verify/tool": func() error { _, err := tool(b, done, "", "election", "verify"); return err },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				check(b, do())
			}
		})
	}
}
