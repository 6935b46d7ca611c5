package kit

import (
	"fmt"
	"strings"

	qrcode "github.com/skip2/go-qrcode"
)

// QRCode is a text as a telephone reads it off a screen or paper: the black modules as the path of a drawing, one unit each, with the
// quiet margin that readers need.
type QRCode struct {
	Dots [][]bool // true: black
	Size int
	Path string
}

// NewQRCode draws the text so that a fold or a stamp on the paper does not spoil it: a quarter of it may be lost.
func NewQRCode(text string) (QRCode, error) {
	code, err := qrcode.New(text, qrcode.High)
	if err != nil {
		return QRCode{}, err
	}
	rows := code.Bitmap()
	var path strings.Builder
	for y, row := range rows {
		for x, black := range row {
			if black {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	return QRCode{Dots: rows, Size: len(rows), Path: path.String()}, nil
}
