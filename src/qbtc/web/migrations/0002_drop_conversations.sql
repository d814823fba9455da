-- Ce3 alone knows whose a conversation is; it names the person with every event.
DROP TABLE conversations;
