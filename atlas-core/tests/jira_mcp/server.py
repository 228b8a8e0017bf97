"""Serves five issues over streamable HTTP with the official Python library; its port is the argument."""

import sys
from typing import Annotated

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from pydantic import Field

server = MCPServer("jira")


def issue(key: str) -> dict:
    return {"key": key, "summary": f"Summary of {key}", "status": {"name": "Open"}}


@server.tool()
async def jira_get_issue(
    issue_key: Annotated[str, Field(json_schema_extra={"x-mcp-header": "Issue-Key"})],
) -> dict:
    """One issue."""
    return issue(issue_key)


@server.tool()
async def jira_search(context: Context, jql: str, limit: int = 2, page_token: str = "0") -> dict:
    """Two issues a page, with a sign of progress before each."""
    start, end = int(page_token), min(int(page_token) + 2, 5)
    issues = []
    for number in range(start, end):
        await context.report_progress(number, 5)
        issues.append(issue(f"WRKA-{number + 1}"))
    return {"issues": issues, "next_page_token": str(end) if end < 5 else None}


server.run("streamable-http", host="127.0.0.1", port=int(sys.argv[1]))
