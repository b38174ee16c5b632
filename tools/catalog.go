package tools

// Catalog lists every tool, in the order in which a model sees them.
func Catalog() []*Tool {
	return []*Tool{
		query(), search(), integrations(), events(), meetings(), notes(),
		getIntegration(), getEvent(), getMeeting(), getNote(),
		messages(), getMessage(), entities(), getEntity(), threadMessages(),

		createGoal(), listGoals(), getGoalStatus(), evaluateGoal(), addGoalNote(), confirmGoalStatus(),
		goalEvents(), acknowledgeGoal(), clearGoalAcknowledgment(), draftGoalFollowUp(),

		pushNote(), pushMeeting(), deleteNote(), deleteMeeting(),
		pushMessage(), pushEvent(),
		profile(), syncStats(),
	}
}
