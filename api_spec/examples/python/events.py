#!/usr/bin/env python3
# levelbook: prologue
import zulip

# The zuliprc file of the account: address of the server, email and API key.
client = zulip.Client(config_file="zuliprc")
# levelbook: end

# levelbook: start POST /register
# Open a queue for the events of messages.
result = client.register(event_types=["message"])
print(result)
# levelbook: end
assert result["result"] == "success", result
queue_id = result["queue_id"]

# levelbook: start GET /events
# Get what has happened, with the ID that opening the queue gave;
# -1 is from the beginning.
result = client.get_events(queue_id=queue_id, last_event_id=-1)
print(result)
# levelbook: end
assert result["result"] == "success", result

# levelbook: start GET /events [endless]: For as long as the program runs
# Open a queue, and show every event as it comes.
client.call_on_each_event(print, event_types=["message"])
# levelbook: end
