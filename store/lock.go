package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"sync"

	"golang.org/x/sys/unix"
)

// locksName is the file whose bytes are locked by those who train: byte n, the run's ID read as a
// number, for as long as the process lives and has not ended the run. The system lets go of a lock
// when its process dies, however it dies, so a lock cannot lie, as a heartbeat or a process number
// can. The file is empty, is never deleted, and is no part of what a store keeps.
const locksName = "runner.locks"

// Bytes far beyond those of runs and sweeps, at which processes queue to write.
const (
	nextToWrite = 1<<62 + iota
	writing
)

// locks is one process's view of the file. Its methods may be called from several goroutines.
type locks struct {
	path string

	mu   sync.Mutex
	file *os.File       // nil until the first lock is taken
	mine map[int64]bool // the bytes that this process holds
}

func newLocks(path string) *locks { return &locks{path: path, mine: make(map[int64]bool)} }

// take locks byte n, unless somebody holds it: then it returns false at once.
func (l *locks) take(n int64) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.mine[n] {
		return false, nil
	}
	f, err := l.open()
	if err != nil {
		return false, err
	}
	err = lockCall(f, setLock, oneByte(unix.F_WRLCK, n))
	if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EACCES) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("lock %s: %w", l.path, err)
	}
	l.mine[n] = true
	return true, nil
}

// open returns the file; the caller holds mu.
func (l *locks) open() (_ *os.File, err error) {
	if l.file == nil {
		// As readable and writable as the database, or another user of the store could not take it.
		l.file, err = os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o666)
	}
	return l.file, err
}

// free gives back a lock that take took.
func (l *locks) free(n int64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.mine[n] {
		return nil
	}
	delete(l.mine, n)
	return lockCall(l.file, setLock, oneByte(unix.F_UNLCK, n))
}

// holds tells whether this process holds the lock on byte n.
func (l *locks) holds(n int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.mine[n]
}

// held tells whether anybody holds the lock on byte n. It takes no lock, so that looking is never
// in the way of training.
func (l *locks) held(n int64) (_ bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.mine[n] {
		return true, nil
	}
	f := l.file
	if f == nil {
		if f, err = os.Open(l.path); errors.Is(err, fs.ErrNotExist) {
			return false, nil // nobody has trained here since the store was made or moved
		} else if err != nil {
			return false, err
		}
		defer f.Close()
	}
	query := oneByte(unix.F_WRLCK, n)
	if err := lockCall(f, getLock, query); err != nil {
		return false, fmt.Errorf("look at the locks of %s: %w", l.path, err)
	}
	return query.Type != unix.F_UNLCK, nil
}

// queue waits until those have written who asked before, and returns what lets the next one write.
//
// SQLite has no queue: whoever finds the database locked sleeps and looks again, and of many processes
// that write all the time some look at the wrong moments until their patience ends. The system does
// queue who waits for a lock; but whoever gives one back and wants it again at once has it before the
// one that is being woken. So there are two: who holds the first is the next to write, and gives it
// back on getting the second.
//
// SQLite's lock is what keeps writers apart. Whoever cannot queue here, or waits in vain for a
// process that stands still, writes out of turn.
func (l *locks) queue(ctx context.Context) (leave func()) {
	l.mu.Lock()
	f, err := l.open()
	l.mu.Unlock()
	if err != nil {
		return func() {}
	}
	ctx, cancel := context.WithTimeout(ctx, busyTimeout)
	defer cancel()
	if await(ctx, f, nextToWrite) {
		defer unlock(f, nextToWrite)
		if await(ctx, f, writing) {
			return func() { unlock(f, writing) }
		}
	}
	return func() {}
}

// await locks byte n once those have given it back who asked for it before; it returns false if it
// cannot, or ctx is done first.
func await(ctx context.Context, f *os.File, n int64) bool {
	locked := make(chan bool)
	go func() { // the call cannot be called off
		err := lockCall(f, awaitLock, oneByte(unix.F_WRLCK, n))
		select {
		case locked <- err == nil:
		case <-ctx.Done():
			unlock(f, n)
		}
	}()
	select {
	case ok := <-locked:
		return ok
	case <-ctx.Done():
		return false
	}
}

// unlock gives back byte n, which the system also does when the process ends.
func unlock(f *os.File, n int64) { lockCall(f, setLock, oneByte(unix.F_UNLCK, n)) }

// close gives all locks back.
func (l *locks) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.mine)
	if l.file == nil {
		return nil
	}
	f := l.file
	l.file = nil
	return f.Close()
}

// lockCall makes an fcntl call again for as long as signals interrupt it. The file may be closed
// meanwhile.
func lockCall(f *os.File, command int, lock *unix.Flock_t) error {
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	closed := conn.Control(func(fd uintptr) {
		err = unix.EINTR
		for err == unix.EINTR {
			err = unix.FcntlFlock(fd, command, lock)
		}
	})
	return cmp.Or(closed, err)
}

// oneByte describes a lock on byte n, or the lack of one.
func oneByte(kind int16, n int64) *unix.Flock_t {
	return &unix.Flock_t{Type: kind, Whence: io.SeekStart, Start: n, Len: 1}
}

// lockOf is the byte of a run.
func lockOf(id string) int64 {
	n, err := strconv.ParseUint(id, 16, 32)
	if err != nil {
		panic("store: " + err.Error()) // the schema admits no such ID
	}
	return int64(n)
}
