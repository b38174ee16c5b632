package tools

import "slices"

// Toolset groups tools that are switched on and off together.
type Toolset string

// The toolsets.
const (
	Context  Toolset = "context"  // looking things up
	Goals    Toolset = "goals"    // watched outcomes
	Capture  Toolset = "capture"  // saving notes and meetings
	Ingest   Toolset = "ingest"   // feeding messages and events in
	Account  Toolset = "account"  // the user's own account
	Partner  Toolset = "partner"  // users and settings of an organization
	Webhooks Toolset = "webhooks" // where events are sent
)

// Toolsets lists the toolsets, in the order of the catalogue.
func Toolsets() []Toolset {
	return []Toolset{Context, Goals, Capture, Ingest, Account, Partner, Webhooks}
}

// Default reports whether the toolset is on unless told otherwise: the others
// would cost every conversation more than most need.
func (s Toolset) Default() bool { return slices.Contains([]Toolset{Context, Goals, Capture}, s) }
