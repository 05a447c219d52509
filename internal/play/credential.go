package play

import (
	"context"
	"path/filepath"
	"strconv"

	"shifan/internal/casework"
	vc "shifan/internal/credential"
)

// site is the address of a play's world. Nobody answers there.
const site = "https://base.example"

// sign gives the theatre a signing key of its own script's randomness, so that a life
// that is lived again is signed again.
func (t *Theatre) sign() {
	ring := &vc.Ring{}
	public := one(ring.Add(t.Desk.Rand))
	t.Desk.Signers = ring
	must(t.Desk.UseSigningKey(t.ctx, casework.Console, site, public, ""))
}

// writeCredentials leaves the latest credential of every title, what verifies them, and
// what they mean to a JSON-LD processor.
func (t *Theatre) writeCredentials(ctx context.Context, dir string) error {
	all, document, lists, err := t.Desk.EveryCredential(ctx)
	if err != nil {
		return err
	}
	files := map[string][]byte{"did.json": document}
	for _, c := range all {
		files[c.Number+".json"] = c.Text
	}
	for n, list := range lists {
		files["status-"+strconv.Itoa(n)+".json"] = list
	}
	for address, text := range vc.Contexts() {
		files[casework.ContextFile(address)] = text
	}
	for name, text := range files {
		if err := write(dir, filepath.Join("credentials", filepath.FromSlash(name)), text); err != nil {
			return err
		}
	}
	return nil
}
