// levelbook: start POST /messages [until 247]
// More examples, and all that the package can do: https://github.com/zulip/zulip-js
const zulipInit = require("zulip-js");

// The zuliprc file of the account: address of the server, email and API key.
const config = { zuliprc: "zuliprc" };

(async () => {
    const client = await zulipInit(config);

    // Send a stream message.
    let params = {
        to: "social",
        type: "stream",
        topic: "Castle",
        content: "I come not, friends, to steal away your hearts.",
    };
    console.log(await client.messages.send(params));

    // Send a private message.
    const user_id = 9;
    params = {
        to: [user_id],
        type: "private",
        content: "With mirth and laughter let old wrinkles come.",
    };
    console.log(await client.messages.send(params));
})();
// levelbook: end
