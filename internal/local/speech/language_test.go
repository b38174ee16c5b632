package speech_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/local/speech"
)

// TestOtherLanguages: the rules know English. What they do not know they say
// nothing of, even where it has words that look English; a question mark asks in
// any language.
func TestOtherLanguages(t *testing.T) {
	reader := speech.NewReader()
	for language, sentences := range map[string]map[string]speech.Signal{
		"German": {
			"Ich schicke es morgen.":                                  0,
			"Wir haben die Alternatives-Liste noch nicht besprochen.": 0,
			"Das Paket ist urgent, bitte heute noch versenden!":       0,
			"Ich will die Rechnung bis Freitag bezahlen.":             0,
			"Er hat das Angebot approved und der Termin ist fixed.":   0,
			"Können Sie mir den Vertrag bis morgen schicken?":         speech.Ask,
		},
		"French": {
			"Je vous envoie le contrat demain.":                      0,
			"La conclusion du rapport est dans la pièce jointe.":     0,
			"Nous avons examiné les alternatives avec notre équipe.": 0,
			"Il est urgent de répondre au client.":                   0,
			"La correction de la facture est pour demain.":           0,
			"Pouvez-vous nous envoyer le devis avant lundi ?":        speech.Ask,
		},
		"Spanish": {
			"Te envío el contrato mañana.":                               0,
			"Mañana lo termino y se lo mando por correo.":                0,
			"La conclusion del informe es muy positiva para el cliente.": 0,
			"No se preocupe, yo hablo con el proveedor.":                 0,
			"El pago de la factura está en proceso.":                     0,
			"¿Puede usted confirmar la reunión del lunes?":               speech.Ask,
		},
		"Russian": {
			"Я пришлю договор завтра.":                   0,
			"Мы обязательно вернёмся к этому в пятницу.": 0,
			"Счёт оплатим до конца недели.":              0,
			"Решение принято, please see договор.":       0,
			"Обещаю прислать отчёт сегодня вечером.":     0,
			"Вы можете прислать нам счёт до пятницы?":    speech.Ask,
		},
		"Chinese": {
			"我明天把合同发给你。":           0,
			"我们会在周五之前付款。":          0,
			"报告已经 approved 了，请放心。": 0,
			"这件事很 urgent，请尽快处理。":   0,
			"我保证下周给您答复。":           0,
			"你能在周五之前把合同发给我吗？":      speech.Ask,
		},
		"Japanese": {
			"明日、契約書をお送りします。":        0,
			"金曜日までに必ずご連絡いたします。":     0,
			"請求書は今週中に支払います。":        0,
			"会議は来週に延期されました。":        0,
			"ご確認のほどよろしくお願いします。":     0,
			"金曜日までに見積書を送っていただけますか？": speech.Ask,
		},
		"Korean": {
			"내일 계약서를 보내 드리겠습니다.":      0,
			"금요일까지 꼭 답변드릴게요.":         0,
			"청구서는 이번 주 안에 결제하겠습니다.":   0,
			"회의가 다음 주로 연기되었습니다.":      0,
			"확인 후 다시 연락드리겠습니다.":       0,
			"금요일까지 견적서를 보내 주실 수 있나요?": speech.Ask,
		},
		"English": {
			"I'll send it tomorrow.":                                 speech.Promise,
			"I will bring it to the Los Angeles office in La Jolla.": speech.Promise,
			"Je suis désolé, but I'll send it to you today.":         speech.Promise,
			"We approved it.":                                        speech.Decided,
			"Could you send us the El Paso contract?":                speech.Ask,
		},
	} {
		for sentence, want := range sentences {
			assert.Equal(t, want, reader.Read(sentence), "%s: %s", language, sentence)
		}
	}
}
