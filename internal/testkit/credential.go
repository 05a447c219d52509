package testkit

import (
	vc "shifan/internal/credential"
)

// Site is the address of a world that signs.
const Site = "https://base.example"

// Signing gives the world a signing key, so that its titles get credentials, and
// returns the keys.
func (w *World) Signing() *vc.Ring {
	w.Helper()
	g := &vc.Ring{}
	public, err := g.Add(w.Desk.Rand)
	if err != nil {
		w.Fatal(err)
	}
	w.Desk.Signers = g
	if err := w.Desk.UseSigningKey(w.Context(), TheOperator, Site, public, ""); err != nil {
		w.Fatal(err)
	}
	return g
}
