package credential

import (
	"errors"
	"strings"

	qrcode "github.com/skip2/go-qrcode"
)

// QRModules is how many modules a side of the code on a plaque has at most: version 3,
// which can be engraved at 25 mm.
const QRModules = 29

var errQR = errors.New("credential: the address is too long for a code of 29 modules: shorten the site's name")

// QRText is what the code on a plaque says: where its title is verified, and nothing
// else.
func QRText(base, code string) string { return strings.TrimSuffix(base, "/") + "/v/" + code }

// QR draws a text as a QR code in PNG, at the medium level of error correction, with so
// many pixels a module. A text that needs more than QRModules is refused.
func QR(text string, scale int) ([]byte, error) {
	q, err := qrcode.New(text, qrcode.Medium)
	if err != nil || q.VersionNumber > 3 {
		return nil, errQR
	}
	return q.PNG(-scale)
}
