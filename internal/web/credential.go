package web

import (
	"net/http"
	"strconv"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/web/page"
)

// The routes of credentials are for programs of other people: open to everybody, from
// any site, and the same bytes until what they say changes.
func (s *Site) credentialRoutes() []route {
	return []route{
		{pattern: "GET /.well-known/did.json", allow: everyone, serve: s.issuerDocument, kept: true},
		{pattern: "GET /status/{list}", allow: everyone, serve: s.statusList, kept: true},
		{pattern: "GET /credentials/{id}", allow: everyone, serve: s.credential},
		{pattern: "GET /v/{code}/{part}", allow: everyone, serve: s.verifyPart, kept: true},
	}
}

// sendOpen sends a document that any site's script may read.
func (s *Site) sendOpen(w http.ResponseWriter, r *request, body []byte) error {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	return s.send(w, r, "application/json; charset=utf-8", body)
}

func (s *Site) issuerDocument(w http.ResponseWriter, r *request) error {
	text, err := s.desk.IssuerDocument(r.Context())
	if err != nil {
		return err
	}
	return s.sendOpen(w, r, text)
}

func (s *Site) statusList(w http.ResponseWriter, r *request) error {
	n, err := strconv.Atoi(r.PathValue("list"))
	if err != nil || n < 1 || strconv.Itoa(n) != r.PathValue("list") {
		return fault.Missing()
	}
	text, err := s.desk.StatusList(r.Context(), n)
	if err != nil {
		return err
	}
	return s.sendOpen(w, r, text)
}

func (s *Site) credential(w http.ResponseWriter, r *request) error {
	text, err := s.desk.CredentialText(r.Context(), id.Credential(r.PathValue("id")))
	if err != nil {
		return err
	}
	return s.sendOpen(w, r, text)
}

// credentialOrState sends the credential of the title that a code stands for. Where
// there is none to send, it says what the code is worth.
func (s *Site) credentialOrState(w http.ResponseWriter, r *request, code string, wrong error) error {
	if wrong != nil {
		return s.verifyJSON(w, r, code, wrong)
	}
	text, err := s.desk.CredentialByCode(r.Context(), code)
	if fault.KindOf(err) == fault.NotFound {
		return s.verifyJSON(w, r, code, nil)
	}
	if err != nil {
		return err
	}
	return s.sendOpen(w, r, text)
}

// verifyPart sends what belongs to a code beside its page: its state for programs, the
// kit that verifies without a network, and the proof that the credential was intended.
func (s *Site) verifyPart(w http.ResponseWriter, r *request) error {
	code, err := plaque.ParseCode(r.PathValue("code"))
	part := r.PathValue("part")
	if part == "state.json" {
		return s.verifyJSON(w, r, code, err)
	}
	if err != nil {
		return fault.Missing()
	}
	switch part {
	case "kit.zip":
		name, b, err := s.desk.CredentialKit(r.Context(), code)
		if err != nil {
			return err
		}
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
		return s.send(w, r, "application/zip", b)
	case "qr.png":
		b, err := s.desk.VerifyQR(r.Context(), code, s.plaqueBase(r))
		if err != nil {
			return err
		}
		return s.send(w, r, "image/png", b)
	case page.PhotographPart:
		return s.sendShown(w, r, code)
	case "proof.txt":
		text, err := s.desk.CredentialProof(r.Context(), code)
		if err != nil {
			return err
		}
		return s.send(w, r, "text/plain; charset=utf-8", []byte(text))
	}
	return fault.Missing()
}
