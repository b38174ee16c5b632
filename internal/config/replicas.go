package config

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// Replicas is what several servers of the same users share, and what Attrove
// tells them. Secrets are read from files, or from the environment.
type Replicas struct {
	Redis             attrove.Secret `help:"The Redis through which several servers share nudges, used confirmations and limits: redis://HOST:6379, or rediss:// for TLS. A URL with a password belongs into ATTROVE_MCP_REDIS." placeholder:"URL"`
	RedisPasswordFile string         `help:"A file with the Redis' password." placeholder:"FILE"`
	SealKeyFile       string         `help:"A file with the secrets that questions are sealed with, instead of ATTROVE_MCP_SEAL_KEY: 32 characters or more each; the first seals, all open." placeholder:"FILE"`
	WebhookSecretFile string         `help:"A file with the signing secrets of Attrove's webhooks, instead of ATTROVE_MCP_WEBHOOK_SECRET: whsec_... each. With one, the server takes webhooks at /webhooks/attrove." placeholder:"FILE"`
}

// Validate checks what the flag parser cannot.
func (r Replicas) Validate() error {
	if r.RedisPasswordFile != "" && r.Redis == "" {
		return errors.New("--redis-password-file: only with --redis")
	}
	return nil
}

// RedisPassword is the password in the file; "" without one.
func (r Replicas) RedisPassword() (attrove.Secret, error) {
	if r.RedisPasswordFile == "" {
		return "", nil
	}
	content, err := os.ReadFile(r.RedisPasswordFile)
	if err != nil {
		return "", fmt.Errorf("--redis-password-file: %w", err)
	}
	return attrove.Secret(strings.TrimSpace(string(content))), nil
}

// minSeal is the least length of a secret that questions are sealed with.
const minSeal = 32

// Seals are the secrets that questions are sealed with, so that another process
// can act on the answer: the first seals, the others still open.
func (r Replicas) Seals(env Lookup) ([]attrove.Secret, error) {
	seals, err := readSecrets(env, EnvPrefix+"_SEAL_KEY", "--seal-key-file", r.SealKeyFile)
	if err != nil {
		return nil, err
	}
	for _, one := range seals {
		if len(one) < minSeal {
			return nil, fmt.Errorf("--seal-key-file, %s_SEAL_KEY: each secret needs %d characters or more, such as those of `openssl rand -base64 32`", EnvPrefix, minSeal)
		}
	}
	return seals, nil
}

// RequireSeals is the error of a server that was started with flag, after which
// an answer may reach another process than the one that asked, and cannot open it.
func RequireSeals(seals []attrove.Secret, flag string) error {
	if len(seals) > 0 {
		return nil
	}
	return fmt.Errorf("%[1]s: set %[2]s_SEAL_KEY, or --seal-key-file, to the same secret for all replicas, so that one can act on the answer to another's question; make it with `openssl rand -base64 32`",
		flag, EnvPrefix)
}

// EnvWebhookSecret has the signing secrets of Attrove's webhooks.
const EnvWebhookSecret = EnvPrefix + "_WEBHOOK_SECRET"

// WebhookSecrets are the signing secrets of Attrove's webhooks, of which there are
// several while one replaces another; none: there are no webhooks.
func (r Replicas) WebhookSecrets(env Lookup) ([]attrove.Secret, error) {
	return readSecrets(env, EnvWebhookSecret, "--webhook-secret-file", r.WebhookSecretFile)
}

// readSecrets reads secrets from the variable name or from file, which flag names.
// Between them are commas or white space.
func readSecrets(env Lookup, name, flag, file string) (secrets []attrove.Secret, err error) {
	value, _ := env(name)
	if placeholderIn(value) {
		value = ""
	}
	if file != "" {
		if value != "" {
			return nil, fmt.Errorf("%s and %s: only one of them", flag, name)
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", flag, err)
		}
		value = string(content)
	}
	separator := func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) }
	for one := range strings.FieldsFuncSeq(value, separator) {
		secrets = append(secrets, attrove.Secret(one))
	}
	if file != "" && len(secrets) == 0 {
		return nil, fmt.Errorf("%s %s: there is nothing in it", flag, file)
	}
	return secrets, nil
}
