// Package keeper runs the processes of one development cluster.
//
// It starts them in order, each when the one before it answers, starts one
// again that exits (the controller manager and the scheduler exit when they
// lose their lease), and ends all of them when it is told to or when its owner
// is gone, so that nothing survives a killed script. A process that is stopped
// (SIGSTOP) is left alone: tests freeze them.
//
// In the cluster's folder it reads processes.json and writes run/NAME.pid and
// logs/NAME.log.
package keeper

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"time"
)

const ownerCheckInterval = 500 * time.Millisecond

// Plan is the content of processes.json.
type Plan struct {
	// Processes in the order in which they start; they end in the reverse.
	Processes []ProcessPlan `json:"processes"`
}

// ProcessPlan says how to run one process.
type ProcessPlan struct {
	Name        string   `json:"name"`
	Command     []string `json:"command"`
	Environment []string `json:"environment,omitempty"`
	// Ready is asked until it answers before the next process starts:
	// tcp://HOST:PORT or an https URL; empty for not at all.
	Ready string `json:"ready,omitempty"`
	// CertificateAuthority is the file that an https Ready is checked against.
	CertificateAuthority string `json:"certificateAuthority,omitempty"`
}

// Run keeps the processes of the cluster in a folder until SIGTERM or SIGINT,
// or until the process with the owner's id is gone; 0 means no owner.
func Run(directory string, ownerID int) error {
	// The kernel ends a child when the thread that forked it does: all forks
	// are made by this goroutine, whose thread lives as long as the program.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	plan, err := readPlan(directory)
	if err != nil {
		return err
	}
	unlock, err := lock(directory)
	if err != nil {
		return err
	}
	defer unlock()

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	k := newKeeper(directory, plan)
	defer k.stop()
	return k.keep(signals, newOwner(ownerID))
}

type keeper struct {
	processes []*process
	started   int
	exits     chan *process
	restarts  chan *process
	ready     chan *process
	done      chan struct{}
}

func newKeeper(directory string, plan *Plan) *keeper {
	k := &keeper{
		exits:    make(chan *process),
		restarts: make(chan *process),
		ready:    make(chan *process),
		done:     make(chan struct{}),
	}
	for _, processPlan := range plan.Processes {
		k.processes = append(k.processes, newProcess(directory, processPlan))
	}
	return k
}

func (k *keeper) keep(signals <-chan os.Signal, owner *owner) error {
	ticker := time.NewTicker(ownerCheckInterval)
	defer ticker.Stop()
	if err := k.startNext(); err != nil {
		return err
	}
	for {
		select {
		case received := <-signals:
			log("ending", "signal", received)
			return nil
		case <-ticker.C:
			if owner.gone() {
				log("ending", "reason", "the owner is gone")
				return nil
			}
		case ended := <-k.exits:
			log("process ended", "name", ended.plan.Name, "state", ended.lastState())
			ended.forget()
			k.restart(ended)
		case again := <-k.restarts:
			if err := again.start(k.exits, k.done); err != nil {
				log("process not started", "name", again.plan.Name, "error", err)
				k.restart(again)
			}
		case <-k.ready:
			if err := k.startNext(); err != nil {
				return err
			}
		}
	}
}

func (k *keeper) startNext() error {
	if k.started == len(k.processes) {
		log("all processes started")
		return nil
	}
	next := k.processes[k.started]
	k.started++
	if err := next.start(k.exits, k.done); err != nil {
		return err
	}
	log("process started", "name", next.plan.Name)
	go func() {
		if waitUntilReady(next.plan, k.done) {
			send(k.ready, next, k.done)
		}
	}()
	return nil
}

func (k *keeper) restart(ended *process) {
	time.AfterFunc(ended.nextBackoff(), func() { send(k.restarts, ended, k.done) })
}

// stop ends the processes in reverse order, so that the controllers can give
// back their leases and the next ones need not wait until these run out.
func (k *keeper) stop() {
	close(k.done)
	deadline := time.Now().Add(stopGrace)
	for _, p := range slices.Backward(k.processes) {
		p.stop(deadline)
	}
	log("ended")
}

func readPlan(directory string) (*Plan, error) {
	if directory == "" {
		return nil, errors.New("keep: --dir is missing")
	}
	content, err := os.ReadFile(filepath.Join(directory, "processes.json"))
	if err != nil {
		return nil, err
	}
	plan := &Plan{}
	if err := json.Unmarshal(content, plan); err != nil {
		return nil, fmt.Errorf("processes.json: %w", err)
	}
	for _, folder := range []string{"run", "logs"} {
		if err := os.MkdirAll(filepath.Join(directory, folder), 0o700); err != nil {
			return nil, err
		}
	}
	return plan, nil
}

// lock makes sure that a cluster has one keeper, and writes its pid file.
func lock(directory string) (func(), error) {
	path := filepath.Join(directory, "run", "keeper.pid")
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|syscall.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		file.Close()
		return nil, fmt.Errorf("%s has a keeper already: %w", directory, err)
	}
	if err := file.Truncate(0); err != nil {
		return nil, err
	}
	if _, err := fmt.Fprintln(file, os.Getpid()); err != nil {
		return nil, err
	}
	// The file stays: removing it could leave two keepers with two files of one name.
	return func() {
		file.Truncate(0)
		file.Close()
	}, nil
}

func send(channel chan<- *process, value *process, done <-chan struct{}) {
	select {
	case channel <- value:
	case <-done:
	}
}
