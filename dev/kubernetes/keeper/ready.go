package keeper

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"
)

const (
	readyCheckInterval = 100 * time.Millisecond
	readyCheckTimeout  = 2 * time.Second
)

// waitUntilReady asks the process's Ready until it answers; false if the
// keeper ends before that.
func waitUntilReady(plan ProcessPlan, done <-chan struct{}) bool {
	for !isReady(plan) {
		select {
		case <-done:
			return false
		case <-time.After(readyCheckInterval):
		}
	}
	return true
}

func isReady(plan ProcessPlan) bool {
	if plan.Ready == "" {
		return true
	}
	address, err := url.Parse(plan.Ready)
	if err != nil {
		return false
	}
	if address.Scheme == "tcp" {
		connection, err := net.DialTimeout("tcp", address.Host, readyCheckTimeout)
		if err == nil {
			connection.Close()
		}
		return err == nil
	}
	return answersOK(plan)
}

func answersOK(plan ProcessPlan) bool {
	authority, err := os.ReadFile(plan.CertificateAuthority)
	if err != nil {
		return false
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	client := http.Client{
		Timeout: readyCheckTimeout,
		Transport: &http.Transport{
			TLSClientConfig:   &tls.Config{RootCAs: roots},
			DisableKeepAlives: true,
		},
	}
	response, err := client.Get(plan.Ready)
	if err != nil {
		return false
	}
	response.Body.Close()
	return response.StatusCode == http.StatusOK
}
