// Package calendar reads iCalendar files (RFC 5545) into events as they are
// pushed: series expanded, exceptions and cancellations applied, times in UTC.
// It reads as much of a broken calendar as can be read.
package calendar

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// MaxPerSeries is how many events of one series are read, the latest of them:
// every day of ten years.
const MaxPerSeries = 3660

// Options say how to read a calendar.
type Options struct {
	Zone  *time.Location // the user's, of dates and of times without a zone; nil is UTC
	Until time.Time      // to where series are expanded
}

// Calendar is a calendar as read.
type Calendar struct {
	Name     string
	Events   []Event
	Undated  []attrove.PushNoteIn // what has no time that could be read, kept as notes
	Left     map[string]int       // how many of what else it holds, such as to-dos, were left out
	Problems []string             // what could not be read of the calendar, for people
}

// Event is an event with what tells its versions apart. Invitations are sent
// again when something changes.
type Event struct {
	attrove.PushEventIn
	Sequence int    // RFC 5545 section 3.8.7.4
	Stamp    string // when this version was made; in the order of text
}

// ErrNotCalendar is returned for what holds no calendar.
var ErrNotCalendar = errors.New("it holds no calendar")

// Read reads a file of calendars. Its error is ErrNotCalendar or says that the
// calendar is too long.
func Read(raw []byte, o Options) (Calendar, error) {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	root, bad, err := parse(raw)
	if err != nil {
		return Calendar{}, err
	}
	calendars := root.all("VCALENDAR")
	if len(calendars) == 0 {
		return Calendar{}, ErrNotCalendar
	}
	r := &reader{opts: o, zones: newZones(root, o.Zone), out: Calendar{Left: map[string]int{}, Problems: bad}, taken: map[string]string{}}
	for _, c := range calendars {
		r.out.Name = cmp.Or(r.out.Name, c.text("X-WR-CALNAME"))
		r.calendar(c)
	}
	for name := range r.zones.lost {
		r.problem("nobody knows the time zone %q: its times are read in %s", name, o.Zone)
	}
	slices.Sort(r.out.Problems)
	return r.out, nil
}

// reader reads the calendars of one file.
type reader struct {
	opts  Options
	zones *zones
	out   Calendar
	taken map[string]string // by external id: the title under which it is taken
}

func (r *reader) problem(format string, args ...any) {
	r.out.Problems = append(r.out.Problems, fmt.Sprintf(format, args...))
}

// others are the components that are no events, with their names for people.
func others() map[string]string {
	return map[string]string{"VTODO": "to-dos", "VJOURNAL": "journal entries", "VFREEBUSY": "free/busy times"}
}

func (r *reader) calendar(c *component) {
	for name, people := range others() {
		if n := len(c.all(name)); n > 0 {
			r.out.Left[people] += n
		}
	}
	method := strings.ToUpper(c.text("METHOD"))
	switch method {
	case "REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER": // they hold one attendee's copy (RFC 5546)
		r.out.Left["answers to invitations"] += len(c.all("VEVENT"))
		return
	}
	var order []string
	series := map[string][]version{}
	for _, e := range c.all("VEVENT") {
		v := r.version(e, method == "CANCEL")
		if series[v.uid] == nil {
			order = append(order, v.uid)
		}
		series[v.uid] = append(series[v.uid], v)
	}
	for _, uid := range order {
		r.series(series[uid])
	}
}

// version is one VEVENT.
type version struct {
	*component
	uid       string
	sequence  int
	stamp     string
	cancelled bool
	instead   *moment // which occurrence of its series it stands for (RECURRENCE-ID)
	onward    bool    // and for all after it, too
}

