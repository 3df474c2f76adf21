-- What is due is found in the index alone, however many feeds wait: whose origin it is, and whether it fails.
DROP INDEX feed_due;
CREATE INDEX feed_due ON feed (next_poll_at, origin, failures) WHERE is_registered = 1 AND is_gone = 0;
