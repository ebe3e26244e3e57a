package words

import (
	"testing"
)

func TestParseFormat(t *testing.T) {
	if f, err := ParseFormat("json", Table, JSON); f != JSON || err != nil {
		t.Errorf("ParseFormat(json) = %q, %v", f, err)
	}
	_, err := ParseFormat("csv", Table, JSON)
	want := `format "csv": expected one of table, json`
	if err == nil || err.Error() != want {
		t.Errorf("ParseFormat(csv) = %v, want %s", err, want)
	}
}
