# levelbook: start POST /messages [since 248]
# zulip-send comes with `pip install zulip`. What a message says comes from standard input.
# Without --user and --api-key, they are those of ~/.zuliprc.

# Send a channel message.
zulip-send --stream Denmark --subject Castle \
    --user othello-bot@example.com --api-key a0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5

# Send a direct message.
zulip-send hamlet@example.com \
    --user othello-bot@example.com --api-key a0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5
# levelbook: end

# levelbook: start POST /messages [until 247]
# zulip-send comes with `pip install zulip`. What a message says comes from standard input.
# Without --user and --api-key, they are those of ~/.zuliprc.

# Send a stream message.
zulip-send --stream Denmark --subject Castle \
    --user othello-bot@example.com --api-key a0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5

# Send a private message.
zulip-send hamlet@example.com \
    --user othello-bot@example.com --api-key a0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5
# levelbook: end

# levelbook: start POST /messages: With the message on the command line
# --message, or -m for short, holds what the message says.
zulip-send --stream Denmark --subject Castle \
    --message 'I come not, friends, to steal away your hearts.' \
    --user othello-bot@example.com --api-key a0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5
# levelbook: end
