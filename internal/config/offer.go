package config

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

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

// minSeal is the least length of a secret that questions are sealed with.
const minSeal = 32

// ReadSeals reads the secrets that questions are sealed with, so that another
// process can act on the answer: the first seals, the others still open.
func ReadSeals(env Lookup) ([]attrove.Secret, error) {
	value, _ := env(EnvPrefix + "_SEAL_KEY")
	if Placeholder(value) {
		return nil, nil
	}
	var seals []attrove.Secret
	for one := range strings.SplitSeq(value, ",") {
		if one = strings.TrimSpace(one); one == "" {
			continue
		}
		if len(one) < minSeal {
			return nil, fmt.Errorf("%s_SEAL_KEY: each secret needs %d characters or more, such as those of `openssl rand -base64 32`", EnvPrefix, minSeal)
		}
		seals = append(seals, attrove.Secret(one))
	}
	return seals, nil
}
