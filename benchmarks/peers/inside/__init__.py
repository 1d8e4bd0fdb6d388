"""What runs inside a peer's own virtual environment. Nothing here imports the portal; nothing of it imports this."""
