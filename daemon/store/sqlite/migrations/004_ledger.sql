-- What makes the salted hashes in entries provable. Deleting the rows of a subject makes the hashes
-- about it say nothing for ever (crypto-shredding), and leaves the history whole.
CREATE TABLE salts (
    subject TEXT NOT NULL,  -- alert:ID, case:ID, login:ID
    salt    TEXT NOT NULL,
    PRIMARY KEY (subject, salt)
) STRICT, WITHOUT ROWID;
