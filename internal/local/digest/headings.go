package digest

import (
	"regexp"
	"strings"
	"unicode"
)

// What minutes put above lists and before lines, in English, German, French and
// Spanish, one line each. Of other languages nothing is filed.
const (
	toDoHeads = "action|actions|action item|action items|action point|action points|todo|todos|to do|to dos|to-do|to-dos|task|tasks|follow-up|follow-ups|follow up|follow ups|followup|followups|new action|new actions|new action item|new action items|open action|open actions|open action item|open action items|ai|ais|a.i." +
		"|aufgabe|aufgaben|neue aufgaben|offene aufgaben|maßnahme|maßnahmen|arbeitsauftrag|arbeitsaufträge|aktionspunkt|aktionspunkte|pendenz|pendenzen|zu erledigen" +
		"|tâche|tâches|à faire|action à mener|actions à mener|actions à réaliser|action à réaliser|plan d'action|plan d'actions|relevé d'actions|points d'action" +
		"|acción|acciones|tarea|tareas|tareas pendientes|pendiente|pendientes|por hacer|plan de acción|puntos de acción|acciones a realizar|compromisos"
	nextHeads = "next step|next steps" +
		"|nächste schritte|weitere schritte|weiteres vorgehen" +
		"|prochaine étape|prochaines étapes|étapes suivantes|suites à donner" +
		"|próximo paso|próximos pasos|siguientes pasos"
	decidedHeads = "decision|decisions|decision made|decisions made|key decision|key decisions|resolution|resolutions|resolved|decided|agreed|agreement|agreements|consensus|summary of resolution|summary of resolutions" +
		"|beschluss|beschlüsse|beschlossen|entscheidung|entscheidungen|entschieden|vereinbarung|vereinbarungen|vereinbart|festlegung|festlegungen" +
		"|décision|décisions|décision prise|décisions prises|décidé|relevé de décisions|résolution|résolutions" +
		"|acuerdo|acuerdos|acuerdos adoptados|acordado|decisión|decisiones|decisiones tomadas|decidido|resolución|resoluciones"
	wonderedHeads = "open question|open questions|open issue|open issues|open|question|questions|unresolved|unresolved question|unresolved questions|parking lot" +
		"|offene frage|offene fragen|offener punkt|offene punkte|offen|fragen|ungeklärt|klärungsbedarf" +
		"|question ouverte|questions ouvertes|point ouvert|points ouverts|questions en suspens|points en suspens" +
		"|pregunta abierta|preguntas abiertas|preguntas pendientes|tema abierto|temas abiertos|cuestiones abiertas|asuntos abiertos|preguntas"
	settledHeads = "done|completed|closed|completed action|completed actions|completed action item|completed action items|closed action|closed actions|closed action item|closed action items" +
		"|erledigt|erledigte aufgaben|erledigte punkte|abgeschlossen" +
		"|fait|terminé|réalisé|actions terminées|actions closes|tâches terminées" +
		"|hecho|terminado|completado|tareas completadas|tareas terminadas"
	presentHeads = "present|attendee|attendees|attending|attendance|in attendance|participant|participants|who was there|roll call" +
		"|anwesend|anwesende|teilnehmer|teilnehmende|teilnehmerinnen|teilnehmerinnen und teilnehmer" +
		"|présent|présents|présente|présentes|étaient présents|personnes présentes" +
		"|asistente|asistentes|presentes|participantes|asistencia"
	ownerHeads = "owner|who|assignee|assigned to|responsible|by whom|lead" +
		"|verantwortlich|verantwortliche|verantwortlicher|zuständig|wer|durch wen" +
		"|responsable|responsables|pilote|porteur|qui|assigné à" +
		"|encargado|encargada|quién|asignado a"
	statusHeads = "status|state|stand|statut|état|estado"
	// What a status says of what is over, beside the headings of what is.
	settledCells = "complete|resolved|fertig|achevé|finalizado|completada|terminada"
	// Nobody in particular.
	nobodyWords = "all|everyone|everybody|group|team|the group|the team|us|we|tbd|tbc|any|anyone|someone|somebody|nobody|none|n/a" +
		"|alle|jeder|gruppe|das team|wir|offen|niemand" +
		"|tous|toutes|équipe|l'équipe|groupe|nous|à définir|personne" +
		"|todos|todas|equipo|el equipo|grupo|nosotros|por definir|nadie"
)

// labels begin lines of minutes, in the same languages.
const labels = `(?:action(?: items?| points?)?|a\.?i\.?|to-?do|follow-?up|task|resolution|resolved|decision|decided` +
	`|agreed|agreement|consensus|open question|open issue|open)s?` +
	`|aufgaben?|maßnahmen?|beschluss|beschlüsse|beschlossen|entscheidung(?:en)?|entschieden|vereinbart` +
	`|offene (?:fragen?|punkte?)|offener punkt` +
	`|tâches?|à faire|décisions?|décidé|questions? ouvertes?|points? ouverts?` +
	`|acci(?:ón|ones)|tareas?|pendientes?|acuerdos?|acordado|decisi(?:ón|ones)|preguntas? abiertas?`

var (
	// label is one with its number and owner: "ACTION: …", "ACTION-12 on Ann: …",
	// "TODO(Ann) …", "RESOLVED: …" as the W3C's scribes write.
	label = regexp.MustCompile(`(?i)^(` + labels + `)(?:[-# ]*\d+)?\s*` +
		`(?:\(([^()]{1,40})\)|\[([^\[\]]{1,40})\]|(?:on|for|für|pour|para) ([^:]{1,40}))?\s*(:|[–—]| - )\s*(\S.*)$`)
	todoFor = regexp.MustCompile(`(?i)^(?:todo|action|ai) ?[(\[]([^()\[\]]{1,40})[)\]]:?\s+(\S.*)$`)
	// conjunction stands between the last two of several names.
	conjunction = regexp.MustCompile(` ` + andWords + ` `)
)

// labelled takes the label off a line that has one.
func labelled(text string) (filed filing, owner, rest string) {
	if m := todoFor.FindStringSubmatch(text); m != nil {
		return toDo, m[1], m[2]
	}
	m := label.FindStringSubmatch(text)
	if m == nil {
		return unfiled, "", text
	}
	kind := headed(m[1])
	if kind != toDo && m[5] != ":" { // "Agreed - and thank you"
		return unfiled, "", text
	}
	return kind, strings.TrimSpace(m[2] + m[3] + m[4]), m[6]
}

// headed is what a heading or label files under itself: the strongest of its
// parts, as in "AOB / Next steps".
func headed(title string) filing {
	const long = 6 // words; more are a sentence
	title = strings.ToLower(strings.ReplaceAll(title, "’", "'"))
	if len(strings.Fields(title)) > long {
		return unfiled
	}
	for part := range strings.FieldsFuncSeq(title, func(r rune) bool { return r == '/' || r == '&' || r == ',' }) {
		part = strings.TrimSpace(part)
		for _, joint := range []string{"and ", "und ", "et ", "y "} {
			part = strings.TrimSpace(strings.TrimPrefix(part, joint))
		}
		part = strings.TrimLeftFunc(part, func(r rune) bool { return !unicode.IsLetter(r) })
		for _, one := range []struct {
			kind  filing
			heads string
		}{{toDo, toDoHeads}, {next, nextHeads}, {decided, decidedHeads}, {wondered, wonderedHeads}, {settled, settledHeads}, {present, presentHeads}} {
			if oneOf(part, one.heads) {
				return one.kind
			}
		}
	}
	return unfiled
}
