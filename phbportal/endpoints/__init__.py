"""Files in and out over plain HTTP: asks a service, like any page."""
