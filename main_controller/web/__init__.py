"""What Main Controller answers over HTTP."""
