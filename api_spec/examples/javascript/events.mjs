// levelbook: prologue
import zulipInit from "zulip-js";

// The zuliprc file of the account: address of the server, email and API key.
const client = await zulipInit({ zuliprc: "zuliprc" });
// levelbook: end

// levelbook: start POST /register
// Open a queue for the events of messages.
const queue = await client.queues.register({ event_types: ["message"] });
console.log(queue);
// levelbook: end

// levelbook: start GET /events
// Get what has happened; -1 is from the beginning.
console.log(await client.events.retrieve({ queue_id: queue.queue_id, last_event_id: -1 }));
// levelbook: end

// levelbook: start GET /messages
// Get the newest ten messages.
console.log(await client.messages.retrieve({ anchor: "newest", num_before: 10, num_after: 0 }));
// levelbook: end
