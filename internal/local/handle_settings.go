package local

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// Limits of the organization's settings.
const (
	maxHistoryDays     = 36_500
	maxExcludedDomains = 1000
)

func getSettings(ctx context.Context, who Caller, _ attrove.None) (attrove.Settings, error) {
	s, err := who.core.store.Settings(ctx)
	return showSettings(s), err
}

// updateSettings merges as RFC 7396 says (P-16): null takes a setting back to
// what it is when nobody sets it.
func updateSettings(ctx context.Context, who Caller, in attrove.UpdateSettingsIn) (attrove.Settings, error) {
	var found problems
	if days, ok := in.HistoryDays.Get(); ok && (days < 1 || days > maxHistoryDays) {
		found.add("history_days", fmt.Sprintf("must be from 1 to %d, or null for no limit", maxHistoryDays))
	}
	if _, ok := in.SyncIntervalMinutes.Get(); ok {
		found.add("sync_interval_minutes", "does not apply: this engine fetches nothing, it has what is pushed to it, at once")
	}
	if sync, ok := in.DefaultConversationSync.Get(); ok && sync != store.SyncAll && sync != store.SyncNone {
		found.add("default_conversation_sync", "must be all or none")
	}
	domains := found.domains(in.ExcludedDomains.Value)
	if err := found.err(http.StatusUnprocessableEntity); err != nil {
		return attrove.Settings{}, err
	}
	var out store.Settings
	err := who.core.store.Write(ctx, func(tx *store.Tx) (err error) {
		if out, err = tx.Settings(); err != nil {
			return err
		}
		if in.HistoryDays.Set {
			out.HistoryDays = in.HistoryDays.Value // 0 for null
		}
		if in.DefaultConversationSync.Set {
			out.DefaultConversationSync = store.SyncAll
			if sync, ok := in.DefaultConversationSync.Get(); ok {
				out.DefaultConversationSync = sync
			}
		}
		if in.ExcludedDomains.Set {
			out.ExcludedDomains = domains
		}
		out.UpdatedAt = who.Now
		return tx.SetSettings(out)
	})
	return showSettings(out), err
}

func showSettings(s store.Settings) attrove.Settings {
	return attrove.Settings{HistoryDays: s.HistoryDays, DefaultConversationSync: s.DefaultConversationSync,
		ExcludedDomains: s.ExcludedDomains, UpdatedAt: index.Time(s.UpdatedAt)}
}

// domains are names in the form that they are compared in, each once.
func (p *problems) domains(names []string) []string {
	if len(names) > maxExcludedDomains {
		p.add("excluded_domains", fmt.Sprintf("must hold at most %d", maxExcludedDomains))
		return nil
	}
	var domains []string
	for i, name := range names {
		ascii, err := idna.Lookup.ToASCII(strings.TrimSuffix(strings.TrimSpace(name), "."))
		if err != nil || !strings.Contains(ascii, ".") || strings.ContainsAny(ascii, "@*/: ") {
			p.add(fmt.Sprintf("excluded_domains[%d]", i), "must be a domain such as example.com, which stands for those below it, too")
			continue
		}
		if !slices.Contains(domains, ascii) {
			domains = append(domains, ascii)
		}
	}
	return domains
}

// admits reports, as an error, when the organization's settings keep out what
// happened at a time among people. What is refused is not stored. The user's own
// addresses exclude nothing, or excluding one's own company would exclude all.
func (c Caller) admits(ctx context.Context, at time.Time, people ...string) error {
	set, err := c.core.store.Settings(ctx)
	if err != nil {
		return err
	}
	return c.admitted(set, at, people)
}

// admitted is admits for settings that are known.
func (c Caller) admitted(set store.Settings, at time.Time, people []string) error {
	if days := set.HistoryDays; days > 0 && at.Before(c.Now.AddDate(0, 0, -days)) {
		return excluded(fmt.Sprintf("it is older than the %d days of history_days", days))
	}
	for _, person := range people {
		if slices.Contains(c.User.Own(), address(person)) {
			continue
		}
		if domain := within(store.Domain(person), set.ExcludedDomains); domain != "" {
			return excluded(fmt.Sprintf("somebody of %s takes part, which is in excluded_domains", domain))
		}
	}
	return nil
}

func excluded(why string) error {
	return &attrove.Error{Status: http.StatusUnprocessableEntity, Code: attrove.CodeExcluded,
		Message: "the organization's settings keep this out, and it was not stored: " + why}
}

// within returns which of domains a domain is, or is below; "" for none.
func within(domain string, domains []string) string {
	i := slices.IndexFunc(domains, func(d string) bool { return domain == d || strings.HasSuffix(domain, "."+d) })
	if i < 0 {
		return ""
	}
	return domains[i]
}
