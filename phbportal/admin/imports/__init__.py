"""Lists out of files, for every resource that declares it: declared, read, tried, brought in, taken back."""
