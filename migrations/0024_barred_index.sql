-- Whom cases of an authority are about, without a look at the cases themselves: at every look at a queue the few different values are
-- read from this index alone, and only those about whoever looks lead on to cases.
DROP INDEX cases_barred;
CREATE INDEX cases_barred ON cases (body_id, barred, id) WHERE barred <> '';
