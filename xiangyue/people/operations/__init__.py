"""Every write on units, households, appointments and cards."""
