package words

import (
	"image/color"
)

// Colours of Okabe and Ito, "Color Universal Design" (2008): people with any
// kind of colour vision can tell them apart. The rest stays grey.
var (
	TrueColor  = color.RGBA{0x00, 0x9e, 0x73, 0xff} // bluish green
	WrongColor = color.RGBA{0xd5, 0x5e, 0x00, 0xff} // vermillion
	OtherColor = color.RGBA{0xbd, 0xbd, 0xbd, 0xff}
	CurveColor = color.RGBA{0x00, 0x72, 0xb2, 0xff} // blue
	InkColor   = color.RGBA{0x22, 0x22, 0x22, 0xff}
	FaintColor = color.RGBA{0x70, 0x70, 0x70, 0xff}
	GridColor  = color.RGBA{0xe2, 0xe2, 0xe2, 0xff}
)
