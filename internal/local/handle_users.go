package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/mail"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

func createUser(ctx context.Context, who Caller, in attrove.CreateUserIn) (attrove.NewUser, error) {
	var found problems
	address, err := mail.ParseAddress(in.Email)
	if err != nil || address.Name != "" {
		found.add("email", "must be an e-mail address such as ann@example.com")
	}
	if _, err := time.LoadLocation(in.Timezone); err != nil || in.Timezone == "Local" {
		found.add("timezone", "must be an IANA time zone such as Europe/Berlin")
	}
	if err := found.err(http.StatusUnprocessableEntity); err != nil {
		return attrove.NewUser{}, err
	}
	metadata, err := encodeMetadata(in.Metadata)
	if err != nil {
		return attrove.NewUser{}, err
	}
	key := newKey()
	user := store.User{ID: uuid.NewString(), Email: address.Address, FirstName: in.FirstName, LastName: in.LastName,
		Timezone: in.Timezone, ExternalID: in.ExternalID, Metadata: metadata,
		Addresses: []string{strings.ToLower(address.Address)}, CreatedAt: who.Now, UpdatedAt: who.Now}
	err = who.core.store.CreateUser(ctx, user, hashKey(key.Reveal()))
	if errors.Is(err, store.ErrExists) { // P-12
		return attrove.NewUser{}, &attrove.Error{Status: http.StatusConflict, Code: attrove.CodeUserExists, Field: "email",
			Message: "a user with this e-mail address exists; its key was shown when it was created"}
	}
	if err != nil {
		return attrove.NewUser{}, err
	}
	out, err := showUser(user)
	return attrove.NewUser{User: out, APIKey: key.Reveal()}, err
}

func getProfile(_ context.Context, who Caller, _ attrove.None) (attrove.User, error) {
	return showUser(who.User)
}

func showUser(u store.User) (attrove.User, error) {
	out := attrove.User{ID: u.ID, Email: u.Email, FirstName: u.FirstName, LastName: u.LastName, Timezone: u.Timezone,
		ExternalID: u.ExternalID, CreatedAt: index.Time(u.CreatedAt), UpdatedAt: index.Time(u.UpdatedAt)}
	if u.Metadata != nil {
		if err := json.Unmarshal(u.Metadata, &out.Metadata); err != nil {
			return out, fmt.Errorf("decode metadata of a user: %w", err)
		}
	}
	return out, nil
}

func getSyncStats(ctx context.Context, who Caller, _ attrove.None) (attrove.SyncStats, error) {
	integrations, err := who.core.store.Integrations(ctx, who.User.ID)
	if err != nil {
		return attrove.SyncStats{}, err
	}
	totals, err := who.core.store.Totals(ctx, who.User.ID)
	if err != nil {
		return attrove.SyncStats{}, err
	}
	out := attrove.SyncStats{UserID: who.User.ID, Integrations: []attrove.IntegrationSync{}}
	out.Totals.Conversations, out.Totals.Entities = totals.Conversations, totals.Entities
	var last time.Time
	for _, n := range integrations {
		*totalOf(&out.Totals, n.Kind) += n.Items
		if n.SyncedAt.After(last) {
			last = n.SyncedAt
		}
		out.Integrations = append(out.Integrations, attrove.IntegrationSync{IntegrationID: n.ID, Provider: n.Provider,
			Status: syncStatus(n), LastSyncedAt: index.Time(n.SyncedAt), Items: n.Items, Pending: n.Pending, Failed: n.Failed, Skipped: n.Skipped})
	}
	out.LastSyncedAt = index.Time(last)
	return out, nil
}

func syncStatus(n store.Integration) string {
	switch {
	case n.Disconnecting:
		return "disconnecting"
	case n.Pending > 0:
		return "syncing"
	default:
		return "synced"
	}
}

func totalOf(t *attrove.SyncTotals, kind store.Kind) *int {
	switch kind {
	case store.KindMessage:
		return &t.Messages
	case store.KindMeeting:
		return &t.Meetings
	case store.KindEvent:
		return &t.Events
	default:
		return &t.Notes
	}
}

func encodeMetadata(object attrove.Object) (json.RawMessage, error) {
	if len(object) == 0 {
		return nil, nil
	}
	data, err := json.Marshal(object)
	if err != nil {
		return nil, fmt.Errorf("encode metadata: %w", err)
	}
	return data, nil
}
