package designation

import (
	"fmt"
	"strconv"
	"strings"
)

// NextNumber returns the number of a round's next title, 2026-007: the year of
// the round and the place within it, without gaps and never used twice. taken
// are the numbers that the round gave already.
func NextNumber(year int, taken []string) string {
	most := 0
	for _, s := range taken {
		if _, n, ok := strings.Cut(s, "-"); ok {
			if n, err := strconv.Atoi(n); err == nil {
				most = max(most, n)
			}
		}
	}
	return fmt.Sprintf("%d-%03d", year, most+1)
}
