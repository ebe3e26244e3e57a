package fetch

import (
	"fmt"
	"io"
)

// Options say where a dataset is fetched from and who receives events.
type Options struct {
	URL      string      // another source than the dataset's home: http, https, file or a path
	Checksum string      // of that source: "sha256:" and 64 hexadecimal digits
	Tell     func(Event) // receives events, one at a time; may be nil
}

// Event is a note or the progress of a transfer while a dataset is fetched and prepared.
type Event struct {
	Note        string // a line for people; "" of a transfer
	Done, Total int64  // bytes of the transfer; Total 0: unknown
	Over        bool   // the transfer has ended, complete or not
}

// Note sends a note.
func (o Options) Note(format string, args ...any) { o.tell(Event{Note: fmt.Sprintf(format, args...)}) }

func (o Options) tell(e Event) {
	if o.Tell != nil {
		o.Tell(e)
	}
}

// counter reports how many bytes of a transfer have been read.
type counter struct {
	io.Reader
	o  Options
	at Event
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.at.Done += int64(n)
	c.o.tell(c.at)
	return n, err
}
