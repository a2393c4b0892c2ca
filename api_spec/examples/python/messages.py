#!/usr/bin/env python3
# levelbook: prologue
import zulip

# The zuliprc file of the account: address of the server, email and API key.
client = zulip.Client(config_file="zuliprc")
# levelbook: end

# levelbook: start GET /messages
# Get the newest ten messages of a channel.
request = {
    "anchor": "newest",
    "num_before": 10,
    "num_after": 0,
    "narrow": [{"operator": "channel", "operand": "Denmark"}],
}
result = client.get_messages(request)
print(result)
# levelbook: end
assert result["result"] == "success", result

# levelbook: start GET /users
# Get everybody, with the organization's own profile fields.
result = client.get_members({"include_custom_profile_fields": True})
print(result)
# levelbook: end
assert result["result"] == "success", result