func (r *reader) version(c *component, cancelled bool) version {
	v := version{component: c, uid: c.text("UID"), cancelled: cancelled || strings.EqualFold(c.text("STATUS"), "CANCELLED")}
	if v.uid == "" {
		sum := sha256.Sum256([]byte(c.text("DTSTART") + "\x00" + c.text("SUMMARY") + "\x00" + c.text("DESCRIPTION")))
		v.uid = "sha256:" + hex.EncodeToString(sum[:16])
	}
	v.sequence, _ = strconv.Atoi(c.text("SEQUENCE")) // 0 if there is none
	v.stamp = cmp.Or(c.text("LAST-MODIFIED"), c.text("DTSTAMP"))
	if p, ok := c.get("RECURRENCE-ID"); ok {
		if m, ok := r.zones.moment(p); ok {
			v.instead, v.onward = &m, strings.EqualFold(parameter(p, "RANGE"), "THISANDFUTURE")
		}
	}
	return v
}

func newer(a, b version) int {
	return cmp.Or(cmp.Compare(a.sequence, b.sequence), cmp.Compare(a.stamp, b.stamp))
}

// series reads all versions with one UID.
func (r *reader) series(all []version) {
	slices.SortStableFunc(all, newer)
	var masters, exceptions []version
	for _, v := range all {
		switch {
		case v.instead != nil:
			exceptions = append(exceptions, v)
		case len(masters) > 0 && masters[0].sequence < v.sequence:
			r.out.Left["older versions of events"] += len(masters)
			masters = []version{v}
		default:
			masters = append(masters, v)
		}
	}
	used := make([]bool, len(exceptions))
	for _, m := range masters {
		r.master(m, len(masters) > 1, exceptions, used)
	}
	for i, v := range exceptions {
		if !used[i] { // its series is in another file, or has no such occurrence any more
			r.add(v, occurrence{id: v.uid + "/" + instanceOf(*v.instead)})
		}
	}
}

// occurrence is when an event takes place.
type occurrence struct {
	id    string
	start *moment // nil is the version's own
}

// instanceOf names an occurrence by when it was to begin.
func instanceOf(m moment) string {
	if m.day {
		return m.wall.Format("20060102")
	}
	return m.instant().UTC().Format("20060102T150405Z")
}

// master reads an event, or a series with its exceptions. Several events may
// come under one UID, by broken programs; then their times tell them apart.
func (r *reader) master(v version, several bool, exceptions []version, used []bool) {
	start, ok := r.start(v)
	if !ok || !start.plausible() {
		r.undated(v)
		return
	}
	walls, repeats := r.expand(v, start)
	id := v.uid
	if !repeats {
		if several {
			id += "/" + instanceOf(start)
		}
		r.add(v, occurrence{id: id})
		return
	}
	for _, wall := range walls {
		m := moment{wall: wall, zone: start.zone, day: start.day}
		one, by := occurrence{id: id + "/" + instanceOf(m), start: &m}, v
		exact := false
		for i, e := range exceptions { // the last is the newest
			switch moved, ok := r.start(e); {
			case same(m, *e.instead):
				used[i], exact = true, true
				by, one.start = e, nil
			case ok && e.onward && !exact && m.instant().After(e.instead.instant()):
				by, one.start = e, &moment{wall: wall.Add(moved.wall.Sub(e.instead.wall)), zone: moved.zone, day: moved.day}
			}
		}
		r.add(by, one)
	}
}

// same reports whether b names the occurrence a. Exchange names those of whole
// days by their midnight in some zone.
func same(a, b moment) bool {
	if a.day || b.day {
		return a.wall.Format(time.DateOnly) == b.wall.Format(time.DateOnly)
	}
	return a.instant().Equal(b.instant())
}

func (r *reader) start(v version) (moment, bool) {
	p, ok := v.get("DTSTART")
	if !ok {
		return moment{}, false
	}
	return r.zones.moment(p)
}

