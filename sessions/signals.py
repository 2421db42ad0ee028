"""What `reminders` hears, inside the transaction that records it."""

from django.dispatch import Signal

dose_changed = Signal()  # dosing: planned, moved, cancelled or given
plan_changed = Signal()  # episode: with the owners that it has now
session_recorded = Signal()  # session: an IntegrationSession
windows_changed = Signal()  # clinic, by: the hours of its windows are others from now on
preparation_recorded = Signal()  # preparation: a PreparationSession
questions_mailed = Signal()  # link, url: goes out by mail; the url is kept nowhere
alert_raised = Signal()  # alert: a SafetyAlert, by: None where the client's answer raised it
emergency_raised = Signal()  # notice: an EmergencyNotice
emergency_escalated = Signal()  # notice, to: a NextInLine; nobody acknowledged it in time
session_withdrawn = Signal()  # session: an IntegrationSession that was logged by mistake
coordination_proposed = Signal()  # plan, by: a CoordinationPlan that waits for the other side
coordination_agreed = Signal()  # plan, by: it is in force from now on
note_signed = Signal()  # note, by: a ContinuityNote, or an addition to one
appointment_changed = Signal()  # appointment, change: an AppointmentChange, by
