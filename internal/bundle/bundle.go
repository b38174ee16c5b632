// Package bundle makes the documents under which attrove-mcp is published: the
// manifest of its MCP bundles and its entry in the MCP registry. Both declare the
// same settings.
package bundle

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/attrove/attrove-mcp/internal/config"
)

// Release is the version under which something is published, such as 1.2.3.
type Release string

// Unreleased is the version in what is not part of a release.
const Unreleased Release = "0.0.0"

// UnmarshalText reads a semantic version or the tag of one, such as v1.2.3.
func (r *Release) UnmarshalText(text []byte) error {
	version := strings.TrimPrefix(string(text), "v")
	// Both formats want an exact version, without build metadata.
	if !regexp.MustCompile(`^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}(-[0-9A-Za-z.-]+)?$`).MatchString(version) {
		return fmt.Errorf("%q is no version: write 1.2.3 or v1.2.3", text)
	}
	*r = Release(version)
	return nil
}

// setting is something that a user chooses when installing.
type setting struct {
	name        string // in the manifest
	variable    string // in which the server gets it
	kind        kind
	title       string
	description string
	value       string // unless the user chooses another
	choices     []string
}

type kind string

const (
	text   kind = "text"
	secret kind = "secret"
	folder kind = "folder"
)

// settings lists what a user can choose. None is required: without an account
// there is no key, and the server says what is missing when it is called.
func settings() []setting {
	modes := []config.Mode{config.ModeAccount, config.ModeLocal, config.ModeDemo}
	choices := make([]string, len(modes))
	for i, mode := range modes {
		choices[i] = string(mode)
	}
	return []setting{
		{name: "mode", variable: config.EnvPrefix + "_MODE", kind: text, title: "Mode", value: string(config.ModeAccount), choices: choices,
			description: "account: your Attrove account, with the key and the user id below. local: mail that stays on this computer, without an account. demo: a sample workspace."},
		{name: "secret_key", variable: config.EnvSecretKey, kind: secret, title: "Secret key",
			description: "For the mode account: the key that begins with sk_, from connect.attrove.com/keys."},
		{name: "user_id", variable: config.EnvUserID, kind: text, title: "User id",
			description: "For the mode account: the id of the user to whom the key belongs."},
		{name: "import_folder", variable: config.EnvPrefix + "_IMPORT", kind: folder, title: "Folder to import",
			description: "For the mode local: a folder of exported mail, calendars, chat and meetings, such as those of Thunderbird, Gmail Takeout, Slack or Zoom, imported in the background."},
	}
}

// write is how both documents are laid out.
func write(document any) ([]byte, error) {
	var page strings.Builder
	encoder := json.NewEncoder(&page)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(document); err != nil {
		return nil, fmt.Errorf("write %T: %w", document, err)
	}
	return []byte(page.String()), nil
}
