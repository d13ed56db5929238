// Command kube is the whole control plane of a development cluster in one
// program: its first argument says which part to be.
//
//	kube etcd|kube-apiserver|kube-controller-manager|kube-scheduler [flags]
//	kube certificates --dir DIR
//	kube keep --dir DIR [--owner PID]
//
// Debian and the package registries carry no API server, and the projects'
// release hosts are not always reachable from where a developer works; Go's
// module proxy is. One program links the shared libraries once, which makes it
// a quarter of the size of four.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"

	"github.com/backstage-k8s/backstage-k8s/dev/kubernetes/certificates"
	"github.com/backstage-k8s/backstage-k8s/dev/kubernetes/keeper"
)

// parts maps a part's name to what runs it; os.Args is the part's own by then.
var parts = map[string]func() int{
	"etcd":                    func() int { etcdmain.Main(os.Args); return 0 },
	"kube-apiserver":          func() int { return cli.Run(apiserver.NewAPIServerCommand()) },
	"kube-controller-manager": func() int { return cli.Run(controllermanager.NewControllerManagerCommand()) },
	"kube-scheduler":          func() int { return cli.Run(scheduler.NewSchedulerCommand()) },
	"certificates":            writeCertificates,
	"keep":                    keep,
}

func main() {
	if len(os.Args) < 2 {
		usage()
	}
	run, known := parts[filepath.Base(os.Args[1])]
	if !known {
		usage()
	}
	os.Args = os.Args[1:]
	os.Exit(run())
}

func writeCertificates() int {
	flags := flag.NewFlagSet("certificates", flag.ExitOnError)
	directory := flags.String("dir", "", "folder to write them to")
	flags.Parse(os.Args[1:])
	return report(certificates.Write(*directory))
}

func keep() int {
	flags := flag.NewFlagSet("keep", flag.ExitOnError)
	directory := flags.String("dir", "", "folder of the cluster, with processes.json in it")
	owner := flags.Int("owner", 0, "process whose end ends the cluster, too; 0 for none")
	flags.Parse(os.Args[1:])
	return report(keeper.Run(*directory, *owner))
}

func report(err error) int {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func usage() {
	fmt.Fprintln(os.Stderr, "usage: kube etcd|kube-apiserver|kube-controller-manager|kube-scheduler|certificates|keep [flags]")
	os.Exit(2)
}
