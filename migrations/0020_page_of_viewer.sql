-- Which page of somebody's has a case open: when it was made. Leaving an older page does not close the case.
ALTER TABLE case_viewers ADD COLUMN page_at TIMESTAMPTZ;
