"""Papers: folders of statements, with the definitions, counterexamples and reasons they come with.

The one door for whatever takes statements: :mod:`~spi_verify.papers.paper` says what a folder is,
:mod:`~spi_verify.papers.loading` runs its suites, :mod:`~spi_verify.papers.choosing` finds what a
command line names. Papers are code; what else is in their folders is data.
"""
