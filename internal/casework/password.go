package casework

import (
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"shifan/internal/fault"
)

// The password policy (ASVS 5.0 V6.2): ten characters or more, none of the
// common ones, nothing made of the login name or of this system's own words. No
// rule about kinds of characters, no forced change.
const (
	passwordMin = 10  // characters
	passwordMax = 256 // characters: long phrases are welcome, novels are not
)

var (
	errPasswordShort = fault.Define(fault.Invalid, "account.password.short",
		"密码至少%d个字符，现在是%d个。可以用几个词连成一句话。", "")
	errPasswordLong = fault.Define(fault.Invalid, "account.password.long",
		"密码最多%d个字符。", "")
	errPasswordCommon = fault.Define(fault.Invalid, "account.password.common",
		"这个密码太常见，容易被猜中。换一句别人想不到的话。", "")
	errPasswordLogin = fault.Define(fault.Invalid, "account.password.login",
		"密码里不要有登录名或者姓名。", "")
)

// hashing says how dear a guess is: 19 MiB and about 50 ms (OWASP's minimum
// for argon2id).
var hashing = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// commonPasswords are the stems of what people choose first. A password that is
// one of them, or one of them repeated or with digits around it, is refused.
var commonPasswords = strings.Fields(`
	password passw0rd passwort p@ssword p@ssw0rd qwerty qwertyui qwertyuiop qwer asdf asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc
	1qaz2wsx 1qaz2wsx3edc q1w2e3r4 q1w2e3r4t5 admin administrator root guest test user login welcome letmein iloveyou woaini
	woaini5201314 5201314 wang zhang mima abc abcd abcdef abcdefg abcdefgh abcdefghij a1b2c3d4 aa bb dragon monkey master shadow
	sunshine princess football baseball superman batman trustno1 hello secret changeme default computer internet samsung huawei
	xiaomi tencent taobao weixin baidu jilin changchun zhongguo china shifan shifanjidi dangjian dangwei lianhedangwei bangongshi
	gongshi shenbao 示范 示范基地 示范创建 党建 党建创新示范基地 联合党委 办公室 管理员 密码 中国 吉林 长春
`)

// newPassword checks a password against the policy and returns its hash. The
// password is taken as typed, in NFC, so that two keyboards agree.
func newPassword(a Account, password string) (string, error) {
	password = norm.NFC.String(password)
	n := utf8.RuneCountInString(password)
	lower := strings.ToLower(password)
	switch {
	case n < passwordMin:
		return "", errPasswordShort.At("password", passwordMin, n)
	case n > passwordMax:
		return "", errPasswordLong.At("password", passwordMax)
	case contains(lower, a.Login), contains(lower, strings.ToLower(a.Name)):
		return "", errPasswordLogin.At("password")
	case common(lower):
		return "", errPasswordCommon.At("password")
	}
	return argon2id.CreateHash(password, hashing)
}

// contains reports whether a word of at least two characters is part of s.
func contains(s, word string) bool {
	return utf8.RuneCountInString(word) > 1 && strings.Contains(s, word)
}

// common reports whether a password, digits and punctuation stripped from its
// ends, is empty, one character or one short run over and over, or a stem that
// everybody tries.
func common(lower string) bool {
	core := strings.Trim(lower, "0123456789!@#$%^&*()_+-=.,?/ ~`'\";:[]{}|\\<>")
	for _, s := range []string{lower, core} {
		if period(s) <= 3 || sequence(s) {
			return true
		}
		for _, stem := range commonPasswords {
			if s == stem || strings.ReplaceAll(s, stem, "") == "" {
				return true
			}
		}
	}
	return false
}

// period returns the length in characters of the shortest run that repeats to
// make s.
func period(s string) int {
	r := []rune(s)
	for p := 1; p < len(r); p++ {
		same := true
		for i := p; i < len(r); i++ {
			same = same && r[i] == r[i-p]
		}
		if same {
			return p
		}
	}
	return len(r)
}

// sequence reports whether every character follows, or precedes, the one before
// it: 1234567890, abcdefghij, 9876543210.
func sequence(s string) bool {
	r := []rune(s)
	for _, step := range []rune{1, -1} {
		runs := true
		for i := 1; i < len(r); i++ {
			d := r[i] - r[i-1]
			runs = runs && (d == step || d == -9*step) // …90 and …09 wrap around
		}
		if runs {
			return true
		}
	}
	return false
}

// nobody is the hash that a password is compared with when no account has the
// login name, so that the answer takes as long.
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$c2hpZmFuc2hpZmFuc2hpZg$RdescudvJCsgt3ub+b2dWRJJmaaJldbRS8rHqhLPz5M"

// samePassword reports whether a password is the one that was hashed. An empty
// hash is nobody's, and takes as long to refuse.
func samePassword(password, hash string) bool {
	real := hash != ""
	if !real {
		hash = nobody
	}
	same, err := argon2id.ComparePasswordAndHash(norm.NFC.String(password), hash)
	return same && err == nil && real
}
