package record

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// TileHeight is the height of a tile: 256 hashes wide (C2SP tlog-tiles).
const TileHeight = 8

// TilePath is where a tile lies below the log's prefix: tile/0/x001/234 and, while
// it is not full, .p/17. The entries' own bundles have the level -1.
func TilePath(level int, n int64, width int) string {
	parts := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		parts = fmt.Sprintf("x%03d/%s", n%1000, parts)
	}
	where := "entries"
	if level >= 0 {
		where = strconv.Itoa(level)
	}
	path := "tile/" + where + "/" + parts
	if width < 1<<TileHeight {
		path += ".p/" + strconv.Itoa(width)
	}
	return path
}

// ParseTilePath reads a tile's path: its level, -1 for a bundle of entries, its
// number and its width.
func ParseTilePath(path string) (t tlog.Tile, err error) {
	bad := fmt.Errorf("record: no tile %q", path)
	rest, ok := strings.CutPrefix(path, "tile/")
	where, rest, cut := strings.Cut(rest, "/")
	if !ok || !cut || len(rest) > 64 {
		return t, bad
	}
	t = tlog.Tile{H: TileHeight, L: -1, W: 1 << TileHeight}
	if where != "entries" {
		if t.L, err = strconv.Atoi(where); err != nil || t.L < 0 || t.L > 63 {
			return t, bad
		}
	}
	if number, width, partial := strings.Cut(rest, ".p/"); partial {
		rest = number
		if t.W, err = strconv.Atoi(width); err != nil || t.W < 1 {
			return t, bad
		}
	}
	for _, part := range strings.Split(rest, "/") {
		n, err := strconv.ParseInt(strings.TrimPrefix(part, "x"), 10, 64)
		if err != nil || t.N > 1<<40 {
			return t, bad
		}
		t.N = t.N*1000 + n
	}
	if TilePath(t.L, t.N, t.W) != path {
		return t, bad // a number written otherwise
	}
	return t, nil
}

// Tiles lists the tiles that hold a tree of the given size, and the bundles of its
// entries (level -1).
func Tiles(size int64) (all []tlog.Tile) {
	for level := -1; level == -1 || size>>(TileHeight*max(level, 0)) > 0; level++ {
		n := size >> (TileHeight * max(level, 0)) // hashes at this level
		for i := int64(0); i<<TileHeight < n; i++ {
			all = append(all, tlog.Tile{H: TileHeight, L: level, N: i, W: int(min(1<<TileHeight, n-i<<TileHeight))})
		}
	}
	return all
}

// Bundle packs leaves as tlog-tiles wants them: each with its length in front.
func Bundle(leaves []string) []byte {
	var b []byte
	for _, l := range leaves {
		b = binary.BigEndian.AppendUint16(b, uint16(len(l)))
		b = append(b, l...)
	}
	return b
}

// Unbundle reads a bundle.
func Unbundle(b []byte) (leaves []string, err error) {
	for len(b) > 0 {
		if len(b) < 2 || len(b) < 2+int(binary.BigEndian.Uint16(b)) {
			return nil, fmt.Errorf("record: a bundle that ends early")
		}
		n := 2 + int(binary.BigEndian.Uint16(b))
		leaves = append(leaves, string(b[2:n]))
		b = b[n:]
	}
	return leaves, nil
}
