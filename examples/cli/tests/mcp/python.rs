//! The protocol's own Python library (`mcp` of PyPI) as the client.
