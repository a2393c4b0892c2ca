#!/usr/bin/env python3
import zulip

# The zuliprc file of the account: address of the server, email and API key.
client = zulip.Client(config_file="zuliprc")

# levelbook: start POST /register
# Open a queue for the events of messages.
result = client.register(event_types=["message"])
print(result)
# levelbook: end
queue_id = result["queue_id"]

# levelbook: start GET /events
# Get what has happened; -1 is from the beginning.
result = client.get_events(queue_id=queue_id, last_event_id=-1)
print(result)
# levelbook: end
