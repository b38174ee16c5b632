package local

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// Limits of a goal: it stands in lists with all that was said of it.
const (
	maxAnchors = 100    // contacts, or keywords, that it watches
	maxPhrase  = 1000   // characters of what is searched for, and of titles
	maxText    = 10_000 // characters of anything else
)

// goalTexts checks how long the texts of a goal are.
func (p *problems) goalTexts(title, description, success, completion string) {
	p.atMost("title", title, maxPhrase)
	p.atMost("description", description, maxText)
	p.atMost("success_criteria", success, maxText)
	p.atMost("completion_condition", completion, maxText)
}

// checkScope refuses a scope that cannot be watched (contract section 6.1).
func (c Caller) checkScope(ctx context.Context, s attrove.WatchScope) error {
	var found problems
	found.sources("watch_scope.source_types", s.SourceTypes)
	if len(s.EntityIDs) > maxAnchors || len(s.Keywords) > maxAnchors {
		found.add("watch_scope", fmt.Sprintf("must have at most %d entity_ids and %d keywords", maxAnchors, maxAnchors))
	}
	found.atMost("watch_scope.seed_query", s.SeedQuery, maxPhrase)
	for i, word := range s.Keywords {
		found.atMost(fmt.Sprintf("watch_scope.keywords[%d]", i), word, maxPhrase)
	}
	if quiet := s.SilenceCondition; quiet != nil {
		found.silence(*quiet)
	}
	if err := found.err(http.StatusUnprocessableEntity); err != nil {
		return err
	}
	if !anchored(s) {
		return invalidScope("watch_scope", "Provide at least one valid entity_ids, seed_query, or keywords anchor")
	}
	var unknown []string
	for _, id := range s.EntityIDs {
		_, err := c.core.store.Entity(ctx, c.User.ID, id)
		switch {
		case errors.Is(err, store.ErrNotFound):
			unknown = append(unknown, id)
		case err != nil:
			return err
		}
	}
	if len(unknown) > 0 {
		return invalidScope("watch_scope.entity_ids", "Provide at least one valid entity_ids, seed_query, or keywords anchor: there is no entity "+
			strings.Join(unknown, ", "))
	}
	return nil
}

// anchored reports whether a scope says what to watch.
func anchored(s attrove.WatchScope) bool {
	return len(s.EntityIDs) > 0 || strings.TrimSpace(s.SeedQuery) != "" ||
		slices.ContainsFunc(s.Keywords, func(word string) bool { return strings.TrimSpace(word) != "" })
}

// invalidScope is Attrove's GoalInvalidScopeError (contract section 2.4).
func invalidScope(path, message string) error {
	err := problems{{path, message}}.err(http.StatusUnprocessableEntity)
	var failure *attrove.Error
	if errors.As(err, &failure) {
		failure.Code, failure.Message = attrove.CodeGoalInvalidScope, message
	}
	return err
}

func (p *problems) sources(path string, types []attrove.SourceType) {
	for _, one := range types {
		p.oneOf(path, string(one), attrove.SourceType("").Values())
	}
}

// silence checks a silence condition (P-34).
func (p *problems) silence(s attrove.SilenceCondition) {
	const path = "watch_scope.silence_condition."
	if s.QuietAfterDays < 1 || s.QuietAfterDays > 365 {
		p.add(path+"quiet_after_days", "must be from 1 to 365")
	}
	p.sources(path+"activity_sources", s.ActivitySources)
	if s.AlertHealth != "" {
		p.oneOf(path+"alert_health", string(s.AlertHealth),
			[]string{string(attrove.HealthAtRisk), string(attrove.HealthBlocked), string(attrove.HealthWaitingOnHuman)})
	}
}

func (p *problems) oneOf(path, value string, values []string) {
	if !slices.Contains(values, value) {
		p.add(path, fmt.Sprintf("must be one of %s, not %q", strings.Join(values, ", "), value))
	}
}

func sameScope(a, b attrove.WatchScope) bool { return reflect.DeepEqual(a, b) }
