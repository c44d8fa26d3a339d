"""Reading and writing spreadsheets: what offices use. No models."""
