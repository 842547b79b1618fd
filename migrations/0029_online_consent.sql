-- Whoever is received online agrees to being recorded (Decree 154/2026, Chapter V); kept with the booking, and gone with it.
ALTER TABLE reception_booking_people ADD COLUMN agrees_online BOOLEAN NOT NULL DEFAULT FALSE;
