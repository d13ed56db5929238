package keeper

import (
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestProcessThatExitsIsStartedAgain(t *testing.T) {
	k := start(t, 0, shell("again", "echo run; exit 1"))
	k.eventually("three runs", func() bool { return strings.Count(k.read("logs/again.log"), "run") >= 3 })
}

func TestNextProcessWaitsUntilTheOneBeforeAnswers(t *testing.T) {
	address := freeAddress(t)
	first := shell("first", "sleep 60")
	first.Ready = "tcp://" + address
	k := start(t, 0, first, shell("second", "sleep 60"))
	k.eventually("the first to run", func() bool { return k.pid("first") != 0 })
	if k.pid("second") != 0 {
		t.Fatal("the second did not wait")
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	k.eventually("the second to run", func() bool { return k.pid("second") != 0 })
}

func TestAllEndWithASignal(t *testing.T) {
	k := start(t, 0, shell("a", "sleep 60"), shell("b", "sleep 60"))
	k.eventually("both to run", func() bool { return k.pid("a") != 0 && k.pid("b") != 0 })
	a, b := k.pid("a"), k.pid("b")
	k.command.Process.Signal(syscall.SIGTERM)
	k.eventually("both to end", func() bool { return gone(a) && gone(b) })
}

func TestFrozenAndStubbornProcessesEndToo(t *testing.T) {
	k := start(t, 0, shell("frozen", "sleep 60"), shell("stubborn", "trap '' TERM; echo set; while true; do sleep 1; done"))
	k.eventually("both to run", func() bool { return k.pid("frozen") != 0 && k.read("logs/stubborn.log") != "" })
	frozen, stubborn := k.pid("frozen"), k.pid("stubborn")
	syscall.Kill(frozen, syscall.SIGSTOP)
	k.command.Process.Signal(syscall.SIGTERM)
	k.eventually("both to end", func() bool { return gone(frozen) && gone(stubborn) })
}

func TestFrozenProcessIsLeftAlone(t *testing.T) {
	k := start(t, 0, shell("frozen", "sleep 60"), shell("restarted", "echo run; sleep 0.1"))
	k.eventually("it to run", func() bool { return k.pid("frozen") != 0 })
	frozen := k.pid("frozen")
	syscall.Kill(frozen, syscall.SIGSTOP)
	k.eventually("the keeper to have had its turns", func() bool { return strings.Count(k.read("logs/restarted.log"), "run") >= 3 })
	if k.pid("frozen") != frozen {
		t.Error("the frozen process was replaced")
	}
}

func TestAllEndWhenTheOwnerIsKilled(t *testing.T) {
	ownerCommand := exec.Command("sleep", "60")
	if err := ownerCommand.Start(); err != nil {
		t.Fatal(err)
	}
	k := start(t, ownerCommand.Process.Pid, shell("a", "sleep 60"))
	k.eventually("it to run", func() bool { return k.pid("a") != 0 })
	a := k.pid("a")
	// Nobody waits for the owner here, so that it stays as a zombie: gone all the same.
	ownerCommand.Process.Kill()
	k.eventually("it to end", func() bool { return gone(a) })
	ownerCommand.Wait()
}

func TestClusterHasOneKeeper(t *testing.T) {
	k := start(t, 0, shell("a", "sleep 60"))
	k.eventually("it to run", func() bool { return k.pid("a") != 0 })
	a := k.pid("a")
	if err := Run(k.directory, 0); err == nil || !strings.Contains(err.Error(), "keeper already") {
		t.Errorf("a second keeper: %v", err)
	}
	if k.pid("a") != a || gone(a) {
		t.Error("the second keeper touched the process of the first")
	}
}

// keepDirectory tells the test binary, when it runs itself again, to be a keeper.
const keepDirectory = "TEST_KEEP_DIRECTORY"

func TestMain(m *testing.M) {
	if directory := os.Getenv(keepDirectory); directory != "" {
		ownerID, _ := strconv.Atoi(os.Getenv("TEST_KEEP_OWNER"))
		if err := Run(directory, ownerID); err != nil {
			log("failed", "error", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

type running struct {
	t         *testing.T
	directory string
	command   *exec.Cmd
}

func start(t *testing.T, ownerID int, processes ...ProcessPlan) *running {
	t.Helper()
	directory := t.TempDir()
	content, err := json.Marshal(Plan{Processes: processes})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(directory, "processes.json"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), keepDirectory+"="+directory, "TEST_KEEP_OWNER="+strconv.Itoa(ownerID))
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		command.Process.Signal(syscall.SIGTERM)
		command.Wait()
	})
	return &running{t, directory, command}
}

func (r *running) eventually(what string, holds func() bool) {
	r.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if holds() {
			return
		}
	}
	r.t.Fatalf("waited in vain for %s", what)
}

func (r *running) read(name string) string {
	content, _ := os.ReadFile(filepath.Join(r.directory, name))
	return string(content)
}

func (r *running) pid(name string) int {
	pid, _ := strconv.Atoi(strings.TrimSpace(r.read("run/" + name + ".pid")))
	return pid
}

func gone(pid int) bool {
	return processStartTime(pid) == ""
}

func shell(name, script string) ProcessPlan {
	return ProcessPlan{Name: name, Command: []string{"sh", "-c", script}}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}
