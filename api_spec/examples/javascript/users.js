const zulipInit = require("zulip-js");

// The zuliprc file of the account: address of the server, email and API key.
const config = { zuliprc: "zuliprc" };

(async () => {
    const client = await zulipInit(config);

    // levelbook: start GET /users
    // Get everybody.
    console.log(await client.users.retrieve());
    // levelbook: end
})();
