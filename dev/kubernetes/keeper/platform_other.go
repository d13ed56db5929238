//go:build !linux

package keeper

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}

func processStartTime(id int) string {
	output, err := exec.Command("ps", "-o", "lstart=", "-p", strconv.Itoa(id)).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(output))
}
