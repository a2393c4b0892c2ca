// levelbook: prologue
import zulipInit from "zulip-js";

// The zuliprc file of the account: address of the server, email and API key.
const client = await zulipInit({ zuliprc: "zuliprc" });
// levelbook: end

// levelbook: start POST /messages [since 248]
// Send a channel message.
let params = {
    to: "social",
    type: "stream",
    topic: "Castle",
    content: "I come not, friends, to steal away your hearts.",
};
console.log(await client.messages.send(params));

// Send a direct message.
const user_id = 9;
params = {
    to: [user_id],
    type: "direct",
    content: "With mirth and laughter let old wrinkles come.",
};
console.log(await client.messages.send(params));
// levelbook: end

// levelbook: start POST /messages [until 247]
// Send a stream message.
let message = {
    to: "social",
    type: "stream",
    topic: "Castle",
    content: "I come not, friends, to steal away your hearts.",
};
console.log(await client.messages.send(message));

// Send a private message.
const recipient_id = 9;
message = {
    to: [recipient_id],
    type: "private",
    content: "With mirth and laughter let old wrinkles come.",
};
console.log(await client.messages.send(message));
// levelbook: end

// levelbook: start GET /users
// Get everybody.
console.log(await client.users.retrieve());
// levelbook: end
