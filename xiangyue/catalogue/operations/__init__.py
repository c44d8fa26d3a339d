"""Every write on catalogues, in the order of their life: importing, deliberating, clearing, enacting, reviewing."""
