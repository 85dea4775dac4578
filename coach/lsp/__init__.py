"""The language server: editors underline what lands badly, as one types. Needs the extra ``lsp``.

It speaks over standard input and output, works with the rules and the embedded model, and sends
nothing anywhere.
"""
