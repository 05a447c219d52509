package page

// Piece is a part of a text that two versions share, or that only one has.
type Piece struct {
	Text    string
	Added   bool
	Removed bool
}

// diffMost bounds the work of comparing two texts character by character.
const diffMost = 4_000_000

// Compared tells how a text became another one, in pieces. Texts too long to
// compare are shown whole, the old one removed and the new one added.
func Compared(was, now string) (all []Piece) {
	a, b := []rune(was), []rune(now)
	if len(a)*len(b) > diffMost {
		return join(join(nil, Piece{Text: was, Removed: true}), Piece{Text: now, Added: true})
	}
	common := make([][]int, len(a)+1) // the longest common part of a[i:] and b[j:]
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			all = join(all, Piece{Text: string(a[i])})
			i, j = i+1, j+1
		case i < len(a) && (j == len(b) || common[i+1][j] >= common[i][j+1]):
			all = join(all, Piece{Text: string(a[i]), Removed: true})
			i++
		default:
			all = join(all, Piece{Text: string(b[j]), Added: true})
			j++
		}
	}
	return all
}

// join adds a piece, to the last one when it is of the same sort.
func join(all []Piece, p Piece) []Piece {
	if p.Text == "" {
		return all
	}
	if n := len(all); n > 0 && all[n-1].Added == p.Added && all[n-1].Removed == p.Removed {
		all[n-1].Text += p.Text
		return all
	}
	return append(all, p)
}
