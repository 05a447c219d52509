package casework_test

import (
	"archive/zip"
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	vc "shifan/internal/credential"
	"shifan/internal/id"
	"shifan/internal/lifecycle/credential"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// credentialsOf lists a title's credentials as they are kept, the latest first.
func credentialsOf(t *testing.T, w *testkit.World, key id.Designation) []credential.Credential {
	t.Helper()
	return read(t, w, func(tx *store.Tx) ([]credential.Credential, error) { return tx.CredentialsOf(key) })
}

// verified checks a credential as somebody does who asks this node for all that it
// names.
func verified(t *testing.T, w *testkit.World, d *casework.Desk, c credential.Credential) vc.Report {
	t.Helper()
	text, err := d.CredentialText(t.Context(), c.ID)
	ok(t, err)
	document, err := d.IssuerDocument(t.Context())
	ok(t, err)
	list, err := d.StatusList(t.Context(), c.List)
	ok(t, err)
	return vc.Verify(text, vc.Sources{Now: w.Now(), Document: func(string) []byte { return document }, List: func(string) []byte { return list }})
}

// TestACredentialIsIntendedWithItsTitle: what will be signed, where its status is
// listed and by which key stand in the record as part of the naming; signing comes
// after it and takes nothing but that.
func TestACredentialIsIntendedWithItsTitle(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Signing()
	round := w.OpenRound()
	apps := w.Carried(round, 2)
	w.Cleared(apps...)
	titles := w.Named(apps...)
	for _, key := range titles {
		all := credentialsOf(t, w, key)
		if len(all) != 1 || all[0].State != credential.Issued {
			t.Fatalf("%+v", all)
		}
		c := all[0]
		if diff := cmp.Diff([]string{"credential.issue →issued director"}, w.Record(string(c.ID))); diff != "" {
			t.Error(diff)
		}
		facts := w.Entries(string(c.ID))[0].Facts
		k := read(t, w, func(tx *store.Tx) (credential.Key, error) { return tx.SigningKey() })
		if facts["digest"] != c.Digest || facts["key"] != k.ID || facts["list"] != "1" || facts["designation"] != string(key) || facts["index"] == "" {
			t.Errorf("the record says %v", facts)
		}
		r := verified(t, w, w.Desk, c)
		d := titleKept(t, w, key)
		if r.Result() != vc.Holds || r.Claims.Number != d.Number || r.Claims.Holder != d.Name || !r.Claims.From.Equal(d.ValidFrom.Start()) {
			t.Errorf("%+v", r)
		}
	}
	if a, b := credentialsOf(t, w, titles[0])[0], credentialsOf(t, w, titles[1])[0]; a.Place == b.Place {
		t.Error("one entry, two titles")
	}
}

// TestACredentialFollowsItsTitle: renewed or renamed, another is issued and the one
// before is void; put right, nothing changes; expired, it says so itself.
func TestACredentialFollowsItsTitle(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Signing()
	d, check, _ := reportedRecheck(t, w)
	first := credentialsOf(t, w, d.ID) // TitleNamed went past the desk: the clock made up for it
	if len(first) != 1 || verified(t, w, w.Desk, first[0]).Result() != vc.Holds {
		t.Fatalf("%+v", first)
	}
	ok(t, w.Desk.RenameOrganisation(t.Context(), w.Office().Clerk, d.Organisation, 0, "吉林省𠮷松协会", calendar.DateOf(w.Now())))
	ok(t, w.Desk.PassRecheck(t.Context(), w.Office().Chair, check, "现场核实合格。", 0))
	all := credentialsOf(t, w, d.ID)
	if len(all) != 3 || all[0].ValidTo.String() != "2027-09-15" || all[1].Holder != "吉林省𠮷松协会" || all[1].State != credential.Replaced {
		t.Fatalf("%+v", all)
	}
	for i, want := range []vc.Result{vc.Holds, vc.Fails, vc.Fails} {
		if r := verified(t, w, w.Desk, all[i]); r.Signature.Result != vc.Holds || r.Validity.Result != vc.Holds || r.Status.Result != want {
			t.Errorf("copy %d: %+v", all[i].Copy, r)
		}
	}
	tells(t, w, all[1].ID, "credential.issue →issued clerk", "credential.replace issued→replaced chair")
	w.At("2027-09-16 00:00:00")
	all = credentialsOf(t, w, d.ID)
	if r := verified(t, w, w.Desk, all[0]); all[0].State != credential.Expired || r.Status.Result != vc.Holds || r.Validity.Result != vc.Fails {
		t.Errorf("expired: %s, %+v", all[0].State, r)
	}
}

// TestARevocationIsOnTheListAtOnce: as soon as the act is done, on every node; a title
// that is given back gets another credential, and the entry that was set stays so.
func TestARevocationIsOnTheListAtOnce(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Signing()
	d, key := proposed(t, w)
	node := w.Node()
	node.Signers = w.Desk.Signers
	before := credentialsOf(t, w, d.ID)[0]
	clean, err := w.Desk.StatusList(t.Context(), before.List)
	ok(t, err)
	ok(t, w.Desk.StateAgainstRevocation(t.Context(), holderOf(w, d), key, "没有伪造。", 0))
	w.Resolve(true, item.Subject{Kind: "revocation", ID: string(key)})
	for _, desk := range []*casework.Desk{w.Desk, node} {
		if r := verified(t, w, desk, before); r.Signature.Result != vc.Holds || r.Status.Result != vc.Fails || r.Result() != vc.Fails {
			t.Errorf("revoked: %+v", r)
		}
	}
	one, err := w.Desk.StatusList(t.Context(), before.List)
	ok(t, err)
	two, err := node.StatusList(t.Context(), before.List)
	ok(t, err)
	if !bytes.Equal(one, two) || bytes.Equal(one, clean) {
		t.Error("the same state must be the same bytes, and another state others")
	}
	r := proceedingOf(t, w, d.ID)
	w.At(r.AppealLast.String() + " 23:59:59")
	ok(t, w.Desk.AppealRevocation(t.Context(), holderOf(w, d), key, "登记机关已出具证明。", 0))
	w.Resolve(true, item.Subject{Kind: "appeal", ID: string(key)})
	all := credentialsOf(t, w, d.ID)
	if len(all) != 2 || all[0].Place == all[1].Place || verified(t, w, w.Desk, all[0]).Result() != vc.Holds || verified(t, w, w.Desk, all[1]).Status.Result != vc.Fails {
		t.Errorf("given back: %+v", all)
	}
}

// TestNamingNeedsNoKey: without a key a title begins all the same, and gets its
// credential when there is one; a node without the private half names and shows, and
// says what it cannot sign; another that has it signs what the first intended.
func TestNamingNeedsNoKey(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d := w.TitleNamed("2021-09-15")
	w.At("2021-09-16")
	if all := credentialsOf(t, w, d.ID); len(all) != 0 {
		t.Fatalf("%+v", all)
	}
	_, err := w.Desk.IssuerDocument(t.Context())
	w.Refused(err, "thing.not_found")
	keys := w.Signing()
	w.At("2021-09-17")
	all := credentialsOf(t, w, d.ID)
	if len(all) != 1 {
		t.Fatalf("%+v", all)
	}
	tells(t, w, all[0].ID, "credential.issue →issued clock")
	bare := w.Node()
	_, err = bare.CredentialText(t.Context(), all[0].ID)
	w.Refused(err, "credential.sign.no_key")
	_, err = bare.StatusList(t.Context(), 1)
	w.Refused(err, "credential.sign.no_key")
	bare.Signers = keys
	a, err := bare.CredentialText(t.Context(), all[0].ID)
	ok(t, err)
	b, err := w.Desk.CredentialText(t.Context(), all[0].ID)
	ok(t, err)
	if !bytes.Equal(a, b) {
		t.Error("two nodes sign differently")
	}
}

// TestRotation: after another key came into use, what the old one signed verifies as
// before, new credentials and the list are signed by the new one, and nobody but the
// operator changes keys.
func TestRotation(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	keys := w.Signing()
	old := w.TitleNamed("2021-09-15")
	w.At("2021-09-16")
	was := credentialsOf(t, w, old.ID)[0]
	text, err := w.Desk.CredentialText(t.Context(), was.ID)
	ok(t, err)
	public, err := keys.Add(w.Desk.Rand)
	ok(t, err)
	w.Refused(w.Desk.UseSigningKey(t.Context(), w.Office().Clerk, testkit.Site, public, was.Key), "stage.not_allowed")
	ok(t, w.Desk.UseSigningKey(t.Context(), testkit.TheOperator, testkit.Site+"/", public, was.Key))
	ok(t, w.Desk.UseSigningKey(t.Context(), testkit.TheOperator, testkit.Site, public, ""))
	w.Refused(w.Desk.UseSigningKey(t.Context(), testkit.TheOperator, "https://moved.example", public, was.Key), "thing.stale")
	tells(t, w, id.Credential(was.Key), "signing_key.add →signing operator", "signing_key.retire signing→retired operator")
	fresh := w.TitleNamed("2021-09-17")
	w.At("2021-09-18")
	now := credentialsOf(t, w, fresh.ID)[0]
	if now.Key == was.Key || verified(t, w, w.Desk, now).Result() != vc.Holds || verified(t, w, w.Desk, was).Result() != vc.Holds {
		t.Errorf("after the change: %+v", now)
	}
	node := w.Node()
	node.Signers = keys
	again, err := node.CredentialText(t.Context(), was.ID)
	ok(t, err)
	if !bytes.Equal(text, again) {
		t.Error("an old credential's bytes changed with the key")
	}
	// A site with another address is another issuer, with a list of its own.
	other, err := keys.Add(w.Desk.Rand)
	ok(t, err)
	ok(t, w.Desk.UseSigningKey(t.Context(), testkit.TheOperator, "https://moved.example", other, now.Key))
	w.TitleNamed("2021-09-19")
	w.At("2021-09-20")
	lists := read(t, w, func(tx *store.Tx) ([]credential.Credential, error) { return tx.StatusLists() })
	if len(lists) != 2 || lists[1].List != 2 || !strings.HasPrefix(lists[1].Key, "did:web:moved.example#") {
		t.Errorf("%+v", lists)
	}
}

// TestAnEntryIsGivenOnce: whoever draws it, the table refuses it a second time.
func TestAnEntryIsGivenOnce(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Signing()
	a, b := w.TitleNamed("2021-09-15"), w.TitleNamed("2021-09-15")
	w.At("2021-09-16")
	c := credentialsOf(t, w, a.ID)[0]
	for name, change := range map[string]func(*credential.Credential){
		"an entry again":          func(c *credential.Credential) { c.Copy, c.State = 9, credential.Revoked },
		"two that stand":          func(c *credential.Credential) { c.Copy, c.Place = 9, (c.Place+1)%vc.ListSize },
		"a place beyond the list": func(c *credential.Credential) { c.Copy, c.State, c.Place = 9, credential.Revoked, vc.ListSize },
	} {
		twin := c
		twin.ID, twin.Designation = id.New[id.Credential](w.Desk.Rand), b.ID
		change(&twin)
		if err := w.Desk.Store.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
			return record.Entry{At: w.Now(), Act: "test.twin", Thing: string(twin.ID)}, tx.AddCredential(&twin)
		}); err == nil {
			t.Errorf("%s is kept", name)
		}
	}
}

