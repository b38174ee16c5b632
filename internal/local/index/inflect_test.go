package index_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/index/indextest"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

func noon() time.Time { return time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC) }

// TestFindsOtherForms: a word is found in the forms that its language gives it,
// with accents or without.
func TestFindsOtherForms(t *testing.T) {
	for language, c := range map[string]struct {
		written []string          // mails
		finds   map[string]string // queries, and what the mail says that they find
	}{
		"German": {
			[]string{
				"Die Rechnung für den Kran liegt bei und ist noch nicht bezahlt.",
				"Wir kündigen die beiden Mietverträge zum Jahresende, das Haus wird nicht frei.",
				"Der Bürgermeister wird auch den neuen Plätzen am Hafen zustimmen.",
				"Bitte prüft die Zeichnungen, bevor wir sie einreichen.",
				"Das Angebot wurde nicht angenommen, wir haben es dem Notar zurückgeschickt.",
				"Viele Gruesse aus Koeln, wo wir auch die Faehre nicht anrufen konnten.",
				"Die Straße wird nicht gesperrt, die Maße der Brücke sind groß.",
			},
			map[string]string{
				"Rechnungen": "Kran", "offene Rechnungen": "Kran", "Mietvertrag": "Haus", "Kündigung": "Haus", "kundigt": "Haus", "Häuser": "Haus",
				"Platz": "Hafen", "Prüfung der Zeichnung": "Zeichnungen", "Welche Häfen?": "Hafen",
				"Angebot annehmen": "Notar", "zurückschicken": "Notar", "zurueckschicken": "Notar",
				"Köln": "Faehre", "Grüße": "Faehre", "Fähren": "Faehre", "angerufen": "Faehre", "Haeuser": "Haus", "Strassen": "Brücke", "Straßen": "Brücke", "sperren": "Brücke", "Bruecken": "Brücke", "eingereichte": "Zeichnungen",
			},
		},
		"French": {
			[]string{
				"Vous trouverez la facture avec le devis, elle sera payée dans la semaine.",
				"Nous avons signé le bail des locaux commerciaux avec une réserve.",
				"Les travaux commenceront dans une école voisine, nous livrerons le matériel.",
			},
			map[string]string{
				"facturation": "devis", "payer": "devis", "local commercial": "bail", "signer les baux": "bail", "livrer": "matériel", "écoles voisines": "matériel", "commencer": "matériel",
			},
		},
		"Spanish": {
			[]string{
				"Adjunto la factura del proveedor, que está pendiente por una firma.",
				"Una reunión muy breve: firmamos el contrato por dos años.",
				"Los pedidos que enviamos ayer ya llegaron, gracias por avisar.",
			},
			map[string]string{
				"facturas pendientes": "proveedor", "proveedores": "proveedor", "reuniones": "contrato", "firmar contratos": "contrato", "enviar": "avisar", "pedido": "avisar",
			},
		},
		"Italian":    {[]string{"La fattura della ditta è pronta, anche il contratto che abbiamo firmato."}, map[string]string{"fatture": "ditta", "contratti": "ditta", "firmare": "ditta"}},
		"Portuguese": {[]string{"Segue uma fatura pelo serviço, você já enviou o contrato?"}, map[string]string{"faturas": "contrato", "enviar": "contrato", "serviços": "contrato"}},
		"Dutch":      {[]string{"Hierbij een factuur voor het huis, wij betalen niet vooraf."}, map[string]string{"facturen": "huis", "betaling": "huis"}},
	} {
		f := indextest.New(t, store.User{})
		index.Patient(f.Index)
		for i, text := range append(c.written, "The crane is here, and you are late with the rent.") {
			f.Message(store.Message{Subject: strconv.Itoa(i), BodyText: text, SentAt: noon().Add(time.Duration(i) * time.Hour)})
		}
		for query, says := range c.finds {
			found, err := f.Index.Find(t.Context(), f.User, index.Request{Text: query, Limit: 5, Now: noon()})
			require.NoError(t, err)
			if assert.NotEmpty(t, found, "%s: %s", language, query) {
				assert.Contains(t, found[0].Passages[0].Body, says, "%s: %s", language, query)
			}
		}
	}
}

// TestForms: what the words of a text may be told by.
func TestForms(t *testing.T) {
	f := indextest.New(t, store.User{})
	index.Patient(f.Index)
	f.Message(store.Message{BodyText: "Die Rechnung ist da, und wir zahlen nicht.", SentAt: noon()})
	f.Message(store.Message{BodyText: "Ein Haus wird frei.", SentAt: noon()})
	for word, want := range map[string][]string{"Rechnungen": {"rechnung"}, "Häuser": {"hau"}, "zahlen": nil, "turbines": nil, "予算": nil} {
		forms, err := f.Index.Forms(t.Context(), word)
		require.NoError(t, err)
		assert.Equal(t, want, forms, word)
	}
	alone, err := f.Index.Rarity(t.Context(), "Rechnungen")
	require.NoError(t, err)
	with, err := f.Index.Rarity(t.Context(), "Rechnungen", "rechnung")
	require.NoError(t, err)
	assert.Greater(t, alone, with, "what one of its forms is there for is not nowhere")
}

// TestFormsOfWhatIsOften: a word or two are looked for in all forms; of a question with
// more, a word that is there often enough is not.
func TestFormsOfWhatIsOften(t *testing.T) {
	f := indextest.New(t, store.User{})
	index.Patient(f.Index)
	for range 5 {
		f.Message(store.Message{BodyText: "Wir schicken Rechnungen nicht.", SentAt: noon()})
	}
	other := f.Message(store.Message{BodyText: "Eine Rechnung wird bezahlt.", SentAt: noon()})
	for query, found := range map[string]bool{"Rechnungen": true, "Rechnungen schicken": true, "Rechnungen schicken, Kran bestellen": false} {
		items, err := f.Index.Find(t.Context(), f.User, index.Request{Text: query, Limit: 10, Now: noon()})
		require.NoError(t, err)
		assert.Equal(t, found, slices.ContainsFunc(items, func(i index.Item) bool { return i.ID == other }), query)
	}
}

// TestEnglishIsNotInflected: words of English that another language of the mailbox
// would take for forms of one another are not.
func TestEnglishIsNotInflected(t *testing.T) {
	f := indextest.New(t, store.User{})
	index.Patient(f.Index)
	for i, text := range []string{
		"The mill and the river are quiet.",
		"Are you with Miller and the others?",
		"Die Briefe sind nicht da, und wir warten auch.",
		"Der Brief wird nicht verschickt, und eine Kopie auch nicht.",
		"The guests and Joe are blue with cold.",
		"Die Gust wird nach Norden segeln, und Jo auch.",
	} {
		f.Message(store.Message{Subject: strconv.Itoa(i), BodyText: text, SentAt: noon()})
	}
	for query, want := range map[string]int{"Miller": 1, "mill": 1, "guests": 1, "Joe": 1, "blue": 1, "Where are Briefen?": 2} {
		found, err := f.Index.Find(t.Context(), f.User, index.Request{Text: query, Limit: 5, Now: noon()})
		require.NoError(t, err)
		assert.Len(t, found, want, query)
	}
}
