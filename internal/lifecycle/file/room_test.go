package file_test

import (
	"slices"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/file"
)

// TestRoom: how large one file may be, at the boundary.
func TestRoom(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		room file.Room
		size int64
		want string
	}{
		{file.Room{}, 20 << 20, ""},
		{file.Room{}, 20<<20 + 1, "file.put.big"},
		{file.Room{File: 10}, 10, ""},
		{file.Room{File: 10}, 11, "file.put.big"},
	} {
		if err := tt.room.Takes("a.pdf", tt.size); code(err) != tt.want {
			t.Errorf("%+v, %d: %v", tt.room, tt.size, err)
		}
	}
	for n, want := range map[int64]string{0: "0字节", 1023: "1023字节", 1024: "1 KB", 1025: "2 KB", 1 << 20: "1 MB", 3 << 19: "1.5 MB", 101<<20 + 5: "101 MB"} {
		if got := file.Size(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

// TestPut: a file stands under an indicator when there is room for it, and the same
// bytes are one file however they are called (S12, checklist 39).
func TestPut(t *testing.T) {
	t.Parallel()
	now := calendar.MustDate("2021-07-01").Start()
	kept := []file.File{{ID: "a", Name: "章程.pdf", SHA256: "aa", Size: 60}, {ID: "b", Name: "照片.png", SHA256: "bb", Size: 30}}
	at := func(indicator string, key id.File) file.Place { return file.Place{Indicator: indicator, File: key} }
	standing := []file.Place{at("1-1", "a"), at("1-1", "b"), at("1-2", "a")}
	room := file.Room{File: 1000, Application: 100, Files: 3}
	for _, tt := range []struct {
		what      string
		in        file.File
		indicator string
		room      file.Room
		want      string
		id        id.File
		under     []string
	}{
		{"to the last byte", file.File{ID: "new", SHA256: "cc", Size: 10}, "1-1", room, "", "new", []string{"1-1"}},
		{"a byte more", file.File{ID: "new", SHA256: "cc", Size: 11}, "1-1", room, "file.put.full", "", nil},
		{"the last one", file.File{ID: "new", SHA256: "cc", Size: 1}, "1-1", file.Room{Files: 3}, "", "new", []string{"1-1"}},
		{"one more", file.File{ID: "new", SHA256: "cc", Size: 1}, "1-1", file.Room{Files: 2}, "file.put.many", "", nil},
		{"the default is twenty", file.File{ID: "new", SHA256: "cc", Size: 1}, "1-1", file.Room{}, "", "new", []string{"1-1"}},
		{"bytes that are there take no room", file.File{ID: "new", Name: "另一个名字.pdf", SHA256: "aa", Size: 60}, "1-3", file.Room{Application: 90}, "", "a", []string{"1-1", "1-2", "1-3"}},
		{"bytes that stand here", file.File{ID: "new", SHA256: "bb", Size: 30}, "1-1", room, "file.put.twice", "", nil},
		{"twice is said before full", file.File{ID: "new", SHA256: "bb", Size: 30}, "1-1", file.Room{Files: 2}, "file.put.twice", "", nil},
		{"bytes that are there, and no place more", file.File{ID: "new", SHA256: "bb", Size: 30}, "1-2", file.Room{Files: 1}, "file.put.many", "", nil},
	} {
		got, err := file.Put(tt.in, tt.indicator, kept, standing, tt.room, now)
		if tt.want != "" {
			if fault.CodeOf(err) != tt.want {
				t.Errorf("%s: %v, want %s", tt.what, err, tt.want)
			}
			continue
		}
		p := file.Place{Key: string(tt.id) + "/" + tt.indicator, Indicator: tt.indicator, File: tt.id, At: now}
		if err != nil || got.File.ID != tt.id || got.New != (tt.id == "new") || !slices.Equal(got.Under, tt.under) || got.Place != p {
			t.Errorf("%s: %+v %v", tt.what, got, err)
		}
	}
	if got, err := file.Put(file.File{ID: "new", SHA256: "aa", Size: 60}, "1-3", kept, standing, room, now); err != nil || got.File.Name != "章程.pdf" {
		t.Errorf("the first name stays: %+v %v", got.File, err)
	}
}

// TestTake: what stands nowhere any more is forgotten, unless it was submitted.
func TestTake(t *testing.T) {
	t.Parallel()
	standing := []file.Place{
		{Key: "a/1-1", Indicator: "1-1", File: "a", At: time.Unix(1, 0)}, {Key: "a/1-2", Indicator: "1-2", File: "a"}, {Key: "b/1-1", Indicator: "1-1", File: "b"}, {Key: "c/1-1", Indicator: "1-1", File: "c"},
	}
	a := &application.Application{Original: answer.Content{Answers: map[string]answer.Answer{"1-1": {Files: []answer.File{{SHA256: "cc"}}}}}}
	for _, tt := range []struct {
		f         file.File
		indicator string
		key       string
		forgotten bool
	}{
		{file.File{ID: "a", SHA256: "aa"}, "1-1", "a/1-1", false},
		{file.File{ID: "b", SHA256: "bb"}, "1-1", "b/1-1", true},
		{file.File{ID: "c", SHA256: "cc"}, "1-1", "c/1-1", false},
		{file.File{ID: "b", SHA256: "bb"}, "1-2", "", false},
		{file.File{ID: "d", SHA256: "dd"}, "1-1", "", false},
	} {
		gone, forgotten, err := file.Take(a, &tt.f, tt.indicator, standing)
		if gone.Key != tt.key || forgotten != tt.forgotten || (tt.key == "") != (fault.KindOf(err) == fault.NotFound) {
			t.Errorf("%s under %s: %+v %v %v", tt.f.ID, tt.indicator, gone, forgotten, err)
		}
	}
}
