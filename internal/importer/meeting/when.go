package meeting

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// moment is when a meeting was, and how that is known (attrove.MetaTimeFrom); from is
// "" when its text says so.
type moment struct {
	at   time.Time
	from string
}

var (
	// zoomName is how Zoom names recordings: GMT20240131-150405_Recording.
	zoomName = regexp.MustCompile(`GMT(\d{4})(\d{2})(\d{2})-(\d{2})(\d{2})(\d{2})`)

	// isoDate is 2024-01-31, 2024_01_31 or 20240131, with or without a time behind.
	isoDate = regexp.MustCompile(`(?:^|[^\d])((?:19|20)\d{2})([-_. ]?)(0[1-9]|1[0-2])[-_. ]?(0[1-9]|[12]\d|3[01])(?:(?:T|[-_ ]|, ?| at )(\d{2})[-_.:h](\d{2})(?:[-_.:](\d{2}))?(Z?))?(?:$|[^\d])`)

	// longDate is 31 January 2024 or January 31, 2024.
	longDate = regexp.MustCompile(`(?i)\b(?:(\d{1,2})(?:st|nd|rd|th)? )?(january|february|march|april|may|june|july|august|september|october|november|december)(?: (\d{1,2})(?:st|nd|rd|th)?)?,? ((?:19|20)\d{2})\b`)
)

// when finds out when the meeting was: as its name says, as its first lines say,
// or when its file was last changed. Lines are often those of the meeting before,
// copied; but where both name the same day they may know the hour.
func (f File) when() moment {
	zone := f.Zone
	if zone == nil {
		zone = time.UTC
	}
	inside, said := dateIn(opening(f.Raw), zone)
	parts := strings.Split(strings.ReplaceAll(f.Name, `\`, "/"), "/")
	for i := len(parts) - 1; i >= max(0, len(parts)-2); i-- { // its directory may be named after it
		if at, ok := dateIn(parts[i], zone); ok {
			if said && inside.Format(time.DateOnly) == at.Format(time.DateOnly) && inside.After(at) {
				return moment{at: inside}
			}
			return moment{at, attrove.TimeFromName}
		}
	}
	if said {
		return moment{at: inside}
	}
	return moment{f.Modified.Truncate(time.Second), attrove.TimeFromFile}
}

// opening is the part of a text in which it may say when it is from: what stands
// before anybody speaks.
func opening(raw []byte) string {
	const lines, most = 6, 500
	head := raw[:min(len(raw), most)]
	if i := bytes.Index(head, []byte("-->")); i >= 0 {
		head = head[:i]
	}
	var kept []string
	for line := range strings.Lines(string(head)) {
		if len(kept) == lines || speaker.MatchString(strings.TrimSpace(line)) && !isDateField(line) {
			break
		}
		kept = append(kept, line)
	}
	return strings.Join(kept, "")
}

func isDateField(line string) bool {
	name, _, _ := strings.Cut(strings.ToLower(strings.TrimLeft(line, "*#- \t")), ":")
	switch strings.Trim(name, "* ") {
	case "date", "when", "start", "start time", "started", "time", "datum", "fecha":
		return true
	}
	return false
}

func dateIn(text string, zone *time.Location) (time.Time, bool) {
	if m := zoomName.FindStringSubmatch(text); m != nil {
		return date(m[1], m[2], m[3], m[4], m[5], m[6], time.UTC)
	}
	if m := isoDate.FindStringSubmatch(text); m != nil {
		if m[8] == "Z" {
			zone = time.UTC
		}
		return date(m[1], m[3], m[4], m[5], m[6], m[7], zone)
	}
	if m := longDate.FindStringSubmatch(text); m != nil && (m[1] == "") != (m[3] == "") {
		month, err := time.Parse("January", strings.ToUpper(m[2][:1])+strings.ToLower(m[2][1:]))
		if err == nil {
			return date(m[4], strconv.Itoa(int(month.Month())), m[1]+m[3], "", "", "", zone)
		}
	}
	return time.Time{}, false
}

// date makes a time of what was matched; "" is 0. It fails on days that no month has.
func date(year, month, day, hour, minute, second string, zone *time.Location) (time.Time, bool) {
	var n [6]int
	for i, text := range []string{year, month, day, hour, minute, second} {
		n[i], _ = strconv.Atoi(text)
	}
	at := time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], 0, zone)
	return at, at.Day() == n[2] && n[3] < 24 && n[4] < 60
}

// withoutDate is a name without the date in it.
func withoutDate(name string) string {
	name = zoomName.ReplaceAllString(name, " ")
	if at := isoDate.FindStringSubmatchIndex(name); at != nil {
		end := at[1]
		if end > at[0] && end < len(name) || end == len(name) && !isNumber(name[end-1:]) {
			end-- // the character behind the date
		}
		return name[:at[2]] + " " + name[min(max(end, at[2]), len(name)):]
	}
	return name
}
