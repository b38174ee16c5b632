package bundle

import (
	"fmt"

	orderedmap "github.com/pb33f/ordered-map/v2"

	"github.com/attrove/attrove-mcp/internal/project"
	"github.com/attrove/attrove-mcp/tools"
)

// System is an operating system as MCPB names it.
type System string

// The systems that there are bundles for. MCPB knows no processors, so a bundle
// runs on both that its system has: on Windows, which emulates the other, with
// one program.
const (
	Darwin  System = "darwin"
	Linux   System = "linux"
	Windows System = "win32"
)

// Systems lists them.
func Systems() []System { return []System{Darwin, Linux, Windows} }

// UnmarshalText reads a system's name in MCPB or in Go.
func (s *System) UnmarshalText(text []byte) error {
	switch system := System(text); system {
	case Darwin, Linux, Windows:
		*s = system
	case "windows":
		*s = Windows
	default:
		return fmt.Errorf("%q is no system with a bundle: write darwin, linux or windows", text)
	}
	return nil
}

// Icon is the picture's path, in the repository and in a bundle.
const Icon = "docs/icon.png"

// entryPoint is what starts the server in a bundle.
func (s System) entryPoint() string {
	if s == Windows {
		return "server/" + project.Name + ".exe"
	}
	return "server/launch.sh"
}

// launch is how a host starts the server. Where that takes a script it goes to
// the shell, because hosts may have dropped the script's execute bit.
func (s System) launch() launch {
	at := "${__dirname}/" + s.entryPoint()
	if s == Windows {
		return launch{Command: at, Args: []string{"stdio"}}
	}
	return launch{Command: "/bin/sh", Args: []string{at, "stdio"}}
}

// manifest is MCPB's, version 0.3 (github.com/modelcontextprotocol/mcpb,
// MANIFEST.md), as far as it is used here.
type manifest struct {
	ManifestVersion  string        `json:"manifest_version"`
	Name             string        `json:"name"`
	DisplayName      string        `json:"display_name"`
	Version          Release       `json:"version"`
	Description      string        `json:"description"`
	LongDescription  string        `json:"long_description"`
	Author           author        `json:"author"`
	Repository       repository    `json:"repository"`
	Homepage         string        `json:"homepage"`
	Documentation    string        `json:"documentation"`
	Support          string        `json:"support"`
	Icon             string        `json:"icon"`
	Server           server        `json:"server"`
	Tools            []tool        `json:"tools"`
	ToolsGenerated   bool          `json:"tools_generated"`
	PromptsGenerated bool          `json:"prompts_generated"`
	Keywords         []string      `json:"keywords"`
	License          string        `json:"license"`
	PrivacyPolicies  []string      `json:"privacy_policies"`
	Compatibility    compatibility `json:"compatibility"`
	UserConfig       *userConfigs  `json:"user_config"`
}

type author struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type repository struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

type tool struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

type compatibility struct {
	Platforms []System `json:"platforms"`
}

type server struct {
	Type       string `json:"type"`
	EntryPoint string `json:"entry_point"`
	Launch     launch `json:"mcp_config"`
}

// launch is a command line and its environment. Settings travel in the latter: as
// an argument, an empty one would arrive as the text that stands for it.
type launch struct {
	Command   string            `json:"command"`
	Args      []string          `json:"args,omitempty"`
	Env       map[string]string `json:"env,omitempty"`
	Overrides map[System]launch `json:"platform_overrides,omitempty"`
}

// userConfig is a setting that the host asks for. An optional one without a
// default reaches the server as the text ${user_config.name}.
type userConfig struct {
	Type        string `json:"type"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Default     string `json:"default"`
	Required    bool   `json:"required"`
	Sensitive   bool   `json:"sensitive,omitempty"`
}

// Manifest returns the manifest of a release's bundle for one system, or, if
// that is empty, one that fits all of them.
func Manifest(release Release, system System) ([]byte, error) {
	systems := []System{system}
	if system == "" {
		systems = Systems()
	}
	var listed []tool
	for _, t := range tools.Catalog() {
		if t.Toolset().Default() {
			listed = append(listed, tool{Name: t.Name(), Description: t.Title()})
		}
	}
	return write(manifest{
		ManifestVersion: "0.3",
		Name:            project.Name, DisplayName: project.Title, Version: release,
		Description: project.Summary, LongDescription: longDescription,
		Author:     author{Name: "The " + project.Name + " authors", URL: project.Home},
		Repository: repository{Type: "git", URL: project.Home + ".git"},
		Homepage:   project.Home, Documentation: project.Home + "#readme", Support: project.Home + "/issues",
		Icon:   Icon,
		Server: serverOn(systems),
		Tools:  listed, ToolsGenerated: true, PromptsGenerated: true,
		Keywords:        []string{"attrove", "email", "meetings", "calendar", "notes", "goals", "search", "local-first"},
		License:         project.License,
		PrivacyPolicies: []string{project.Home + "#what-leaves-your-machine"},
		Compatibility:   compatibility{Platforms: systems},
		UserConfig:      configs(),
	})
}

// longDescription is Markdown, for the page that a host shows before installing.
const longDescription = `Ask what needs your attention, search mail, chat, calendar and meetings, save notes, and watch goals (a renewal, a hire, a promise) whose health is judged anew with every message, each claim citing its sources.

It talks to Attrove's cloud with your own key. Without an account it uses an engine of its own that serves the same API from one file on your computer, offline.

An independent project: not made or endorsed by Attrove.`

// serverOn is the server as the first of some systems starts it, and how the
// others differ from that.
func serverOn(systems []System) server {
	first := systems[0]
	s := server{Type: "binary", EntryPoint: first.entryPoint(), Launch: first.launch()}
	s.Launch.Env = map[string]string{}
	for _, one := range settings() {
		s.Launch.Env[one.variable] = "${user_config." + one.name + "}"
	}
	for _, other := range systems[1:] {
		if other.entryPoint() == first.entryPoint() {
			continue
		}
		if s.Launch.Overrides == nil {
			s.Launch.Overrides = map[System]launch{}
		}
		s.Launch.Overrides[other] = other.launch()
	}
	return s
}

// userConfigs is in the order in which the host asks.
type userConfigs = orderedmap.OrderedMap[string, userConfig]

func configs() *userConfigs {
	asked := orderedmap.New[string, userConfig]()
	for _, one := range settings() {
		c := userConfig{Type: "string", Title: one.title, Description: one.description, Default: one.value, Sensitive: one.kind == secret}
		if one.kind == folder {
			c.Type = "directory"
		}
		asked.Set(one.name, c)
	}
	return asked
}
