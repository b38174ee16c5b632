package tools

import (
	"context"
	"errors"
	"reflect"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/schema"
	"github.com/attrove/attrove-mcp/internal/when"
)

// resolveDates turns dates as people say them into what the contract takes, and
// returns those that it understood, for the result to repeat.
func (t *Tool) resolveDates(ctx context.Context, env Env, who attrove.Caller, fields Fields) (map[string]string, error) {
	clock := clock{ctx: ctx, env: env, who: who}
	var resolved map[string]string
	for _, d := range t.traits().dates {
		name := d.name
		said := fields.text(name)
		if said == "" {
			continue
		}
		meant, err := d.read(name, said, &clock)
		if err != nil {
			return nil, invalid(name, name+": "+err.Error())
		}
		if meant == said {
			continue
		}
		fields.setText(name, meant)
		if resolved == nil {
			resolved = map[string]string{}
		}
		resolved[name] = meant
	}
	if resolved != nil {
		resolved["timezone"] = clock.now().Location().String()
	}
	return resolved, nil
}

// date is an argument that people may say in words.
type date struct {
	name string
	read func(name, said string, c *clock) (string, error)
}

// datesOf lists the dates among arguments, in their order.
func datesOf(args reflect.Type) []date {
	var all []date
	for _, f := range reflect.VisibleFields(args) {
		kind := f.Type
		if inner, ok := schema.InnerOf(kind); ok {
			kind = inner
		}
		switch kind {
		case reflect.TypeFor[attrove.Date]():
			all = append(all, date{jsonName(f), readDay})
		case reflect.TypeFor[attrove.DateTime]():
			all = append(all, date{jsonName(f), readMoment})
		}
	}
	return all
}

// readDay reads a filter's day. One that ends a period ("last week") is its last day.
func readDay(name, said string, c *clock) (string, error) {
	if _, err := time.Parse(time.DateOnly, said); err == nil {
		return said, nil
	}
	day, err := when.ParseDate(said, c.now())
	if err != nil {
		return "", err
	}
	if p, ok := when.ParsePeriod(said, c.now()); ok && closes(name) && p.From.Equal(day) && !p.To.IsZero() && !short(said) {
		day = p.To.Add(-time.Nanosecond)
	}
	return day.Format(time.DateOnly), nil
}

func closes(name string) bool { return name == "end_date" || name == "before_date" }

// short reports whether a period is written as 7d, which names a day by its distance.
func short(said string) bool { return said[0] >= '0' && said[0] <= '9' }

var errMoment = errors.New("write it in RFC 3339 with its offset, such as 2026-11-03T15:00:00Z")

// readMoment reads a moment. What is due, and what events are polled from, may
// be a day; when something happened must be exact.
func readMoment(name, said string, c *clock) (string, error) {
	if _, err := time.Parse(time.RFC3339, said); err == nil {
		return said, nil
	}
	var at time.Time
	var err error
	switch name {
	case "deadline", "until":
		at, err = when.ParseDeadline(said, c.now())
	case "since":
		at, err = when.ParseDate(said, c.now())
	default:
		err = errMoment
	}
	if err != nil {
		return "", err
	}
	return at.Format(time.RFC3339), nil
}

// clock tells the time in the user's zone, which it looks up only when asked.
type clock struct {
	ctx context.Context //nolint:containedctx // lives for one call
	env Env
	who attrove.Caller
	at  time.Time
}

func (c *clock) now() time.Time {
	if c.at.IsZero() {
		c.at = c.env.now().In(c.zone())
	}
	return c.at
}

// zone is the user's zone: as configured, else the profile's, else UTC, which the
// result then names.
func (c *clock) zone() *time.Location {
	if c.env.Zone != nil {
		return c.env.Zone
	}
	return attrove.ZoneOf(c.ctx, c.env.Client, c.who)
}
