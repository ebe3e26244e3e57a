package term

import (
	"testing"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// styles are the places output goes to, by the name they have in golden files.
var styles = []struct {
	name  string
	style Style
}{
	{"pipe", Style{}},
	{"200", Style{Width: 200}},
	{"80", Style{Width: 80}},
	{"60", Style{Width: 60}},
	{"color", Style{Width: 120, Color: true}},
}

// The width of a character may depend on the locale; the tests' may not.
func TestMain(m *testing.M) {
	twwidth.SetEastAsian(false)
	m.Run()
}
