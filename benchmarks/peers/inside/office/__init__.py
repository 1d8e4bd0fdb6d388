"""The Django application of the peers: our tables as unmanaged models, and their admin."""
