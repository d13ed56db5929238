package keeper

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

const (
	firstBackoff = 250 * time.Millisecond
	maxBackoff   = 10 * time.Second
	// A process that ran this long is no longer failing over and over.
	settledAfter = 30 * time.Second
	// For all processes together. Their data is safe at any moment.
	stopGrace = 4 * time.Second
	// A log that is longer is set aside, once, when its process starts.
	maxLogBytes = 16 << 20
)

// process is one process of the cluster, over all its starts.
type process struct {
	plan      ProcessPlan
	directory string
	command   *exec.Cmd
	exited    chan struct{}
	startedAt time.Time
	backoff   time.Duration
}

func newProcess(directory string, plan ProcessPlan) *process {
	return &process{plan: plan, directory: directory, backoff: firstBackoff}
}

// start runs the process in a group of its own and sends it to exits when it
// has ended.
func (p *process) start(exits chan<- *process, done <-chan struct{}) error {
	output, err := p.openLog()
	if err != nil {
		return err
	}
	defer output.Close()
	command := exec.Command(p.plan.Command[0], p.plan.Command[1:]...)
	command.Stdout = output
	command.Stderr = output
	command.Dir = p.directory
	command.Env = append(os.Environ(), p.plan.Environment...)
	command.SysProcAttr = processAttributes()
	if err := command.Start(); err != nil {
		return fmt.Errorf("start %s: %w", p.plan.Name, err)
	}
	if err := os.WriteFile(p.pidFile(), []byte(strconv.Itoa(command.Process.Pid)+"\n"), 0o600); err != nil {
		command.Process.Kill()
		command.Wait()
		return err
	}
	p.command = command
	p.startedAt = time.Now()
	exited := make(chan struct{})
	p.exited = exited
	go func() {
		command.Wait()
		close(exited)
		send(exits, p, done)
	}()
	return nil
}

// nextBackoff says how long to wait before the process is started again.
func (p *process) nextBackoff() time.Duration {
	if time.Since(p.startedAt) > settledAfter {
		p.backoff = firstBackoff
	}
	wait := p.backoff
	p.backoff = min(p.backoff*2, maxBackoff)
	return wait
}

func (p *process) lastState() string {
	return p.command.ProcessState.String()
}

func (p *process) signal(signal syscall.Signal) {
	if p.running() {
		syscall.Kill(-p.command.Process.Pid, signal)
	}
}

func (p *process) running() bool {
	if p.exited == nil {
		return false
	}
	select {
	case <-p.exited:
		return false
	default:
		return true
	}
}

// stop ends the process: kindly, even if it is frozen, and at the deadline by
// force.
func (p *process) stop(deadline time.Time) {
	if p.running() {
		p.signal(syscall.SIGTERM)
		p.signal(syscall.SIGCONT)
		select {
		case <-p.exited:
		case <-time.After(time.Until(deadline)):
			p.signal(syscall.SIGKILL)
			<-p.exited
		}
	}
	p.forget()
}

// forget removes the pid file of a process that has ended.
func (p *process) forget() {
	os.Remove(p.pidFile())
}

func (p *process) pidFile() string {
	return filepath.Join(p.directory, "run", p.plan.Name+".pid")
}

func (p *process) openLog() (*os.File, error) {
	path := filepath.Join(p.directory, "logs", p.plan.Name+".log")
	if information, err := os.Stat(path); err == nil && information.Size() > maxLogBytes {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, err
		}
	}
	return os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
}
