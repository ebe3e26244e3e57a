package store

import (
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
	if l.file == nil {
		// As readable and writable as the database, or another user of the store could not take it.
		f, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o666)
		if err != nil {
			return false, err
		}
		l.file = f
	}
	err := lockCall(l.file, setLock, &unix.Flock_t{Type: unix.F_WRLCK, Whence: io.SeekStart, Start: n, Len: 1})
	if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EACCES) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("lock %s: %w", l.path, err)
	}
	l.mine[n] = true
	return true, nil
}

// free gives back a lock that take took.
func (l *locks) free(n int64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.mine[n] {
		return nil
	}
	delete(l.mine, n)
	return lockCall(l.file, setLock, &unix.Flock_t{Type: unix.F_UNLCK, Whence: io.SeekStart, Start: n, Len: 1})
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
	query := unix.Flock_t{Type: unix.F_WRLCK, Whence: io.SeekStart, Start: n, Len: 1}
	if err := lockCall(f, getLock, &query); err != nil {
		return false, fmt.Errorf("look at the locks of %s: %w", l.path, err)
	}
	return query.Type != unix.F_UNLCK, nil
}

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

// lockCall makes an fcntl call again for as long as signals interrupt it.
func lockCall(f *os.File, command int, lock *unix.Flock_t) error {
	for {
		if err := unix.FcntlFlock(f.Fd(), command, lock); err != unix.EINTR {
			return err
		}
	}
}

// lockOf is the byte of a run.
func lockOf(id string) int64 {
	n, err := strconv.ParseUint(id, 16, 32)
	if err != nil {
		panic("store: " + err.Error()) // the schema admits no such ID
	}
	return int64(n)
}
