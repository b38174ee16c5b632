package tools

// Catalog lists every tool, in the order in which a model sees them.
func Catalog() []*Tool {
	return []*Tool{
		query(), search(), integrations(), events(), meetings(), notes(),
		getIntegration(), getEvent(), getMeeting(), getNote(),
		messages(), getMessage(), entities(), getEntity(), relationships(),
		discoverThreads(), analyzeThread(), threadMessages(),

		createGoal(), listGoals(), getGoalStatus(), evaluateGoal(), addGoalNote(), confirmGoalStatus(),
		goalEvents(), acknowledgeGoal(), clearGoalAcknowledgment(), draftGoalFollowUp(),
		updateGoal(), goalEvidence(), goalSnapshots(), archiveGoal(), cancelGoal(), reopenGoal(),

		pushNote(), pushMeeting(), deleteNote(), deleteMeeting(),

		pushMessage(), pushEvent(),

		profile(), syncStats(), conversations(), updateConversations(),
		calendars(), getCalendar(), updateCalendar(), disconnectIntegration(),
		updateMeeting(), regenerateMeetingSummary(),

		createUser(), createConnectSession(), connectPage(), createConnectToken(), settings(), updateSettings(),

		createWebhook(), webhooks(), getWebhook(), updateWebhook(), testWebhook(), rotateWebhookSecret(),
		deleteWebhook(), webhookDeliveries(),
	}
}
