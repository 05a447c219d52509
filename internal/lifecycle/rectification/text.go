package rectification

import (
	"strconv"
	"strings"
)

func empty(s string) bool { return strings.TrimSpace(s) == "" }

func long(s string) bool { return len([]rune(s)) > longest }

// field is the path of the n-th item in a form.
func field(n int) string { return "items." + strconv.Itoa(n) }
