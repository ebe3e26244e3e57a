//go:build amd64

package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A tap sees the calls by which a process, and all that it starts, changes files,
// before the system does, and decides whether they fail. It is what strace's inject
// does, but that counts the calls of each thread by itself, and knows no names that
// are drawn, as those of temporary files are. The system's own means for it is a
// filter that a process puts on itself (seccomp) and whose questions another
// answers.

// point is a kind of call on a kind of file, as the tests name it.
type point struct{ call, file string }

func (p point) String() string { return p.call + " " + p.file }

// tappedCalls are the calls that change files.
var tappedCalls = map[int32]string{
	unix.SYS_OPENAT: "openat", // where it may create
	unix.SYS_OPEN:   "open",
	unix.SYS_WRITE:  "write", unix.SYS_WRITEV: "writev", unix.SYS_PWRITE64: "pwrite64", unix.SYS_PWRITEV: "pwritev",
	unix.SYS_FTRUNCATE: "ftruncate", unix.SYS_FALLOCATE: "fallocate",
	unix.SYS_FSYNC: "fsync", unix.SYS_FDATASYNC: "fdatasync",
	unix.SYS_FCHMOD: "fchmod",
	unix.SYS_MKDIR:  "mkdir", unix.SYS_MKDIRAT: "mkdirat",
	unix.SYS_RENAME: "rename", unix.SYS_RENAMEAT: "renameat", unix.SYS_RENAMEAT2: "renameat2",
	unix.SYS_UNLINK: "unlink", unix.SYS_UNLINKAT: "unlinkat", unix.SYS_RMDIR: "rmdir",
}

func init() { programs["tapped"] = tapped }

// tapped is a program that puts the filter on itself, hands the questions to its
// parent and becomes the runner.
func tapped() {
	runtime.LockOSThread() // the filter is the thread's, and of what it becomes
	listener, err := putFilter()
	if err == nil {
		unix.CloseOnExec(3)
		err = unix.Sendmsg(3, []byte{0}, unix.UnixRights(listener), nil, 0)
	}
	if err == nil {
		err = syscall.Exec("/proc/self/exe", append([]string{"runner"}, os.Args[1:]...), os.Environ())
	}
	fmt.Fprintln(os.Stderr, "tapped:", err)
	os.Exit(125)
}

// putFilter makes this thread ask before each tapped call.
func putFilter() (listener int, err error) {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return 0, err
	}
	const load, equal, end = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K,
		unix.BPF_RET | unix.BPF_K
	code := []unix.SockFilter{{Code: load, K: 0}} // the call's number
	left := len(tappedCalls)
	for nr := range tappedCalls {
		code = append(code, unix.SockFilter{Code: equal, Jt: uint8(left), K: uint32(nr)})
		left--
	}
	code = append(code,
		unix.SockFilter{Code: end, K: unix.SECCOMP_RET_ALLOW},
		unix.SockFilter{Code: end, K: unix.SECCOMP_RET_USER_NOTIF})
	program := unix.SockFprog{Len: uint16(len(code)), Filter: &code[0]}
	// Once asked about, a call is not begun again for one of Go's own signals: it
	// would be counted twice.
	const flags = unix.SECCOMP_FILTER_FLAG_NEW_LISTENER | unix.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
	fd, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, flags, uintptr(unsafe.Pointer(&program)))
	if errno != 0 {
		return 0, errno
	}
	return int(fd), nil
}

// question is struct seccomp_notif, answer struct seccomp_notif_resp.
type (
	question struct {
		id         uint64
		pid, flags uint32
		nr         int32
		arch       uint32
		ip         uint64
		args       [6]uint64
	}
	answer struct {
		id    uint64
		value int64
		err   int32
		flags uint32
	}
)

// errUntappable is why there can be no tap here.
var errUntappable = errors.New("the system lets no process answer for another's calls (seccomp)")

// longestRun is how long a disturbed run may take: most take a second.
const longestRun = 2 * time.Minute

// runTapped runs a command of the runner, asking decide about each call that
// changes a file in the folder dir. It returns what the command printed.
func runTapped(cmd *exec.Cmd, dir string, decide func(point) unix.Errno) (stdout, stderr string, err error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return "", "", err
	}
	defer unix.Close(pair[0])
	other := os.NewFile(uintptr(pair[1]), "socket")
	var out, errs bytes.Buffer
	cmd.Args[0], cmd.ExtraFiles, cmd.Stdout, cmd.Stderr = "tapped", []*os.File{other}, &out, &errs
	err = cmd.Start()
	other.Close()
	if err != nil {
		return "", "", err
	}
	timer := time.AfterFunc(longestRun, func() { cmd.Process.Kill() })
	defer timer.Stop()
	listener, err := receive(pair[0])
	if err != nil {
		cmd.Wait()
		return "", "", fmt.Errorf("%w: %s", errUntappable, &errs)
	}
	answered := make(chan error, 1)
	go func() { answered <- answerAll(listener, dir, decide) }()
	err = cmd.Wait()
	if timer.Stop() {
		err = errors.Join(err, <-answered)
	} else {
		err = fmt.Errorf("took longer than %v", longestRun)
	}
	return out.String(), errs.String(), err
}