// add appends an event.
func (r *reader) add(v version, o occurrence) {
	start, ok := r.start(v)
	if !ok || !start.plausible() {
		r.undated(v)
		return
	}
	length := r.length(v, start)
	if o.start != nil {
		start = *o.start
	}
	end := moment{wall: start.wall.Add(length), zone: start.zone}
	ends := end.instant() // a night is as long as the clock says
	if !start.day {
		ends = start.instant().Add(length)
	}
	title := cmp.Or(v.text("SUMMARY"), "(no title)")
	if v.cancelled {
		title = "Canceled: " + title
	}
	if before, again := r.taken[o.id]; again && before == title {
		r.out.Left["copies of events"]++
		return
	} else if again { // by a broken program: another event under the same id
		o.id += "/" + title
	}
	r.taken[o.id] = title
	r.out.Events = append(r.out.Events, Event{Sequence: v.sequence, Stamp: v.stamp, PushEventIn: attrove.PushEventIn{
		Title: title, StartTime: wire(start.instant(), start.day), EndTime: wire(ends, start.day), AllDay: start.day,
		Description: description(v), Location: v.text("LOCATION"), Attendees: people(v.component), ExternalID: o.id,
	}})
}

// wire writes a time: in UTC, or as a midnight of the user's zone, which shows
// that it stands for a day.
func wire(t time.Time, day bool) attrove.DateTime {
	if !day {
		t = t.UTC()
	}
	return attrove.DateTime(t.Format(time.RFC3339))
}

// length is how long an event takes: without an end a day, or no time at all
// (RFC 5545 section 3.6.1).
func (r *reader) length(v version, start moment) time.Duration {
	const day = 24 * time.Hour
	length := time.Duration(0)
	if p, ok := v.get("DTEND"); ok {
		if end, ok := r.zones.moment(p); ok && start.day {
			length = end.wall.Sub(start.wall)
		} else if ok {
			length = end.instant().Sub(start.instant())
		}
	} else if given, ok := duration(v.text("DURATION")); ok {
		length = given
	}
	if start.day {
		return max(length.Truncate(day), day)
	}
	return max(length, 0)
}

// description is what the event is about, with its address on the web.
func description(v version) string {
	text := v.text("DESCRIPTION")
	if url := v.text("URL"); url != "" && !strings.Contains(text, url) {
		text = strings.TrimSpace(text + "\n" + url)
	}
	return text
}

// people are the organizer and the attendees, each once.
func people(c *component) []attrove.Attendee {
	var all []attrove.Attendee
	add := func(p ics.BaseProperty, status string) {
		email := strings.TrimSpace(strings.ToValidUTF8(p.Value, ""))
		if len(email) > len("mailto:") && strings.EqualFold(email[:len("mailto:")], "mailto:") {
			email = email[len("mailto:"):]
		}
		if !strings.Contains(email, "@") { // such as an X.500 name, or invalid:nomail
			email = parameter(p, "EMAIL")
		}
		email = strings.ToLower(strings.TrimSpace(email))
		name := strings.Trim(parameter(p, "CN"), `"' `)
		if strings.EqualFold(name, email) {
			name = ""
		}
		i := slices.IndexFunc(all, func(a attrove.Attendee) bool { return email != "" && string(a.Email) == email })
		switch {
		case i >= 0:
			all[i].Name, all[i].Status = cmp.Or(all[i].Name, attrove.ForeignText(name)), cmp.Or(status, all[i].Status)
		case email != "" || name != "":
			all = append(all, attrove.Attendee{Email: attrove.ForeignText(email), Name: attrove.ForeignText(name), Status: status})
		}
	}
	for _, p := range c.each("ORGANIZER") {
		add(p, "organizer")
	}
	for _, p := range c.each("ATTENDEE") {
		add(p, strings.ReplaceAll(strings.ToLower(parameter(p, "PARTSTAT")), "-", "_"))
	}
	return all
}

// undated keeps as a note what cannot be an event, for it is nowhere in time.
func (r *reader) undated(v version) {
	const why = "its time could not be read"
	body := strings.TrimSpace(v.text("LOCATION") + "\n" + description(v))
	title := cmp.Or(v.text("SUMMARY"), "(no title)")
	r.out.Undated = append(r.out.Undated, attrove.PushNoteIn{
		Title: title, Body: cmp.Or(body, title), ExternalID: v.uid, Metadata: attrove.Object{attrove.MetaUnreadable: why},
	})
}
