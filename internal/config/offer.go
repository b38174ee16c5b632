package config

import "path/filepath"

// Offer is which tools an assistant is offered, by name.
type Offer struct {
	Toolsets     []string `help:"Toolsets to offer: default (context, goals, capture), all, or some of context, goals, capture, ingest, account, partner and webhooks. The call command has all unless told otherwise." placeholder:"NAME"`
	Tools        []string `help:"Single tools to offer besides --toolsets; without --toolsets only these." placeholder:"NAME"`
	ExcludeTools []string `help:"Tools not to offer, whatever --toolsets and --tools say." placeholder:"NAME"`
	ReadOnly     bool     `help:"Offer only tools that change nothing."`
}

// Secrets is what becomes of credentials that Attrove shows once: a new user's
// key, a webhook's signing secret, a connect token.
type Secrets struct {
	SecretsFile   string `help:"Where to save credentials that Attrove shows only once; else secrets.jsonl in the state directory." placeholder:"FILE"`
	RevealSecrets bool   `help:"Show credentials that Attrove shows only once to the assistant, instead of saving them."`
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
	Confirm string `help:"What to do with calls that change, remove or end something: ask a human where one can be asked, allow all, or deny all." enum:"ask,allow,deny" default:"ask"`
}
