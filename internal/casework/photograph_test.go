package casework_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"io"
	"strings"
	"testing"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/photograph"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// TestPhotographsOfAPlaque: the office's is shown at once; the holder's waits for the office;
// what everybody is given is drawn anew and small; what was replaced or taken down is public
// no more and stays in the history; a stranger has no part in it.
func TestPhotographsOfAPlaque(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	q := w.PlaqueOf(w.Designation())
	clerk, holder, other := w.Office().Clerk, w.ApplicantOf(q.Organisation), w.ApplicantOf(w.Organisation())
	add := func(by stage.Actor, name, words string, b []byte) error {
		return w.Desk.AddPhotograph(t.Context(), by, q.ID, name, words, bytes.NewReader(b))
	}
	shown := func() []byte {
		_, r, err := w.Desk.OpenShown(t.Context(), q.Code)
		if fault.KindOf(err) == fault.NotFound {
			return nil
		}
		ok(t, err)
		defer r.Close()
		b, err := io.ReadAll(r)
		ok(t, err)
		return b
	}
	all := func() []photograph.Photograph {
		v, err := w.Desk.Plaque(t.Context(), clerk, q.ID)
		ok(t, err)
		return v.Photographs
	}
	w.Refused(add(other, "门口.png", "铜牌", play.Photo(1)), "thing.not_found")
	w.Refused(add(w.Office().Chair, "门口.png", "铜牌", play.Photo(1)), "thing.not_found")
	w.Refused(add(clerk, "说明.pdf", "铜牌", play.PDF("说明", "字")), "photograph.add.kind")
	if err := add(clerk, "门口.png", "", play.Photo(1)); fault.KindOf(err) != fault.Invalid {
		t.Error(err)
	}
	ok(t, add(holder, "门口.png", "铜牌挂在大门右侧", play.Photo(1)))
	if shown() != nil {
		t.Error("shown before the office looked at it")
	}
	offered := all()[0]
	w.Refused(w.Desk.ShowPhotograph(t.Context(), holder, q.ID, offered.ID), "stage.not_allowed")
	w.Refused(w.Desk.ShowPhotograph(t.Context(), clerk, "plq_0000000000000000", offered.ID), "thing.not_found")
	work, err := w.Desk.Work(t.Context(), clerk)
	ok(t, err)
	found := false
	for _, i := range work {
		found = found || strings.HasPrefix(i.Title, "查看牌匾照片")
	}
	if !found {
		t.Error("the office is not asked to look at it")
	}
	ok(t, w.Desk.ShowPhotograph(t.Context(), clerk, q.ID, offered.ID))
	first := shown()
	if c, kind, err := image.DecodeConfig(bytes.NewReader(first)); err != nil || kind != "jpeg" || max(c.Width, c.Height) > photograph.Side {
		t.Errorf("%s %v %v", kind, c, err)
	}
	if v, err := w.Desk.Verify(t.Context(), q.Code); err != nil || v.Photograph == nil || v.Photograph.By != "" || v.Photograph.Description != "铜牌挂在大门右侧" {
		t.Errorf("%+v %v", v.Photograph, err)
	}

	w.At("2021-06-02")
	// The office's own takes its place; what a camera says is not in it.
	ok(t, add(clerk, "新.jpg", "换过的铜牌", located(t)))
	second := shown()
	if bytes.Equal(first, second) || bytes.Contains(second, []byte("Exif")) || bytes.Contains(second, []byte("GPS")) {
		t.Error("not the office's picture, or not freed of what the camera says")
	}
	if got := all(); len(got) != 2 || got[0].State != photograph.Shown || got[1].State != photograph.Replaced {
		t.Errorf("%+v", got)
	}
	ok(t, w.Desk.RemovePhotograph(t.Context(), clerk, q.ID, all()[0].ID, "有人入镜"))
	if shown() != nil || len(all()) != 2 {
		t.Error("taken down, and shown or forgotten")
	}
	if _, r, err := w.Desk.OpenPhotograph(t.Context(), holder, q.ID, offered.ID); err != nil {
		t.Error(err)
	} else {
		r.Close()
	}
	if _, _, err := w.Desk.OpenPhotograph(t.Context(), other, q.ID, offered.ID); fault.KindOf(err) != fault.NotFound {
		t.Error(err)
	}
	lines := w.Record(string(all()[0].ID))
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "photograph.add") || !strings.HasPrefix(lines[1], "photograph.remove") {
		t.Error(lines)
	}
	var sums []string
	for _, p := range all() {
		sums = append(sums, p.SHA256)
	}
	ok(t, w.Desk.Store.View(t.Context(), func(tx *store.Tx) error {
		named, err := tx.NamesBlobs(sums)
		if !named[sums[0]] || !named[sums[1]] {
			t.Error("no row names the pictures: the sweep would take them")
		}
		return err
	}))
}

// located is a JPEG with a block of EXIF that says where it was taken.
func located(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	ok(t, jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 2000, 1000)), nil))
	exif := append([]byte{0xff, 0xe1, 0, 16}, []byte("Exif\x00\x00GPS here")...)
	return append(append(append([]byte{}, b.Bytes()[:2]...), exif...), b.Bytes()[2:]...)
}
