// Package certificates gives a development cluster its own certificate
// authorities, certificates and service account key.
//
// Authorities and the service account key are made once and kept, since
// kubeconfigs and tokens rest on them. Certificates are issued anew by every
// call, so that a cluster that is brought up now and then never has one that
// has run out.
package certificates

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

const (
	authorityYears   = 10
	certificateYears = 1
	// Clocks of a host and its containers or virtual machines differ a little.
	clockSkew = time.Hour
)

// etcd has an authority of its own: it lets in everyone whose certificate its
// authority signed, and the API server's signs for all components.
var authorities = []string{"ca", "etcd-ca"}

// A certificate is written to NAME.crt and NAME.key.
type certificate struct {
	name, authority, commonName string
	usages                      []x509.ExtKeyUsage
	// What RBAC knows as groups.
	organization []string
}

var (
	server = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	client = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	peer   = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
)

// The common names of clients are the user names that RBAC knows them by.
var issued = []certificate{
	{name: "etcd", authority: "etcd-ca", commonName: "etcd", usages: peer},
	{name: "etcd-client", authority: "etcd-ca", commonName: "kube-apiserver", usages: client},
	{name: "kube-apiserver", authority: "ca", commonName: "kube-apiserver", usages: server},
	{name: "kube-apiserver-kubelet-client", authority: "ca", commonName: "kube-apiserver-kubelet-client", usages: client},
	{name: "kube-controller-manager", authority: "ca", commonName: "system:kube-controller-manager", usages: client},
	{name: "kube-scheduler", authority: "ca", commonName: "system:kube-scheduler", usages: client},
	// It stands in for all kubelets, from the start, when no roles are there yet.
	{name: "kwok", authority: "ca", commonName: "kwok", usages: client, organization: []string{"system:masters"}},
	{name: "kubelet", authority: "ca", commonName: "kubelet", usages: server},
}

var (
	serverNames = []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"}
	// Everything listens on loopback; 10.96.0.1 is the API server's Service.
	serverAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback, net.IPv4(10, 96, 0, 1)}
)

// Write fills a folder with ca.crt, etcd-ca.crt, service-account.key and .pub,
// and a pair of NAME.crt and NAME.key for each certificate of the table.
func Write(directory string) error {
	if directory == "" {
		return errors.New("certificates: --dir is missing")
	}
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return err
	}
	if err := keepServiceAccountKey(directory); err != nil {
		return err
	}
	signers := map[string]*signer{}
	for _, name := range authorities {
		authority, err := keepAuthority(directory, name)
		if err != nil {
			return err
		}
		signers[name] = authority
	}
	for _, wanted := range issued {
		if err := signers[wanted.authority].issue(directory, wanted); err != nil {
			return fmt.Errorf("certificate %s: %w", wanted.name, err)
		}
	}
	return nil
}

func keepServiceAccountKey(directory string) error {
	path := filepath.Join(directory, "service-account.key")
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	key, err := newKey()
	if err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	if err := writePEM(filepath.Join(directory, "service-account.pub"), "PUBLIC KEY", public); err != nil {
		return err
	}
	return writeKey(path, key)
}

// signer is an authority: a certificate and its key.
type signer struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func keepAuthority(directory, name string) (*signer, error) {
	certificatePath := filepath.Join(directory, name+".crt")
	keyPath := filepath.Join(directory, name+".key")
	if _, err := os.Stat(certificatePath); errors.Is(err, fs.ErrNotExist) {
		if err := createAuthority(name, certificatePath, keyPath); err != nil {
			return nil, err
		}
	}
	certificateBytes, err := readPEM(certificatePath)
	if err != nil {
		return nil, err
	}
	keyBytes, err := readPEM(keyPath)
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParseCertificate(certificateBytes)
	if err != nil {
		return nil, err
	}
	key, err := x509.ParseECPrivateKey(keyBytes)
	if err != nil {
		return nil, err
	}
	return &signer{parsed, key}, nil
}

func createAuthority(name, certificatePath, keyPath string) error {
	key, err := newKey()
	if err != nil {
		return err
	}
	template, err := newTemplate("development "+name, authorityYears)
	if err != nil {
		return err
	}
	template.IsCA = true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign | x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return err
	}
	// The certificate is written last: its file says that both are there.
	if err := writeKey(keyPath, key); err != nil {
		return err
	}
	return writePEM(certificatePath, "CERTIFICATE", der)
}

func (s *signer) issue(directory string, wanted certificate) error {
	key, err := newKey()
	if err != nil {
		return err
	}
	template, err := newTemplate(wanted.commonName, certificateYears)
	if err != nil {
		return err
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = wanted.usages
	template.Subject.Organization = wanted.organization
	if wanted.usages[0] == x509.ExtKeyUsageServerAuth {
		template.DNSNames = serverNames
		template.IPAddresses = serverAddresses
	}
	der, err := x509.CreateCertificate(rand.Reader, template, s.certificate, key.Public(), s.key)
	if err != nil {
		return err
	}
	if err := writeKey(filepath.Join(directory, wanted.name+".key"), key); err != nil {
		return err
	}
	return writePEM(filepath.Join(directory, wanted.name+".crt"), "CERTIFICATE", der)
}

func newTemplate(commonName string, years int) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	now := time.Now()
	return &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: commonName},
		NotBefore:             now.Add(-clockSkew),
		NotAfter:              now.AddDate(years, 0, 0),
		BasicConstraintsValid: true,
	}, nil
}

func newKey() (*ecdsa.PrivateKey, error) {
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}
