"""Decides: what to read, what may be said of it, what to publish and whom to answer."""

from importlib.metadata import version

__version__ = version("fedigest")
