// levelbook: start POST /messages [since 248]
// More examples, and all that the package can do: https://github.com/zulip/zulip-js
const zulipInit = require("zulip-js");

// The zuliprc file of the account: address of the server, email and API key.
const config = { zuliprc: "zuliprc" };

(async () => {
    const client = await zulipInit(config);

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
})();
// levelbook: end
