"""What outlives the process: the ledger of commands and the schedule files."""
