"""The rules: what is true. Pure: values in, values or a Refusal out."""
