"""Calls `atlas mcp` with the official Python library; one line of JSON per generation."""

import asyncio
import json
import sys

from mcp import Client, StdioServerParameters


async def talk(mode):
    server = StdioServerParameters(command=sys.argv[1], args=sys.argv[2:])
    async with Client(server, mode=mode, read_timeout_seconds=60) as client:
        listed = await client.list_tools()
        # The library checks each structured result against its tool's output schema.
        predicted = await client.call_tool("predict", {"ticket_key": "WRKA-1234"})
        prediction = predicted.structured_content["untrusted"]
        scenario = prediction["scenarios"][0]["scenario_id"]
        ticket = {"ticket_key": "WRKA-1234"}
        calls = [
            ("get_ticket", ticket),
            ("search_tickets", {"text": "session timeout"}),
            ("analyze", ticket),
            ("review", ticket),
            ("similar_tickets", ticket),
            ("explain", ticket | {"scenario_id": scenario}),
            ("coverage_gaps", ticket),
            ("backtest", {"resamples": 20}),
            ("record_feedback", {"scenario_id": scenario, "answer": "accepted"}),
            ("missed_scenario", ticket | {"pattern": "TP-2"}),
            ("info", {}),
        ]
        failed = []
        for name, arguments in calls:
            result = await client.call_tool(name, arguments)
            if result.is_error or "untrusted" not in result.structured_content:
                failed.append(name)
            if name == "record_feedback":
                feedback = result.structured_content["untrusted"]["feedback_id"]
        undone = await client.call_tool("undo_feedback", {"feedback_id": feedback})
        wrong = await client.call_tool("get_ticket", {"ticket_key": "WRKA-9"})
        return {
            "version": client.protocol_version,
            "server": client.server_info.name,
            "tools": len(listed.tools),
            "scenarios": len(prediction["scenarios"]),
            "failed": failed,
            "undone": not undone.is_error,
            "wrong": wrong.is_error and json.loads(wrong.content[0].text)["error"]["code"],
        }


for mode in ["legacy", "auto"]:
    print(json.dumps(asyncio.run(talk(mode))))
