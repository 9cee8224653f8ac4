"""Who feeds whom: counts whose mean is endemic, excited by the unit's own past, or by the past of others."""
