package certificates

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"
)

func TestEveryCertificateIsOfItsAuthorityAndUse(t *testing.T) {
	directory := writeTo(t)
	for _, wanted := range issued {
		pair, err := tls.LoadX509KeyPair(filepath.Join(directory, wanted.name+".crt"), filepath.Join(directory, wanted.name+".key"))
		if err != nil {
			t.Fatal(err)
		}
		for _, authority := range authorities {
			_, err := pair.Leaf.Verify(x509.VerifyOptions{Roots: poolOf(t, directory, authority), KeyUsages: wanted.usages[:1]})
			if signed := err == nil; signed != (authority == wanted.authority) {
				t.Errorf("%s: signed by %s is %v: %v", wanted.name, authority, signed, err)
			}
		}
	}
}

func TestClientCertificateServesNothing(t *testing.T) {
	directory := writeTo(t)
	pair, err := tls.LoadX509KeyPair(filepath.Join(directory, "kube-scheduler.crt"), filepath.Join(directory, "kube-scheduler.key"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pair.Leaf.Verify(x509.VerifyOptions{Roots: poolOf(t, directory, "ca"), DNSName: "localhost"}); err == nil {
		t.Error("the scheduler's certificate passes as a server's")
	}
}

func TestAuthoritiesAreKeptAndCertificatesRenewed(t *testing.T) {
	directory := writeTo(t)
	before := contentOf(t, directory)
	if err := Write(directory); err != nil {
		t.Fatal(err)
	}
	after := contentOf(t, directory)
	for _, kept := range []string{"ca.crt", "ca.key", "etcd-ca.crt", "service-account.key", "service-account.pub"} {
		if before[kept] != after[kept] {
			t.Errorf("%s has changed", kept)
		}
	}
	for _, wanted := range issued {
		if before[wanted.name+".crt"] == after[wanted.name+".crt"] {
			t.Errorf("%s was not renewed", wanted.name)
		}
	}
}

func TestKeysAreForTheirOwnerOnly(t *testing.T) {
	directory := writeTo(t)
	for name := range contentOf(t, directory) {
		information, err := os.Stat(filepath.Join(directory, name))
		if err != nil {
			t.Fatal(err)
		}
		if mode := information.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s has mode %o", name, mode)
		}
	}
}

func TestWriteNeedsAFolder(t *testing.T) {
	if err := Write(""); err == nil {
		t.Error("written to nowhere")
	}
}

func writeTo(t *testing.T) string {
	t.Helper()
	directory := t.TempDir()
	if err := Write(directory); err != nil {
		t.Fatal(err)
	}
	return directory
}

func poolOf(t *testing.T, directory, authority string) *x509.CertPool {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(directory, authority+".crt"))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(content)
	return pool
}

func contentOf(t *testing.T, directory string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(directory)
	if err != nil {
		t.Fatal(err)
	}
	contents := map[string]string{}
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join(directory, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		contents[entry.Name()] = string(content)
	}
	return contents
}
