"""Pure parts of Web: the hub, what a command must satisfy, how sessions and throttling behave, what an event says."""
