"""What is known and cited but in no data set: actors and their names, relations, presence, milestones, figures."""
