
-- Released cases that wait for their answer have a list of their words of their own: whoever types is shown those, and only those.
UPDATE search_state SET is_built = NOT EXISTS (SELECT 1 FROM public_cases) WHERE name = 'public';
