"""Signing and verifying requests, one pure module for each scheme.

`cavage` is draft-cavage-http-signatures-12, which every server takes. RFC 9421 joins it here as a
module of the same shape. No module does any I/O: keys, times and headers are passed in.
"""
