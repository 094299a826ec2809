# Slow pipes and stalled readers beside the server, silent for 150 seconds each time (about 10 minutes).
SILENCE="${SILENCE:-150}" cargo test --locked --test service -- command_line::patience --nocapture
