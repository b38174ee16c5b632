package local_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// TestFindsInManyLanguages searches a mailbox in eight languages as people who
// write them would. What a query is for comes first.
func TestFindsInManyLanguages(t *testing.T) {
	f := start(t, options())
	subjects := map[string]string{}
	for _, m := range []struct{ subject, body string }{
		{"Vertrag", "Anbei der überarbeitete Vertrag über die Wartung der Kältemaschinen. Bitte prüfen Sie die Kündigungsfrist."},
		{"Einladung", "Die Besprechung mit dem Betriebsrat findet am Donnerstag um zehn in der Königstraße statt."},
		{"Réunion", "La réunion du comité est reportée à jeudi, car la préfecture n'a pas encore validé le dossier."},
		{"Facture", "Voici la facture d'août pour l'hébergement des serveurs ; les délais de paiement sont dépassés."},
		{"Presupuesto", "Adjunto el presupuesto para la reforma de la oficina de Málaga; los diseños están en la última página."},
		{"Envío", "El camión salió ayer del almacén y la señora Muñoz confirmó la recepción."},
		{"Договор", "Высылаю подписанный договор поставки, оригиналы придут курьером."},
		{"Счёт", "Счёт за аренду склада оплачен вчера, бухгалтерия ещё ждёт акты."},
		{"合同", "附件是修改后的合同，请在周五之前签字并寄回上海办公室。"},
		{"会议", "明天的预算会议改到下午三点，地点还是北京总部，请带茶。"},
		{"契約書の件", "契約書の修正版をお送りします。東京本社の法務部で確認中です。"},
		{"会議の変更", "来週のプロジェクト会議は水曜日に変更になりました。お茶を用意します。"},
		{"계약서", "수정된 계약서를 첨부합니다. 서울 본사에서 검토하고 있습니다."},
		{"회의 일정", "다음 주 예산회의는 부산에서 열립니다. 차는 준비하겠습니다."},
		{"Renewal", "The renewal of the maintenance agreement is on my desk."},
		{"Q3予算表", "Q3予算表のＡ案です。"},
	} {
		receipt := call(t, f, attrove.PushMessage, attrove.PushMessageIn{Source: "email", Subject: m.subject, BodyText: m.body,
			SenderEmail: "ann@acme.example", SentAt: "2026-11-02T10:00:00Z", ExternalID: m.subject})
		subjects[receipt.ID] = m.subject
	}
	for _, tc := range []struct{ language, query, subject string }{
		{"English", "renewals", "Renewal"},
		{"German", "Verträge", "Vertrag"},
		{"German", "Kundigungsfrist", "Vertrag"}, // without its accents
		{"German", "wann ist die Besprechung mit dem Betriebsrat", "Einladung"},
		{"French", "reunions du comite", "Réunion"},
		{"French", "délai de paiement de la facture", "Facture"},
		{"Spanish", "diseño", "Presupuesto"},
		{"Spanish", "almacen", "Envío"},
		{"Spanish", "¿qué confirmó la señora Muñoz?", "Envío"},
		{"Russian", "договору", "Договор"},
		{"Russian", "оригиналов договора", "Договор"},
		{"Russian", "счета за аренду", "Счёт"}, // and without the dots of ё
		{"Russian", "ещё ждем актов", "Счёт"},
		{"Chinese", "合同", "合同"},
		{"Chinese", "签字", "合同"},
		{"Chinese", "预算会议改到几点", "会议"},
		{"Chinese", "茶", "会议"},
		{"Chinese", "上海", "合同"},
		{"Japanese", "契約書", "契約書の件"},
		{"Japanese", "契約", "契約書の件"},
		{"Japanese", "プロジェクト", "会議の変更"},
		{"Japanese", "東京本社はどこで確認しますか", "契約書の件"},
		{"Japanese", "Q3の予算", "Q3予算表"},
		{"Japanese", "議", "会議の変更"},
		{"Korean", "계약서", "계약서"}, // with a particle in the text
		{"Korean", "계약", "계약서"},
		{"Korean", "예산", "회의 일정"}, // inside a word
		{"Korean", "부산에서 회의", "회의 일정"},
		{"Korean", "차", "회의 일정"},
	} {
		found := call(t, f, attrove.Search, attrove.SearchIn{Query: tc.query})
		require.NotEmpty(t, found.KeyMessages, "%s: %s", tc.language, tc.query)
		assert.Equal(t, tc.subject, subjects[found.KeyMessages[0].MessageID], "%s: %s", tc.language, tc.query)
	}
	for language, query := range map[string]string{
		"German": "Zahnarzt", "French": "dentiste", "Spanish": "farmacia", "Russian": "стоматолог", "Chinese": "牙医", "Japanese": "歯医者", "Korean": "치과",
	} {
		assert.Empty(t, call(t, f, attrove.Search, attrove.SearchIn{Query: query}).KeyMessages, "%s: %s", language, query)
	}
	whole := call(t, f, attrove.Search, attrove.SearchIn{Query: "契約書", IncludeBodyText: true})
	for _, c := range whole.Conversations {
		for _, rows := range c.Threads {
			assert.NotContains(t, rows[0].BodyText, "\x1f")
		}
	}
	answer := call(t, f, attrove.Query, attrove.QueryIn{Query: "预算会议", IncludeSources: true})
	assert.Contains(t, answer.Answer, "明天的预算会议改到下午三点")
}
