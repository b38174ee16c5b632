package prose

import (
	"slices"
	"strings"
)

// Variants are what a lower-case word may be elsewhere without sharing its stem. In
// German those are the participle of an infinitive and the reverse ("anrufen",
// "angerufen"), and words with two letters for an umlaut or ß, or without ("gruesse",
// "grüße"). They have no umlauts, as the index has none, and many are no words.
func (l Language) Variants(word string) []string {
	if l != German {
		return nil
	}
	written := umlauts.Replace(word)
	plain := withoutDigraphs(written)
	all := append([]string{written, plain}, verbForms(plain)...)
	if plain != written {
		all = append(all, verbForms(written)...)
	}
	if form, ok := mutated(German.Stem(word)); ok {
		all = append(all, form)
	}
	for _, form := range all {
		if i := strings.LastIndex(form, "ss"); i > 0 {
			all = append(all, form[:i]+"ß"+form[i+len("ss"):])
		}
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(v string) bool { return v == withoutAccents(word) })
}

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss")

// mutated is a stem with the umlaut that it may have in other forms: "haeus" for "haus".
func mutated(stem string) (form string, ok bool) {
	i := strings.LastIndexAny(stem, "aou")
	if i > 0 && stem[i-1:i+1] == "au" {
		i--
	}
	if i < 0 {
		return "", false
	}
	form = stem[:i+1] + "e" + stem[i+1:]
	return form, German.Stem(form) == form // else the e is an ending's
}

