package telemetry

import (
	"regexp"
	"sync"
)

// other stands for every name that is not known: what clients send must not
// become labels, each of which lasts as long as the process.
const other = "_other"

// names are what labels and spans may hold.
type names struct {
	methods, tools, prompts map[string]struct{}
	seen                    *seenCodes
}

func newNames(tools, prompts []string) names {
	return names{
		methods: set([]string{
			"initialize", "ping", "server/discover", "subscriptions/listen", "logging/setLevel", "completion/complete",
			"tools/list", "tools/call", "prompts/list", "prompts/get",
			"resources/list", "resources/templates/list", "resources/read", "resources/subscribe", "resources/unsubscribe",
		}),
		tools: set(tools), prompts: set(prompts), seen: &seenCodes{},
	}
}

func (n names) method(name string) string { return known(n.methods, name) }
func (n names) tool(name string) string   { return known(n.tools, name) }
func (n names) prompt(name string) string { return known(n.prompts, name) }
func (n names) code(code string) string   { return n.seen.bounded(code) }

func known(all map[string]struct{}, name string) string {
	if _, ok := all[name]; ok || name == "" {
		return name
	}
	return other
}

func set(names []string) map[string]struct{} {
	all := make(map[string]struct{}, len(names))
	for _, name := range names {
		all[name] = struct{}{}
	}
	return all
}

// maxCodes is how many codes of errors are told apart: an upstream may have codes
// of its own.
const maxCodes = 64

// seenCodes are the first codes that came up.
type seenCodes struct {
	mu   sync.RWMutex
	form *regexp.Regexp
	all  map[string]struct{}
}

func (c *seenCodes) bounded(code string) string {
	c.mu.RLock()
	_, ok := c.all[code]
	c.mu.RUnlock()
	if ok {
		return code
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all == nil {
		c.all, c.form = map[string]struct{}{}, regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,47}$`)
	}
	if len(c.all) >= maxCodes || !c.form.MatchString(code) {
		return other
	}
	c.all[code] = struct{}{}
	return code
}
