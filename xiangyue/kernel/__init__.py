"""What every room stands on: points, identifiers, the clock, periods, actors, refusals. No models."""
