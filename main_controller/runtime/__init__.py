"""What the process needs of the system: server, folders, locks, logs, the demo's process, the date."""
