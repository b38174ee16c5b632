package local

import "github.com/attrove/attrove-mcp/internal/attrove"

// routes registers every operation, in the order of the contract's sections.
func routes(r *Router) {
	partnerRoutes(r)
	webhookRoutes(r)
	dataRoutes(r)
	goalRoutes(r)
	calendarRoutes(r)
	threadRoutes(r)
	pushRoutes(r)
}

func partnerRoutes(r *Router) {
	Handle(r, attrove.CreateUser, createUser)
	Handle(r, attrove.CreateConnectSession, createConnectSession)
	Handle(r, attrove.CreateConnectToken, createConnectToken)
	Handle(r, attrove.GetSettings, getSettings)
	Handle(r, attrove.UpdateSettings, updateSettings)
}

func dataRoutes(r *Router) {
	Handle(r, attrove.GetProfile, getProfile)
	Handle(r, attrove.GetSyncStats, getSyncStats)
	Handle(r, attrove.ListIntegrations, listIntegrations)
	Handle(r, attrove.GetIntegration, getIntegration)
	Handle(r, attrove.DisconnectIntegration, disconnectIntegration)
	Handle(r, attrove.ListConversations, listConversations)
	Handle(r, attrove.UpdateConversations, updateConversations)

	Handle(r, attrove.Search, search)
	Handle(r, attrove.Query, query)
	Handle(r, attrove.ListMessages, listMessages)
	Handle(r, attrove.GetMessage, getMessage)
	Handle(r, attrove.ListEntities, listEntities)
	Handle(r, attrove.GetEntity, getEntity)
	Handle(r, attrove.ListRelationships, listRelationships)
}

func calendarRoutes(r *Router) {
	Handle(r, attrove.ListCalendars, listCalendars)
	Handle(r, attrove.GetCalendar, getCalendar)
	Handle(r, attrove.UpdateCalendar, updateCalendar)
	Handle(r, attrove.ListEvents, listEvents)
	Handle(r, attrove.GetEvent, getEvent)
	Handle(r, attrove.ListMeetings, listMeetings)
	Handle(r, attrove.GetMeeting, getMeeting)
	Handle(r, attrove.UpdateMeeting, updateMeeting)
	Handle(r, attrove.RegenerateMeetingSummary, regenerateSummary)
	Handle(r, attrove.DeleteMeeting, deleteMeeting)
	Handle(r, attrove.DeleteMeetingByExternalID, deleteMeetingByExternalID)
}

func pushRoutes(r *Router) {
	Handle(r, attrove.PushMessage, pushMessage)
	Handle(r, attrove.PushMeeting, pushMeeting)
	Handle(r, attrove.PushEvent, pushEvent)
	Handle(r, attrove.PushNote, pushNote)

	Handle(r, attrove.ListNotes, listNotes)
	Handle(r, attrove.GetNote, getNote)
	Handle(r, attrove.DeleteNote, deleteNote)
	Handle(r, attrove.DeleteNoteByExternalID, deleteNoteByExternalID)
}
