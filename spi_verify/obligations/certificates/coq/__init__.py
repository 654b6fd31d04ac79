"""Certificates as files that Coq checks; not trusted, Coq is."""
