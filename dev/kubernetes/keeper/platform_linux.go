package keeper

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// processAttributes gives a process a group of its own, and lets the kernel end
// it when the keeper is killed.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// processStartTime tells processes of the same id apart; "" for one that is
// gone or only waits for its parent to notice. See proc_pid_stat(5).
func processStartTime(id int) string {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", id))
	if err != nil {
		return ""
	}
	// The second field, the program's name, may hold spaces and parentheses.
	fields := strings.Fields(string(content[bytes.LastIndexByte(content, ')')+1:]))
	state, startTime := fields[0], fields[19]
	if state == "Z" || state == "X" {
		return ""
	}
	return startTime
}
