package bundle

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/attrove/attrove-mcp/internal/project"
)

// entry is the registry's server.json (its schema of 2025-12-11), as far as it
// is used here.
type entry struct {
	Schema      string     `json:"$schema"`
	Name        string     `json:"name"`
	Title       string     `json:"title"`
	Description string     `json:"description"`
	Version     Release    `json:"version"`
	WebsiteURL  string     `json:"websiteUrl"`
	Repository  source     `json:"repository"`
	Packages    []download `json:"packages,omitempty"`
}

type source struct {
	URL    string `json:"url"`
	Source string `json:"source"`
}

// download is a package that clients fetch from where it was released.
type download struct {
	RegistryType string     `json:"registryType"`
	Identifier   string     `json:"identifier"`
	Version      Release    `json:"version"`
	FileSHA256   string     `json:"fileSha256"`
	Transport    transport  `json:"transport"`
	Environment  []variable `json:"environmentVariables"`
}

type transport struct {
	Type string `json:"type"`
}

type variable struct {
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Format      string   `json:"format,omitempty"`
	IsSecret    bool     `json:"isSecret,omitempty"`
	Default     string   `json:"default,omitempty"`
	Choices     []string `json:"choices,omitempty"`
}

// Entry returns the registry entry of a release whose bundles are these files.
// Without any it has no packages, as long as nothing is released.
func Entry(release Release, bundles ...string) ([]byte, error) {
	e := entry{
		Schema: "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
		Name:   project.RegistryName, Title: project.Title, Description: project.Summary, Version: release,
		WebsiteURL: project.Home,
		Repository: source{URL: project.Home, Source: "github"},
	}
	for _, path := range bundles {
		sum, err := sumOf(path)
		if err != nil {
			return nil, err
		}
		e.Packages = append(e.Packages, download{
			RegistryType: "mcpb", Version: release, FileSHA256: sum,
			Identifier: fmt.Sprintf("%s/releases/download/v%s/%s", project.Home, release, filepath.Base(path)),
			Transport:  transport{Type: "stdio"}, Environment: variables(),
		})
	}
	return write(e)
}

func sumOf(path string) (_ string, err error) {
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read a bundle: %w", err)
	}
	defer file.Close() //nolint:errcheck // it is only read
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

func variables() []variable {
	var all []variable
	for _, one := range settings() {
		v := variable{Name: one.variable, Description: one.description, IsSecret: one.kind == secret, Default: one.value, Choices: one.choices}
		if one.kind == folder {
			v.Format = "filepath"
		}
		all = append(all, v)
	}
	return all
}
