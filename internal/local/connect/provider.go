package connect

import (
	"html/template"
	"slices"
)

// mailProvider is the provider of mail from nowhere in particular.
const mailProvider = "email"

// guide tells how to get one's data out of a program as a file.
type guide struct {
	Provider string // "" for one that no partner names
	Name     string
	Steps    template.HTML // of this file alone
}

// guides are in the order of the page. Attrove's providers come first.
func guides() []guide {
	return []guide{
		{"gmail", "Gmail", `At <a href="https://takeout.google.com" rel="noopener noreferrer">takeout.google.com</a> choose <b>Mail</b> only,
			export it as .zip, and hand over the .zip as it is.`},
		{"outlook", "Outlook", `Outlook writes no mbox files itself: add the account to Thunderbird and take them from there.`},
		{"slack", "Slack", `An owner or admin of the workspace chooses <b>Tools & settings › Workspace settings › Import/Export Data › Export</b>. Hand over the .zip as it is.`},
		{"google_calendar", "Google Calendar", `Under <b>Settings › Import & export › Export</b> download the .zip of all your calendars, and hand it over as it is.`},
		{"outlook_calendar", "Outlook Calendar", `In Outlook choose <b>File › Save Calendar</b>, with the whole calendar and full details, and hand over the .ics file.`},
		{"zoom", "Zoom", `Hand over the transcript of a recording (.vtt); to add its chat, pack both into one .zip.`},
		{"", "Apple Mail", `Select the mailbox, choose <b>Mailbox › Export Mailbox…</b>, and hand over the file named <code>mbox</code> inside the folder that appears.`},
		{"", "Thunderbird", `Under <b>Help › Troubleshooting Information</b> open the profile folder. In <code>Mail</code> or <code>ImapMail</code> hand over
			a file without an extension, such as <code>Inbox</code>.`},
		{"email", "Mailing lists", `Archives of lists are often offered as .mbox or .mbox.gz: hand them over as they are.`},
	}
}

// Providers are those whose files the page takes.
func Providers() []string {
	var names []string
	for _, g := range guides() {
		if g.Provider != "" {
			names = append(names, g.Provider)
		}
	}
	return names
}

// nameOf is the provider's name for people, or "".
func nameOf(provider string) string {
	all := guides()
	if i := slices.IndexFunc(all, func(g guide) bool { return g.Provider == provider && provider != mailProvider }); i >= 0 && provider != "" {
		return all[i].Name
	}
	return ""
}
