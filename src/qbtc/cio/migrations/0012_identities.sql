-- Whether vectors of another model are left is asked at every search.

CREATE INDEX embeddings_identity ON embeddings (identity);
