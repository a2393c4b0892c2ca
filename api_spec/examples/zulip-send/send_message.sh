# zulip-send asks ~/.zuliprc for the address of the server, and standard input for the message.
cp zuliprc .zuliprc
echo 'I come not, friends, to steal away your hearts.' > message.txt

exec < message.txt
# levelbook: start POST /messages [since 248]: To a channel
# zulip-send comes with `pip install zulip`. What the message says comes from standard input.
# Without --user and --api-key, they are those of ~/.zuliprc.
zulip-send --stream Denmark --subject Castle \
    --user {{ username }} --api-key {{ api_key }}
# levelbook: end
# levelbook: start POST /messages [until 247]: To a stream
# zulip-send comes with `pip install zulip`. What the message says comes from standard input.
# Without --user and --api-key, they are those of ~/.zuliprc.
zulip-send --stream Denmark --subject Castle \
    --user {{ username }} --api-key {{ api_key }}
# levelbook: end

exec < message.txt
# levelbook: start POST /messages [since 248]: A direct message
# zulip-send comes with `pip install zulip`. What the message says comes from standard input.
# Without --user and --api-key, they are those of ~/.zuliprc.
zulip-send hamlet@example.com \
    --user {{ username }} --api-key {{ api_key }}
# levelbook: end
# levelbook: start POST /messages [until 247]: A private message
# zulip-send comes with `pip install zulip`. What the message says comes from standard input.
# Without --user and --api-key, they are those of ~/.zuliprc.
zulip-send hamlet@example.com \
    --user {{ username }} --api-key {{ api_key }}
# levelbook: end

# levelbook: start POST /messages: With the message on the command line
# --message, or -m for short, holds what the message says.
zulip-send --stream Denmark --subject Castle \
    --message 'I come not, friends, to steal away your hearts.' \
    --user {{ username }} --api-key {{ api_key }}
# levelbook: end