// withoutDigraphs takes out each e that may stand for the dots of an umlaut.
func withoutDigraphs(word string) string {
	var b strings.Builder
	for i, r := range word {
		if !isDots(word, i) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isDots reports whether the letter at i may stand for the dots of an umlaut.
func isDots(word string, i int) bool {
	if i == 0 || word[i] != 'e' {
		return false
	}
	switch word[i-1] {
	case 'a':
		return word[i-1:] != "ael" // Michael
	case 'o':
		return true
	case 'u':
		return i == 1 || strings.IndexByte("aeiouq", word[i-2]) < 0 // neue, Quelle
	}
	return false
}

// What a verb may begin with. A participle has "ge" behind the first ones, as it has
// where there is none of them, and not behind the others.
const (
	separable = "ab|an|auf|aus|bei|durch|ein|fern|fertig|fest|frei|gegen|her|heraus|hin|hinzu|los|mit|nach|statt|teil|um|unter|vor|voraus|vorbei|weg|weiter" +
		"|wieder|zu|zuruck|zurueck|zusammen"
	inseparable = "be|emp|ent|er|ge|miss|uber|ueber|um|unter|ver|wider|zer"
)

// strongVerbs are infinitives, each before its participle without "ge".
const strongVerbs = "backen backen|baeren boren|baren boren|beissen bissen|biegen bogen|bieten boten|binden bunden|bitten beten" +
	"|blasen blasen|bleiben blieben|braten braten|brechen brochen|brennen brannt|bringen bracht|denken dacht|essen gessen" +
	"|fahren fahren|fallen fallen|fangen fangen|fehlen fohlen|finden funden|fliegen flogen|fliessen flossen|fressen fressen" +
	"|frieren froren|geben geben|gehen gangen|gelten golten|gessen gessen|giessen gossen|ginnen gonnen|gleichen glichen" +
	"|graben graben|greifen griffen|halten halten|hangen hangen|hauen hauen|heben hoben|heissen heissen|helfen holfen" +
	"|kennen kannt|klingen klungen|kommen kommen|laden laden|lassen lassen|laufen laufen|leiden litten|leihen liehen" +
	"|lesen lesen|liegen legen|lieren loren|lingen lungen|luegen logen|lugen logen|meiden mieden|messen messen" +
	"|nehmen nommen|nennen nannt|niessen nossen|preisen priesen|raten raten|reiben rieben|reissen rissen|reiten ritten" +
	"|rennen rannt|riechen rochen|rufen rufen|schaffen schaffen|schehen schehen|scheiden schieden|scheinen schienen" +
	"|schieben schoben|schiessen schossen|schlafen schlafen|schlagen schlagen|schleifen schliffen|schliessen schlossen" +
	"|schneiden schnitten|schreiben schrieben|schwimmen schwommen|schwinden schwunden|schwoeren schworen|schworen schworen" +
	"|sehen sehen|senden sandt|singen sungen|sinken sunken|sitzen sessen|sprechen sprochen|springen sprungen" +
	"|stechen stochen|stehen standen|stehlen stohlen|steigen stiegen|sterben storben|stossen stossen|streichen strichen" +
	"|streiten stritten|tragen tragen|treffen troffen|treiben trieben|treten treten|trinken trunken|tun tan|wachsen wachsen" +
	"|waschen waschen|weichen wichen|weisen wiesen|wenden wandt|werben worben|werfen worfen|wiegen wogen|winden wunden" +
	"|winnen wonnen|wissen wusst|ziehen zogen|zwingen zwungen"

// verbForms are the participles of a word that may be an infinitive, and the
// infinitives of one that may be a participle.
func verbForms(word string) []string {
	var all []string
	add := func(prefix, ge, rest string) {
		for _, p := range participles(rest) {
			all = append(all, prefix+ge+p)
		}
		if rest, ok := strings.CutPrefix(rest, ge); ok {
			for _, infinitive := range infinitivesOf(rest) {
				all = append(all, prefix+infinitive)
			}
		}
	}
	add("", "ge", word)
	if strings.Contains(word, "ier") { // "reserviert"
		add("", "", word)
	}
	for prefix := range strings.SplitSeq(separable, "|") {
		if rest, ok := strings.CutPrefix(word, prefix); ok {
			add(prefix, "ge", rest)
		}
	}
	for prefix := range strings.SplitSeq(inseparable, "|") {
		if rest, ok := strings.CutPrefix(word, prefix); ok {
			add(prefix, "", rest)
		}
	}
	return all
}

const fewestOfVerb = 3 // letters of a verb before its ending

// participles are those of an infinitive, without "ge".
func participles(infinitive string) []string {
	var all []string
	for verb := range strings.SplitSeq(strongVerbs, "|") {
		if i, p, _ := strings.Cut(verb, " "); i == infinitive {
			all = append(all, p)
		}
	}
	stem, ok := strings.CutSuffix(infinitive, "n")
	if s, long := strings.CutSuffix(stem, "e"); long {
		stem = s
	} else {
		ok = ok && (strings.HasSuffix(stem, "el") || strings.HasSuffix(stem, "er"))
	}
	if ok && len(stem) >= fewestOfVerb {
		all = append(all, stem+weakEnding(stem))
	}
	return all
}

// infinitivesOf are those of a participle without "ge" in any of its forms, as in "die
// unterschriebenen".
func infinitivesOf(form string) []string {
	for _, ending := range []string{"", "e", "em", "en", "er", "es"} {
		if participle, ok := strings.CutSuffix(form, ending); ok {
			if found := infinitives(participle); len(found) > 0 {
				return found
			}
		}
	}
	return nil
}

// infinitives are those of a participle without "ge".
func infinitives(participle string) []string {
	var all []string
	for verb := range strings.SplitSeq(strongVerbs, "|") {
		if i, p, _ := strings.Cut(verb, " "); p == participle {
			all = append(all, i)
		}
	}
	for _, ending := range []string{"t", "et"} {
		stem, ok := strings.CutSuffix(participle, ending)
		if !ok || len(stem) < fewestOfVerb || ending != weakEnding(stem) || isForeign(stem) || joins(stem) { // "Gesicht" is none of "sich"
			continue
		}
		if strings.HasSuffix(stem, "el") || strings.HasSuffix(stem, "er") { // "gehandelt", "gespielt"
			all = append(all, stem+"n")
		}
		all = append(all, stem+"en")
	}
	return all
}

// weakEnding is that of a regular participle: "et" where "t" cannot be spoken.
func weakEnding(stem string) string {
	last, before := stem[len(stem)-1], stem[len(stem)-2]
	switch {
	case last == 't' || last == 'd' || strings.HasSuffix(stem, "chn"):
		return "et"
	case (last == 'm' || last == 'n') && strings.IndexByte("aeioulrhmn", before) < 0: // "geordnet", but "gewohnt"
		return "et"
	}
	return "t"
}
