package keeper

// owner is the process whose end ends the cluster. An id alone would not do:
// it is given to another process some time after its own has ended.
type owner struct {
	id        int
	startTime string
}

func newOwner(id int) *owner {
	o := &owner{id: id}
	if id != 0 {
		o.startTime = processStartTime(id)
	}
	return o
}

// gone says whether the owner has ended; a keeper without an owner never says so.
func (o *owner) gone() bool {
	if o.id == 0 {
		return false
	}
	startTime := processStartTime(o.id)
	return startTime == "" || startTime != o.startTime
}