// receive takes an open file from a socket.
func receive(socket int) (int, error) {
	buffer, rights := make([]byte, 1), make([]byte, unix.CmsgSpace(4))
	_, n, _, _, err := unix.Recvmsg(socket, buffer, rights, unix.MSG_CMSG_CLOEXEC)
	if err != nil {
		return 0, err
	}
	messages, err := unix.ParseSocketControlMessage(rights[:n])
	if err != nil || len(messages) == 0 {
		return 0, cmp.Or(err, errUntappable)
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil {
		return 0, err
	}
	return fds[0], nil
}

// answerAll answers until the process and all that it started have ended.
func answerAll(listener int, dir string, decide func(point) unix.Errno) error {
	defer unix.Close(listener)
	for {
		fds := []unix.PollFd{{Fd: int32(listener), Events: unix.POLLIN}}
		if _, err := unix.Poll(fds, -1); err == unix.EINTR {
			continue
		} else if err != nil {
			return err
		}
		if fds[0].Revents&unix.POLLIN == 0 {
			return nil
		}
		var q question
		if err := ioctl(listener, unix.SECCOMP_IOCTL_NOTIF_RECV, unsafe.Pointer(&q)); err == unix.ENOENT ||
			err == unix.EINTR {
			continue // killed meanwhile
		} else if err != 0 {
			return err
		}
		a := answer{id: q.id, flags: unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE}
		if p, ok := q.point(dir); ok {
			if errno := decide(p); errno != 0 {
				a.err, a.flags = -int32(errno), 0
			}
		}
		if err := ioctl(listener, unix.SECCOMP_IOCTL_NOTIF_SEND, unsafe.Pointer(&a)); err != 0 && err != unix.ENOENT {
			return err
		}
	}
}

func ioctl(fd int, request uintptr, p unsafe.Pointer) unix.Errno {
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), request, uintptr(p))
	return errno
}

// point tells which point of the folder dir a call is, if it is one.
func (q *question) point(dir string) (point, bool) {
	call := tappedCalls[q.nr]
	var path string
	switch call {
	case "openat":
		if q.args[2]&unix.O_CREAT == 0 {
			return point{}, false
		}
		path = q.path(int32(q.args[0]), q.args[1])
	case "open":
		if q.args[1]&unix.O_CREAT == 0 {
			return point{}, false
		}
		path = q.path(unix.AT_FDCWD, q.args[0])
	case "mkdirat", "unlinkat":
		path = q.path(int32(q.args[0]), q.args[1])
	case "mkdir", "unlink", "rmdir":
		path = q.path(unix.AT_FDCWD, q.args[0])
	case "rename": // the last name: what there is afterwards
		path = q.path(unix.AT_FDCWD, q.args[1])
	case "renameat", "renameat2":
		path = q.path(int32(q.args[2]), q.args[3])
	default:
		path, _ = os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", q.pid, int32(q.args[0])))
	}
	file, ok := fileKind(dir, path)
	return point{call, file}, ok
}

// path reads a path that a call names, from the folder that it is relative to.
func (q *question) path(folder int32, address uint64) string {
	memory, err := os.Open(fmt.Sprintf("/proc/%d/mem", q.pid))
	if err != nil {
		return ""
	}
	defer memory.Close()
	text := make([]byte, unix.PathMax)
	n, _ := memory.ReadAt(text, int64(address)) // up to where its memory ends
	path, _, _ := strings.Cut(string(text[:n]), "\x00")
	if filepath.IsAbs(path) {
		return path
	}
	from := "cwd"
	if folder != unix.AT_FDCWD {
		from = fmt.Sprintf("fd/%d", folder)
	}
	base, _ := os.Readlink(fmt.Sprintf("/proc/%d/%s", q.pid, from))
	return filepath.Join(base, path)
}

var (
	drawnID   = regexp.MustCompile(`\b[0-9a-f]{8}\b`)
	drawnTemp = regexp.MustCompile(`\.[0-9]+\.tmp$`)
)

// fileKind names a path in dir with what is drawn left out.
func fileKind(dir, path string) (string, bool) {
	rel, err := filepath.Rel(dir, path)
	if path == "" || err != nil || rel == ".." || strings.HasPrefix(rel, "../") {
		return "", false
	}
	// in this order: a number may have 8 digits
	return drawnID.ReplaceAllString(drawnTemp.ReplaceAllString(rel, ".N.tmp"), "ID"), true
}

// needTap skips a test where there can be no tap.
func needTap(t *testing.T) {
	t.Helper()
	if _, _, err := runTapped(command(t.TempDir(), "--version"), "/",
		func(point) unix.Errno { return 0 }); errors.Is(err, errUntappable) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
}
