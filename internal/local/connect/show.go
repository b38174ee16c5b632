package connect

import (
	"fmt"
	"net/url"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/attrove/attrove-mcp/internal/importer"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// page is what the templates show.
type page struct {
	Base    string // of the page's own addresses
	Title   string
	Text    string // of a notice
	Back    *wayBack
	Problem string

	Action   string // of the form
	CSRF     string
	Whose    string // whose account it is for
	Most     int64  // bytes of a file
	Provider string
	Guides   []guide

	Status    status
	StatusURL string
	Result    result
}

// MostText is the largest file, for people.
func (p page) MostText() string { return humanize.IBytes(uint64(max(p.Most, 0))) }

// LeaveAfter is after how many seconds a finished page sends the browser back by
// itself, or 0 for not: what went wrong is to be read first.
func (p page) LeaveAfter() int {
	if p.Back == nil || p.Result.Failed > 0 {
		return 0
	}
	return 10
}

// wayBack is where the browser goes afterwards.
type wayBack struct {
	URL  string
	Host string // for people
}

func newWayBack(c store.Connect, out outcome) (*wayBack, error) {
	if c.RedirectURL == "" {
		return nil, nil //nolint:nilnil // there is no way back
	}
	u, err := url.Parse(c.RedirectURL)
	if err != nil {
		return nil, fmt.Errorf("redirect URL: %w", err)
	}
	query := u.Query()
	query.Set("status", out.status)
	query.Set("user_id", c.UserID)
	query.Set("provider", providerOf(c))
	if out.reason != "" {
		query.Set("error", out.reason)
	}
	u.RawQuery = query.Encode()
	return &wayBack{URL: u.String(), Host: u.Host}, nil
}

// status is how far an import has come, for the page and for its script.
type status struct {
	State   store.ConnectState `json:"state"`
	Phase   string             `json:"phase"`
	Detail  string             `json:"detail"`
	Percent int                `json:"percent"` // of the phase; -1 when unknown
}

func showStatus(c store.Connect) status {
	p := c.Progress
	out := status{State: c.State, Phase: "Waiting to begin", Percent: -1}
	if p.Total > 0 {
		out.Percent = int(100 * min(p.Done, p.Total) / p.Total)
	}
	switch importer.Phase(p.Phase) {
	case importer.Unpacking:
		out.Phase, out.Detail = "Unpacking the file", humanize.IBytes(uint64(max(p.Done, 0)))
	case importer.Surveying:
		out.Phase, out.Detail = "Looking through the mail", messages(p.Messages)
	case importer.Recalling:
		out.Phase, out.Detail = "Looking again for what is wanted back", items(p.Messages)
	case importer.Pushing:
		out.Phase, out.Detail = "Importing", items(p.Messages)
	case phaseIndexing:
		out.Phase = "Making everything searchable"
		if p.Total > 0 {
			out.Detail = fmt.Sprintf("%s of %s", humanize.Comma(p.Done), items(int(p.Total)))
		}
	}
	return out
}

func messages(n int) string { return counted(n, "message") }

func items(n int) string { return counted(n, "item") }

func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return humanize.Comma(int64(n)) + " " + noun
}

// noun is what sources hold, for people.
func noun(sources []string) string {
	if len(sources) == 1 {
		switch sources[0] {
		case "email", "slack":
			return "message"
		case "calendar":
			return "event"
		case "meeting", "note":
			return sources[0]
		}
	}
	return "item"
}

// result is what an import came to, for people.
type result struct {
	Imported string
	Period   string
	LeftOut  int
	Failed   int
	Problems []string
	More     int // problems that are not listed
}

func showResult(v visit) result {
	r := v.Result
	out := result{Imported: counted(r.Imported, noun(r.Sources)), LeftOut: r.LeftOut, Failed: r.Failed, Problems: r.Problems,
		More: max(0, r.Failed-len(r.Problems))}
	if !r.First.IsZero() {
		out.Period = day(r.First, v.user)
		if last := day(r.Last, v.user); last != out.Period {
			out.Period += " to " + last
		}
	}
	return out
}

func day(t time.Time, user store.User) string { return t.In(user.Location()).Format("2 January 2006") }