// TestTheKit: the kit verifies with nothing but itself, and proves the intent.
func TestTheKit(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Signing()
	key := w.Designation()
	w.At("2021-06-02")
	code := w.PlaqueOf(key).Code
	ok(t, w.Desk.Store.Sequence(t.Context()))
	name, b, err := w.Desk.CredentialKit(t.Context(), code)
	ok(t, err)
	_, again, err := w.Desk.CredentialKit(t.Context(), code)
	ok(t, err)
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	ok(t, err)
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		ok(t, err)
		files[f.Name], err = io.ReadAll(r)
		ok(t, err)
	}
	var names []string
	for n := range files {
		names = append(names, n)
	}
	slices.Sort(names)
	if diff := cmp.Diff([]string{
		"contexts/purl.imsglobal.org-spec-ob-v3p0-context-3.0.3.json", "contexts/www.w3.org-ns-credentials-v2.json", "credential.json", "did.json",
		"record-proof.txt", "record-verifier.txt", "status-1.json", "说明.txt",
	}, names); diff != "" || !bytes.Equal(b, again) || name != "credential-"+titleKept(t, w, key).Number+".zip" {
		t.Error(name, diff)
	}
	r := vc.Verify(files["credential.json"], vc.Sources{Now: w.Now(), Document: func(string) []byte { return files["did.json"] }, List: func(string) []byte { return files["status-1.json"] }})
	if r.Result() != vc.Holds {
		t.Errorf("%+v", r)
	}
	p, err := record.ParseProof(string(files["record-proof.txt"]))
	ok(t, err)
	l, _, err := p.Verify(strings.TrimSpace(string(files["record-verifier.txt"])))
	ok(t, err)
	if c := credentialsOf(t, w, key)[0]; l.Act != "credential.issue" || l.Facts["digest"] != c.Digest {
		t.Errorf("the proof is of %+v", l)
	}
	_, _, err = w.Desk.CredentialKit(t.Context(), "0000000000")
	w.Refused(err, "thing.not_found")
}

// TestAHolderGivesItsCredentialBack with its title, and one without a code has none
// until the code is entered.
func TestAHolderGivesItsCredentialBack(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Signing()
	d := w.TitleNamed("2021-09-15")
	w.At("2021-09-16")
	ok(t, w.Desk.ReturnDesignation(t.Context(), holderOf(w, d), d.ID, 0, "不再符合条件"))
	c := credentialsOf(t, w, d.ID)[0]
	if titleKept(t, w, d.ID).State != designation.Returned || verified(t, w, w.Desk, c).Status.Result != vc.Fails {
		t.Errorf("%+v", c)
	}
	tells(t, w, c.ID, "credential.issue →issued clock", "credential.revoke issued→revoked "+string(stage.Applicant))
}
