package testkit

import (
	"bytes"
	"mime/multipart"
	"net/http"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/file"
	"shifan/internal/store"
)

// Uploaded uploads a file for an indicator of an application, as its applicant.
func (w *World) Uploaded(key id.Application, indicator, name string, b []byte) casework.File {
	w.Helper()
	by := w.ApplicantOf(w.ApplicationOf(key).Organisation)
	f, err := w.Desk.Upload(w.Context(), by, key, indicator, name, bytes.NewReader(b))
	if err != nil {
		w.Fatal(err)
	}
	return f
}

// FileOf returns a file as it is kept, whoever may see it.
func (w *World) FileOf(key id.File) file.File {
	w.Helper()
	return kept(w, func(tx *store.Tx) (file.File, error) { return tx.File(key) })
}

// Offer is a file as a form sends it.
type Offer struct {
	Name string
	Body []byte
}

// Upload sends a form of files.
func (b *Browser) Upload(path string, offers ...Offer) *Page {
	b.w.Helper()
	return b.UploadWith(path, "", "", offers...)
}

// UploadWith sends a form of files after a hidden field; an empty name: without one.
func (b *Browser) UploadWith(path, field, value string, offers ...Offer) *Page {
	b.w.Helper()
	if field == "" {
		return b.UploadForm(path, nil, offers...)
	}
	return b.UploadForm(path, []string{field, value}, offers...)
}

// UploadForm sends a form of files after its other fields, each a name and a value.
func (b *Browser) UploadForm(path string, fields []string, offers ...Offer) *Page {
	b.w.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		if err := m.WriteField(fields[i], fields[i+1]); err != nil {
			b.w.Fatal(err)
		}
	}
	for _, o := range offers {
		p, err := m.CreateFormFile("file", o.Name)
		if err == nil {
			_, err = p.Write(o.Body)
		}
		if err != nil {
			b.w.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		b.w.Fatal(err)
	}
	r, err := http.NewRequestWithContext(b.w.Context(), http.MethodPost, b.base+path, &body)
	if err != nil {
		b.w.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.Do(r)
}
