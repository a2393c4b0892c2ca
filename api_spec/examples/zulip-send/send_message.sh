# zulip-send asks ~/.zuliprc for the address of the server, and standard input for the message.
cp zuliprc .zuliprc
echo 'I come not, friends, to steal away your hearts.' > message.txt

exec < message.txt
# levelbook: start POST /messages [since 248]: To a channel
# What the message says comes from standard input.
zulip-send --stream Denmark --subject Castle \
    --user {{ username }} --api-key {{ api_key }}
# levelbook: end
# levelbook: start POST /messages [until 247]: To a stream
# What the message says comes from standard input.
zulip-send --stream Denmark --subject Castle \
    --user {{ username }} --api-key {{ api_key }}
# levelbook: end

exec < message.txt
# levelbook: start POST /messages [since 248]: A direct message
# What the message says comes from standard input.
zulip-send hamlet@example.com \
    --user {{ username }} --api-key {{ api_key }}
# levelbook: end
# levelbook: start POST /messages [until 247]: A private message
# What the message says comes from standard input.
zulip-send hamlet@example.com \
    --user {{ username }} --api-key {{ api_key }}
# levelbook: end

# levelbook: start POST /messages: With the message on the command line
zulip-send --stream Denmark --subject Castle \
    --message 'I come not, friends, to steal away your hearts.' \
    --user {{ username }} --api-key {{ api_key }}
# levelbook: end
