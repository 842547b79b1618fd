-- Words of letters, reasons of drafted steps of denunciations and names of papers handed in at receptions are sealed values from now on. What
-- stands in the open is moved at the next start, which looks again.
UPDATE counters SET value = 0 WHERE name = 'open_values_sealed';
