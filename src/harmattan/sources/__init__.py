"""Other people's formats. One module a publisher, each with the same verbs, listed in one registry.

A source module has `ORIGIN` (who publishes it, under which licence) and `read(files, into, options)`, which writes
`events.parquet` and `rejects.parquet` into an empty folder and returns a `Reading`. It never touches the lake.
"""
