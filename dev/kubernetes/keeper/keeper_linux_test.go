package keeper

import "testing"

// Only Linux tells children that their parent is gone.
func TestAllEndWhenTheKeeperIsKilled(t *testing.T) {
	k := start(t, 0, shell("a", "sleep 60"))
	k.eventually("it to run", func() bool { return k.pid("a") != 0 })
	a := k.pid("a")
	k.command.Process.Kill()
	k.eventually("it to end", func() bool { return gone(a) })
}
