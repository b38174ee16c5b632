package prose

import "unicode"

// English reports whether a text may be in English, as far as its letters and its
// most frequent words tell: not when more of them are another language's. A text
// with hardly any of them may be anything, and is taken for English.
func English(text string) bool {
	const surely = 2 // one foreign word is a name: "the El Paso office"
	english, foreign := 0, 0
	latin, other := 0, 0
	for r := range Runs(text) {
		if Latin(r.Text) {
			latin += len(r.Text)
		} else if unicode.IsLetter(firstLetter(r.Text)) {
			other += len(r.Text)
		}
		switch {
		case isForeign(r.Text):
			foreign++
		case IsStopWord(r.Text) && (len(r.Text) > 1 || r.Text == "i"): // "d" is what "d'accord" begins with
			english++
		}
	}
	return other <= latin && (foreign < surely || foreign <= english)
}

// Latin reports whether a word begins with a Latin letter.
func Latin(word string) bool { return unicode.Is(unicode.Latin, firstLetter(word)) }

// isForeign reports whether a word is among the most frequent ones of another
// language that has Latin letters, and hardly one of English.
func isForeign(word string) bool {
	switch word {
	case // German
		"ich", "du", "er", "sie", "wir", "ihr", "mir", "mich", "dir", "dich", "uns", "ihnen", "ihre", "ihren", "der", "das", "dem", "des", "ein", "eine",
		"einen", "einem", "einer", "und", "oder", "aber", "nicht", "kein", "keine", "ist", "sind", "wird", "werden", "wurde", "haben", "habe", "mit", "von",
		"vom", "zu", "zum", "zur", "auf", "für", "bei", "nach", "noch", "schon", "auch", "wenn", "dass", "wann", "wo", "wer", "wie", "bitte", "danke", "heute",
		"morgen", "gestern", "kann", "können", "muss", "müssen", "es", "im", "bis",
		// French
		"je", "tu", "il", "elle", "nous", "vous", "ils", "elles", "le", "la", "les", "un", "une", "au", "aux", "ce", "cette", "ces", "et", "ou", "où", "sont",
		"avec", "dans", "pas", "ne", "que", "qui", "quand", "sur", "mon", "mes", "votre", "notre", "vos", "nos", "avons", "merci", "demain", "hier", "voici",
		"ça", "très", "à", "été",
		// Spanish and Italian
		"el", "los", "las", "lo", "se", "de", "del", "al", "por", "para", "pero", "como", "está", "están", "muy", "yo", "él", "ella", "nosotros", "usted",
		"ustedes", "su", "sus", "nuestro", "nuestra", "cuándo", "dónde", "quién", "qué", "sí", "mañana", "ayer", "hoy", "gracias", "ya", "en", "te", "gli",
		"di", "che", "sono", "della", "nel", "questo", "domani", "grazie",
		// Portuguese and Dutch
		"os", "uma", "não", "em", "você", "vocês", "são", "amanhã", "obrigado", "obrigada", "ao", "ik", "wij", "het", "een", "niet", "van", "voor", "naar",
		"wordt", "zijn", "zij",
		// Swedish, Norwegian, Danish, Finnish, Polish, Czech, Turkish and Indonesian
		"jag", "inte", "och", "från", "jeg", "ikke", "på", "hej", "kan", "att", "minä", "olen", "että", "nie", "się", "jest", "proszę", "czy", "jsem", "prosím",
		"bir", "için", "değil", "yang", "tidak", "saya", "untuk":
		return true
	}
	return false
}

// joins reports whether a word of a text that is not in English only puts a question
// or joins others. In English it may be a name, or say something.
func joins(word string) bool {
	switch word {
	case // German
		"die", "den", "was", "welche", "welcher", "welches", "welchen", "warum", "wieso", "sich", "hat", "hatte", "war", "gibt", "als", "um", "an", "am",
		// French
		"des", "du", "est", "son", "sa", "ses", "leur", "quel", "quelle", "quels", "quelles", "comment", "pourquoi", "pour", "par", "ont", "être",
		// Spanish and Portuguese
		"cual", "cuál", "cuales", "cuáles", "cómo", "cuando", "donde", "quien", "quienes", "con", "una", "también", "sin", "hay", "ha", "es", "me", "nos", "y", "o", "e",
		"quem", "onde", "qual", "quais", "quando", "com", "também", "pelo", "pela", "no", "na", "do", "da", "foi",
		// Italian and Dutch
		"il", "per", "dove", "quale", "chi", "è", "anche", "wat", "ook", "waar", "wanneer", "welke", "heeft", "te":
		return true
	}
	return false
}
