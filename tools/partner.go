package tools

import "github.com/attrove/attrove-mcp/internal/attrove"

func createUser() *Tool {
	return Of(attrove.CreateUser, Spec{
		Name: "attrove_create_user", Title: "Create a user", Toolset: Partner,
		Description: "Create a user of the partner's organization and their permanent key, which is saved for the operator and not shown. " +
			"Next: attrove_create_connect_session.",
	})
}

func createConnectSession() *Tool {
	return Of(attrove.CreateConnectSession, Spec{
		Name: "attrove_create_connect_session", Title: "Invite a user to connect", Toolset: Partner,
		Description: "Create a link (activation_url, good for 7 days) where a user connects mail, chat or a calendar. Give the link to the user; do not open it.",
		Opens:       "activation_url",
	})
}

func connectPage() *Tool {
	return Of(attrove.ConnectPage, Spec{
		Name: "attrove_connect_page", Title: "Link of a connect session", Toolset: Partner,
		Description: "Tell the address of a connect session's page again, by its session_id. Calls nothing; the user opens it in a browser.",
	})
}

func createConnectToken() *Tool {
	return Of(attrove.CreateConnectToken, Spec{
		Name: "attrove_create_connect_token", Title: "Create a connect token", Toolset: Partner,
		Description: "Create a short-lived token for the older way to connect, saved for the operator and not shown. Prefer attrove_create_connect_session.",
	})
}

func settings() *Tool {
	return Of(attrove.GetSettings, Spec{
		Name: "attrove_settings", Title: "Organization settings", Toolset: Partner,
		Description: "Read the organization's sync settings: history, interval, excluded domains.",
	})
}

func updateSettings() *Tool {
	return Of(attrove.UpdateSettings, Spec{
		Name: "attrove_update_settings", Title: "Change organization settings", Toolset: Partner,
		Description: "Change sync settings for all users of the organization; what is left out stays. Only when the operator asked for it.",
		Asks:        Asks{Will: "Change %s?", After: "They can be changed back.", Thing: theSettings},
	})
}
