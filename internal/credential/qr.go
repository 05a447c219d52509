package credential

import (
	"errors"
	"net/url"
	"strings"

	qrcode "github.com/skip2/go-qrcode"
)

// QRModules is how many modules a side of the code on a plaque has: version 3, which can
// be engraved at 25 mm.
const QRModules = 29

// What version 3 holds at the medium level: bytes, or signs of the alphabet of 45 that
// knows capital letters only.
const (
	qrBytes = 42
	qrSigns = 61
)

// ErrQR says that an address does not fit the code on a plaque.
var ErrQR = errors.New("credential: the address is too long for a code of 29 modules")

// QRText is what the code on a plaque says: where its title is verified, and nothing
// else. An address that is too long for 29 modules is written in capital letters, which
// take less room and lead to the same page, as long as it has no path of its own: names
// of hosts and schemes know no case (RFC 3986, 3.1 and 3.2.2), and /V/ leads to /v/.
func QRText(base, code string) string {
	text := strings.TrimSuffix(base, "/") + "/v/" + code
	if u, err := url.Parse(base); len(text) > qrBytes && err == nil && strings.Trim(u.Path, "/") == "" && u.RawQuery == "" {
		return strings.ToUpper(text)
	}
	return text
}

// QRFits reports whether plaques of a site can bear its address; ErrQR when not.
func QRFits(base string) error {
	_, err := quick(QRText(base, strings.Repeat("Z", 10)))
	return err
}

func quick(text string) (*qrcode.QRCode, error) {
	if len(text) > qrSigns { // the library would try for long
		return nil, ErrQR
	}
	q, err := qrcode.NewWithForcedVersion(text, 3, qrcode.Medium)
	if err != nil {
		return nil, ErrQR
	}
	return q, nil
}

// QR draws a text as a QR code in PNG, at the medium level of error correction, with so
// many pixels a module. A text that needs more than QRModules is refused with ErrQR.
func QR(text string, scale int) ([]byte, error) {
	q, err := quick(text)
	if err != nil {
		return nil, err
	}
	return q.PNG(-scale)
}

// QRModulesOf returns the modules of the code of a text, row by row, dark ones true, and
// without the quiet zone.
func QRModulesOf(text string) ([][]bool, error) {
	q, err := quick(text)
	if err != nil {
		return nil, err
	}
	q.DisableBorder = true
	return q.Bitmap(), nil
}
