package people_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/local/people"
)

func TestKindOf(t *testing.T) {
	for handle, want := range map[string]people.Kind{
		"orsolya@acme.example":                  people.Person,
		"newton@acme.example":                   people.Person,
		"talbot@acme.example":                   people.Person,
		"slack:U7":                              people.Person,
		"orsolya vidakovic":                     people.Person,
		"no-reply@acme.example":                 people.Bot,
		"build-bot@acme.example":                people.Bot,
		"deploy[bot]@hub.example":               people.Bot,
		"bounces+7@acme.example":                people.Bot,
		"info@acme.example":                     people.Other,
		"sales+q3@acme.example":                 people.Other,
		"devs@lists.acme.example":               people.Other,
		"climbing@googlegroups.com":             people.Other,
		"climbing-announce@acme.example":        people.Other,
		"@acme.example":                         people.Company,
		"@":                                     people.Company,
		"":                                      people.Person,
		"anna.novak@liste.example":              people.Person,
		"lists@acme.example":                    people.Person,
		"orsolya.vidakovic@vger.kernel.example": people.Other,
	} {
		assert.Equal(t, want, people.KindOf(handle), handle)
	}
}

func TestOrganization(t *testing.T) {
	for address, want := range map[string]string{
		"anna@mail.acme.co.uk": "acme.co.uk", "anna@Acme.com": "acme.com", "anna@gmail.com": "", "anna@yahoo.co.jp": "", "anna@web.de": "",
		"anna@web.example": "web.example", "anna@com": "", "anna": "", "anna@": "", "": "", "slack:U7": "",
	} {
		assert.Equal(t, want, people.Organization(address), address)
	}
}

func TestParseName(t *testing.T) {
	for display, want := range map[string]string{
		"Anna Novak": "anna novak", " 'Anna  Novak' ": "anna novak", "NOVAK, Anna": "anna novak", "Novak, Anna M.": "anna novak",
		"Anna Novak, MBA": "anna novak", "Dr. Anna Novak-Berg": "anna novak berg", "Anna O'Neil": "anna oneil", "Anna (Acme)": "anna",
		"anna@acme.example": "", "": "", "Łukasz Żółw": "lukasz zolw", "Анна Новак": "anna novak", "王伟": "王伟", "Anna 3": "anna",
		"Jörg Müller": "jorg muller", "Joerg Mueller": "jorg muller", "Michael Goetz": "michael gotz", "Michał Götz": "michal gotz", "Michaela Joe": "michaela joe",
		"AnnaNovak": "anna novak", "Anna McNeil": "anna mcneil", "Anna MacDonald": "anna macdonald", "😀": "",
	} {
		assert.Equal(t, want, people.ParseName(display).Key(), display)
	}
}

func TestNameHandle(t *testing.T) {
	for _, tc := range []struct{ name, series, want string }{
		{"Anna Novak", "Standup", "anna novak"},
		{"Anna Novak", "", "anna novak"},
		{"Michael Joerg", "", "michal jorg"},
		{"Anna", "Weekly Standup #12 (3 May 2026)", "anna · weekly standup"},
		{"Anna", "2026-05-03", ""},
		{"Anna", "", ""},
		{"A. Novak", "Standup", "novak a · standup"},
		{"Speaker 1", "Standup", ""},
		{"iPhone", "Standup", ""},
		{"", "Standup", ""},
	} {
		assert.Equal(t, tc.want, people.NameHandle(tc.name, tc.series), tc)
	}
}

func TestSender(t *testing.T) {
	for _, tc := range []struct{ address, name, writer, writerName, list string }{
		{"anna@acme.example", "Anna Novak", "anna@acme.example", "Anna Novak", ""},
		{"devs@lists.example", "Anna Novak via Devs", "", "Anna Novak", "devs@lists.example"},
		{"devs@lists.example", "'Anna Novak' via Devs", "", "Anna Novak", "devs@lists.example"},
		{"devs@lists.example", "Anna@acme.example via Devs", "anna@acme.example", "", "devs@lists.example"},
		{"shop@acme.example", "Shop via Acme", "shop@acme.example", "Shop via Acme", ""},
		{"anna=40acme.example@dmarc.lists.example", "Anna Novak", "anna@acme.example", "Anna Novak", ""},
		{"anna=acme.example@lists.example", "Anna", "anna@acme.example", "Anna", ""},
		{"a=b=c.example@lists.example", "Anna", "a=b=c.example@lists.example", "Anna", ""},
		{"", "Anna via", "", "Anna via", ""},
	} {
		writer, name, list := people.Sender(tc.address, tc.name)
		assert.Equal(t, []string{tc.writer, tc.writerName, tc.list}, []string{writer, name, list}, "%s <%s>", tc.name, tc.address)
	}
}

func TestSameSpeaker(t *testing.T) {
	attendees := []string{"Anna Novak", "Anna Berg", "John Smith", "anna@acme.example"}
	for speaker, want := range map[string]int{
		"John": 2, "J. Smith": 2, "Anna Berg (Acme)": 1, "Anna N.": 0, "Novak": 0, "Anna": -1, "Zoltan": -1, "": -1, "Jo": -1,
	} {
		got, ok := people.SameSpeaker(speaker, attendees)
		assert.Equal(t, want >= 0, ok, speaker)
		if ok {
			assert.Equal(t, want, got, speaker)
		}
	}
}

// FuzzNames looks for names that no code is ready for.
func FuzzNames(f *testing.F) {
	f.Add("Novak, Anna (she/her)", "anna=40acme.example@dmarc.lists.example")
	f.Add("((", "@")
	f.Fuzz(func(t *testing.T, name, address string) {
		people.Sender(address, name)
		people.NameHandle(name, address)
		people.KindOf(address)
		people.Organization(address)
		people.SameSpeaker(name, []string{address, name})
		people.Resolve([]people.Identity{{Handle: address, Names: []string{name}}, {Handle: address + "x", Names: []string{name, address}}}, nil, func(int) bool { return true })
	})
}
