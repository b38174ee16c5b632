package config

import "path/filepath"

// Offer is which tools an assistant is offered, by name.
type Offer struct {
	Toolsets     []string `help:"Toolsets to offer: default (context, goals, capture), all, or some of context, goals, capture, ingest, account, partner and webhooks. The call command has all unless told otherwise." placeholder:"NAME"`
	Tools        []string `help:"Single tools to offer; without --toolsets these alone." placeholder:"NAME"`
	ExcludeTools []string `help:"Tools not to offer, whatever else is said." placeholder:"NAME"`
	ReadOnly     bool     `help:"Offer only tools that change nothing."`
}

// Secrets is what becomes of credentials that Attrove shows once: a new user's
// key, a webhook's signing secret, a connect token.
type Secrets struct {
	SecretsFile   string `help:"Where credentials that are shown once are saved; else secrets.jsonl in the state directory." placeholder:"FILE"`
	RevealSecrets bool   `help:"Show such credentials to the assistant instead of saving them."`
}

// Path is the file that such credentials are saved to.
func (s Secrets) Path() string {
	if s.SecretsFile != "" {
		return s.SecretsFile
	}
	return filepath.Join(StateDir(), "secrets.jsonl")
}

// Decisions is what becomes of calls that a human should decide about.
type Decisions struct {
	Confirm string `help:"What becomes of calls that take something away or end something: ask whoever can be asked, allow all, or deny all." enum:"ask,allow,deny" default:"ask"`
}
