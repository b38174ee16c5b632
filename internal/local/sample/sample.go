// Package sample is the workspace that the demo shows: Larkmoor, a small software
// company that does not exist, as its head of customer success sees it. It holds
// six weeks of mail, chat, meetings and notes, and a calendar that goes on for two
// weeks, all of it placed around the time that Load is given.
//
// The stories, in working days from now, with what a goal on each should find:
//
//	Osterveld renewal    at_risk, them: silent since our questions of -8, skipped the call of -5, contract ends +9
//	Pellworth renewal    on_track, us: agreed; asks Tessa at -2 for the seat count on order form PW-2031
//	Vanterre pilot       blocked, them: the data protection addendum waits for Ilse Brandt alone
//	Corvane recovery     at_risk, us: detractor with two demos elsewhere; Tessa promised a plan by +1
//	Leonie Haas, hiring  waiting_on_human, us: Tessa's scorecard is missing, the other offer ends +2
//	Fenwright reseller   insufficient_evidence, ambiguous: three vague messages
//
// And beside them: Norrgate's promised asset export is late (due -3), invoice
// INV-2217 of Brackenholt is overdue, the postmortem of the outage of -15 has open
// actions, the v1 API was to be switched off (-16) and was not (-4), the price hold
// for Osterveld was extended (-2), the Pellworth review was moved (-1), Planner 2.0
// slipped, and a stranger tries to give orders to whatever reads the mailbox.
//
// The content is in data, in the format that parse.go describes.
package sample

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

//go:embed data
var files embed.FS

// Owner is whose workspace the sample is.
type Owner struct {
	Name     string
	Email    string
	Timezone string // IANA name
}

// User is the person whose mail, chat and calendar the sample holds.
func User() Owner {
	return Owner{Name: "Tessa Marlowe", Email: "tessa@larkmoor.example", Timezone: "America/New_York"}
}

// Me lists the addresses under which the user writes and is written to.
func Me() []string {
	return []string{User().Email, "tessa.marlowe@larkmoor.example"}
}

// Load pushes the workspace as it looks at now, oldest first. What would be sent
// later today has not arrived yet; only calendar events lie ahead. The same now
// gives the same bodies, and every body has an external id, so that loading again
// replaces and never doubles.
func Load(ctx context.Context, now time.Time, push func(ctx context.Context, op attrove.Any, body json.RawMessage) error) error {
	items, err := build(now)
	if err != nil {
		return fmt.Errorf("sample workspace: %w", err)
	}
	for _, it := range items {
		if err := push(ctx, it.op, it.body); err != nil {
			return fmt.Errorf("sample workspace: %s: %w", it.op.Info().Name, err)
		}
	}
	return nil
}

// build returns everything that exists at now, oldest first.
func build(now time.Time) ([]item, error) {
	zone, err := time.LoadLocation(User().Timezone)
	if err != nil {
		return nil, err
	}
	people, err := readPeople()
	if err != nil {
		return nil, err
	}
	b := builder{now: now, days: newDays(now.In(zone)), people: people}
	err = fs.WalkDir(files, "data", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Base(name) == "people.txt" {
			return err
		}
		return b.file(name)
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(b.items, func(x, y item) int { return x.at.Compare(y.at) })
	return b.items, nil
}

// readPeople reads who the handles in the data stand for.
func readPeople() (map[string]attrove.Address, error) {
	text, err := files.ReadFile("data/people.txt")
	if err != nil {
		return nil, err
	}
	people := map[string]attrove.Address{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, " | ")
		if len(fields) != 3 {
			return nil, fmt.Errorf("people.txt: %q is not handle | name | address", line)
		}
		people[fields[0]] = attrove.Address{Name: fields[1], Email: fields[2]}
	}
	return people, nil
}
