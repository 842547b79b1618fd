//! Everything that changes a session, a booked slot or the register: permission → rules → rows, in the caller's transaction.

pub mod bookings;
pub mod sessions;
pub mod visits;
