#!/usr/bin/env python3
# levelbook: prologue
import zulip

# The zuliprc file of the account: address of the server, email and API key.
client = zulip.Client(config_file="zuliprc")
# levelbook: end

# levelbook: start POST /messages [since 248]
# Send a channel message.
request = {
    "type": "stream",
    "to": "Denmark",
    "topic": "Castle",
    "content": "I come not, friends, to steal away your hearts.",
}
result = client.send_message(request)

# Send a direct message.
user_id = 10
request = {
    "type": "private",
    "to": [user_id],
    "content": "With mirth and laughter let old wrinkles come.",
}
result = client.send_message(request)
print(result)
# levelbook: end

# levelbook: start POST /messages [until 247]
# Send a stream message.
request = {
    "type": "stream",
    "to": "Denmark",
    "topic": "Castle",
    "content": "I come not, friends, to steal away your hearts.",
}
result = client.send_message(request)

# Send a private message.
user_id = 10
request = {
    "type": "private",
    "to": [user_id],
    "content": "With mirth and laughter let old wrinkles come.",
}
result = client.send_message(request)
print(result)
# levelbook: end
assert result["result"] == "success", result
