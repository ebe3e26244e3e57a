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

// locksName is the file in which a process locks a byte for each run that it trains, at the run's ID
// read as a number. The system frees a lock however its process dies, so a lock cannot lie, as a
// heartbeat or a process number can. The file is empty and is never deleted.
const locksName = "runner.locks"

// Bytes beyond those of runs and sweeps, at which processes queue to write.
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

// take locks byte n. It returns false at once if somebody holds it.
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

// free frees a lock that take took.
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

// held tells whether anybody holds the lock on byte n. It takes no lock, and so never hinders training.
func (l *locks) held(n int64) (_ bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.mine[n] {
		return true, nil
	}
	f := l.file
	if f == nil {
		if f, err = os.Open(l.path); errors.Is(err, fs.ErrNotExist) {
			return false, nil // nobody has trained here yet
		} else if err != nil {
			return false, err
		}
		defer f.Close()
	}
	query := oneByte(unix.F_WRLCK, n)
	if err := lockCall(f, getLock, query); err != nil {
		return false, fmt.Errorf("query the locks of %s: %w", l.path, err)
	}
	return query.Type != unix.F_UNLCK, nil
}

// queue waits for those who asked to write before, and returns what lets the next one write.
//
// SQLite has no queue: a process that finds the database locked sleeps and tries again, and of many
// that write all the time some try at the wrong moments until they time out. The system queues those
// who wait for a lock, but a process that frees one and wants it back takes it before the one being
// woken. So there are two locks: who holds the first is next to write, and frees it on getting the second.
//
// SQLite's lock is what keeps writers apart. A process that cannot queue here, or waits in vain for one
// that is stopped, writes out of turn.
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

// await locks byte n after those who asked for it before. It returns false if it cannot, or if ctx is
// done first.
func await(ctx context.Context, f *os.File, n int64) bool {
	locked := make(chan bool)
	go func() { // the call cannot be cancelled
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

// unlock frees byte n, as the system does when the process ends.
func unlock(f *os.File, n int64) { lockCall(f, setLock, oneByte(unix.F_UNLCK, n)) }

// close frees all locks.
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

// lockCall repeats an fcntl call while signals interrupt it. The file may be closed meanwhile.
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
