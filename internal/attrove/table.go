package attrove

// All lists every operation: the 56 of Attrove's reference page in its order,
// then the 9 that its SDK or its own MCP server have besides.
func All() []Any {
	return []Any{
		CreateUser, CreateConnectSession, ConnectPage, CreateConnectToken, GetSettings, UpdateSettings,
		CreateWebhook, ListWebhooks, GetWebhook, UpdateWebhook, TestWebhook, RotateWebhookSecret, DeleteWebhook, ListDeliveries,
		GetProfile, GetSyncStats, ListConversations, UpdateConversations, Search, Query, GetIntegration, DisconnectIntegration,
		ListMessages, GetMessage, ListEntities, GetEntity, ListRelationships,
		CreateGoal, ListGoals, ListGoalEvents, GetGoal, UpdateGoal, EvaluateGoal, ConfirmGoalStatus, GetGoalEvidence,
		ListGoalSnapshots, ArchiveGoal, CancelGoal,
		ListCalendars, GetCalendar, UpdateCalendar, ListEvents, GetEvent,
		ListMeetings, GetMeeting, UpdateMeeting, RegenerateMeetingSummary,
		DiscoverThreads, AnalyzeThread, ListThreadMessages,
		PushMessage, PushMeeting, PushEvent, PushNote, ListNotes, GetNote,

		ListIntegrations, ReopenGoal, AcknowledgeGoal, ClearGoalAcknowledgment, DraftGoalFollowUp,
		DeleteMeeting, DeleteMeetingByExternalID, DeleteNote, DeleteNoteByExternalID,
	}
}
